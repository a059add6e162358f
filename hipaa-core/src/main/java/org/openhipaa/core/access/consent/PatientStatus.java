package org.openhipaa.core.access.consent;

import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a patient for the rules on minors and the deceased. Birth and death are PHI:
 * prints nothing. Immutable and thread-safe.
 */
public final class PatientStatus {
  private static final PatientStatus UNKNOWN = new PatientStatus(null, null, false);
  /** 45 CFR 164.502(f). */
  private static final int YEARS_AFTER_DEATH = 50;

  private final @Nullable LocalDate born;
  private final @Nullable LocalDate died;
  private final boolean emancipated;

  private PatientStatus(@Nullable LocalDate born, @Nullable LocalDate died, boolean emancipated) {
    this.born = born;
    this.died = died;
    this.emancipated = emancipated;
  }

  /**
   * Knows nothing.
   *
   * @return neither a known minor nor known to have died
   */
  public static PatientStatus unknown() {
    return UNKNOWN;
  }

  /**
   * Says when the patient was born.
   *
   * @param day the date
   * @return a copy with it
   */
  public PatientStatus born(LocalDate day) {
    return new PatientStatus(day, died, emancipated);
  }

  /**
   * Says when the patient died.
   *
   * @param day the date
   * @return a copy with it
   */
  public PatientStatus died(LocalDate day) {
    return new PatientStatus(born, day, emancipated);
  }

  /**
   * Says that the patient acts as an adult although they are a minor (45 CFR 164.502(g)(2)).
   *
   * @return a copy that says so
   */
  public PatientStatus asEmancipated() {
    return new PatientStatus(born, died, true);
  }

  boolean deceased(LocalDate today) {
    return died != null && !died.isAfter(today);
  }

  /** Protection ends 50 years after death (45 CFR 160.103, 164.502(f)). */
  boolean protectionEnded(LocalDate today) {
    return died != null && today.isAfter(died.plusYears(YEARS_AFTER_DEATH));
  }

  /** Whether the patient is a minor; empty if the birth date is not known. */
  Optional<Boolean> minor(LocalDate today, int majority) {
    if (emancipated) {
      return Optional.of(false);
    }
    return Optional.ofNullable(born).map(day -> today.isBefore(day.plusYears(majority)));
  }

  /** Prints nothing. */
  @Override
  public String toString() {
    return "PatientStatus(hidden)";
  }
}
