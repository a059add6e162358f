package org.openhipaa.core.phi;

import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openhipaa.core.access.Circumstances;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordRef;

/** What somebody wants to read, and why. Immutable and thread-safe; prints no patient. */
public final class ReadRequest {
  private final RecordRef record;
  private final Purpose purpose;
  private final SortedSet<FieldPath> fields;

  private final Circumstances circumstances;

  private ReadRequest(
      RecordRef record, Purpose purpose, SortedSet<FieldPath> fields, Circumstances circumstances) {
    this.record = record;
    this.purpose = purpose;
    this.fields = fields;
    this.circumstances = circumstances;
  }

  /**
   * Asks for some fields of a record: the minimum necessary (45 CFR 164.502(b)).
   *
   * @param record the record
   * @param purpose why
   * @param fields the fields; must not be empty
   * @return the request
   * @throws IllegalArgumentException if no field is named
   */
  public static ReadRequest of(RecordRef record, Purpose purpose, Set<FieldPath> fields) {
    if (fields.isEmpty()) {
      throw new IllegalArgumentException("name the fields, or ask for all that are permitted");
    }
    return new ReadRequest(
        record,
        purpose,
        Collections.unmodifiableSortedSet(new TreeSet<>(fields)),
        Circumstances.none());
  }

  /**
   * Asks for every field that the policy lets this actor see for this purpose.
   *
   * @param record the record
   * @param purpose why
   * @return the request
   */
  public static ReadRequest allPermitted(RecordRef record, Purpose purpose) {
    return new ReadRequest(record, purpose, Collections.emptySortedSet(), Circumstances.none());
  }

  /**
   * Says under which circumstances.
   *
   * @param all a reason, an approver, a break-glass ticket and the like
   * @return a copy with them
   */
  public ReadRequest under(Circumstances all) {
    return new ReadRequest(record, purpose, fields, all);
  }

  /**
   * Which record.
   *
   * @return the record
   */
  public RecordRef record() {
    return record;
  }

  /**
   * Why.
   *
   * @return the purpose
   */
  public Purpose purpose() {
    return purpose;
  }

  /**
   * Which fields.
   *
   * @return unmodifiable; empty for every permitted field
   */
  public SortedSet<FieldPath> fields() {
    return fields;
  }

  /**
   * Under which circumstances.
   *
   * @return all that was said
   */
  public Circumstances circumstances() {
    return circumstances;
  }

  /** Prints type and purpose, never the patient. */
  @Override
  public String toString() {
    return "ReadRequest(" + record + " for " + purpose.label() + ")";
  }
}
