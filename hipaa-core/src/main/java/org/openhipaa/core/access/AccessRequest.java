package org.openhipaa.core.access;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordType;

/**
 * The question put to an {@link AccessPolicy}: may this actor do this with this kind of record, for
 * this purpose?
 *
 * <p>Immutable and thread-safe; prints no patient.
 */
public final class AccessRequest {
  private final Actor actor;
  private final Action action;
  private final RecordType type;
  private final Purpose purpose;
  private final @Nullable PatientId patient;
  private final SortedSet<FieldPath> fields;
  private final Relations relations;

  private AccessRequest(Builder b) {
    this.actor = b.actor;
    this.action = b.action;
    this.type = b.type;
    this.purpose = b.purpose;
    this.patient = b.patient;
    this.fields = Collections.unmodifiableSortedSet(new TreeSet<>(b.fields));
    this.relations = b.relations;
  }

  /**
   * Starts a request.
   *
   * @param actor who
   * @param action wants to do what
   * @param type with what kind of record
   * @param purpose why
   * @return a builder
   */
  public static Builder builder(Actor actor, Action action, RecordType type, Purpose purpose) {
    return new Builder(actor, action, type, purpose);
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
   * About whom.
   *
   * @return the patient, or empty if the record is about none
   */
  public Optional<PatientId> patient() {
    return Optional.ofNullable(patient);
  }

  /**
   * Which fields.
   *
   * @return unmodifiable; empty asks for every field that the policy lets this request see
   */
  public SortedSet<FieldPath> fields() {
    return fields;
  }

  Relations relations() {
    return relations;
  }

  /** Prints who wants to do what, never the patient. */
  @Override
  public String toString() {
    return "AccessRequest("
        + actor.id().value()
        + " "
        + action.label()
        + " "
        + type.value()
        + " for "
        + purpose.label()
        + ")";
  }

  /** Collects the optional parts of a request. Not thread-safe. */
  public static final class Builder {
    private final Actor actor;
    private final Action action;
    private final RecordType type;
    private final Purpose purpose;
    private @Nullable PatientId patient;
    private Set<FieldPath> fields = Set.of();
    private Relations relations = Relations.none();

    private Builder(Actor actor, Action action, RecordType type, Purpose purpose) {
      this.actor = actor;
      this.action = action;
      this.type = type;
      this.purpose = purpose;
    }

    /**
     * Says about whom.
     *
     * @param who the patient
     * @return this
     */
    public Builder patient(PatientId who) {
      this.patient = who;
      return this;
    }

    /**
     * Says which fields.
     *
     * @param names the fields; empty asks for every field that the policy lets this request see
     * @return this
     */
    public Builder fields(Set<FieldPath> names) {
      this.fields = names;
      return this;
    }

    /**
     * Says where relations are looked up; without it no relation holds.
     *
     * @param answers the relations
     * @return this
     */
    public Builder relations(Relations answers) {
      this.relations = answers;
      return this;
    }

    /**
     * Makes the request.
     *
     * @return the request
     */
    public AccessRequest build() {
      return new AccessRequest(this);
    }
  }
}
