package org.openhipaa.core.access.breakglass;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessDecider;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.BreakGlassTicket;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.breakglass.BreakGlassReview.Verdict;
import org.openhipaa.core.access.desk.DeskResult;
import org.openhipaa.core.access.desk.DeskResult.Done;
import org.openhipaa.core.access.desk.DeskResult.Refused;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.alarm.AlarmSink;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.internal.RandomIds;

/**
 * Gives out break-glass tickets (45 CFR 164.312(a)(2)(ii)): to whom the policy lets break the glass,
 * for a stated reason, for a short time, and not before it is recorded and somebody is told.
 *
 * <p>Who is eligible is for the policy to say: it must permit the request under a ticket that does
 * not exist yet. So break-glass lifts no denial, and it never serves an {@link Action#EXPORT}. Who
 * leaves uses unreviewed for too long, or had one that was not justified, may not break the glass
 * until {@link BreakGlassReviews} says otherwise. Let requests be decided by {@link #decider}: it
 * believes no ticket that was not given out here.
 *
 * <p>Thread-safe. Design: {@code docs/design/break-glass.md}.
 */
public final class BreakGlass {
  /** Refused because an export is never an emergency. */
  public static final String EXPORT_NOT_LIFTED = "EXPORT_NOT_LIFTED";

  /** Refused because the policy permits the request without. */
  public static final String NOT_NEEDED = "NOT_NEEDED";

  /** Refused because earlier uses of the actor are unreviewed or were not justified. */
  public static final String ELIGIBILITY_LOST = "ELIGIBILITY_LOST";

  /** Refused because there is no open ticket of this id that the actor may end. */
  public static final String UNKNOWN_TICKET = "UNKNOWN_TICKET";

  private static final String SOURCE = "break-glass";
  private static final String REASON_TO_COME = "to be stated";
  private static final String NOT_KEPT = "USE_NOT_KEPT";

  private final AccessDecider policy;
  private final BreakGlassStore store;
  private final AuditSink audit;
  private final AlarmSink alarms;
  private final BreakGlassNotifier notifier;
  private final @Nullable PatientNotifier patients;
  private final boolean patientsLater;
  private final BreakGlassLimits limits;
  private final Clock clock;
  private final SecureRandom random;

  BreakGlass(BreakGlassBuilder b) {
    this.policy = need(b.policy, "policy");
    this.store = need(b.store, "store");
    this.audit = need(b.audit, "audit");
    this.alarms = need(b.alarms, "alarms");
    this.notifier = need(b.notifier, "notifier");
    this.patients = b.patients;
    this.patientsLater = b.patientsLater;
    this.limits = b.limits;
    this.clock = b.clock;
    this.random = b.random;
  }

  private static <T> T need(@Nullable T value, String name) {
    return Objects.requireNonNull(value, () -> "BreakGlass needs " + name);
  }

  /**
   * Starts a service.
   *
   * @return a builder
   */
  public static BreakGlassBuilder builder() {
    return new BreakGlassBuilder();
  }

  /**
   * The policy with the {@link BreakGlassGuard} in front: what requests have to be decided by. A
   * request that states no time is decided at the time of this one's clock, since no ticket covers
   * one without.
   *
   * @return a decider that believes no ticket that was not given out here
   */
  public AccessDecider decider() {
    AccessDecider guarded = policy.guardedBy(new BreakGlassGuard(store, alarms, clock));
    return request -> guarded.decide(
        request.at().isPresent()
            ? request
            : request.toBuilder().at(clock.instant()).build());
  }

  /**
   * Tells whether breaking the glass would help the actor with a request, without recording
   * anything: nobody who may not is to be offered it.
   *
   * @param request what was denied; names a record, a patient or a session
   * @return how long a ticket would hold, or why there would be none
   * @throws BreakGlassNotKeptException if it cannot be known
   */
  public DeskResult<Duration> offer(AccessRequest request) {
    // The reason, like the ticket, is still to come.
    Opening opening =
        new Opening(request, narrowest(request), request.reason().orElse(REASON_TO_COME));
    return opening
        .forbidden()
        .or(opening::objection)
        .<DeskResult<Duration>>map(
            o -> new Refused<>(o.code(), o.explanation(), opening.decision.rules()))
        .orElseGet(() -> new Done<>(limits.ticket()));
  }

  /**
   * Breaks the glass. The use is recorded in the log, told to those who watch, told to the patient
   * (or queued to be) and stored for review; only then is there a ticket.
   *
   * @param request what was denied; names what the scope needs
   * @param scope for how much
   * @param reason why; kept sealed for the reviewers, never in the log
   * @return the ticket, to go on with the request; or why there is none, which is recorded
   * @throws IllegalArgumentException if the request does not name what the scope needs
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if the use is not recorded; there is
   *     no ticket
   * @throws BreakGlassNotKeptException if the use is not surely stored; there is no ticket
   */
  public DeskResult<BreakGlassTicket> open(
      AccessRequest request, BreakGlassScope scope, String reason) {
    Opening opening = new Opening(request, scope, reason);
    Optional<Objection> objection =
        opening.forbidden().or(opening::reasonMissing).or(() -> opening.kept(opening::objection));
    if (objection.isPresent()) {
      return opening.refuse(
          Outcome.REFUSED, objection.get().code(), objection.get().explanation());
    }
    opening.record(Outcome.SUCCESS, "");
    if (!opening.tell()) {
      return opening.refuse(
          Outcome.FAILED,
          DenyReason.NOTIFICATION_FAILED.name(),
          "somebody who must be told of it could not be told");
    }
    opening.kept(() -> {
      store.add(opening.use);
      return true;
    });
    return new Done<>(opening.use.ticket());
  }

  /**
   * Ends one's own ticket before its time. It has ended even if that cannot be recorded.
   *
   * @param actor whose ticket it is
   * @param ticket the ticket's id
   * @return the use as it is then, or why not
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if it is not recorded
   * @throws BreakGlassNotKeptException if it is not surely ended
   */
  public DeskResult<BreakGlassUse> close(Actor actor, UUID ticket) {
    Optional<BreakGlassUse> use =
        store.find(ticket).filter(found -> found.actor().equals(actor.id()));
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    if (use.isEmpty() || !use.get().open(now) || !store.close(ticket, now)) {
      recordClosing(actor.id(), ticket, use.orElse(null), Outcome.REFUSED, UNKNOWN_TICKET);
      return new Refused<>(
          UNKNOWN_TICKET, "there is no open break-glass ticket of yours with this id", List.of());
    }
    recordClosing(actor.id(), ticket, use.get(), Outcome.SUCCESS, "");
    return new Done<>(use.get().toBuilder().closed(now).build());
  }

  /**
   * Ends all tickets of a person whose access ends (45 CFR 164.308(a)(3)(ii)(C)); to be called at
   * their termination. Every ticket is tried, whatever happens to the others.
   *
   * @param person who
   * @return how many tickets were ended
   * @throws org.openhipaa.core.HipaaException if one is not surely ended, or the ending is not
   *     recorded
   */
  public int terminated(ActorId person) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    int ended = 0;
    List<RuntimeException> failures = new ArrayList<>();
    for (BreakGlassUse use : store.open(person, now)) {
      try {
        if (store.close(use.id(), now)) {
          ended++;
          recordClosing(AuditEvent.SYSTEM, use.id(), use, Outcome.SUCCESS, "");
        }
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      RuntimeException first = failures.remove(0);
      failures.forEach(first::addSuppressed);
      throw first;
    }
    return ended;
  }

  /**
   * Tells the patients who have still to be told; to be called from time to time if notices are
   * deferred. Who cannot be told stays in the queue, and an alarm is raised.
   *
   * @param teller tells them
   * @param limit how many at most
   * @return how many were told
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if a notice is not recorded; that
   *     patient may be told again
   * @throws BreakGlassNotKeptException if the queue cannot be read or changed
   */
  public int deliverNotices(PatientNotifier teller, int limit) {
    int told = 0;
    for (BreakGlassUse use : store.noticesDue(limit)) {
      boolean done = tellPatient(teller, use);
      audit.record(AuditEvent.builder(
              clock.instant(),
              AuditAction.BREAK_GLASS_NOTICE,
              done ? Outcome.SUCCESS : Outcome.FAILED,
              AuditEvent.SYSTEM)
          .recordType(BreakGlassReviews.RECORD_TYPE)
          .patient(use.patient().orElseThrow())
          .detail("ticket=" + use.id())
          .build());
      if (done) {
        store.noticeGiven(use.id());
        told++;
      }
    }
    return told;
  }

  private boolean tellPatient(PatientNotifier teller, BreakGlassUse use) {
    try {
      teller.tell(use.patient().orElseThrow(), use);
      return true;
    } catch (RuntimeException e) {
      alarm("patient notice", "a patient could not be told of a use of break-glass");
      return false;
    }
  }

  private void alarm(String location, String message) {
    alarms.raise(new Alarm(Alarm.Kind.PIPELINE, SOURCE, location, message, clock.instant(), null));
  }

  private void recordClosing(
      ActorId by, UUID ticket, @Nullable BreakGlassUse use, Outcome outcome, String reason) {
    AuditEvent.Builder event = AuditEvent.builder(
            clock.instant(), AuditAction.BREAK_GLASS_CLOSE, outcome, by)
        .recordType(BreakGlassReviews.RECORD_TYPE)
        .reason(reason)
        .detail("ticket=" + ticket);
    if (use != null) {
      use.patient().ifPresent(event::patient);
    }
    audit.record(event.build());
  }

  private static BreakGlassScope narrowest(AccessRequest request) {
    return request.record().isPresent()
        ? BreakGlassScope.RECORD
        : request.patient().isPresent() ? BreakGlassScope.PATIENT : BreakGlassScope.SESSION;
  }

  /** Something that stands against a ticket. */
  private record Objection(String code, String explanation) {}

  @FunctionalInterface
  private interface Step<T> {
    T take();
  }

  /** One attempt to break the glass. */
  private final class Opening {
    private final AccessRequest request;
    private final String reason;
    private final BreakGlassUse use;
    private final Decision decision;

    Opening(AccessRequest asked, BreakGlassScope scope, String reason) {
      Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      this.request = asked.toBuilder().at(now).build();
      this.reason = reason;
      this.use = use(scope, now);
      // The ticket exists only in this question; the policy believes it, the guard would not.
      this.decision =
          policy.decide(request.toBuilder().reason(reason).ticket(use.ticket()).build());
    }

    private BreakGlassUse use(BreakGlassScope scope, Instant now) {
      return BreakGlassUse.builder(
              RandomIds.next(random),
              request.actor().id(),
              scope,
              request.type(),
              request.purpose())
          .about(request)
          .reason(reason)
          .period(now, now.plus(limits.ticket()))
          .notice(notice())
          .build();
    }

    private PatientNotice notice() {
      return request.patient().isEmpty() || (patients == null && !patientsLater)
          ? PatientNotice.NONE
          : patientsLater ? PatientNotice.DUE : PatientNotice.GIVEN;
    }

    /** What no emergency lifts: an export, and what the policy denies even with a ticket. */
    Optional<Objection> forbidden() {
      if (request.action() == Action.EXPORT) {
        return Optional.of(
            new Objection(EXPORT_NOT_LIFTED, "an export is never permitted by breaking the glass"));
      }
      return decision.fold(
          permit -> Optional.empty(),
          deny -> Optional.of(new Objection(deny.reason(), deny.explanation())));
    }

    Optional<Objection> objection() {
      if (request.ticket().isEmpty() && policy.decide(request).permitted()) {
        return Optional.of(
            new Objection(NOT_NEEDED, "the request is permitted without breaking the glass"));
      }
      return store.held(request.actor().id()).stream().anyMatch(this::costsEligibility)
          ? Optional.of(new Objection(
              ELIGIBILITY_LOST,
              "earlier uses of break-glass were not justified or are waiting for review too long"))
          : Optional.empty();
    }

    private boolean costsEligibility(BreakGlassUse earlier) {
      return earlier.verdict().filter(Verdict.NOT_JUSTIFIED::equals).isPresent()
          || (earlier.verdict().isEmpty()
              && earlier.openedAt().plus(limits.reviewWithin()).isBefore(use.openedAt()));
    }

    Optional<Objection> reasonMissing() {
      int length = reason.strip().length();
      return length >= limits.minReason()
              && reason.length() <= limits.maxReason()
              && CanonicalWriter.isWellFormed(reason)
          ? Optional.empty()
          : Optional.of(new Objection(
              DenyReason.REASON_NEEDED.name(),
              "breaking the glass needs a reason of "
                  + limits.minReason()
                  + " to "
                  + limits.maxReason()
                  + " characters"));
    }

    /** Whoever watches, and the patient unless that is for later; false if one was not told. */
    boolean tell() {
      try {
        notifier.opened(use);
      } catch (RuntimeException e) {
        alarm("notifier", "those who watch over break-glass could not be told of a use");
        return false;
      }
      return patients == null || use.notice() != PatientNotice.GIVEN || tellPatient(patients, use);
    }

    /** Takes a step with the store; its failure is recorded. */
    <T> T kept(Step<T> step) {
      try {
        return step.take();
      } catch (RuntimeException e) {
        try {
          record(Outcome.FAILED, NOT_KEPT);
        } catch (RuntimeException unrecorded) {
          // Without its entry a failure would go unseen, so a failing log comes first.
          unrecorded.addSuppressed(e);
          throw unrecorded;
        }
        throw e;
      }
    }

    <T> DeskResult<T> refuse(Outcome outcome, String code, String explanation) {
      record(outcome, code);
      return new Refused<>(code, explanation, decision.rules());
    }

    void record(Outcome outcome, String code) {
      AuditEvent.Builder event = AuditEvent.builder(
              clock.instant(), AuditAction.BREAK_GLASS_OPEN, outcome, use.actor())
          .purpose(use.purpose())
          .recordType(use.type())
          .fields(request.fields())
          .rules(decision.rules())
          .policyHash(decision.policyHash())
          .reason(code)
          .detail("ticket="
              + use.id()
              + " action="
              + request.action().label()
              + " scope="
              + use.scope()
              + " until="
              + use.until());
      use.patient().ifPresent(event::patient);
      use.record().ifPresent(ref -> event.recordId(ref.revealId()));
      audit.record(event.build());
    }
  }
}
