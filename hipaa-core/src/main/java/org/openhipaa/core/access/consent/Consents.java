package org.openhipaa.core.access.consent;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.openhipaa.core.HipaaException;
import org.openhipaa.core.access.AccessDecider;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.access.desk.Desk;
import org.openhipaa.core.access.desk.DeskResult;
import org.openhipaa.core.access.desk.DeskResult.Done;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.alarm.AlarmSink;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.crypto.KeyPurpose;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.SealContext;
import org.openhipaa.core.internal.CanonicalReader;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordType;

/**
 * Where directives and restrictions are made, ended and read (45 CFR 164.508(b)(5), 164.522(a)).
 *
 * <p>Who may do so is for the policy to say: record type {@code consent} without fields, {@link
 * Action#CREATE} to make one, {@link Action#UPDATE} to end one, {@link Action#READ} to list a
 * patient's. Every step is recorded before it takes effect; it counts from the next decision on,
 * because nothing is cached. The store sees keyed pseudonyms and sealed bytes.
 *
 * <p>Thread-safe. Design: {@code docs/design/consent.md}.
 */
public final class Consents {
  /** The record type that the policy speaks of. */
  public static final RecordType RECORD_TYPE = RecordType.of("consent");

  /** Refused because the patient has no such directive or restriction, or it was ended before. */
  public static final String UNKNOWN_CONSENT = "UNKNOWN_CONSENT";

  private static final String NOT_KEPT = "CONSENT_NOT_KEPT";
  private static final String TOKEN_USE = "consent";

  private final ConsentStore store;
  private final Keyring keyring;
  private final Desk desk;
  private final Relations relations;
  private final AlarmSink alarms;
  private final Clock clock;

  /**
   * Sets up the desk.
   *
   * @param store keeps the entries
   * @param keyring the tenant's keys; make pseudonyms and seal
   * @param policy says who may do what
   * @param relations answers the policy's questions about actor and patient
   * @param audit records the steps
   * @param alarms hears of altered entries
   * @param clock tells when
   */
  public Consents(
      ConsentStore store,
      Keyring keyring,
      AccessDecider policy,
      Relations relations,
      AuditSink audit,
      AlarmSink alarms,
      Clock clock) {
    this.store = store;
    this.keyring = keyring;
    this.desk = new Desk(policy, audit, clock);
    this.relations = relations;
    this.alarms = alarms;
    this.clock = clock;
  }

  /**
   * Keeps a directive or restriction; it counts from the next decision on.
   *
   * @param actor who enters it
   * @param purpose why, for the policy
   * @param rule what was agreed; its id is new
   * @return the same, or why not
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if it is not recorded; nothing is
   *     changed then
   * @throws ConsentNotKeptException if it is not surely stored
   */
  public DeskResult<ConsentRule> add(Actor actor, Purpose purpose, ConsentRule rule) {
    Desk.Step step = step(
        actor,
        Action.CREATE,
        purpose,
        rule.patient(),
        AuditAction.CONSENT_CHANGE,
        detail("add", rule));
    return step.decide(permit -> {
      step.record(Outcome.SUCCESS, permit, "");
      try {
        store.add(seal(rule));
      } catch (RuntimeException e) {
        throw step.failed(permit, NOT_KEPT, e);
      }
      return new Done<>(rule);
    });
  }

  /**
   * Ends a directive or restriction; it does not count any more from the next decision on. A
   * restriction may be ended only at the patient's wish or with their documented agreement (45 CFR
   * 164.522(a)(2)); that of what was paid in full never by the organisation alone.
   *
   * @param actor who ends it
   * @param purpose why, for the policy
   * @param patient whose
   * @param id which
   * @return it as it is then, or why not
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if it is not recorded; nothing is
   *     changed then
   * @throws ConsentNotKeptException if it is not surely stored
   */
  public DeskResult<ConsentRule> withdraw(
      Actor actor, Purpose purpose, PatientId patient, UUID id) {
    Desk.Step step =
        step(actor, Action.UPDATE, purpose, patient, AuditAction.CONSENT_CHANGE, "end id=" + id);
    return step.decide(permit -> {
      Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      Optional<ConsentRule> found = all(patient).stream()
          .filter(rule -> rule.id().equals(id) && rule.endedAt().isEmpty())
          .findFirst();
      if (found.isEmpty()) {
        return step.fail(permit, UNKNOWN_CONSENT, "the patient has no such directive in force");
      }
      Desk.Step known = step.knowing(patient, detail("end", found.get()));
      known.record(Outcome.SUCCESS, permit, "");
      boolean ended;
      try {
        ended = store.end(token(patient), id, now);
      } catch (RuntimeException e) {
        throw known.failed(permit, NOT_KEPT, e);
      }
      return ended
          ? new Done<>(ended(found.get(), now))
          : known.fail(permit, UNKNOWN_CONSENT, "somebody else was faster to end the directive");
    });
  }

  /**
   * Lists everything that was ever agreed about a patient's data.
   *
   * @param actor who wants to see it
   * @param purpose why, for the policy
   * @param patient whose
   * @return all of it, oldest first, or why not
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if it is not recorded; nothing is
   *     shown then
   * @throws ConsentNotKeptException if it cannot be read
   */
  public DeskResult<List<ConsentRule>> list(Actor actor, Purpose purpose, PatientId patient) {
    Desk.Step step = step(actor, Action.READ, purpose, patient, AuditAction.READ, "list");
    return step.decide(permit -> {
      List<ConsentRule> all = all(patient);
      return step.done(permit, all);
    });
  }

  /** What holds now, for the guard. */
  List<ConsentRule> inForce(PatientId patient, Instant now) {
    return all(patient).stream().filter(rule -> rule.inForce(now)).toList();
  }

  private List<ConsentRule> all(PatientId patient) {
    List<ConsentRule> rules = new ArrayList<>();
    for (ConsentEntry entry : store.find(token(patient))) {
      rules.add(open(patient, entry));
    }
    return List.copyOf(rules);
  }

  private ConsentEntry seal(ConsentRule rule) {
    String token = token(rule.patient());
    return new ConsentEntry(
        rule.id(),
        token,
        keyring.tenantSealer().seal(ConsentCodec.encode(rule), context(token, rule.id())),
        clock.instant(),
        null);
  }

  private ConsentRule open(PatientId patient, ConsentEntry entry) {
    try {
      String token = token(patient);
      byte[] content = keyring.tenantSealer().open(entry.sealed(), context(token, entry.id()));
      ConsentRule rule =
          ConsentCodec.decode(entry.id(), content, entry.endedAt().orElse(null));
      if (!rule.patient().equals(patient)) {
        throw new IllegalArgumentException("it is about somebody else");
      }
      return rule;
    } catch (HipaaException | IllegalArgumentException | CanonicalReader.MalformedException e) {
      alarms.raise(Alarm.integrity(
          "consent",
          entry.id().toString(),
          "a consent directive is not what was stored, or of a newer release",
          clock.instant()));
      throw new ConsentNotKeptException(
          "consent directive " + entry.id() + " does not open; restore it from a backup", e);
    }
  }

  private static ConsentRule ended(ConsentRule rule, Instant at) {
    return rule instanceof ConsentDirective directive
        ? directive.ended(at)
        : ((Restriction) rule).ended(at);
  }

  private String token(PatientId patient) {
    return keyring.token(TOKEN_USE, patient.reveal());
  }

  private SealContext context(String token, UUID id) {
    return SealContext.of(keyring.tenant(), KeyPurpose.RECORD, "consent", token, id.toString(), "");
  }

  private static String detail(String verb, ConsentRule rule) {
    return verb + " id=" + rule.id() + " kind=" + rule.kind();
  }

  private Desk.Step step(
      Actor actor,
      Action action,
      Purpose purpose,
      PatientId patient,
      AuditAction verb,
      String detail) {
    return desk.step(
        AccessRequest.builder(actor, action, RECORD_TYPE, purpose)
            .patient(patient)
            .relations(relations)
            .build(),
        verb,
        detail);
  }
}
