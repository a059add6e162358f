package org.openhipaa.core.crypto;

import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.TenantId;

/**
 * The place that a sealed value belongs to. It is authenticated with the value, so an envelope
 * opens only in the place it was sealed for: a copy moved to another tenant, record or field does
 * not open. It may name a patient, so it prints nothing.
 *
 * <p>Immutable and thread-safe.
 */
public final class SealContext {
  private final KeyPurpose purpose;
  private final byte[] encoding;

  private SealContext(KeyPurpose purpose, byte[] encoding) {
    this.purpose = purpose;
    this.encoding = encoding;
  }

  /**
   * The place of one field of one record.
   *
   * @param record the record
   * @param field the field
   * @return the context, for keys of purpose {@link KeyPurpose#RECORD}
   */
  public static SealContext field(RecordRef record, FieldPath field) {
    return of(
        record.tenant(),
        KeyPurpose.RECORD,
        record.type().value(),
        record.patient().reveal(),
        record.revealId(),
        field.value());
  }

  /**
   * A place in general.
   *
   * @param tenant whose data it is
   * @param purpose what the data is for; selects the derived key
   * @param type the kind of thing, such as a record type or {@code chunk}
   * @param subject whom it is about, or an empty string
   * @param id which one
   * @param part which part of it, or an empty string
   * @return the context
   */
  public static SealContext of(
      TenantId tenant, KeyPurpose purpose, String type, String subject, String id, String part) {
    byte[] encoding = new CanonicalWriter()
        .text(tenant.value())
        .text(purpose.label())
        .text(type)
        .text(subject)
        .text(id)
        .text(part)
        .toBytes();
    return new SealContext(purpose, encoding);
  }

  KeyPurpose purpose() {
    return purpose;
  }

  byte[] encoding() {
    return encoding;
  }

  /** Prints only the purpose. */
  @Override
  public String toString() {
    return "SealContext(" + purpose.label() + ", hidden)";
  }
}
