package org.openhipaa.core.alarm;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.actor.ActorId;

/**
 * Something that a person must look at, raised by the library itself.
 *
 * @param kind what kind of trouble
 * @param source which part found it, such as {@code backup} or {@code sealed-record}
 * @param location where the damage is: a file, an object, a position; never PHI
 * @param message what was found, in one sentence; never PHI
 * @param raisedAt when it was found
 * @param suspect who may have caused it and so may not handle it, or null if nobody is known
 */
public record Alarm(
    Kind kind,
    String source,
    String location,
    String message,
    Instant raisedAt,
    @Nullable ActorId suspect) {

  /** What kind of trouble an alarm reports. */
  public enum Kind {
    /** Data is not what was stored (45 CFR 164.312(c)). */
    INTEGRITY,
    /** Something needed is failing, such as the audit log (NIST SP 800-53 AU-5). */
    PIPELINE,
    /** Somebody behaves in a way that a person should look at (45 CFR 164.308(a)(1)(ii)(D)). */
    BEHAVIOUR
  }

  /**
   * An integrity alarm without a suspect.
   *
   * @param source which part found it
   * @param location where the damage is; never PHI
   * @param message what was found; never PHI
   * @param raisedAt when
   * @return the alarm
   */
  public static Alarm integrity(String source, String location, String message, Instant raisedAt) {
    return new Alarm(Kind.INTEGRITY, source, location, message, raisedAt, null);
  }

  /**
   * Who may have caused it.
   *
   * @return the suspect, or empty
   */
  public Optional<ActorId> suspected() {
    return Optional.ofNullable(suspect);
  }
}
