package org.openhipaa.core.access.consent;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A directive or restriction as a store sees it: sealed, under a keyed pseudonym of its patient.
 * Immutable and thread-safe.
 */
public final class ConsentEntry {
  private final UUID id;
  private final String patientToken;
  private final byte[] sealed;
  private final Instant addedAt;
  private final @Nullable Instant endedAt;

  /**
   * Puts an entry together.
   *
   * @param id its id
   * @param patientToken the patient's pseudonym, 64 lower-case hexadecimal digits
   * @param sealed the content; copied
   * @param addedAt when it was added; kept in milliseconds
   * @param endedAt when it was ended, or null; kept in milliseconds
   */
  public ConsentEntry(
      UUID id, String patientToken, byte[] sealed, Instant addedAt, @Nullable Instant endedAt) {
    this.id = id;
    this.patientToken = patientToken;
    this.sealed = sealed.clone();
    this.addedAt = addedAt.truncatedTo(ChronoUnit.MILLIS);
    this.endedAt = endedAt == null ? null : endedAt.truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * Its id.
   *
   * @return the id of the directive or restriction
   */
  public UUID id() {
    return id;
  }

  /**
   * The patient's pseudonym.
   *
   * @return 64 lower-case hexadecimal digits
   */
  public String patientToken() {
    return patientToken;
  }

  /**
   * The content.
   *
   * @return a copy
   */
  public byte[] sealed() {
    return sealed.clone();
  }

  /**
   * When it was added.
   *
   * @return the time in milliseconds
   */
  public Instant addedAt() {
    return addedAt;
  }

  /**
   * When it was ended.
   *
   * @return the time in milliseconds, or empty
   */
  public Optional<Instant> endedAt() {
    return Optional.ofNullable(endedAt);
  }

  @Override
  public String toString() {
    return "ConsentEntry(" + id + ", " + sealed.length + " bytes)";
  }
}
