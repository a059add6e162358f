package org.openhipaa.core.access.grant;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.openhipaa.core.actor.ActorId;

/**
 * The end of a person's access. The reason is nobody's business but the staff office's, so this is
 * no Java record and prints none. Immutable and thread-safe.
 */
public final class Termination {
  private final ActorId by;
  private final Instant at;
  private final String reason;

  private Termination(ActorId by, Instant at, String reason) {
    this.by = by;
    this.at = at.truncatedTo(ChronoUnit.MILLIS);
    this.reason = reason;
  }

  /**
   * Puts a termination together.
   *
   * @param by who ended the access
   * @param at when; kept in milliseconds
   * @param reason why, possibly empty
   * @return the termination
   */
  public static Termination of(ActorId by, Instant at, String reason) {
    return new Termination(by, at, reason);
  }

  /**
   * Who ended the access.
   *
   * @return the actor
   */
  public ActorId by() {
    return by;
  }

  /**
   * When.
   *
   * @return the time in milliseconds
   */
  public Instant at() {
    return at;
  }

  /**
   * Why. Never log it.
   *
   * @return the text, possibly empty
   */
  public String revealReason() {
    return reason;
  }

  /** Prints all but the reason. */
  @Override
  public String toString() {
    return "Termination(by " + by.value() + " at " + at + ")";
  }
}
