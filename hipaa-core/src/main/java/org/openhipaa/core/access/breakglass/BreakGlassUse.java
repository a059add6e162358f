package org.openhipaa.core.access.breakglass;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.BreakGlassTicket;
import org.openhipaa.core.access.breakglass.BreakGlassReview.Verdict;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.RecordType;

/**
 * One time that somebody broke the glass: who, for what, why, until when, and what reviewers found.
 * It names a patient and the reason may hold PHI, so it is no Java record and prints neither.
 *
 * <p>Immutable and thread-safe; made with {@link #builder}.
 */
public final class BreakGlassUse {
  private final UUID id;
  private final ActorId actor;
  private final BreakGlassScope scope;
  private final RecordType type;
  private final Purpose purpose;
  private final @Nullable PatientId patient;
  private final @Nullable RecordRef record;
  private final @Nullable String session;
  private final String reason;
  private final Instant openedAt;
  private final Instant until;
  private final @Nullable Instant closedAt;
  private final PatientNotice notice;
  private final List<BreakGlassReview> reviews;

  private BreakGlassUse(Builder b) {
    this.id = b.id;
    this.actor = b.actor;
    this.scope = b.scope;
    this.type = b.type;
    this.purpose = b.purpose;
    this.patient = b.patient;
    this.record = b.record;
    this.session = b.session;
    this.reason = Objects.requireNonNull(b.reason, "a use has a reason");
    this.openedAt = Objects.requireNonNull(b.openedAt, "a use has a beginning");
    this.until = Objects.requireNonNull(b.until, "a use has an end");
    this.closedAt = b.closedAt;
    this.notice = b.notice;
    this.reviews = List.copyOf(b.reviews);
  }

  /**
   * Starts a use.
   *
   * @param id names it and its ticket
   * @param actor who breaks the glass
   * @param scope for how much
   * @param type the kind of record that was asked for
   * @param purpose the purpose that was stated
   * @return a builder
   */
  public static Builder builder(
      UUID id, ActorId actor, BreakGlassScope scope, RecordType type, Purpose purpose) {
    return new Builder(id, actor, scope, type, purpose);
  }

  /**
   * Starts a use that differs from this one.
   *
   * @return a builder that holds what this use says
   */
  public Builder toBuilder() {
    Builder b = new Builder(id, actor, scope, type, purpose);
    b.patient = patient;
    b.record = record;
    b.session = session;
    b.reason = reason;
    b.openedAt = openedAt;
    b.until = until;
    b.closedAt = closedAt;
    b.notice = notice;
    b.reviews.addAll(reviews);
    return b;
  }

  /**
   * Names the use and its ticket.
   *
   * @return the id
   */
  public UUID id() {
    return id;
  }

  /**
   * Who broke the glass.
   *
   * @return the actor
   */
  public ActorId actor() {
    return actor;
  }

  /**
   * For how much.
   *
   * @return the scope
   */
  public BreakGlassScope scope() {
    return scope;
  }

  /**
   * The kind of record that was asked for.
   *
   * @return the type
   */
  public RecordType type() {
    return type;
  }

  /**
   * The purpose that was stated.
   *
   * @return the purpose
   */
  public Purpose purpose() {
    return purpose;
  }

  /**
   * The patient whose record was asked for. PHI.
   *
   * @return the patient, or empty if none was named
   */
  public Optional<PatientId> patient() {
    return Optional.ofNullable(patient);
  }

  /**
   * The record that was asked for.
   *
   * @return the record, or empty if none was named
   */
  public Optional<RecordRef> record() {
    return Optional.ofNullable(record);
  }

  /**
   * The session.
   *
   * @return its id, or empty if the scope is another
   */
  public Optional<String> session() {
    return Optional.ofNullable(session);
  }

  /**
   * Why the glass was broken. May hold PHI: never log it.
   *
   * @return the text
   */
  public String revealReason() {
    return reason;
  }

  /**
   * When.
   *
   * @return the time in milliseconds
   */
  public Instant openedAt() {
    return openedAt;
  }

  /**
   * When the ticket ends by itself.
   *
   * @return exclusive, in milliseconds
   */
  public Instant until() {
    return until;
  }

  /**
   * When the ticket was ended before.
   *
   * @return the time in milliseconds, or empty
   */
  public Optional<Instant> closedAt() {
    return Optional.ofNullable(closedAt);
  }

  /**
   * Whether the patient was told.
   *
   * @return the state of the notice
   */
  public PatientNotice notice() {
    return notice;
  }

  /**
   * What reviewers found.
   *
   * @return the judgements, oldest first, unmodifiable
   */
  public List<BreakGlassReview> reviews() {
    return reviews;
  }

  /**
   * The judgement that stands.
   *
   * @return the newest verdict, or empty as long as nobody has reviewed the use
   */
  public Optional<Verdict> verdict() {
    return reviews.isEmpty()
        ? Optional.empty()
        : Optional.of(reviews.get(reviews.size() - 1).verdict());
  }

  /**
   * Tells whether the ticket holds.
   *
   * @param now the time
   * @return false if it ended, by itself or before
   */
  public boolean open(Instant now) {
    return closedAt == null && now.isBefore(until);
  }

  /**
   * The ticket of this use.
   *
   * @return a ticket that covers what was granted and nothing else
   */
  public BreakGlassTicket ticket() {
    String name = id.toString();
    return switch (scope) {
      case RECORD -> BreakGlassTicket.forRecord(name, actor, named(record), openedAt, until);
      case PATIENT -> BreakGlassTicket.forPatient(name, actor, named(patient), openedAt, until);
      case SESSION -> BreakGlassTicket.forSession(name, actor, named(session), openedAt, until);
    };
  }

  private <T> T named(@Nullable T subject) {
    if (subject == null) {
      throw new IllegalArgumentException("no "
          + scope.name().toLowerCase(Locale.ROOT)
          + " is named; say for which one the glass is to be broken");
    }
    return subject;
  }

  /** Prints id, actor, scope and end, never patient or reason. */
  @Override
  public String toString() {
    return "BreakGlassUse(" + id + ", " + actor.value() + ", " + scope + ", until " + until + ")";
  }

  /** Collects the parts of a use. Not thread-safe. */
  public static final class Builder {
    private final UUID id;
    private final ActorId actor;
    private final BreakGlassScope scope;
    private final RecordType type;
    private final Purpose purpose;
    private final List<BreakGlassReview> reviews = new ArrayList<>();
    private @Nullable PatientId patient;
    private @Nullable RecordRef record;
    private @Nullable String session;
    private @Nullable String reason;
    private @Nullable Instant openedAt;
    private @Nullable Instant until;
    private @Nullable Instant closedAt;
    private PatientNotice notice = PatientNotice.NONE;

    private Builder(
        UUID id, ActorId actor, BreakGlassScope scope, RecordType type, Purpose purpose) {
      this.id = id;
      this.actor = actor;
      this.scope = scope;
      this.type = type;
      this.purpose = purpose;
    }

    /**
     * Takes patient, record and session from a request.
     *
     * @param request the question
     * @return this
     */
    public Builder about(AccessRequest request) {
      this.patient = request.patient().orElse(null);
      this.record = request.record().orElse(null);
      this.session = request.session().orElse(null);
      return this;
    }

    /**
     * Names the patient.
     *
     * @param who the patient, or null
     * @return this
     */
    public Builder patient(@Nullable PatientId who) {
      this.patient = who;
      return this;
    }

    /**
     * Names the record.
     *
     * @param ref the record, or null
     * @return this
     */
    public Builder record(@Nullable RecordRef ref) {
      this.record = ref;
      return this;
    }

    /**
     * Names the session.
     *
     * @param name the session's id, or null
     * @return this
     */
    public Builder session(@Nullable String name) {
      this.session = name;
      return this;
    }

    /**
     * Says why.
     *
     * @param text the reason
     * @return this
     */
    public Builder reason(String text) {
      this.reason = text;
      return this;
    }

    /**
     * Says from when to when; kept in milliseconds.
     *
     * @param from inclusive
     * @param to exclusive
     * @return this
     */
    public Builder period(Instant from, Instant to) {
      this.openedAt = from.truncatedTo(ChronoUnit.MILLIS);
      this.until = to.truncatedTo(ChronoUnit.MILLIS);
      return this;
    }

    /**
     * Says when it was ended before its time.
     *
     * @param at the time, or null if it was not
     * @return this
     */
    public Builder closed(@Nullable Instant at) {
      this.closedAt = at;
      return this;
    }

    /**
     * Says whether the patient was told.
     *
     * @param state the state of the notice
     * @return this
     */
    public Builder notice(PatientNotice state) {
      this.notice = state;
      return this;
    }

    /**
     * Adds a judgement.
     *
     * @param newest the newest one so far
     * @return this
     */
    public Builder review(BreakGlassReview newest) {
      this.reviews.add(newest);
      return this;
    }

    /**
     * Makes the use.
     *
     * @return the use
     * @throws IllegalArgumentException if what its scope needs is not named
     */
    public BreakGlassUse build() {
      BreakGlassUse use = new BreakGlassUse(this);
      use.ticket(); // Names what its scope needs, or is refused here and not when it is used.
      return use;
    }
  }
}
