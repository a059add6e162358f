package org.openhipaa.core.phi;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessDecider;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Circumstances;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.Predicates;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.access.quota.QuotaStore;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.alarm.AlarmSink;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.audit.Receipt;
import org.openhipaa.core.crypto.EnvelopeNotOpenedException;
import org.openhipaa.core.crypto.KeyNotAvailableException;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.Sealer;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.phi.SealedRecord.DamagedException;
import org.openhipaa.core.phi.SealedRecord.UnknownVersionException;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.FieldValues;
import org.openhipaa.core.record.RecordRef;

/**
 * The front door to PHI. A read is five verbs: the caller is <em>authenticated</em> already (an
 * {@link Actor} exists only then); the policy and the quota <em>authorise</em>; the patient's own
 * key <em>decrypts</em> the permitted fields of this record only; what remains is <em>masked</em>;
 * the event is <em>audited</em>. Only the receipt of the audit log lets {@link Phi} come into
 * being. A refusal is recorded the same way.
 *
 * <p>Thread-safe, if the ports handed in are.
 */
public final class PhiAccess {
  private static final String SOURCE = "sealed-record";
  private static final String KEY_SOURCE = "patient-key";

  private final AccessDecider policy;
  private final Relations relations;
  private final Predicates predicates;
  private final RecordFacts facts;
  private final AccessNotifier notifier;
  private final QuotaStore quotas;
  private final Keyring keyring;
  private final SealedRecordStore records;
  private final AuditSink audit;
  private final AlarmSink alarms;
  private final Clock clock;
  private final SecureRandom random;

  PhiAccess(PhiAccessBuilder b) {
    this.policy = need(b.policy, "policy");
    this.relations = b.relations;
    this.predicates = b.predicates;
    this.facts = b.facts;
    this.notifier = b.notifier;
    this.quotas = need(b.quotas, "quotas");
    this.keyring = need(b.keyring, "keyring");
    this.records = need(b.records, "records");
    this.audit = need(b.audit, "audit");
    this.alarms = need(b.alarms, "alarms");
    this.clock = b.clock;
    this.random = b.random;
  }

  /**
   * Starts a front door.
   *
   * @return a builder
   */
  public static PhiAccessBuilder builder() {
    return new PhiAccessBuilder();
  }

  /**
   * Reads one record (45 CFR 164.312(a)(1), (b); 164.502(b)).
   *
   * @param actor who asks; authenticated
   * @param request what they want to read, and why
   * @return released PHI, or a refusal, or absence; each with the receipt of its audit entry
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if the audit log did not
   *     acknowledge; nothing is released
   * @throws RecordNotOpenedException if the record was altered or cannot be read; recorded, and
   *     alarmed if altered
   * @throws org.openhipaa.core.access.quota.QuotaNotCheckedException if the quota cannot be
   *     checked; nothing is read; recorded
   * @throws KeyNotAvailableException if the patient's key cannot be had; nothing is released;
   *     recorded, and alarmed if the wrapped key was altered
   */
  public ReadResult read(Actor actor, ReadRequest request) {
    return read(actor, Action.READ, request);
  }

  /**
   * Gives a record to somebody outside (45 CFR 160.103, 164.502): as {@link #read}, with the action
   * {@link Action#DISCLOSE}.
   *
   * @param actor who gives it; authenticated
   * @param request what, and why; its circumstances name the recipient
   * @return released PHI, or a refusal, or absence; each with the receipt of its audit entry
   * @throws IllegalArgumentException if no recipient is named
   * @throws org.openhipaa.core.audit.AuditNotRecordedException as {@link #read}
   * @throws RecordNotOpenedException as {@link #read}
   * @throws org.openhipaa.core.access.quota.QuotaNotCheckedException as {@link #read}
   * @throws KeyNotAvailableException as {@link #read}
   */
  public ReadResult disclose(Actor actor, ReadRequest request) {
    if (request.circumstances().recipient().isEmpty()) {
      throw new IllegalArgumentException("a disclosure names its recipient");
    }
    return read(actor, Action.DISCLOSE, request);
  }

  private ReadResult read(Actor actor, Action action, ReadRequest request) {
    Attempt attempt = new Attempt(
        actor, request.record(), request.purpose(), request.fields(), request.circumstances());
    return attempt
        .authorise(action)
        .fold(
            permit -> release(attempt, permit),
            deny -> new ReadResult.Refused(deny, attempt.refused(deny)));
  }

  /**
   * Stores fields of a record, which is made if it does not exist. Every field must be permitted
   * unmasked. The event is recorded before the record changes.
   *
   * @param actor who asks; authenticated
   * @param record which record
   * @param purpose why
   * @param values the fields to set; other fields of the record stay as they are
   * @return stored, or refused; each with the receipt of its audit entry
   * @throws org.openhipaa.core.audit.AuditNotRecordedException if the audit log did not
   *     acknowledge; nothing changes
   * @throws RecordNotOpenedException if the existing record was altered or cannot be read; recorded,
   *     and alarmed if altered
   * @throws RecordNotStoredException if the record cannot be stored, or somebody else changed it
   *     meanwhile
   * @throws org.openhipaa.core.access.quota.QuotaNotCheckedException if the quota cannot be
   *     checked; nothing changes; recorded
   * @throws KeyNotAvailableException if the patient's key cannot be had; nothing changes; recorded,
   *     and alarmed if the wrapped key was altered
   */
  public UpdateResult update(Actor actor, RecordRef record, Purpose purpose, FieldValues values) {
    return update(actor, record, purpose, values, Circumstances.none());
  }

  /**
   * Stores fields of a record under circumstances, such as a reason that the policy demands.
   *
   * @param actor who asks; authenticated
   * @param record which record
   * @param purpose why
   * @param values the fields to set; other fields of the record stay as they are
   * @param circumstances a reason, an approver, a break-glass ticket and the like
   * @return stored, or refused; each with the receipt of its audit entry
   * @throws org.openhipaa.core.audit.AuditNotRecordedException as the shorter form
   * @throws RecordNotOpenedException as the shorter form
   * @throws RecordNotStoredException as the shorter form
   * @throws org.openhipaa.core.access.quota.QuotaNotCheckedException as the shorter form
   * @throws KeyNotAvailableException as the shorter form
   */
  public UpdateResult update(
      Actor actor,
      RecordRef record,
      Purpose purpose,
      FieldValues values,
      Circumstances circumstances) {
    if (values.fields().isEmpty()) {
      throw new IllegalArgumentException("an update needs at least one field");
    }
    Attempt attempt = new Attempt(actor, record, purpose, values.fields(), circumstances);
    // Whether the record exists is PHI: whoever may neither make nor change it is not told.
    boolean mayMake = attempt.decide(Action.CREATE).permitted();
    if (attempt.decide(Action.UPDATE) instanceof Deny deny && !mayMake) {
      return new UpdateResult.Refused(deny, attempt.refused(deny));
    }
    String name = recordName(record);
    Optional<byte[]> before = attempt.find(name);
    return attempt
        .authorise(before.isPresent() ? Action.UPDATE : Action.CREATE)
        .fold(
            permit -> store(attempt, permit, name, before, values),
            deny -> new UpdateResult.Refused(deny, attempt.refused(deny)));
  }

  private ReadResult release(Attempt attempt, Permit permit) {
    try {
      Optional<SealedRecord> found = attempt.open(attempt.find(recordName(attempt.record)));
      if (found.isEmpty()) {
        return new ReadResult.Absent(attempt.failed("RECORD_NOT_FOUND"));
      }
      FieldValues decrypted = decrypt(attempt, found.get(), permit.fields().keySet());
      FieldValues masked = mask(decrypted, permit.fields());
      Optional<Deny> objection = attempt.settle(permit, masked);
      if (objection.isPresent()) {
        // It stays counted, or whoever is refused could try out for nothing which patients there
        // are.
        return new ReadResult.Refused(objection.get(), attempt.refused(objection.get()));
      }
      Receipt receipt = attempt.succeeded(permit, masked.fields());
      return new ReadResult.Released(
          new Phi<>(masked, receipt),
          withheld(attempt, permit),
          permit.timeToLive().map(clock.instant()::plus),
          permit.watermarks());
    } catch (RuntimeException e) {
      // Nothing was released, so nothing is charged.
      attempt.budgets.releaseBecauseOf(e);
      throw e;
    }
  }

  /** Opens the permitted fields and no other. */
  private static FieldValues decrypt(
      Attempt attempt, SealedRecord sealed, Set<FieldPath> permitted) {
    SortedMap<FieldPath, String> values = new TreeMap<>();
    permitted.stream()
        .filter(sealed::has)
        .forEach(field -> values.put(field, attempt.decrypt(sealed, field)));
    return FieldValues.of(values);
  }

  private static FieldValues mask(FieldValues decrypted, SortedMap<FieldPath, Mask> masks) {
    SortedMap<FieldPath, String> values = new TreeMap<>();
    decrypted
        .reveal()
        .forEach((field, value) ->
            values.put(field, masks.getOrDefault(field, Mask.HIDE).apply(value)));
    return FieldValues.of(values);
  }

  private static SortedSet<FieldPath> withheld(Attempt attempt, Permit permit) {
    SortedSet<FieldPath> fields = new TreeSet<>(attempt.fields);
    fields.removeAll(permit.fields().keySet());
    return Collections.unmodifiableSortedSet(fields);
  }

  private UpdateResult store(
      Attempt attempt, Permit permit, String name, Optional<byte[]> before, FieldValues values) {
    try {
      Optional<Deny> objection = wholly(permit, values).or(() -> attempt.settle(permit, values));
      if (objection.isPresent()) {
        attempt.budgets.release();
        return new UpdateResult.Refused(objection.get(), attempt.refused(objection.get()));
      }
      // A new key is made for a new record only: beside an old one, it would stand in the way of
      // the key that is missing.
      SealedRecord old = attempt
          .open(before)
          .orElseGet(() -> SealedRecord.empty(attempt.record, attempt.newSealer()));
      byte[] after = old.with(values.reveal()).encode();
      Receipt receipt = attempt.succeeded(permit, values.fields());
      attempt.replace(name, before.orElse(null), after);
      return new UpdateResult.Stored(receipt);
    } catch (RuntimeException e) {
      attempt.budgets.releaseBecauseOf(e);
      throw e;
    }
  }

  private static Optional<Deny> wholly(Permit permit, FieldValues values) {
    return values.fields().stream().allMatch(field -> permit.fields().get(field) == Mask.SHOW)
        ? Optional.empty()
        : Optional.of(new Deny(
            permit.rules(),
            permit.policyHash(),
            DenyReason.NO_PERMITTED_FIELD,
            "only fields that are shown unmasked may be changed"));
  }

  private void demandTenant(RecordRef record) {
    if (!record.tenant().equals(keyring.tenant())) {
      throw new IllegalArgumentException("this front door serves tenant "
          + keyring.tenant().value()
          + ", not "
          + record.tenant().value());
    }
  }

  /** An opaque name, so that the store and its file names say nothing about the patient. */
  private String recordName(RecordRef record) {
    String patient = record.patient().reveal();
    return keyring.token(
        "record-name",
        record.type().value() + "/" + patient.length() + "/" + patient + "/" + record.revealId());
  }

  private static <T> T need(@Nullable T value, String name) {
    return Objects.requireNonNull(value, () -> "PhiAccess needs " + name);
  }

  /**
   * One request on its way through the verbs: what it asks for, what it has reserved, and how it is
   * recorded.
   */
  private final class Attempt {
    private final Actor actor;
    private final RecordRef record;
    private final Purpose purpose;
    private final Set<FieldPath> fields;
    private final Circumstances circumstances;
    private final UUID correlation;
    private final Budgets budgets;
    private Action action = Action.READ;
    private String policyHash = "";

    Attempt(
        Actor actor,
        RecordRef record,
        Purpose purpose,
        Set<FieldPath> fields,
        Circumstances circumstances) {
      demandTenant(record);
      this.actor = actor;
      this.record = record;
      this.purpose = purpose;
      this.fields = fields;
      this.circumstances = circumstances;
      this.budgets = new Budgets(
          quotas,
          alarms,
          clock,
          actor.id(),
          record.tenant().value(),
          keyring.token("quota", record.patient().reveal()));
      byte[] id = new byte[16];
      random.nextBytes(id);
      ByteBuffer bits = ByteBuffer.wrap(id);
      this.correlation = new UUID(bits.getLong(), bits.getLong());
    }

    /** The policy decides, then the quotas of the permit are reserved: all of them or none. */
    Decision authorise(Action wanted) {
      return decide(wanted).fold(this::reserve, deny -> deny);
    }

    /** What the policy says, before any quota. */
    Decision decide(Action wanted) {
      action = wanted;
      Decision decision = policy.decide(request(wanted));
      policyHash = decision.policyHash();
      return decision;
    }

    private AccessRequest request(Action wanted) {
      AccessRequest.Builder builder = AccessRequest.builder(actor, wanted, record.type(), purpose);
      try {
        facts.describe(record, builder);
      } catch (RuntimeException e) {
        // What is not known protects the patient; what was said before the failure may be wrong.
        builder = AccessRequest.builder(actor, wanted, record.type(), purpose);
      }
      return builder
          .record(record)
          .fields(fields)
          .filterFields(Set.of())
          .circumstances(circumstances)
          .at(clock.instant())
          .relations(relations)
          .predicates(predicates)
          .build();
    }

    private Decision reserve(Permit permit) {
      try {
        Optional<Deny> exceeded = budgets.reserve(permit);
        return exceeded.isPresent() ? exceeded.get() : permit;
      } catch (RuntimeException e) {
        budgets.releaseBecauseOf(e);
        failedBecauseOf(e, "QUOTA_NOT_CHECKED");
        throw e;
      }
    }

    /** Settles the quotas and tells whom the policy wants told: the denial if either fails. */
    Optional<Deny> settle(Permit permit, FieldValues values) {
      Optional<Deny> exceeded;
      try {
        exceeded = budgets.settle(bytes(values));
      } catch (RuntimeException e) {
        failedBecauseOf(e, "QUOTA_NOT_CHECKED");
        throw e;
      }
      return exceeded.or(() -> tell(permit, values.fields()));
    }

    private long bytes(FieldValues values) {
      return values.reveal().values().stream()
          .mapToLong(value -> CanonicalWriter.utf8(value).length)
          .sum();
    }

    private Optional<Deny> tell(Permit permit, Set<FieldPath> shown) {
      if (permit.notified().isEmpty()) {
        return Optional.empty();
      }
      try {
        notifier.tell(
            permit.notified(),
            event(Outcome.SUCCESS).fields(shown).rules(permit.rules()).build());
        return Optional.empty();
      } catch (RuntimeException e) {
        // The message of the failure may hold PHI and is not repeated.
        return Optional.of(new Deny(
            permit.rules(),
            permit.policyHash(),
            DenyReason.NOTIFICATION_FAILED,
            "the policy demands that somebody is told, and they could not be told"));
      }
    }

    Optional<byte[]> find(String name) {
      try {
        return records.find(name);
      } catch (RuntimeException e) {
        failedBecauseOf(e, "RECORD_NOT_READ");
        throw e;
      }
    }

    Sealer newSealer() {
      try {
        return keyring.patientSealer(record.patient());
      } catch (KeyNotAvailableException e) {
        throw keyNotAvailable(e);
      }
    }

    private Optional<Sealer> findSealer() {
      try {
        return keyring.findPatientSealer(record.patient());
      } catch (KeyNotAvailableException e) {
        throw keyNotAvailable(e);
      }
    }

    private KeyNotAvailableException keyNotAvailable(KeyNotAvailableException e) {
      if (e.altered()) {
        alarms.raise(Alarm.integrity(
            KEY_SOURCE,
            keyring.patientKeyName(record.patient()),
            "a patient's wrapped key is not what was stored: " + e.getMessage(),
            clock.instant()));
      }
      failedBecauseOf(e, "KEY_NOT_AVAILABLE");
      return e;
    }

    Optional<SealedRecord> open(Optional<byte[]> bytes) {
      if (bytes.isEmpty()) {
        return Optional.empty();
      }
      Optional<Sealer> sealer = findSealer();
      if (sealer.isEmpty()) {
        throw notOpened("KEY_MISSING", "the patient's key is missing", null);
      }
      try {
        return Optional.of(SealedRecord.decode(record, sealer.get(), bytes.get()));
      } catch (UnknownVersionException e) {
        throw notOpened("RECORD_VERSION_UNKNOWN", String.valueOf(e.getMessage()), e);
      } catch (DamagedException e) {
        throw damaged(String.valueOf(e.getMessage()), e);
      }
    }

    String decrypt(SealedRecord sealed, FieldPath field) {
      try {
        return sealed.open(field);
      } catch (EnvelopeNotOpenedException e) {
        throw damaged("field " + field.value() + ": " + e.getMessage(), e);
      }
    }

    void replace(String name, byte @Nullable [] before, byte[] after) {
      try {
        if (!records.replace(name, before, after)) {
          throw new RecordNotStoredException(
              "the record was changed by somebody else meanwhile; read it again and repeat");
        }
      } catch (RuntimeException e) {
        // The entry before says that it was about to happen; this one says that it did not.
        failedBecauseOf(e, "RECORD_NOT_STORED");
        throw e;
      }
    }

    private RecordNotOpenedException damaged(String why, Exception cause) {
      alarms.raise(Alarm.integrity(
          SOURCE,
          recordName(record),
          "a sealed record is not what was stored: " + why,
          clock.instant()));
      return notOpened(
          "RECORD_DAMAGED",
          "the sealed record was altered (" + why + "); restore it from a backup",
          cause);
    }

    private RecordNotOpenedException notOpened(String code, String why, @Nullable Exception cause) {
      failed(code);
      return new RecordNotOpenedException(recordName(record) + ": " + why, cause);
    }

    Receipt succeeded(Permit permit, Set<FieldPath> shown) {
      return audit.record(
          event(Outcome.SUCCESS).fields(shown).rules(permit.rules()).build());
    }

    Receipt refused(Deny deny) {
      return audit.record(
          event(Outcome.REFUSED).rules(deny.rules()).reason(deny.reason()).build());
    }

    Receipt failed(String reason) {
      return audit.record(event(Outcome.FAILED).reason(reason).build());
    }

    /** Without its entry a failure would go unseen, so a failing log comes first. */
    private void failedBecauseOf(RuntimeException cause, String reason) {
      try {
        failed(reason);
      } catch (RuntimeException e) {
        e.addSuppressed(cause);
        throw e;
      }
    }

    private AuditEvent.Builder event(Outcome outcome) {
      return AuditEvent.builder(
              clock.instant(), AuditAction.valueOf(action.name()), outcome, actor.id())
          .correlation(correlation)
          .purpose(purpose)
          .recordType(record.type())
          .patient(record.patient())
          .recordId(record.revealId())
          .fields(fields)
          .policyHash(policyHash)
          .detail(detail());
    }

    /** Who else took part, and to whom it goes; never the reason, which may hold PHI. */
    private String detail() {
      List<String> parts = new ArrayList<>();
      circumstances.recipient().ifPresent(to -> parts.add("recipient " + to.label()));
      circumstances
          .approver()
          .ifPresent(second -> parts.add("approver " + second.id().value()));
      circumstances.ticket().ifPresent(ticket -> parts.add("break-glass " + ticket.id()));
      return String.join(", ", parts);
    }
  }
}
