package org.openhipaa.audit.incident;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.alarm.AlarmSink;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.record.RecordType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where alarms become incidents and people take them on (45 CFR 164.308(a)(6)(ii)).
 *
 * <p>Who may do so is for the access policy to say: record type {@code incident} without fields, purpose {@link
 * Purpose#SYSTEM_ADMINISTRATION}, {@link Action#READ} to see incidents and {@link Action#UPDATE} to acknowledge them. Whatever
 * the policy says, nobody acknowledges an incident of which they are a suspect. Grants and refusals alike are recorded before
 * they take effect; if the record fails, nothing is shown or changed. Notes are stored, never recorded.
 *
 * <p>Equal alarms, that is of the same kind, source and location, count up one incident while it is open. The first, second,
 * fourth, eighth … of them is recorded, so that a million faults do not fill the log that reports them.
 *
 * <p>The log needs somewhere to raise its alarms before the desk has the log to record them in. Give the log a sink that
 * passes on to the desk once there is one; the desk takes alarms also while the log is broken.
 *
 * <p>Thread-safe.
 */
public final class IncidentDesk implements AlarmSink {
  /** The record type that the policy speaks of. */
  public static final RecordType RECORD_TYPE = RecordType.of("incident");

  /** Refused because the actor may have caused the incident. */
  public static final String SUSPECT = "SUSPECT";

  /** Refused because there is no incident of this id. */
  public static final String UNKNOWN_INCIDENT = "UNKNOWN_INCIDENT";

  /** Refused because somebody acknowledged it already. */
  public static final String NOT_NEW = "NOT_NEW";

  /** Refused because the policy permits it under a quota or for single fields, which the desk cannot keep. */
  public static final String OBLIGATION_NOT_SUPPORTED = "OBLIGATION_NOT_SUPPORTED";

  private static final Logger LOG = LoggerFactory.getLogger(IncidentDesk.class);
  private static final int MAX_LISTED = 200;
  private static final int MAX_SOURCE = 200;
  private static final int MAX_LOCATION = 1000;
  private static final int MAX_MESSAGE = 2000;

  private final IncidentStore store;
  private final AuditSink audit;
  private final AccessPolicy policy;
  private final Clock clock;
  private final SecureRandom random;

  /**
   * Sets up the desk.
   *
   * @param store keeps the incidents
   * @param audit records what happens to them
   * @param policy says who may see and acknowledge them
   * @param clock tells when something was done
   * @param random source of incident ids
   */
  public IncidentDesk(
      IncidentStore store, AuditSink audit, AccessPolicy policy, Clock clock, SecureRandom random) {
    this.store = store;
    this.audit = audit;
    this.policy = policy;
    this.clock = clock;
    this.random = random;
  }

  /** Opens an incident, or counts up the open one. Never throws: what cannot be stored or recorded goes to SLF4J. */
  @Override
  public void raise(Alarm alarm) {
    try {
      Alarm clean = clean(alarm);
      Incident incident = store(clean);
      if (incident == null || Long.bitCount(incident.occurrences()) == 1) {
        announce(clean, incident);
      }
    } catch (RuntimeException e) {
      LOG.error("an alarm from {} could not be handled", alarm.source(), e);
    }
  }

  private @Nullable Incident store(Alarm alarm) {
    try {
      return store.raise(newId(), Fingerprint.of(alarm), alarm);
    } catch (RuntimeException e) {
      LOG.error("the incident of an alarm from {} is not stored", alarm.source(), e);
      return null;
    }
  }

  private void announce(Alarm alarm, @Nullable Incident incident) {
    String which = incident == null ? "none" : incident.id().toString();
    long count = incident == null ? 1 : incident.occurrences();
    LOG.error(
        "ALARM {} from {} at {}: {} (incident {}, raised {} times)",
        alarm.kind(),
        alarm.source(),
        alarm.location(),
        alarm.message(),
        which,
        count);
    String detail = "incident="
        + which
        + " kind="
        + alarm.kind()
        + " source="
        + alarm.source()
        + " location="
        + alarm.location()
        + " count="
        + count
        + alarm.suspected().map(suspect -> " suspect=" + suspect.value()).orElse("");
    try {
      audit.record(
          AuditEvent.builder(clock.instant(), AuditAction.ALARM, Outcome.SUCCESS, AuditEvent.SYSTEM)
              .recordType(RECORD_TYPE)
              .detail(detail)
              .build());
    } catch (RuntimeException e) {
      // The broken log itself is a common cause of alarms.
      LOG.error("the alarm of incident {} is not recorded in the audit log", which, e);
    }
  }

  /**
   * Shows the newest incidents, at most 200, the one whose newest alarm is newest first.
   *
   * @param actor who wants to see them
   * @return the incidents, or why not
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if the access is not recorded; nothing is shown then
   * @throws IncidentNotReadException if the store cannot be read
   */
  public IncidentResult<List<Incident>> list(Actor actor) {
    Trail trail = new Trail(actor, AuditAction.INCIDENT_OPEN, "list");
    return decide(trail, Action.READ, permit -> {
      List<Incident> incidents = store.newest(MAX_LISTED);
      trail.record(Outcome.SUCCESS, permit, "");
      return new IncidentResult.Granted<>(incidents);
    });
  }

  /**
   * Shows one incident with all its steps and notes.
   *
   * @param actor who wants to see it
   * @param id which
   * @return the incident, or why not
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if the access is not recorded; nothing is shown then
   * @throws IncidentNotReadException if the store cannot be read
   */
  public IncidentResult<Incident> open(Actor actor, UUID id) {
    Trail trail = new Trail(actor, AuditAction.INCIDENT_OPEN, "incident=" + id);
    return decide(trail, Action.READ, permit -> {
      Optional<Incident> incident = store.find(id);
      if (incident.isEmpty()) {
        return trail.fail(permit, UNKNOWN_INCIDENT, "there is no incident of this id");
      }
      trail.record(Outcome.SUCCESS, permit, "");
      return new IncidentResult.Granted<>(incident.get());
    });
  }

  /**
   * Takes on an incident.
   *
   * @param actor who takes it on
   * @param id which
   * @param note what they have to say, at most {@link IncidentStep#MAX_NOTE} characters; stored, not recorded in the log
   * @return the incident as it is then, or why not
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if the step is not recorded; nothing is changed then
   * @throws IncidentNotReadException if the store cannot be read
   * @throws IncidentNotStoredException if the step is not surely stored
   * @throws IllegalArgumentException if the note is too long
   */
  public IncidentResult<Incident> acknowledge(Actor actor, UUID id, String note) {
    IncidentStep step =
        IncidentStep.of(IncidentState.ACKNOWLEDGED, actor.id(), clock.instant(), note);
    Trail trail = new Trail(actor, AuditAction.INCIDENT_ACKNOWLEDGE, "incident=" + id);
    return decide(trail, Action.UPDATE, permit -> acknowledge(trail, permit, id, step));
  }

  private IncidentResult<Incident> acknowledge(
      Trail trail, Decision.Permit permit, UUID id, IncidentStep step) {
    Optional<Incident> incident = store.find(id);
    if (incident.isEmpty()) {
      return trail.fail(permit, UNKNOWN_INCIDENT, "there is no incident of this id");
    }
    if (incident.get().suspects().contains(step.actor())) {
      return trail.refuse(
          permit, SUSPECT, "whoever may have caused an incident may not acknowledge it");
    }
    if (incident.get().state() != IncidentState.NEW) {
      return trail.fail(permit, NOT_NEW, "the incident is acknowledged already");
    }
    trail.record(Outcome.SUCCESS, permit, "");
    if (!store.advance(id, IncidentState.NEW, step)) {
      return trail.fail(permit, NOT_NEW, "somebody else was faster to acknowledge the incident");
    }
    return new IncidentResult.Granted<>(store
        .find(id)
        .orElseThrow(() -> new IncidentNotReadException("an incident vanished; check the store")));
  }

  private <T> IncidentResult<T> decide(
      Trail trail,
      Action action,
      Function<? super Decision.Permit, ? extends IncidentResult<T>> permitted) {
    Decision decision = policy.decide(
        AccessRequest.builder(trail.actor, action, RECORD_TYPE, Purpose.SYSTEM_ADMINISTRATION)
            .build());
    return decision.fold(
        permit -> permit.quotas().isEmpty() && permit.fields().isEmpty()
            ? permitted.apply(permit)
            : trail.refuse(
                permit,
                OBLIGATION_NOT_SUPPORTED,
                "incidents are shown as a whole and without quotas; give the policy's record"
                    + " type 'incident' no fields and its rules no quota"),
        deny -> trail.refuse(deny, deny.reason(), deny.explanation()));
  }

  /** Records what one call comes to. */
  private final class Trail {
    private final Actor actor;
    private final AuditAction action;
    private final String detail;

    Trail(Actor actor, AuditAction action, String detail) {
      this.actor = actor;
      this.action = action;
      this.detail = detail;
    }

    void record(Outcome outcome, Decision decision, String reason) {
      audit.record(AuditEvent.builder(clock.instant(), action, outcome, actor.id())
          .purpose(Purpose.SYSTEM_ADMINISTRATION)
          .recordType(RECORD_TYPE)
          .rules(decision.rules())
          .policyHash(decision.policyHash())
          .reason(reason)
          .detail(detail)
          .build());
    }

    <T> IncidentResult<T> refuse(Decision decision, String reason, String explanation) {
      record(Outcome.REFUSED, decision, reason);
      return new IncidentResult.Refused<>(reason, explanation, decision.rules());
    }

    <T> IncidentResult<T> fail(Decision decision, String reason, String explanation) {
      record(Outcome.FAILED, decision, reason);
      return new IncidentResult.Refused<>(reason, explanation, decision.rules());
    }
  }

  private UUID newId() {
    // Version and variant of a random UUID (RFC 9562 section 5.4).
    return new UUID(
        (random.nextLong() & ~0xf000L) | 0x4000L, (random.nextLong() & ~(3L << 62)) | (1L << 63));
  }

  /** Databases refuse some control characters and longer texts, and an alarm must never be lost to that. */
  private static Alarm clean(Alarm alarm) {
    return new Alarm(
        alarm.kind(),
        clean(alarm.source(), MAX_SOURCE),
        clean(alarm.location(), MAX_LOCATION),
        clean(alarm.message(), MAX_MESSAGE),
        alarm.raisedAt().truncatedTo(ChronoUnit.MILLIS),
        alarm.suspect());
  }

  private static String clean(String text, int length) {
    String oneLine = text.replaceAll("\\p{Cntrl}", "?");
    String cut = oneLine.length() <= length ? oneLine : oneLine.substring(0, length - 1) + "\u2026";
    // Half a surrogate pair becomes a question mark.
    return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
