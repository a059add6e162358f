package org.openhipaa.testkit.policy;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Circumstances;
import org.openhipaa.core.access.rules.Truth;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.RecordType;
import org.openhipaa.core.record.TenantId;

/**
 * A request without its record, to be asked of many {@link Row}s. What the application answers about
 * relations and predicates is fixed. Immutable; prints no patient.
 */
public final class Question {
  /** The tenant of every record. */
  public static final TenantId TENANT = TenantId.of("random");

  private final Actor actor;
  private final Action action;
  private final RecordType type;
  private final Purpose purpose;
  private final SortedSet<FieldPath> fields;
  private final SortedSet<FieldPath> filterFields;
  private final Circumstances circumstances;
  private final @Nullable Instant at;
  private final Map<String, Map<PatientId, Truth>> relations;
  private final Map<String, Truth> predicates;
  private final Map<String, Map<PatientId, Truth>> rowPredicates;

  Question(
      Actor actor,
      Action action,
      RecordType type,
      Purpose purpose,
      Set<FieldPath> fields,
      Set<FieldPath> filterFields,
      Circumstances circumstances,
      Optional<Instant> at,
      Map<String, Map<PatientId, Truth>> relations,
      Map<String, Truth> predicates,
      Map<String, Map<PatientId, Truth>> rowPredicates) {
    this.actor = actor;
    this.action = action;
    this.type = type;
    this.purpose = purpose;
    this.fields = Collections.unmodifiableSortedSet(new TreeSet<>(fields));
    this.filterFields = Collections.unmodifiableSortedSet(new TreeSet<>(filterFields));
    this.circumstances = circumstances;
    this.at = at.orElse(null);
    this.relations = relations;
    this.predicates = predicates;
    this.rowPredicates = rowPredicates;
  }

  /**
   * Asks about one row.
   *
   * @param row the record
   * @return the request
   */
  public AccessRequest on(Row row) {
    AccessRequest.Builder request = start().attributes(row.attributes());
    row.patient().ifPresent(request::patient);
    if (row.id().isPresent()) {
      request.record(
          RecordRef.of(TENANT, type, row.patient().orElseThrow(), row.id().orElseThrow()));
    }
    row.labels().ifPresent(request::labels);
    return request.build();
  }

  /**
   * Asks without a row, as a search does before it knows any.
   *
   * @return a request without patient, attributes and labels
   */
  public AccessRequest alone() {
    return start().build();
  }

  private AccessRequest.Builder start() {
    AccessRequest.Builder request = AccessRequest.builder(actor, action, type, purpose)
        .fields(fields)
        .filterFields(filterFields)
        .circumstances(circumstances)
        .relations((name, who, patient) -> known(relation(name, patient)))
        .predicates((name, asked) -> known(predicate(name, asked.patient())));
    at().ifPresent(request::at);
    return request;
  }

  private static boolean known(Truth truth) {
    if (truth == Truth.UNKNOWN) {
      throw new IllegalStateException("the application does not know");
    }
    return truth == Truth.TRUE;
  }

  /**
   * Who asks.
   *
   * @return the actor
   */
  public Actor actor() {
    return actor;
  }

  /**
   * What they want to do.
   *
   * @return the action
   */
  public Action action() {
    return action;
  }

  /**
   * With what kind of record.
   *
   * @return the type
   */
  public RecordType type() {
    return type;
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
   * @return unmodifiable, possibly empty
   */
  public SortedSet<FieldPath> fields() {
    return fields;
  }

  /**
   * Which fields the request filters or sorts by.
   *
   * @return unmodifiable, possibly empty
   */
  public SortedSet<FieldPath> filterFields() {
    return filterFields;
  }

  /**
   * Under which circumstances.
   *
   * @return the circumstances
   */
  public Circumstances circumstances() {
    return circumstances;
  }

  /**
   * When.
   *
   * @return the time, or empty if it is not known
   */
  public Optional<Instant> at() {
    return Optional.ofNullable(at);
  }

  /**
   * Whether a relation holds between the actor and a patient.
   *
   * @param name the relation
   * @param patient one of {@link RandomPolicies#PATIENTS}
   * @return unknown if the lookup fails
   */
  public Truth relation(String name, PatientId patient) {
    return relations.getOrDefault(name, Map.of()).getOrDefault(patient, Truth.UNKNOWN);
  }

  /**
   * Whether a predicate holds.
   *
   * @param name the predicate
   * @param patient whom the row is about; makes a difference only to a predicate that reads it
   * @return unknown if the application does not know
   */
  public Truth predicate(String name, Optional<PatientId> patient) {
    Truth same = predicates.get(name);
    if (same != null) {
      return same;
    }
    Map<PatientId, Truth> byPatient = rowPredicates.getOrDefault(name, Map.of());
    return patient.map(who -> byPatient.getOrDefault(who, Truth.UNKNOWN)).orElse(Truth.UNKNOWN);
  }

  @Override
  public String toString() {
    return "Question("
        + actor.id().value()
        + " "
        + action.label()
        + " "
        + type.value()
        + " for "
        + purpose.label()
        + ")";
  }
}
