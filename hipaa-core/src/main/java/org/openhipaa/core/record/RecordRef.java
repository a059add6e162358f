package org.openhipaa.core.record;

import java.util.Objects;
import org.openhipaa.core.internal.CanonicalWriter;

/**
 * Names one record of one patient. It holds identifiers, so it is no Java record and prints only
 * its type.
 *
 * <p>Immutable and thread-safe.
 */
public final class RecordRef {
  private static final int MAX_ID_LENGTH = 128;

  private final TenantId tenant;
  private final RecordType type;
  private final PatientId patient;
  private final String id;

  private RecordRef(TenantId tenant, RecordType type, PatientId patient, String id) {
    this.tenant = tenant;
    this.type = type;
    this.patient = patient;
    this.id = id;
  }

  /**
   * Names a record.
   *
   * @param tenant whose data it is
   * @param type its type
   * @param patient whom it is about
   * @param id its identifier within type and patient, 1 to 128 characters without control
   *     characters
   * @return the reference
   * @throws IllegalArgumentException if the id has another form; the message does not repeat it
   */
  public static RecordRef of(TenantId tenant, RecordType type, PatientId patient, String id) {
    if (id.isBlank()
        || id.length() > MAX_ID_LENGTH
        || id.chars().anyMatch(Character::isISOControl)
        || !CanonicalWriter.isWellFormed(id)) {
      throw new IllegalArgumentException(
          "record id must be 1-128 characters, not blank, without control characters");
    }
    return new RecordRef(tenant, type, patient, id);
  }

  /**
   * Whose data it is.
   *
   * @return the tenant
   */
  public TenantId tenant() {
    return tenant;
  }

  /**
   * What kind of record it is.
   *
   * @return the type
   */
  public RecordType type() {
    return type;
  }

  /**
   * Whom it is about.
   *
   * @return the patient
   */
  public PatientId patient() {
    return patient;
  }

  /**
   * Its identifier within type and patient. May identify a person: never log it.
   *
   * @return the identifier
   */
  public String revealId() {
    return id;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordRef that
        && tenant.equals(that.tenant)
        && type.equals(that.type)
        && patient.equals(that.patient)
        && id.equals(that.id);
  }

  @Override
  public int hashCode() {
    return Objects.hash(tenant, type, patient, id);
  }

  /** Prints tenant and type, never the patient or the record's identifier. */
  @Override
  public String toString() {
    return "RecordRef(" + tenant.value() + "/" + type.value() + "/hidden)";
  }
}
