package org.openhipaa.testkit.policy;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.record.Attributes;
import org.openhipaa.core.record.PatientId;

/**
 * A record, as far as a decision depends on it: a row of a table. Immutable; prints nothing of it.
 */
public final class Row {
  private final @Nullable PatientId patient;
  private final @Nullable String id;
  private final Attributes attributes;
  private final @Nullable SortedSet<String> labels;

  /**
   * Describes a row.
   *
   * @param patient whom it is about, if known
   * @param id the record's id, if it is a particular one; it then has a patient
   * @param attributes what is known of it
   * @param labels its sensitivity labels, or empty if they are not known
   */
  public Row(
      Optional<PatientId> patient,
      Optional<String> id,
      Attributes attributes,
      Optional<? extends Set<String>> labels) {
    if (id.isPresent() && patient.isEmpty()) {
      throw new IllegalArgumentException("a particular record has a patient");
    }
    this.patient = patient.orElse(null);
    this.id = id.orElse(null);
    this.attributes = attributes;
    this.labels =
        labels.isEmpty() ? null : Collections.unmodifiableSortedSet(new TreeSet<>(labels.get()));
  }

  /**
   * About whom.
   *
   * @return the patient, or empty
   */
  public Optional<PatientId> patient() {
    return Optional.ofNullable(patient);
  }

  /**
   * Which record.
   *
   * @return its id, or empty
   */
  public Optional<String> id() {
    return Optional.ofNullable(id);
  }

  /**
   * What is known of it.
   *
   * @return the attributes that a policy names with {@code record.}
   */
  public Attributes attributes() {
    return attributes;
  }

  /**
   * Its sensitivity labels.
   *
   * @return unmodifiable; or empty if they are not known
   */
  public Optional<SortedSet<String>> labels() {
    return Optional.ofNullable(labels);
  }

  @Override
  public String toString() {
    return "Row(hidden)";
  }
}
