package org.openhipaa.core.access.breakglass;

import java.security.SecureRandom;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessDecider;
import org.openhipaa.core.alarm.AlarmSink;
import org.openhipaa.core.audit.AuditSink;

/** Collects what {@link BreakGlass} needs. Not thread-safe. */
public final class BreakGlassBuilder {
  @Nullable
  AccessDecider policy;

  @Nullable
  BreakGlassStore store;

  @Nullable
  AuditSink audit;

  @Nullable
  AlarmSink alarms;

  @Nullable
  BreakGlassNotifier notifier;

  @Nullable
  PatientNotifier patients;

  boolean patientsLater;
  BreakGlassLimits limits = BreakGlassLimits.defaults();
  Clock clock = Clock.systemUTC();
  SecureRandom random = new SecureRandom();

  BreakGlassBuilder() {}

  /**
   * Says who is eligible. Required.
   *
   * @param decider the policy with all its guards but the {@link BreakGlassGuard}, which would take
   *     the question for a forgery
   * @return this
   */
  public BreakGlassBuilder policy(AccessDecider decider) {
    this.policy = decider;
    return this;
  }

  /**
   * Keeps the uses. Required.
   *
   * @param keeper the store
   * @return this
   */
  public BreakGlassBuilder store(BreakGlassStore keeper) {
    this.store = keeper;
    return this;
  }

  /**
   * Records the uses. Required.
   *
   * @param sink the audit log
   * @return this
   */
  public BreakGlassBuilder audit(AuditSink sink) {
    this.audit = sink;
    return this;
  }

  /**
   * Hears of forged tickets and of people who could not be told. Required.
   *
   * @param sink takes the alarms
   * @return this
   */
  public BreakGlassBuilder alarms(AlarmSink sink) {
    this.alarms = sink;
    return this;
  }

  /**
   * Tells those who watch over break-glass. Required.
   *
   * @param teller tells them
   * @return this
   */
  public BreakGlassBuilder notifier(BreakGlassNotifier teller) {
    this.notifier = teller;
    return this;
  }

  /**
   * Tells the patient before there is a ticket; who cannot be told keeps the glass whole.
   *
   * @param teller tells them
   * @return this
   */
  public BreakGlassBuilder tellPatients(PatientNotifier teller) {
    this.patients = teller;
    this.patientsLater = false;
    return this;
  }

  /**
   * Queues the notice to the patient, for {@link BreakGlass#deliverNotices}.
   *
   * @return this
   */
  public BreakGlassBuilder tellPatientsLater() {
    this.patients = null;
    this.patientsLater = true;
    return this;
  }

  /**
   * Sets durations and lengths; {@link BreakGlassLimits#defaults} without it.
   *
   * @param bounds the limits
   * @return this
   */
  public BreakGlassBuilder limits(BreakGlassLimits bounds) {
    this.limits = bounds;
    return this;
  }

  /**
   * Tells the time; the system's clock without it.
   *
   * @param time the clock
   * @return this
   */
  public BreakGlassBuilder clock(Clock time) {
    this.clock = time;
    return this;
  }

  /**
   * Makes ids.
   *
   * @param source the source of randomness
   * @return this
   */
  public BreakGlassBuilder random(SecureRandom source) {
    this.random = source;
    return this;
  }

  /**
   * Makes the service.
   *
   * @return the service
   * @throws NullPointerException if a required part is missing; the message names it
   */
  public BreakGlass build() {
    return new BreakGlass(this);
  }
}
