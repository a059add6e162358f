package org.openhipaa.core.access.consent;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.openhipaa.core.record.PatientId;

/** What was agreed about a patient's data. Names a patient, and prints none. Immutable. */
public sealed interface ConsentRule permits ConsentDirective, Restriction {
  /**
   * Names it in explanations and in the log.
   *
   * @return the id
   */
  UUID id();

  /**
   * Whose data it is about. PHI.
   *
   * @return the patient
   */
  PatientId patient();

  /**
   * What it is about.
   *
   * @return the scope
   */
  ConsentScope scope();

  /**
   * What kind it is, for explanations and the log.
   *
   * @return a few words without PHI, such as {@code opt-out}
   */
  String kind();

  /**
   * From when it holds.
   *
   * @return inclusive, in milliseconds
   */
  Instant from();

  /**
   * Until when it holds by itself.
   *
   * @return exclusive, in milliseconds; or empty if without end
   */
  Optional<Instant> until();

  /**
   * When it was withdrawn or ended.
   *
   * @return the time in milliseconds, or empty
   */
  Optional<Instant> endedAt();

  /**
   * Tells whether it holds.
   *
   * @param now the time
   * @return false before its beginning, after its end, and once it was withdrawn
   */
  default boolean inForce(Instant now) {
    return endedAt().isEmpty()
        && !now.isBefore(from())
        && until().filter(end -> !now.isBefore(end)).isEmpty();
  }
}
