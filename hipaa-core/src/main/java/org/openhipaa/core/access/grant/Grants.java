package org.openhipaa.core.access.grant;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessDecider;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.desk.Desk;
import org.openhipaa.core.access.desk.DeskResult;
import org.openhipaa.core.access.desk.DeskResult.Done;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.internal.RandomIds;
import org.openhipaa.core.record.RecordType;

/**
 * The life of grants: asked for, approved by somebody else, time-boxed, confirmed now and then,
 * ended (45 CFR 164.308(a)(3)(ii), (a)(4)(ii)).
 *
 * <p>Who may do so is for the policy to say: record type {@code grant} without fields, purpose {@link
 * Purpose#SYSTEM_ADMINISTRATION}, {@link Action#CREATE} to ask and {@link Action#ADMINISTER} for all
 * else. Whatever it says, nobody approves what they asked for or what is for themselves, and nobody
 * comes to be in two groups that the policy keeps apart. What gives access is recorded before it
 * takes effect; what takes access away takes effect even if it cannot be recorded.
 *
 * <p>Thread-safe. Design: {@code docs/design/grants.md}.
 */
public final class Grants {
  /** The record type that the policy speaks of. */
  public static final RecordType RECORD_TYPE = RecordType.of("grant");

  /** Refused because the policy knows no such group. */
  public static final String UNKNOWN_GROUP = "UNKNOWN_GROUP";

  /** Refused because there is no grant of this id. */
  public static final String UNKNOWN_GRANT = "UNKNOWN_GRANT";

  /** Refused because it is for too long, or for no time. */
  public static final String DURATION_NOT_ALLOWED = "DURATION_NOT_ALLOWED";

  /** Refused because nobody approves their own request, or a grant to themselves. */
  public static final String OWN_GRANT = "OWN_GRANT";

  /** Refused because the access of one of the persons was ended. */
  public static final String TERMINATED = "TERMINATED";

  /** Refused because the grant is not waiting for this step, or has lapsed. */
  public static final String NOT_IN_STATE = "NOT_IN_STATE";

  /** Refused because somebody else changed the person's grants at the same moment. */
  public static final String CHANGED_MEANWHILE = "CHANGED_MEANWHILE";

  static final String NOT_KEPT = "GRANT_NOT_KEPT";

  private static final int MIN_REASON = 10;
  private static final int MAX_REASON = 1000;
  private static final int MAX_LISTED = 500;
  private static final int ATTEMPTS = 100;

  private final Supplier<PolicyModel> model;
  private final BaseGroups baseGroups;
  private final GrantStore store;
  private final GrantLimits limits;
  private final Desk desk;
  private final Terminations terminations;
  private final Clock clock;
  private final SecureRandom random;

  Grants(GrantsBuilder b) {
    this.model = need(b.model, "model");
    this.baseGroups = need(b.baseGroups, "baseGroups");
    this.store = need(b.store, "store");
    this.limits = b.limits;
    AccessDecider policy = need(b.policy, "policy");
    this.desk = new Desk(policy, need(b.audit, "audit"), b.clock);
    this.terminations = new Terminations(store, desk, need(b.alarms, "alarms"), b.hooks, b.clock);
    this.clock = b.clock;
    this.random = b.random;
  }

  private static <T> T need(@Nullable T value, String name) {
    return Objects.requireNonNull(value, () -> "Grants needs " + name);
  }

  /**
   * Starts a service.
   *
   * @return a builder
   */
  public static GrantsBuilder builder() {
    return new GrantsBuilder();
  }

  /**
   * The groups that a person is in now: what {@link Actor#in} wants to know at every request.
   *
   * @param person who
   * @param base the groups they are in anyway
   * @param now the time
   * @return unmodifiable, sorted; empty after a termination
   * @throws GrantNotKeptException if it cannot be known; treat the person as in no group then
   */
  public SortedSet<Group> groupsOf(ActorId person, Set<Group> base, Instant now) {
    GrantFile file = store.find(person);
    TreeSet<Group> groups = file.groups(now);
    if (!file.terminated()) {
      groups.addAll(base);
    }
    return Collections.unmodifiableSortedSet(groups);
  }

  /**
   * Asks for a membership.
   *
   * @param requester who asks
   * @param person for whom
   * @param group of which group
   * @param reason why, 10 to 1,000 characters; kept sealed, not recorded in the log
   * @param duration for how long, from its approval
   * @return the request, or why not
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if it is not recorded; nothing is
   *     changed then
   * @throws GrantNotKeptException if it is not surely stored
   */
  public DeskResult<Grant> request(
      Actor requester, ActorId person, Group group, String reason, Duration duration) {
    Instant now = now();
    UUID id = RandomIds.next(random);
    Desk.Step step = step(
        requester,
        Action.CREATE,
        AuditAction.GRANT_REQUEST,
        detail(id, person, group) + " duration=" + duration);
    return step.decide(permit -> {
      if (!isReason(reason)) {
        return step.refuse(
            permit, DenyReason.REASON_NEEDED.name(), "a reason has 10 to 1,000 characters");
      }
      if (duration.toMillis() < 1 || duration.compareTo(limits.longest()) > 0) {
        return step.refuse(
            permit, DURATION_NOT_ALLOWED, "a grant lasts at most " + limits.longest());
      }
      GrantFile file = store.find(person);
      Optional<Objection> objection = objection(requester, file, group, now);
      return objection.isPresent()
          ? step.refuse(permit, objection.get().code(), objection.get().explanation())
          : keep(
              step,
              permit,
              file,
              Grant.requested(id, person, group, requester.id(), reason, duration, now)
                  .build());
    });
  }

  /**
   * Approves a request. The grant holds from now on.
   *
   * @param approver who approves; neither the requester nor the person concerned
   * @param id which request
   * @return the grant, or why not
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if it is not recorded; nothing is
   *     granted then
   * @throws GrantNotKeptException if it is not surely stored
   */
  public DeskResult<Grant> approve(Actor approver, UUID id) {
    Instant now = now();
    return change(approver, AuditAction.GRANT_APPROVE, id, (file, grant) -> {
      if (approver.id().samePersonAs(grant.requester())
          || approver.id().samePersonAs(grant.person())) {
        return Change.refuse(OWN_GRANT, "somebody else than requester and person must approve");
      }
      if (grant.state() != GrantState.REQUESTED
          || grant.requestedAt().plus(limits.requestValid()).isBefore(now)) {
        return Change.refuse(NOT_IN_STATE, "the request is decided, or too old; ask anew");
      }
      Instant until = now.plus(grant.duration());
      return objection(approver, file, grant.group(), now)
          .map(Change::refuse)
          .orElseGet(() -> Change.to(grant.toBuilder()
              .approved(approver.id(), now, until, confirmBy(now, until))
              .build()));
    });
  }

  /**
   * Rejects a request.
   *
   * @param approver who rejects
   * @param id which request
   * @return the rejected request, or why not
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if it is not recorded; nothing is
   *     changed then
   * @throws GrantNotKeptException if it is not surely stored
   */
  public DeskResult<Grant> reject(Actor approver, UUID id) {
    return change(
        approver,
        AuditAction.GRANT_REJECT,
        id,
        (file, grant) -> grant.state() == GrantState.REQUESTED
            ? Change.to(grant.toBuilder().rejected(approver.id()).build())
            : Change.refuse(NOT_IN_STATE, "the request is decided already"));
  }

  /**
   * Confirms that a grant is still needed (45 CFR 164.308(a)(4)(ii)(C)). One that has lapsed cannot
   * be confirmed any more, only asked for anew.
   *
   * @param certifier who confirms; not the person concerned
   * @param id which grant
   * @return the grant, or why not
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if it is not recorded; nothing is
   *     changed then
   * @throws GrantNotKeptException if it is not surely stored
   */
  public DeskResult<Grant> recertify(Actor certifier, UUID id) {
    Instant now = now();
    return change(certifier, AuditAction.GRANT_RECERTIFY, id, (file, grant) -> {
      if (certifier.id().samePersonAs(grant.person())) {
        return Change.refuse(OWN_GRANT, "somebody else than the person must confirm");
      }
      if (!grant.active(now)) {
        return Change.refuse(NOT_IN_STATE, "the grant does not hold any more; ask anew");
      }
      Instant next = confirmBy(now, grant.until().orElse(now));
      return objection(certifier, file, grant.group(), now)
          .map(Change::refuse)
          .orElseGet(
              () -> Change.to(grant.toBuilder().certified(certifier.id(), next).build()));
    });
  }

  /**
   * Takes a grant or a request away. It is gone even if that cannot be recorded.
   *
   * @param by who takes it away
   * @param id which grant
   * @return the grant as it is then, or why not
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if it is not recorded
   * @throws GrantNotKeptException if it is not surely stored
   */
  public DeskResult<Grant> revoke(Actor by, UUID id) {
    Desk.Step step = step(by, Action.ADMINISTER, AuditAction.GRANT_REVOKE, "grant=" + id);
    return step.decide(permit -> {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Optional<GrantFile> file = store.personOf(id).map(store::find);
        Optional<Grant> grant = file.flatMap(f -> f.find(id));
        if (file.isEmpty() || grant.isEmpty()) {
          return step.fail(permit, UNKNOWN_GRANT, "there is no grant of this id");
        }
        if (!grant.get().pending()) {
          return step.fail(permit, NOT_IN_STATE, "the grant was ended already");
        }
        Grant after = grant.get().toBuilder().revoked(by.id(), now()).build();
        if (replace(step, permit, file.get(), file.get().with(after))) {
          return step.knowing(null, detail(id, after.person(), after.group())).done(permit, after);
        }
      }
      return step.fail(permit, CHANGED_MEANWHILE, "the grants are changed all the time; repeat it");
    });
  }

  /**
   * Lists the requests that wait for approval, at most 500, oldest first.
   *
   * @param reader who wants to know
   * @return the requests, or why not
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if it is not recorded
   * @throws GrantNotKeptException if the store cannot be read
   */
  public DeskResult<List<Grant>> requests(Actor reader) {
    Desk.Step step = step(reader, Action.ADMINISTER, AuditAction.GRANT_APPROVE, "list");
    return step.decide(permit -> {
      List<Grant> waiting = store.requested(MAX_LISTED);
      return step.done(permit, waiting);
    });
  }

  /**
   * Lists the grants that lapse unless they are confirmed, at most 500, the most urgent first.
   *
   * @param reader who wants to know
   * @param within how far to look ahead
   * @return the grants, or why not
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if it is not recorded
   * @throws GrantNotKeptException if the store cannot be read
   */
  public DeskResult<List<Grant>> due(Actor reader, Duration within) {
    Desk.Step step = step(reader, Action.ADMINISTER, AuditAction.GRANT_RECERTIFY, "list");
    return step.decide(permit -> {
      Instant now = now();
      List<Grant> lapsing = store.due(now, now.plus(within), MAX_LISTED);
      return step.done(permit, lapsing);
    });
  }

  /**
   * Ends all access of a person, for good (45 CFR 164.308(a)(3)(ii)(C)): grants and requests are
   * revoked, {@link #groupsOf} gives no group from now on, and every hook is called, whatever
   * happens to the others. All this takes effect even if it cannot be recorded. May be repeated.
   *
   * @param by who ends it
   * @param person whose access
   * @param reason why, at most 1,000 characters; kept sealed, not recorded in the log
   * @return what was ended and what was not, or why the step was refused
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if not all of it is recorded; the
   *     access has ended nevertheless
   * @throws GrantNotKeptException if the grants are not surely revoked; the hooks were called
   *     nevertheless
   * @throws IllegalArgumentException if the reason is too long
   */
  public DeskResult<TerminationReport> terminate(Actor by, ActorId person, String reason) {
    if (reason.length() > MAX_REASON || !CanonicalWriter.isWellFormed(reason)) {
      throw new IllegalArgumentException("a reason has at most 1,000 whole characters");
    }
    return terminations.terminate(by, person, reason);
  }

  /** What is decided about a grant: how it is afterwards, or why not. */
  private record Change(@Nullable Grant after, @Nullable Objection objection) {
    static Change to(Grant after) {
      return new Change(after, null);
    }

    static Change refuse(String code, String explanation) {
      return refuse(new Objection(code, explanation));
    }

    static Change refuse(Objection objection) {
      return new Change(null, objection);
    }
  }

  private record Objection(String code, String explanation) {}

  @FunctionalInterface
  private interface Judge {
    Change judge(GrantFile file, Grant grant);
  }

  private DeskResult<Grant> change(Actor by, AuditAction action, UUID id, Judge judge) {
    Desk.Step step = step(by, Action.ADMINISTER, action, "grant=" + id);
    return step.decide(permit -> {
      Optional<GrantFile> file = store.personOf(id).map(store::find);
      Optional<Grant> grant = file.flatMap(f -> f.find(id));
      if (file.isEmpty() || grant.isEmpty()) {
        return step.fail(permit, UNKNOWN_GRANT, "there is no grant of this id");
      }
      Desk.Step known =
          step.knowing(null, detail(id, grant.get().person(), grant.get().group()));
      Change change = judge.judge(file.get(), grant.get());
      if (change.objection() != null) {
        return known.refuse(
            permit, change.objection().code(), change.objection().explanation());
      }
      return keep(known, permit, file.get(), Objects.requireNonNull(change.after()));
    });
  }

  /** Recorded before it takes effect. */
  private DeskResult<Grant> keep(Desk.Step step, Permit permit, GrantFile before, Grant after) {
    step.record(Outcome.SUCCESS, permit, "");
    return replace(step, permit, before, before.with(after))
        ? new Done<>(after)
        : step.fail(
            permit, CHANGED_MEANWHILE, "somebody else changed the person's grants; repeat it");
  }

  private boolean replace(Desk.Step step, Permit permit, GrantFile before, GrantFile after) {
    try {
      return store.replace(before, after);
    } catch (RuntimeException e) {
      throw step.failed(permit, NOT_KEPT, e);
    }
  }

  /** What stands against giving, or leaving, a group to a person. */
  private Optional<Objection> objection(Actor by, GrantFile file, Group group, Instant now) {
    if (file.terminated() || store.find(by.id()).terminated()) {
      return Optional.of(new Objection(TERMINATED, "the access of one of them was ended"));
    }
    PolicyModel current = model.get();
    if (!current.groups().containsKey(group)) {
      return Optional.of(new Objection(UNKNOWN_GROUP, "the policy knows no such group"));
    }
    Set<Group> held = file.groups(now);
    held.addAll(baseGroups.of(file.person()));
    held.add(group);
    return Duties.separate(current, held)
        ? Optional.empty()
        : Optional.of(new Objection(
            DenyReason.DUTIES_NOT_SEPARATED.name(),
            "the person would be in two groups that nobody may be in at once"));
  }

  private Instant confirmBy(Instant now, Instant until) {
    Instant next = now.plus(limits.recertifyEvery());
    return next.isBefore(until) ? next : until;
  }

  private static boolean isReason(String reason) {
    return reason.strip().length() >= MIN_REASON
        && reason.length() <= MAX_REASON
        && CanonicalWriter.isWellFormed(reason);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  static String detail(UUID id, ActorId person, Group group) {
    return "grant=" + id + " person=" + person.value() + " group=" + group.value();
  }

  private Desk.Step step(Actor by, Action action, AuditAction verb, String detail) {
    return desk.step(
        AccessRequest.builder(by, action, RECORD_TYPE, Purpose.SYSTEM_ADMINISTRATION)
            .build(),
        verb,
        detail);
  }
}
