package org.openhipaa.backup.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import org.openhipaa.core.HipaaException;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.alarm.AlarmSink;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.audit.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what the verbs of this module do, and raises the alarm about what they find (45 CFR
 * 164.312(b), (c)). Thread-safe.
 */
public final class Witness {
  private static final Logger LOG = LoggerFactory.getLogger(Witness.class);
  private static final String SOURCE = "backup";

  private final AuditSink audit;
  private final AlarmSink alarms;
  private final Clock clock;

  /**
   * Takes the two ports and the clock.
   *
   * @param audit where the record goes
   * @param alarms where alarms go
   * @param clock tells when
   */
  public Witness(AuditSink audit, AlarmSink alarms, Clock clock) {
    this.audit = audit;
    this.alarms = alarms;
    this.clock = clock;
  }

  /**
   * What time it is.
   *
   * @return now
   */
  public Instant now() {
    return clock.instant();
  }

  /**
   * Records a success; when this returns, the entry is on disk.
   *
   * @param actor who
   * @param action what
   * @param detail repository, snapshot, digest; never a path
   */
  public void succeeded(ActorId actor, AuditAction action, String detail) {
    record(actor, action, Outcome.SUCCESS, "", detail);
  }

  /**
   * Records a failure that is an answer, not an exception.
   *
   * @param actor who
   * @param action what
   * @param reason why in one word
   * @param detail repository, snapshot, digest; never a path
   */
  public void failed(ActorId actor, AuditAction action, String reason, String detail) {
    record(actor, action, Outcome.FAILED, reason, detail);
  }

  /**
   * Records a failure that is about to be thrown. If the record fails too, that is attached to the
   * failure instead of hiding it.
   *
   * @param actor who
   * @param action what
   * @param failure why
   * @param detail repository, snapshot, digest; never a path
   */
  public void failed(ActorId actor, AuditAction action, RuntimeException failure, String detail) {
    try {
      record(actor, action, Outcome.FAILED, reason(failure), detail);
    } catch (RuntimeException notRecorded) {
      if (notRecorded != failure) {
        failure.addSuppressed(notRecorded);
      }
    }
  }

  /**
   * Raises an integrity alarm. A sink that breaks its contract and throws does not hide what it was
   * told.
   *
   * @param location the object
   * @param message what was found
   */
  public void alarm(String location, String message) {
    try {
      alarms.raise(Alarm.integrity(SOURCE, location, message, clock.instant()));
    } catch (RuntimeException e) {
      LOG.error("an alarm could not be raised: {} at {}", message, location, e);
    }
  }

  /**
   * The facts that stand in every audit entry of this module.
   *
   * @param repository the repository's id
   * @param sequence the snapshot's number
   * @param digest the snapshot's digest
   * @return a text without paths
   */
  public static String detail(String repository, long sequence, String digest) {
    return "repository=" + repository + " snapshot=" + sequence + " digest=" + digest;
  }

  private static String reason(RuntimeException failure) {
    if (failure instanceof HipaaException) {
      String act = failure.getClass().getSimpleName().replaceFirst("Exception$", "");
      return act.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
    return "unexpected-failure";
  }

  private void record(
      ActorId actor, AuditAction action, Outcome outcome, String reason, String detail) {
    audit.record(AuditEvent.builder(clock.instant(), action, outcome, actor)
        .purpose(Purpose.SYSTEM_ADMINISTRATION)
        .reason(reason)
        .detail(detail)
        .build());
  }
}
