package org.openhipaa.core.access.rows;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.record.Attributes;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;

/**
 * What a decision may depend on in one row of a table. Holds identifiers, so it prints nothing.
 *
 * <p>Immutable and thread-safe.
 */
public final class Row {
  private static final Row UNKNOWN = new Row(null, null, Attributes.none(), null);

  private final @Nullable PatientId patient;
  private final @Nullable RecordRef record;
  private final Attributes attributes;
  private final @Nullable SortedSet<String> labels;

  private Row(
      @Nullable PatientId patient,
      @Nullable RecordRef record,
      Attributes attributes,
      @Nullable SortedSet<String> labels) {
    this.patient = patient;
    this.record = record;
    this.attributes = attributes;
    this.labels = labels;
  }

  /**
   * A row of which nothing is known.
   *
   * @return to be completed
   */
  public static Row unknown() {
    return UNKNOWN;
  }

  /**
   * Says about whom it is.
   *
   * @param who the patient
   * @return a copy with it
   */
  public Row patient(PatientId who) {
    return new Row(who, record, attributes, labels);
  }

  /**
   * Says which record it is, and so about whom.
   *
   * @param ref the record
   * @return a copy with it
   */
  public Row record(RecordRef ref) {
    return new Row(ref.patient(), ref, attributes, labels);
  }

  /**
   * Says what else is known of it.
   *
   * @param known the attributes that a policy names with {@code record.}
   * @return a copy with them
   */
  public Row attributes(Attributes known) {
    return new Row(patient, record, known, labels);
  }

  /**
   * Says which sensitivity labels it carries; without it they are unknown.
   *
   * @param carried all of them, possibly none
   * @return a copy with them
   */
  public Row labels(Set<String> carried) {
    return new Row(
        patient, record, attributes, Collections.unmodifiableSortedSet(new TreeSet<>(carried)));
  }

  /** The request, asked of this row. */
  AccessRequest asked(AccessRequest request) {
    AccessRequest.Builder builder = request.toBuilder().attributes(attributes);
    Optional.ofNullable(record).ifPresent(builder::record);
    Optional.ofNullable(patient).ifPresent(builder::patient);
    Optional.ofNullable(labels).ifPresent(builder::labels);
    return builder.build();
  }

  @Override
  public String toString() {
    return "Row(hidden)";
  }
}
