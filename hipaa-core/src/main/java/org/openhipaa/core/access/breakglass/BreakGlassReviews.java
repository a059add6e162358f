package org.openhipaa.core.access.breakglass;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.openhipaa.core.access.AccessDecider;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.access.breakglass.BreakGlassReview.Verdict;
import org.openhipaa.core.access.desk.Desk;
import org.openhipaa.core.access.desk.DeskResult;
import org.openhipaa.core.access.desk.DeskResult.Done;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.record.RecordType;

/**
 * Where uses of break-glass are looked at afterwards (45 CFR 164.308(a)(1)(ii)(D),
 * 164.312(a)(2)(ii)).
 *
 * <p>Who may do so is for the policy to say: record type {@code break-glass} without fields, action
 * {@link Action#ADMINISTER}, purpose {@link Purpose#SYSTEM_ADMINISTRATION}. Whatever it says, nobody
 * judges their own use. Every step is recorded before it takes effect, with the patient concerned.
 *
 * <p>Thread-safe.
 */
public final class BreakGlassReviews {
  /** The record type that the policy speaks of. */
  public static final RecordType RECORD_TYPE = RecordType.of("break-glass");

  /** Refused because nobody judges their own use. */
  public static final String OWN_USE = "OWN_USE";

  /** Refused because there is no use of this id. */
  public static final String UNKNOWN_USE = "UNKNOWN_USE";

  /** Refused because somebody judged it already, or nobody has found it unjustified. */
  public static final String NOT_IN_STATE = "NOT_IN_STATE";

  private static final int MAX_LISTED = 200;

  private final BreakGlassStore store;
  private final Desk desk;
  private final Clock clock;

  /**
   * Sets up the desk.
   *
   * @param policy says who may review
   * @param store keeps the uses
   * @param audit records the steps
   * @param clock tells when
   */
  public BreakGlassReviews(
      AccessDecider policy, BreakGlassStore store, AuditSink audit, Clock clock) {
    this.store = store;
    this.desk = new Desk(policy, audit, clock);
    this.clock = clock;
  }

  /**
   * Shows what is waiting for review, at most 200 uses, oldest first, but not the reviewer's own.
   * Each use that is shown is recorded.
   *
   * @param reviewer who wants to see it
   * @return the uses, or why not
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if it is not recorded; nothing is
   *     shown then
   * @throws BreakGlassNotKeptException if the store cannot be read
   */
  public DeskResult<List<BreakGlassUse>> pending(Actor reviewer) {
    Desk.Step step = step(reviewer, AuditAction.BREAK_GLASS_REVIEW, "list");
    return step.decide(permit -> {
      List<BreakGlassUse> uses = store.unreviewed(MAX_LISTED).stream()
          .filter(use -> !use.actor().samePersonAs(reviewer.id()))
          .toList();
      uses.forEach(use -> step.knowing(use.patient().orElse(null), "list ticket=" + use.id())
          .record(Outcome.SUCCESS, permit, ""));
      step.record(Outcome.SUCCESS, permit, "");
      return new Done<>(uses);
    });
  }

  /**
   * Judges a use, once. One that was not justified costs its user the right to break the glass, and
   * its ticket ends at once.
   *
   * @param reviewer who judges; another than the user
   * @param id which use
   * @param justified whether it was an emergency
   * @param note why, at most {@link BreakGlassReview#MAX_NOTE} characters; stored sealed, not
   *     recorded in the log
   * @return the use as it is then, or why not
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if the step is not recorded; nothing
   *     is changed then
   * @throws BreakGlassNotKeptException if it is not surely stored
   * @throws IllegalArgumentException if the note is too long
   */
  public DeskResult<BreakGlassUse> review(Actor reviewer, UUID id, boolean justified, String note) {
    return judge(
        reviewer,
        id,
        AuditAction.BREAK_GLASS_REVIEW,
        Optional.empty(),
        justified ? Verdict.JUSTIFIED : Verdict.NOT_JUSTIFIED,
        note);
  }

  /**
   * Lets the user of an unjustified use break the glass again.
   *
   * @param reviewer who decides so; another than the user
   * @param id which use
   * @param note why, at most {@link BreakGlassReview#MAX_NOTE} characters
   * @return the use as it is then, or why not
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if the step is not recorded; nothing
   *     is changed then
   * @throws BreakGlassNotKeptException if it is not surely stored
   * @throws IllegalArgumentException if the note is too long
   */
  public DeskResult<BreakGlassUse> restore(Actor reviewer, UUID id, String note) {
    return judge(
        reviewer,
        id,
        AuditAction.BREAK_GLASS_RESTORE,
        Optional.of(Verdict.NOT_JUSTIFIED),
        Verdict.RESTORED,
        note);
  }

  private DeskResult<BreakGlassUse> judge(
      Actor reviewer,
      UUID id,
      AuditAction action,
      Optional<Verdict> from,
      Verdict verdict,
      String note) {
    BreakGlassReview review = BreakGlassReview.of(verdict, reviewer.id(), clock.instant(), note);
    String detail = "ticket=" + id + " verdict=" + verdict.name().toLowerCase(Locale.ROOT);
    return step(reviewer, action, detail)
        .decide(permit ->
            judge(step(reviewer, action, detail), permit, detail, store.find(id), from, review));
  }

  private DeskResult<BreakGlassUse> judge(
      Desk.Step unknown,
      Permit permit,
      String detail,
      Optional<BreakGlassUse> found,
      Optional<Verdict> from,
      BreakGlassReview review) {
    if (found.isEmpty()) {
      return unknown.fail(permit, UNKNOWN_USE, "there is no use of break-glass of this id");
    }
    BreakGlassUse use = found.get();
    Desk.Step step = unknown.knowing(use.patient().orElse(null), detail);
    if (use.actor().samePersonAs(review.reviewer())) {
      return step.refuse(permit, OWN_USE, "nobody judges their own use of break-glass");
    }
    if (!use.verdict().equals(from)) {
      return step.fail(permit, NOT_IN_STATE, "the use is not waiting for this judgement");
    }
    step.record(Outcome.SUCCESS, permit, "");
    boolean changed;
    try {
      changed = store.judge(use.id(), from, review);
    } catch (RuntimeException e) {
      throw step.failed(permit, "USE_NOT_KEPT", e);
    }
    return changed
        ? new Done<>(judged(use, review))
        : step.fail(permit, NOT_IN_STATE, "somebody else was faster to judge the use");
  }

  private static BreakGlassUse judged(BreakGlassUse use, BreakGlassReview review) {
    boolean ends = review.verdict() == Verdict.NOT_JUSTIFIED && use.closedAt().isEmpty();
    return use.toBuilder()
        .review(review)
        .closed(ends ? review.at() : use.closedAt().orElse(null))
        .build();
  }

  private Desk.Step step(Actor reviewer, AuditAction action, String detail) {
    return desk.step(
        AccessRequest.builder(
                reviewer, Action.ADMINISTER, RECORD_TYPE, Purpose.SYSTEM_ADMINISTRATION)
            .build(),
        action,
        detail);
  }
}
