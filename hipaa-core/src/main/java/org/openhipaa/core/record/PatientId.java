package org.openhipaa.core.record;

import org.openhipaa.core.internal.CanonicalWriter;

/**
 * The identifier that an application knows a patient by, such as a medical record number. It is
 * itself an identifier of the patient (45 CFR 164.514(b)(2)(i)(H)), so it is no record, prints
 * nothing, and is revealed by one searchable name.
 *
 * <p>Immutable and thread-safe.
 */
public final class PatientId {
  private static final int MAX_LENGTH = 128;

  private final String value;

  private PatientId(String value) {
    this.value = value;
  }

  /**
   * Makes a patient id.
   *
   * @param value 1 to 128 characters without control characters
   * @return the patient id
   * @throws IllegalArgumentException if the value has another form; the message does not repeat the
   *     value
   */
  public static PatientId of(String value) {
    if (value.isBlank()
        || value.length() > MAX_LENGTH
        || value.chars().anyMatch(Character::isISOControl)
        || !CanonicalWriter.isWellFormed(value)) {
      throw new IllegalArgumentException(
          "patient id must be 1-128 characters, not blank, without control characters");
    }
    return new PatientId(value);
  }

  /**
   * Reveals the identifier. Whoever calls this takes PHI into their hands: never log the result.
   *
   * @return the identifier as the application gave it
   */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PatientId that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /** Says only that this is a patient id, never which. */
  @Override
  public String toString() {
    return "PatientId(hidden)";
  }
}
