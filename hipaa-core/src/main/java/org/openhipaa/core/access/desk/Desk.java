package org.openhipaa.core.access.desk;

import java.time.Clock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessDecider;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.record.PatientId;

/**
 * Asks the policy whether an administrative step may be taken, and records what it came to (45 CFR
 * 164.308(a)(4), 164.312(b)). A permit with an obligation that a desk cannot keep, such as a quota,
 * is refused. Thread-safe.
 */
public final class Desk {
  /** Refused because the policy permits it under an obligation that only PHI reads can keep. */
  public static final String OBLIGATION_NOT_SUPPORTED = "OBLIGATION_NOT_SUPPORTED";

  private final AccessDecider policy;
  private final AuditSink audit;
  private final Clock clock;

  /**
   * Sets up the desk.
   *
   * @param policy says who may take which step
   * @param audit records the steps
   * @param clock tells when
   */
  public Desk(AccessDecider policy, AuditSink audit, Clock clock) {
    this.policy = policy;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Begins a step.
   *
   * @param request the question to the policy; its time is set to now
   * @param action the verb in the log
   * @param detail what the log should say about it; no PHI
   * @return the step
   */
  public Step step(AccessRequest request, AuditAction action, String detail) {
    AccessRequest now = request.toBuilder().at(clock.instant()).build();
    return new Step(now, action, detail, request.patient().orElse(null));
  }

  /** One step: asks the policy and records. Immutable and thread-safe. */
  public final class Step {
    private final AccessRequest request;
    private final AuditAction action;
    private final String detail;
    private final @Nullable PatientId patient;

    private Step(
        AccessRequest request, AuditAction action, String detail, @Nullable PatientId patient) {
      this.request = request;
      this.action = action;
      this.detail = detail;
      this.patient = patient;
    }

    /**
     * Says what became known on the way, for the log.
     *
     * @param about the patient concerned, or null if there is none
     * @param more what the log should say about it; no PHI
     * @return a copy that records this
     */
    public Step knowing(@Nullable PatientId about, String more) {
      return new Step(request, action, more, about);
    }

    /**
     * Takes the step if the policy permits it; else records the refusal.
     *
     * @param permitted takes the step; has to record what it comes to
     * @param <T> what was asked for
     * @return what the step came to
     * @throws org.openhipaa.core.audit.AuditNotRecordedException if the refusal is not recorded
     */
    public <T> DeskResult<T> decide(Function<? super Permit, ? extends DeskResult<T>> permitted) {
      return policy
          .decide(request)
          .fold(
              permit -> plain(permit)
                  ? permitted.apply(permit)
                  : refuse(
                      permit,
                      OBLIGATION_NOT_SUPPORTED,
                      "the step is taken as a whole; give the policy's record type '"
                          + request.type().value()
                          + "' no fields and its rules no obligations"),
              deny -> refuse(deny, deny.reason(), deny.explanation()));
    }

    /**
     * Records what happened.
     *
     * @param outcome how it ended
     * @param decision what the policy said
     * @param reason the code of a refusal or failure, or empty
     * @throws org.openhipaa.core.audit.AuditNotRecordedException if it is not recorded
     */
    public void record(Outcome outcome, Decision decision, String reason) {
      AuditEvent.Builder event = AuditEvent.builder(
              clock.instant(), action, outcome, request.actor().id())
          .purpose(request.purpose())
          .recordType(request.type())
          .rules(decision.rules())
          .policyHash(decision.policyHash())
          .reason(reason)
          .detail(detail);
      if (patient != null) {
        event.patient(patient);
      }
      audit.record(event.build());
    }

    /**
     * Records that the step was done, and gives what was asked for.
     *
     * @param permit what the policy said
     * @param value what was asked for
     * @param <T> its type
     * @return done
     * @throws org.openhipaa.core.audit.AuditNotRecordedException if it is not recorded
     */
    public <T> DeskResult<T> done(Permit permit, T value) {
      record(Outcome.SUCCESS, permit, "");
      return new DeskResult.Done<>(value);
    }

    /**
     * Records a refusal.
     *
     * @param decision what the policy said
     * @param reason the code
     * @param explanation one sentence; no PHI
     * @param <T> what was asked for
     * @return refused
     * @throws org.openhipaa.core.audit.AuditNotRecordedException if it is not recorded
     */
    public <T> DeskResult<T> refuse(Decision decision, String reason, String explanation) {
      record(Outcome.REFUSED, decision, reason);
      return new DeskResult.Refused<>(reason, explanation, decision.rules());
    }

    /**
     * Records that the step could not be taken, such as because somebody else was faster.
     *
     * @param decision what the policy said
     * @param reason the code
     * @param explanation one sentence; no PHI
     * @param <T> what was asked for
     * @return refused
     * @throws org.openhipaa.core.audit.AuditNotRecordedException if it is not recorded
     */
    public <T> DeskResult<T> fail(Decision decision, String reason, String explanation) {
      record(Outcome.FAILED, decision, reason);
      return new DeskResult.Refused<>(reason, explanation, decision.rules());
    }

    /**
     * Records that the step failed and gives the failure back; if even that is not recorded, the
     * failing log comes first.
     *
     * @param decision what the policy said
     * @param reason the code
     * @param cause what went wrong
     * @param <E> its type
     * @return the cause, to throw
     */
    public <E extends RuntimeException> E failed(Decision decision, String reason, E cause) {
      try {
        record(Outcome.FAILED, decision, reason);
      } catch (RuntimeException e) {
        e.addSuppressed(cause);
        throw e;
      }
      return cause;
    }
  }

  private static boolean plain(Permit permit) {
    return permit.quotas().isEmpty()
        && permit.fields().isEmpty()
        && permit.timeToLive().isEmpty()
        && permit.notified().isEmpty()
        && permit.watermarks().isEmpty();
  }
}
