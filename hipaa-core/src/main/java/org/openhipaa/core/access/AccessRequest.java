package org.openhipaa.core.access;

import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.actor.Recipient;
import org.openhipaa.core.record.Attributes;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;
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
  private final @Nullable RecordRef record;
  private final SortedSet<FieldPath> fields;
  private final SortedSet<FieldPath> filterFields;
  private final Attributes attributes;
  private final @Nullable SortedSet<String> labels;
  private final @Nullable Instant at;
  private final Circumstances circumstances;
  private final Relations relations;
  private final Predicates predicates;

  private AccessRequest(Builder b) {
    this.actor = b.actor;
    this.action = b.action;
    this.type = b.type;
    this.purpose = b.purpose;
    this.patient = b.patient;
    this.record = b.record;
    this.fields = copy(b.fields);
    this.filterFields = copy(b.filterFields);
    this.attributes = b.attributes;
    this.labels = b.labels;
    this.at = b.at;
    this.circumstances = b.circumstances;
    this.relations = b.relations;
    this.predicates = b.predicates;
  }

  private static <T extends Comparable<T>> SortedSet<T> copy(Set<T> set) {
    return set.isEmpty()
        ? Collections.emptySortedSet()
        : Collections.unmodifiableSortedSet(new TreeSet<>(set));
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
   * Starts another request that differs from this one.
   *
   * @return a builder that holds what this request says
   */
  public Builder toBuilder() {
    Builder b = new Builder(actor, action, type, purpose);
    b.patient = patient;
    b.record = record;
    b.fields = fields;
    b.filterFields = filterFields;
    b.attributes = attributes;
    b.labels = labels;
    b.at = at;
    b.circumstances = circumstances;
    b.relations = relations;
    b.predicates = predicates;
    return b;
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
   * @return the patient, or empty if the record is about none, or not known yet
   */
  public Optional<PatientId> patient() {
    return Optional.ofNullable(patient);
  }

  /**
   * Which record.
   *
   * @return the record, or empty if none in particular
   */
  public Optional<RecordRef> record() {
    return Optional.ofNullable(record);
  }

  /**
   * Which fields.
   *
   * @return unmodifiable; empty asks for every field that the policy lets this request see
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
   * What is known of the record.
   *
   * @return the attributes that a policy names with {@code record.}
   */
  public Attributes attributes() {
    return attributes;
  }

  /**
   * The sensitivity labels of the record.
   *
   * @return unmodifiable; or empty if they are not known, which is not the same as having none
   */
  public Optional<SortedSet<String>> labels() {
    return Optional.ofNullable(labels);
  }

  /**
   * What is known of the circumstances.
   *
   * @return the attributes that a policy names with {@code context.}
   */
  public Attributes context() {
    return circumstances.context();
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
   * To whom a disclosure goes.
   *
   * @return the kind of recipient, or empty
   */
  public Optional<Recipient> recipient() {
    return circumstances.recipient();
  }

  /**
   * In which session.
   *
   * @return the session's id, or empty
   */
  public Optional<String> session() {
    return circumstances.session();
  }

  /**
   * The reason that the actor states. May hold PHI: never log it.
   *
   * @return the text, or empty
   */
  public Optional<String> reason() {
    return circumstances.reason();
  }

  /**
   * Who has approved the request.
   *
   * @return the second person, authenticated, or empty
   */
  public Optional<Actor> approver() {
    return circumstances.approver();
  }

  /**
   * Under which break-glass ticket.
   *
   * @return the ticket, or empty
   */
  public Optional<BreakGlassTicket> ticket() {
    return circumstances.ticket();
  }

  /**
   * Who knows about relations between actor and patient.
   *
   * @return the application's answers; {@link Relations#none} if none were given
   */
  public Relations relations() {
    return relations;
  }

  /**
   * Who knows about the predicates that a policy declares.
   *
   * @return the application's answers; {@link Predicates#none} if none were given
   */
  public Predicates predicates() {
    return predicates;
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
    private @Nullable RecordRef record;
    private Set<FieldPath> fields = Set.of();
    private Set<FieldPath> filterFields = Set.of();
    private Attributes attributes = Attributes.none();
    private @Nullable SortedSet<String> labels;
    private @Nullable Instant at;
    private Circumstances circumstances = Circumstances.none();
    private Relations relations = Relations.none();
    private Predicates predicates = Predicates.none();

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
     * Says which record, and so about whom.
     *
     * @param ref the record
     * @return this
     */
    public Builder record(RecordRef ref) {
      this.record = ref;
      this.patient = ref.patient();
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
     * Says which fields the request filters or sorts by; each must be one that the policy shows unmasked.
     *
     * @param names the fields
     * @return this
     */
    public Builder filterFields(Set<FieldPath> names) {
      this.filterFields = names;
      return this;
    }

    /**
     * Says what is known of the record.
     *
     * @param known the attributes
     * @return this
     */
    public Builder attributes(Attributes known) {
      this.attributes = known;
      return this;
    }

    /**
     * Says which sensitivity labels the record carries; without it they are unknown.
     *
     * @param carried all of them, possibly none
     * @return this
     */
    public Builder labels(Set<String> carried) {
      this.labels = copy(carried);
      return this;
    }

    /**
     * Says what is known of the circumstances.
     *
     * @param known the attributes
     * @return this
     */
    public Builder context(Attributes known) {
      this.circumstances = circumstances.context(known);
      return this;
    }

    /**
     * Says when.
     *
     * @param time the time
     * @return this
     */
    public Builder at(Instant time) {
      this.at = time;
      return this;
    }

    /**
     * Says to whom a disclosure goes.
     *
     * @param kind the kind of recipient
     * @return this
     */
    public Builder recipient(Recipient kind) {
      this.circumstances = circumstances.recipient(kind);
      return this;
    }

    /**
     * Says in which session.
     *
     * @param id the session's id
     * @return this
     */
    public Builder session(String id) {
      this.circumstances = circumstances.session(id);
      return this;
    }

    /**
     * States a reason.
     *
     * @param text a text for people; blank counts as none
     * @return this
     */
    public Builder reason(String text) {
      this.circumstances = circumstances.reason(text);
      return this;
    }

    /**
     * Says who has approved the request.
     *
     * @param second the second person, authenticated; must be another than the actor
     * @return this
     */
    public Builder approver(Actor second) {
      this.circumstances = circumstances.approver(second);
      return this;
    }

    /**
     * Acts under a break-glass ticket.
     *
     * @param issued the ticket
     * @return this
     */
    public Builder ticket(BreakGlassTicket issued) {
      this.circumstances = circumstances.ticket(issued);
      return this;
    }

    /**
     * Says under which circumstances, at once.
     *
     * @param all context, recipient, session, reason, approver and ticket
     * @return this
     */
    public Builder circumstances(Circumstances all) {
      this.circumstances = all;
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
     * Says where predicates are looked up; without it none is known.
     *
     * @param answers the predicates
     * @return this
     */
    public Builder predicates(Predicates answers) {
      this.predicates = answers;
      return this;
    }

    /**
     * Makes the request.
     *
     * @return the request
     * @throws IllegalArgumentException if the record is of another type or about another patient
     */
    public AccessRequest build() {
      RecordRef ref = record;
      if (ref != null
          && (!ref.type().equals(type) || patient == null || !ref.patient().equals(patient))) {
        throw new IllegalArgumentException(
            "the record is of another type, or about another patient, than the request says");
      }
      return new AccessRequest(this);
    }
  }
}
