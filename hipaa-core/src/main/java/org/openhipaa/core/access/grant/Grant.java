package org.openhipaa.core.access.grant;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Group;

/**
 * A person's membership of a group for a time, from its request to its end. The reason is free text
 * and may hold anything, so this is no Java record and prints none.
 *
 * <p>Immutable and thread-safe. Times are kept in milliseconds.
 */
public final class Grant {
  private final UUID id;
  private final ActorId person;
  private final Group group;
  private final ActorId requester;
  private final String reason;
  private final Duration duration;
  private final Instant requestedAt;
  private final GrantState state;
  private final @Nullable ActorId decidedBy;
  private final @Nullable Instant from;
  private final @Nullable Instant until;
  private final @Nullable Instant recertifyBy;
  private final @Nullable ActorId certifiedBy;
  private final @Nullable ActorId endedBy;
  private final @Nullable Instant endedAt;

  private Grant(Builder b) {
    this.id = b.id;
    this.person = b.person;
    this.group = b.group;
    this.requester = b.requester;
    this.reason = b.reason;
    this.duration = b.duration;
    this.requestedAt = b.requestedAt;
    this.state = b.state;
    this.decidedBy = b.decidedBy;
    this.from = b.from;
    this.until = b.until;
    this.recertifyBy = b.recertifyBy;
    this.certifiedBy = b.certifiedBy;
    this.endedBy = b.endedBy;
    this.endedAt = b.endedAt;
  }

  /**
   * Starts a request.
   *
   * @param id names the grant
   * @param person who is to be in the group
   * @param group which group
   * @param requester who asks for it
   * @param reason why
   * @param duration for how long, from its approval
   * @param requestedAt when it is asked for
   * @return a builder of a grant in state {@link GrantState#REQUESTED}
   */
  public static Builder requested(
      UUID id,
      ActorId person,
      Group group,
      ActorId requester,
      String reason,
      Duration duration,
      Instant requestedAt) {
    return new Builder(
        id,
        person,
        group,
        requester,
        reason,
        Duration.ofMillis(duration.toMillis()),
        millis(requestedAt));
  }

  private static Instant millis(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * Starts a grant that differs from this one.
   *
   * @return a builder that holds what this grant says
   */
  public Builder toBuilder() {
    Builder b = new Builder(id, person, group, requester, reason, duration, requestedAt);
    b.state = state;
    b.decidedBy = decidedBy;
    b.from = from;
    b.until = until;
    b.recertifyBy = recertifyBy;
    b.certifiedBy = certifiedBy;
    b.endedBy = endedBy;
    b.endedAt = endedAt;
    return b;
  }

  /**
   * Names the grant.
   *
   * @return the id
   */
  public UUID id() {
    return id;
  }

  /**
   * Who is in the group.
   *
   * @return the person
   */
  public ActorId person() {
    return person;
  }

  /**
   * Which group.
   *
   * @return the group
   */
  public Group group() {
    return group;
  }

  /**
   * Who asked for it.
   *
   * @return the requester
   */
  public ActorId requester() {
    return requester;
  }

  /**
   * Why. Never log it.
   *
   * @return the text
   */
  public String revealReason() {
    return reason;
  }

  /**
   * For how long it was asked for.
   *
   * @return the duration, from the approval
   */
  public Duration duration() {
    return duration;
  }

  /**
   * When it was asked for.
   *
   * @return the time
   */
  public Instant requestedAt() {
    return requestedAt;
  }

  /**
   * How far it is.
   *
   * @return the state
   */
  public GrantState state() {
    return state;
  }

  /**
   * Who approved or rejected it.
   *
   * @return the approver, or empty
   */
  public Optional<ActorId> decidedBy() {
    return Optional.ofNullable(decidedBy);
  }

  /**
   * From when it holds.
   *
   * @return inclusive, or empty if it was not approved
   */
  public Optional<Instant> from() {
    return Optional.ofNullable(from);
  }

  /**
   * Until when it holds at most.
   *
   * @return exclusive, or empty if it was not approved
   */
  public Optional<Instant> until() {
    return Optional.ofNullable(until);
  }

  /**
   * Until when it holds without being confirmed.
   *
   * @return exclusive, or empty if it was not approved
   */
  public Optional<Instant> recertifyBy() {
    return Optional.ofNullable(recertifyBy);
  }

  /**
   * Who confirmed it last.
   *
   * @return the actor, or empty
   */
  public Optional<ActorId> certifiedBy() {
    return Optional.ofNullable(certifiedBy);
  }

  /**
   * Who took it away.
   *
   * @return the actor, or empty
   */
  public Optional<ActorId> endedBy() {
    return Optional.ofNullable(endedBy);
  }

  /**
   * When it was taken away.
   *
   * @return the time, or empty
   */
  public Optional<Instant> endedAt() {
    return Optional.ofNullable(endedAt);
  }

  /**
   * Tells whether the person is in the group by this grant.
   *
   * @param now the time
   * @return false also if it was not confirmed in time
   */
  public boolean active(Instant now) {
    return state == GrantState.ACTIVE
        && from != null
        && until != null
        && recertifyBy != null
        && !now.isBefore(from)
        && now.isBefore(until)
        && now.isBefore(recertifyBy);
  }

  /**
   * Tells whether it is waiting or holds, so that a termination has to end it.
   *
   * @return true if requested or active, whatever the time
   */
  public boolean pending() {
    return state == GrantState.REQUESTED || state == GrantState.ACTIVE;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Grant that
        && id.equals(that.id)
        && person.equals(that.person)
        && group.equals(that.group)
        && requester.equals(that.requester)
        && reason.equals(that.reason)
        && duration.equals(that.duration)
        && requestedAt.equals(that.requestedAt)
        && state == that.state
        && Objects.equals(decidedBy, that.decidedBy)
        && Objects.equals(from, that.from)
        && Objects.equals(until, that.until)
        && Objects.equals(recertifyBy, that.recertifyBy)
        && Objects.equals(certifiedBy, that.certifiedBy)
        && Objects.equals(endedBy, that.endedBy)
        && Objects.equals(endedAt, that.endedAt);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** Prints all but the reason. */
  @Override
  public String toString() {
    return "Grant("
        + id
        + ", "
        + person.value()
        + " in "
        + group.value()
        + ", "
        + state
        + ", until "
        + until
        + ")";
  }

  /** Collects the parts of a grant. Not thread-safe. */
  public static final class Builder {
    private final UUID id;
    private final ActorId person;
    private final Group group;
    private final ActorId requester;
    private final String reason;
    private final Duration duration;
    private final Instant requestedAt;
    private GrantState state = GrantState.REQUESTED;
    private @Nullable ActorId decidedBy;
    private @Nullable Instant from;
    private @Nullable Instant until;
    private @Nullable Instant recertifyBy;
    private @Nullable ActorId certifiedBy;
    private @Nullable ActorId endedBy;
    private @Nullable Instant endedAt;

    private Builder(
        UUID id,
        ActorId person,
        Group group,
        ActorId requester,
        String reason,
        Duration duration,
        Instant requestedAt) {
      this.id = id;
      this.person = person;
      this.group = group;
      this.requester = requester;
      this.reason = reason;
      this.duration = duration;
      this.requestedAt = requestedAt;
    }

    /**
     * Approves it.
     *
     * @param by who approves
     * @param start from when it holds
     * @param end until when at most
     * @param confirm until when it holds without being confirmed
     * @return this
     */
    public Builder approved(ActorId by, Instant start, Instant end, Instant confirm) {
      this.state = GrantState.ACTIVE;
      this.decidedBy = by;
      this.from = millis(start);
      this.until = millis(end);
      this.recertifyBy = millis(confirm);
      return this;
    }

    /**
     * Rejects it.
     *
     * @param by who rejects
     * @return this
     */
    public Builder rejected(ActorId by) {
      this.state = GrantState.REJECTED;
      this.decidedBy = by;
      return this;
    }

    /**
     * Confirms it.
     *
     * @param by who confirms
     * @param next until when it then holds without being confirmed again
     * @return this
     */
    public Builder certified(ActorId by, Instant next) {
      this.certifiedBy = by;
      this.recertifyBy = millis(next);
      return this;
    }

    /**
     * Takes it away.
     *
     * @param by who takes it away
     * @param at when
     * @return this
     */
    public Builder revoked(ActorId by, Instant at) {
      this.state = GrantState.REVOKED;
      this.endedBy = by;
      this.endedAt = millis(at);
      return this;
    }

    /**
     * Makes the grant.
     *
     * @return the grant
     */
    public Grant build() {
      return new Grant(this);
    }
  }
}
