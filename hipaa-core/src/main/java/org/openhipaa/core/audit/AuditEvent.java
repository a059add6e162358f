package org.openhipaa.core.audit;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordType;

/**
 * One thing that happened: who, did what, to whose record, why, when, and how it ended (45 CFR
 * 164.312(b); ASTM E2147-18 7.1). It names the patient, so it is no Java record and prints no
 * subject; the log seals {@link #patient()} and {@link #recordId()} and keeps the rest in clear.
 *
 * <p>Immutable and thread-safe; made with {@link #builder}.
 */
public final class AuditEvent {
  private final Instant time;
  private final UUID correlation;
  private final AuditAction action;
  private final Outcome outcome;
  private final String actor;
  private final @Nullable Purpose purpose;
  private final @Nullable RecordType recordType;
  private final @Nullable PatientId patient;
  private final @Nullable String recordId;
  private final SortedSet<FieldPath> fields;
  private final List<String> rules;
  private final String reason;
  private final String policyHash;
  private final String detail;

  private AuditEvent(Builder b) {
    this.time = b.time;
    this.correlation = b.correlation;
    this.action = b.action;
    this.outcome = b.outcome;
    this.actor = b.actor;
    this.purpose = b.purpose;
    this.recordType = b.recordType;
    this.patient = b.patient;
    this.recordId = b.recordId;
    this.fields = Collections.unmodifiableSortedSet(new TreeSet<>(b.fields));
    this.rules = List.copyOf(b.rules);
    this.reason = b.reason;
    this.policyHash = b.policyHash;
    this.detail = b.detail;
  }

  /**
   * Starts an event.
   *
   * @param time when it happened, by the caller's clock
   * @param action what happened
   * @param outcome how it ended
   * @param actor who; use {@link #SYSTEM} for what the library does by itself
   * @return a builder
   */
  public static Builder builder(Instant time, AuditAction action, Outcome outcome, ActorId actor) {
    return new Builder(time, action, outcome, actor.value());
  }

  /** The actor of what the library does by itself, such as raising an alarm. */
  public static final ActorId SYSTEM = ActorId.of("system");

  /**
   * The actor of a log-in attempt under a name that is no known account; the name itself is not
   * recorded.
   */
  public static final ActorId UNKNOWN = ActorId.of("unknown");

  /**
   * When it happened.
   *
   * @return the time by the caller's clock
   */
  public Instant time() {
    return time;
  }

  /**
   * Ties together the entries of one request.
   *
   * @return the correlation id
   */
  public UUID correlation() {
    return correlation;
  }

  /**
   * What happened.
   *
   * @return the action
   */
  public AuditAction action() {
    return action;
  }

  /**
   * How it ended.
   *
   * @return the outcome
   */
  public Outcome outcome() {
    return outcome;
  }

  /**
   * Who.
   *
   * @return the actor's id
   */
  public ActorId actor() {
    return ActorId.of(actor);
  }

  /**
   * Why.
   *
   * @return the purpose, or empty where no PHI is concerned
   */
  public Optional<Purpose> purpose() {
    return Optional.ofNullable(purpose);
  }

  /**
   * The kind of record concerned.
   *
   * @return the type, or empty
   */
  public Optional<RecordType> recordType() {
    return Optional.ofNullable(recordType);
  }

  /**
   * The patient concerned. PHI.
   *
   * @return the patient, or empty
   */
  public Optional<PatientId> patient() {
    return Optional.ofNullable(patient);
  }

  /**
   * The record concerned. May be PHI.
   *
   * @return the record's identifier, or empty
   */
  public Optional<String> recordId() {
    return Optional.ofNullable(recordId);
  }

  /**
   * The fields that were shown or changed; of a refusal, those asked for.
   *
   * @return unmodifiable, sorted
   */
  public SortedSet<FieldPath> fields() {
    return fields;
  }

  /**
   * The policy rules that decided.
   *
   * @return rule ids, unmodifiable
   */
  public List<String> rules() {
    return rules;
  }

  /**
   * The reason code of a refusal or failure.
   *
   * @return a code without PHI, or an empty string
   */
  public String reason() {
    return reason;
  }

  /**
   * The version of the policy that decided.
   *
   * @return its hash, or an empty string
   */
  public String policyHash() {
    return policyHash;
  }

  /**
   * Facts about the event that are neither PHI nor secret, such as a snapshot id or a position.
   *
   * @return the detail, or an empty string
   */
  public String detail() {
    return detail;
  }

  /** Prints action, outcome and actor, never the subject. */
  @Override
  public String toString() {
    return "AuditEvent(" + time + " " + action + " " + outcome + " by " + actor + ")";
  }

  /** Collects the optional parts of an event. Not thread-safe. */
  public static final class Builder {
    private final Instant time;
    private final AuditAction action;
    private final Outcome outcome;
    private final String actor;
    private UUID correlation = new UUID(0, 0);
    private @Nullable Purpose purpose;
    private @Nullable RecordType recordType;
    private @Nullable PatientId patient;
    private @Nullable String recordId;
    private Set<FieldPath> fields = Set.of();
    private List<String> rules = List.of();
    private String reason = "";
    private String policyHash = "";
    private String detail = "";

    private Builder(Instant time, AuditAction action, Outcome outcome, String actor) {
      this.time = time;
      this.action = action;
      this.outcome = outcome;
      this.actor = actor;
    }

    /**
     * Ties this event to others of one request.
     *
     * @param id the correlation id
     * @return this
     */
    public Builder correlation(UUID id) {
      this.correlation = id;
      return this;
    }

    /**
     * States why.
     *
     * @param why the purpose
     * @return this
     */
    public Builder purpose(Purpose why) {
      this.purpose = why;
      return this;
    }

    /**
     * Names the kind of record.
     *
     * @param type the type
     * @return this
     */
    public Builder recordType(RecordType type) {
      this.recordType = type;
      return this;
    }

    /**
     * Names the patient; the log seals it.
     *
     * @param who the patient
     * @return this
     */
    public Builder patient(PatientId who) {
      this.patient = who;
      return this;
    }

    /**
     * Names the record; the log seals it.
     *
     * @param id the record's identifier
     * @return this
     */
    public Builder recordId(String id) {
      this.recordId = id;
      return this;
    }

    /**
     * Names the fields shown, changed or asked for.
     *
     * @param names the fields
     * @return this
     */
    public Builder fields(Set<FieldPath> names) {
      this.fields = names;
      return this;
    }

    /**
     * Names the rules that decided.
     *
     * @param ids rule ids
     * @return this
     */
    public Builder rules(List<String> ids) {
      this.rules = ids;
      return this;
    }

    /**
     * Gives the reason code of a refusal or failure.
     *
     * @param code a code without PHI
     * @return this
     */
    public Builder reason(String code) {
      this.reason = code;
      return this;
    }

    /**
     * Names the version of the policy that decided.
     *
     * @param hash the policy's hash
     * @return this
     */
    public Builder policyHash(String hash) {
      this.policyHash = hash;
      return this;
    }

    /**
     * Adds facts that are neither PHI nor secret; they stand in the log in clear.
     *
     * @param text such as a snapshot id or a position
     * @return this
     */
    public Builder detail(String text) {
      this.detail = text;
      return this;
    }

    /**
     * Makes the event.
     *
     * @return the event
     */
    public AuditEvent build() {
      return new AuditEvent(this);
    }
  }
}
