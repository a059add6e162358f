package org.openhipaa.core.phi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.openhipaa.core.phi.Clinic.BIRTH;
import static org.openhipaa.core.phi.Clinic.CLERK;
import static org.openhipaa.core.phi.Clinic.DIAGNOSIS;
import static org.openhipaa.core.phi.Clinic.NAME;
import static org.openhipaa.core.phi.Clinic.NURSE;
import static org.openhipaa.core.phi.Clinic.PHYSICIAN;
import static org.openhipaa.core.phi.Clinic.SSN;
import static org.openhipaa.core.phi.Clinic.STRANGER;
import static org.openhipaa.core.phi.Clinic.payment;
import static org.openhipaa.core.phi.Clinic.record;
import static org.openhipaa.core.phi.Clinic.treatment;
import static org.openhipaa.core.phi.Clinic.values;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.quota.QuotaNotCheckedException;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.crypto.KeyNotAvailableException;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.FieldValues;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.TenantId;

class PhiAccessTest {
  private final Clinic clinic = new Clinic();
  private final PhiAccess door = clinic.door();

  @Test
  void permittedRead_showsExactlyThePermittedFieldsMasked_andIsRecordedFirst() {
    RecordRef record = clinic.stored("a");

    ReadResult result = door.read(NURSE, treatment(record));

    assertThat(released(result).reveal())
        .containsExactly(
            Map.entry(BIRTH, "1930"),
            Map.entry(DIAGNOSIS, "canary-diagnosis-a"),
            Map.entry(NAME, "canary-name-a"));
    AuditEvent event = clinic.audit.last();
    assertThat(clinic.audit.events).hasSize(1);
    assertThat(result.receipt().index()).isZero();
    assertThat(result.phi().orElseThrow().receipt()).isEqualTo(result.receipt());
    assertThat(event.action()).isEqualTo(AuditAction.READ);
    assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(event.actor()).isEqualTo(NURSE.id());
    assertThat(event.purpose()).hasValue(Purpose.TREATMENT);
    assertThat(event.patient()).hasValue(record.patient());
    assertThat(event.recordId()).hasValue(record.revealId());
    assertThat(event.recordType()).hasValue(record.type());
    assertThat(event.fields()).containsExactly(BIRTH, DIAGNOSIS, NAME);
    assertThat(event.rules()).containsExactly("nurse-reads");
    assertThat(event.policyHash()).isEqualTo(clinic.policy.hash());
    assertThat(event.time()).isEqualTo(clinic.time.now);
    assertThat(event.correlation().getLeastSignificantBits()).isNotZero();
  }

  @Test
  void fieldsAskedFor_areCutToThePermitted_andTheOthersNamedAsWithheld() {
    RecordRef record = clinic.stored("a");

    ReadResult result =
        door.read(NURSE, ReadRequest.of(record, Purpose.TREATMENT, Set.of(NAME, SSN)));

    assertThat(released(result).fields()).containsExactly(NAME);
    assertThat(((ReadResult.Released) result).withheld()).containsExactly(SSN);
    assertThat(clinic.audit.last().fields()).containsExactly(NAME);
  }

  @Test
  void sameRecordForAnotherPurpose_showsAnotherView() {
    RecordRef record = clinic.stored("a");

    FieldValues shown = released(door.read(CLERK, payment(record)));

    assertThat(shown.reveal())
        .containsExactly(Map.entry(NAME, "canary-name-a"), Map.entry(SSN, "***-******-4711"));
  }

  @Test
  void fieldTheRecordDoesNotHave_isSimplyNotThere() {
    RecordRef record = record("a");
    door.update(PHYSICIAN, record, Purpose.TREATMENT, FieldValues.of(Map.of(NAME, "canary-name")));

    FieldValues shown = released(door.read(NURSE, treatment(record)));

    assertThat(shown.fields()).containsExactly(NAME);
    assertThat(clinic.audit.last().fields()).containsExactly(NAME);
  }

  @Test
  void refusedRead_isRecorded_andTouchesNeitherStoreNorKeysNorQuota() {
    RecordRef record = clinic.stored("a");
    clinic.records.findFails = new AssertionError2("the record was read");
    clinic.strangers.add(record.patient());
    int counted = clinic.quotas.total();

    for (var attempt : List.of(
        Map.entry(STRANGER, DenyReason.NO_MATCHING_RULE),
        Map.entry(CLERK, DenyReason.PURPOSE_NOT_PERMITTED),
        Map.entry(NURSE, DenyReason.RELATION_MISSING))) {
      ReadResult result = door.read(attempt.getKey(), treatment(record));

      assertThat(refused(result).decision().why()).isEqualTo(attempt.getValue());
      assertThat(result.phi()).isEmpty();
      AuditEvent event = clinic.audit.last();
      assertThat(event.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(event.reason()).isEqualTo(attempt.getValue().name());
      assertThat(event.actor()).isEqualTo(attempt.getKey().id());
      assertThat(event.patient()).hasValue(record.patient());
      assertThat(result.receipt().index()).isEqualTo(clinic.audit.events.size() - 1);
    }
    assertThat(clinic.audit.events).hasSize(3);
    assertThat(clinic.quotas.total()).isEqualTo(counted);
  }

  @Test
  void failingAudit_releasesNothing_andGivesTheQuotaBack() {
    RecordRef record = clinic.stored("a");
    clinic.audit.fails = true;

    assertThatThrownBy(() -> door.read(NURSE, treatment(record)))
        .isInstanceOf(AuditNotRecordedException.class);

    assertThat(clinic.quotas.total()).isZero();
    assertThatThrownBy(() -> door.read(STRANGER, treatment(record)))
        .as("a refusal is recorded or it is a failure")
        .isInstanceOf(AuditNotRecordedException.class);
    assertThatThrownBy(() -> door.read(NURSE, treatment(record("absent"))))
        .isInstanceOf(AuditNotRecordedException.class);
  }

  @Test
  void failingAudit_changesNothing() {
    RecordRef record = clinic.stored("a");
    byte[] before = clinic.records.files.get(clinic.records.onlyName());
    clinic.audit.fails = true;

    assertThatThrownBy(() -> door.update(PHYSICIAN, record, Purpose.TREATMENT, values("b")))
        .isInstanceOf(AuditNotRecordedException.class);
    assertThatThrownBy(() -> door.update(PHYSICIAN, record("new"), Purpose.TREATMENT, values("b")))
        .isInstanceOf(AuditNotRecordedException.class);

    assertThat(clinic.records.files).hasSize(1);
    assertThat(clinic.records.files.get(clinic.records.onlyName())).isEqualTo(before);
  }

  /** The first failure is the one that the operator must see. */
  @Test
  void failingUndo_doesNotHideWhyNothingWasReleased() {
    RecordRef record = clinic.stored("a");
    clinic.audit.fails = true;
    clinic.quotas.undoFails = true;

    Throwable failure = catchThrowable(() -> door.read(NURSE, treatment(record)));

    assertThat(failure).isInstanceOf(AuditNotRecordedException.class);
    assertThat(failure.getSuppressed()).hasOnlyElementsOfType(QuotaNotCheckedException.class);
  }

  @Test
  void absentRecord_isRecorded_andCounted() {
    ReadResult result = door.read(NURSE, treatment(record("a")));

    assertThat(result).isInstanceOf(ReadResult.Absent.class);
    assertThat(result.phi()).isEmpty();
    assertThat(clinic.audit.last().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(clinic.audit.last().reason()).isEqualTo("RECORD_NOT_FOUND");
    door.read(NURSE, treatment(record("b")));
    assertThat(refused(door.read(NURSE, treatment(record("c")))).decision().why())
        .as("identifiers cannot be tried out for free")
        .isEqualTo(DenyReason.QUOTA_EXCEEDED);
  }

  @Test
  void thirdPatient_isRefusedByTheQuota_andTheFirstTwoStayReadable() {
    RecordRef a = clinic.stored("a");
    RecordRef b = clinic.stored("b");
    RecordRef c = clinic.stored("c");

    released(door.read(NURSE, treatment(a)));
    released(door.read(NURSE, treatment(b)));
    ReadResult.Refused third = refused(door.read(NURSE, treatment(c)));

    assertThat(third.decision().why()).isEqualTo(DenyReason.QUOTA_EXCEEDED);
    assertThat(third.decision().explanation())
        .isEqualTo("rule nurse-reads allows 2 patients per PT1H");
    assertThat(clinic.audit.last().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(clinic.audit.last().reason()).isEqualTo("QUOTA_EXCEEDED");
    assertThat(clinic.audit.last().rules()).containsExactly("nurse-reads");
    released(door.read(NURSE, treatment(a)));
    released(door.read(Clinic.actor("nurse-2", "nurse"), treatment(c)));
  }

  @Test
  void quotaOfASecondRule_thatIsUsedUp_givesTheFirstBack() {
    AccessPolicy twoRules = AccessPolicy.builder("p")
        .groups("g", "h")
        .recordType("patient", "name")
        .permit(
            "wide",
            r -> r.groups("g")
                .actions(Action.READ)
                .recordType("patient")
                .purposes(Purpose.TREATMENT)
                .show("name")
                .quota(100, Duration.ofHours(1)))
        .permit(
            "narrow",
            r -> r.groups("h")
                .actions(Action.READ)
                .recordType("patient")
                .purposes(Purpose.TREATMENT)
                .show("name")
                .quota(1, Duration.ofHours(1)))
        .build();
    PhiAccess both = PhiAccess.builder()
        .policy(twoRules)
        .quotas(clinic.quotas)
        .keyring(clinic.keyring)
        .records(clinic.records)
        .audit(clinic.audit)
        .alarms(clinic.alarms::add)
        .clock(clinic.time)
        .build();
    RecordRef a = clinic.stored("a");
    RecordRef b = clinic.stored("b");

    released(both.read(Clinic.actor("u", "g", "h"), treatment(a)));
    ReadResult.Refused second = refused(both.read(Clinic.actor("u", "g", "h"), treatment(b)));

    assertThat(second.decision().rules()).containsExactly("narrow");
    assertThat(clinic.quotas.counted.get("clinic/wide/patients-3600/user/u")).hasSize(1);
  }

  @Test
  void quotaThatCannotBeChecked_releasesNothing_andIsRecorded() {
    RecordRef record = clinic.stored("a");
    clinic.records.findFails = new AssertionError2("the record was read");
    clinic.quotas.fails = true;

    assertThatThrownBy(() -> door.read(NURSE, treatment(record)))
        .isInstanceOf(QuotaNotCheckedException.class);

    assertThat(clinic.audit.last().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(clinic.audit.last().reason()).isEqualTo("QUOTA_NOT_CHECKED");
  }

  @Test
  void storeThatCannotBeRead_isAFailure_recorded_andNotCharged() {
    RecordRef record = clinic.stored("a");
    clinic.records.findFails = new RecordNotOpenedException("the disk is on fire", null);

    assertThatThrownBy(() -> door.read(NURSE, treatment(record)))
        .isInstanceOf(RecordNotOpenedException.class);
    assertThat(clinic.audit.last().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(clinic.audit.last().reason()).isEqualTo("RECORD_NOT_READ");
    assertThat(clinic.quotas.total()).isZero();

    assertThatThrownBy(() -> door.update(PHYSICIAN, record, Purpose.TREATMENT, values("a")))
        .isInstanceOf(RecordNotOpenedException.class);
    assertThat(clinic.audit.events).hasSize(2);
    assertThat(clinic.audit.last().reason()).isEqualTo("RECORD_NOT_READ");
    assertThat(clinic.audit.last().action()).isEqualTo(AuditAction.UPDATE);
  }

  @Test
  void missingKey_isAFailure_andNoOtherKeyIsMadeInItsPlace() {
    RecordRef record = clinic.stored("a");
    String key = clinic.keys.onlyPatient();
    byte[] blob = clinic.keys.blobs.remove(key);
    clinic.restart();
    PhiAccess fresh = clinic.door();

    assertThatThrownBy(() -> fresh.read(NURSE, treatment(record)))
        .isInstanceOf(RecordNotOpenedException.class)
        .hasMessageEndingWith("the patient's key is missing");
    assertThat(clinic.audit.last().reason()).isEqualTo("KEY_MISSING");
    assertThatThrownBy(() -> fresh.update(PHYSICIAN, record, Purpose.TREATMENT, values("a")))
        .isInstanceOf(RecordNotOpenedException.class);

    assertThat(clinic.keys.blobs).as("the key folder").doesNotContainKey(key);
    clinic.keys.blobs.put(key, blob);
    released(fresh.read(NURSE, treatment(record)));
  }

  /** The format page says so: for a new record a lost key is like a key that never was. */
  @Test
  void newRecordAfterAKeyWasLost_hasANewKey_andTheOldRecordStaysShut() {
    RecordRef old = clinic.stored("a");
    clinic.keys.blobs.remove(clinic.keys.onlyPatient());
    clinic.restart();
    PhiAccess fresh = clinic.door();
    RecordRef another = RecordRef.of(old.tenant(), old.type(), old.patient(), "another");

    fresh.update(PHYSICIAN, another, Purpose.TREATMENT, values("a"));

    released(fresh.read(NURSE, treatment(another)));
    assertThatThrownBy(() -> fresh.read(NURSE, treatment(old)))
        .isInstanceOf(RecordNotOpenedException.class);
    assertThat(clinic.audit.last().reason()).isEqualTo("RECORD_DAMAGED");
  }

  @Test
  void alteredKey_isAFailure_recorded_alarmed_andNotCharged() {
    RecordRef record = clinic.stored("a");
    String key = clinic.keys.onlyPatient();
    clinic.keys.blobs.get(key)[60] ^= 1;
    clinic.restart();
    PhiAccess fresh = clinic.door();

    for (Callable<?> act : List.<Callable<?>>of(
        () -> fresh.read(NURSE, treatment(record)),
        () -> fresh.update(PHYSICIAN, record, Purpose.TREATMENT, values("a")),
        () -> fresh.update(
            PHYSICIAN,
            RecordRef.of(record.tenant(), record.type(), record.patient(), "another"),
            Purpose.TREATMENT,
            values("a")))) {
      clinic.alarms.clear();
      clinic.audit.events.clear();

      assertThatThrownBy(act::call).isInstanceOf(KeyNotAvailableException.class);

      assertThat(clinic.audit.last().outcome()).isEqualTo(Outcome.FAILED);
      assertThat(clinic.audit.last().reason()).isEqualTo("KEY_NOT_AVAILABLE");
      assertThat(clinic.alarms).hasSize(1);
      assertThat(clinic.alarms.get(0).kind()).isEqualTo(Alarm.Kind.INTEGRITY);
      assertThat(clinic.alarms.get(0).source()).isEqualTo("patient-key");
      assertThat(clinic.alarms.get(0).location()).isEqualTo(key);
    }
    assertThat(clinic.quotas.total()).isZero();
  }

  @Test
  void update_changesItsFields_andKeepsTheOthers() {
    RecordRef record = clinic.stored("a");

    UpdateResult result = door.update(
        PHYSICIAN, record, Purpose.TREATMENT, FieldValues.of(Map.of(DIAGNOSIS, "canary-cured")));

    assertThat(result).isInstanceOf(UpdateResult.Stored.class);
    assertThat(clinic.audit.last().action()).isEqualTo(AuditAction.UPDATE);
    assertThat(clinic.audit.last().fields()).containsExactly(DIAGNOSIS);
    assertThat(released(door.read(PHYSICIAN, treatment(record))).reveal())
        .containsEntry(DIAGNOSIS, "canary-cured")
        .containsEntry(NAME, "canary-name-a")
        .hasSize(4);
  }

  @Test
  void firstUpdate_isRecordedAsCreation() {
    door.update(PHYSICIAN, record("a"), Purpose.TREATMENT, values("a"));

    assertThat(clinic.audit.events).hasSize(1);
    assertThat(clinic.audit.last().action()).isEqualTo(AuditAction.CREATE);
    assertThat(clinic.audit.last().outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(clinic.audit.last().fields()).containsExactly(BIRTH, DIAGNOSIS, NAME, SSN);
  }

  @Test
  void fieldThatIsShownMasked_cannotBeChanged() {
    RecordRef record = clinic.stored("a");
    byte[] before = clinic.records.files.get(clinic.records.onlyName());

    UpdateResult result = door.update(
        CLERK,
        record,
        Purpose.PAYMENT,
        FieldValues.of(Map.of(NAME, "canary-other", SSN, "canary-ssn")));

    assertThat(((UpdateResult.Refused) result).decision().why())
        .isEqualTo(DenyReason.NO_PERMITTED_FIELD);
    assertThat(clinic.audit.last().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(clinic.audit.last().fields()).containsExactly(NAME, SSN);
    assertThat(clinic.quotas.total()).isZero();
    assertThat(clinic.records.files.get(clinic.records.onlyName())).isEqualTo(before);
    assertThat(door.update(
            CLERK, record, Purpose.PAYMENT, FieldValues.of(Map.of(NAME, "canary-other"))))
        .isInstanceOf(UpdateResult.Stored.class);
  }

  @Test
  void refusedUpdate_isRecorded_andChangesNothing() {
    UpdateResult result = door.update(NURSE, record("a"), Purpose.TREATMENT, values("a"));

    assertThat(result).isInstanceOf(UpdateResult.Refused.class);
    assertThat(result.receipt().index()).isZero();
    // Not CREATE: whether the record exists was not looked up, and the entry must not tell either.
    assertThat(clinic.audit.last().action()).isEqualTo(AuditAction.UPDATE);
    assertThat(clinic.audit.last().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(clinic.records.files).isEmpty();
    assertThat(clinic.keys.blobs).as("no key is made for nothing").containsOnlyKeys("tenant");
  }

  @Test
  void recordChangedMeanwhile_isAConflict_recorded_andTheOthersChangeStands() {
    RecordRef record = clinic.stored("a");
    clinic.records.beforeReplace = () -> {
      clinic.records.beforeReplace = () -> {};
      door.update(
          PHYSICIAN, record, Purpose.TREATMENT, FieldValues.of(Map.of(DIAGNOSIS, "canary-first")));
    };

    assertThatThrownBy(() -> door.update(
            PHYSICIAN,
            record,
            Purpose.TREATMENT,
            FieldValues.of(Map.of(DIAGNOSIS, "canary-second"))))
        .isInstanceOf(RecordNotStoredException.class)
        .hasMessageContaining("changed by somebody else meanwhile");

    assertThat(clinic.audit.last().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(clinic.audit.last().reason()).isEqualTo("RECORD_NOT_STORED");
    assertThat(released(door.read(PHYSICIAN, treatment(record))).get(DIAGNOSIS))
        .hasValue("canary-first");
  }

  @Test
  void storeThatFails_isAFailure_recorded_andGivesTheQuotaBack() {
    RecordRef record = clinic.stored("a");
    for (RuntimeException cause : List.of(
        new RecordNotStoredException("the disk is full"),
        new IllegalStateException("a driver's own"))) {
      clinic.records.replaceFails = cause;

      assertThatThrownBy(() ->
              door.update(CLERK, record, Purpose.PAYMENT, FieldValues.of(Map.of(NAME, "canary"))))
          .isSameAs(cause);

      assertThat(clinic.audit.last().outcome()).isEqualTo(Outcome.FAILED);
      assertThat(clinic.audit.last().reason()).isEqualTo("RECORD_NOT_STORED");
      assertThat(clinic.quotas.total()).isZero();
    }
  }

  @Test
  void updateOfNothing_orOfTooMuch_isRefusedBeforeAnythingChanges() {
    assertThatThrownBy(
            () -> door.update(PHYSICIAN, record("a"), Purpose.TREATMENT, FieldValues.of(Map.of())))
        .isInstanceOf(IllegalArgumentException.class);
    String huge = "x".repeat(SealedRecordStore.MAX_SIZE);
    assertThatThrownBy(() -> door.update(
            PHYSICIAN, record("a"), Purpose.TREATMENT, FieldValues.of(Map.of(NAME, huge))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a sealed record has at most 16 MiB");

    assertThat(clinic.audit.events).isEmpty();
    assertThat(clinic.records.files).isEmpty();
  }

  @Test
  void recordOfAnotherTenant_isRefusedLoudly() {
    RecordRef foreign =
        RecordRef.of(TenantId.of("clinic2"), Clinic.PATIENT, PatientId.of("canary"), "canary");

    assertThatThrownBy(() -> door.read(NURSE, treatment(foreign)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("this front door serves tenant clinic, not clinic2");
    assertThatThrownBy(() -> door.update(PHYSICIAN, foreign, Purpose.TREATMENT, values("a")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void identifiersThatRunTogether_nameDifferentRecords() {
    List<RecordRef> records = List.of(
        RecordRef.of(Clinic.TENANT, Clinic.PATIENT, PatientId.of("a/b"), "c"),
        RecordRef.of(Clinic.TENANT, Clinic.PATIENT, PatientId.of("a"), "b/c"),
        RecordRef.of(Clinic.TENANT, Clinic.PATIENT, PatientId.of("../../a"), "c"),
        RecordRef.of(Clinic.TENANT, Clinic.PATIENT, PatientId.of("a/1/b"), "c"));

    for (RecordRef record : records) {
      door.update(
          PHYSICIAN,
          record,
          Purpose.TREATMENT,
          FieldValues.of(Map.of(NAME, "n" + records.indexOf(record))));
    }

    assertThat(clinic.records.files)
        .hasSize(4)
        .allSatisfy((name, bytes) -> assertThat(name).matches("[0-9a-f]{64}"));
    for (RecordRef record : records) {
      assertThat(released(door.read(PHYSICIAN, treatment(record))).get(NAME))
          .hasValue("n" + records.indexOf(record));
    }
  }

  @Test
  void manyThreads_releaseExactlyTheQuota_andEachReleaseIsRecorded() throws Exception {
    List<RecordRef> records = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      records.add(clinic.stored("p" + i));
    }
    ExecutorService threads = Executors.newFixedThreadPool(16);
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Boolean>> answers = new ArrayList<>();
    try {
      for (int i = 0; i < 160; i++) {
        RecordRef record = records.get(i % 8);
        answers.add(threads.submit(() -> {
          start.await();
          return door.read(NURSE, treatment(record)).phi().isPresent();
        }));
      }
      start.countDown();
      int shown = 0;
      for (Future<Boolean> answer : answers) {
        shown += answer.get() ? 1 : 0;
      }

      assertThat(shown).as("two patients of eight, twenty times each").isEqualTo(40);
      assertThat(clinic.audit.events).hasSize(160);
      assertThat(clinic.audit.events.stream().filter(e -> e.outcome() == Outcome.SUCCESS))
          .hasSize(40);
      assertThat(clinic.audit.events.stream().map(AuditEvent::correlation)).doesNotHaveDuplicates();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void manyThreadsThatUpdate_loseNoUpdate() throws Exception {
    RecordRef record = clinic.stored("a");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Boolean>> answers = new ArrayList<>();
    try {
      for (int i = 0; i < 64; i++) {
        FieldPath field = List.of(NAME, BIRTH, SSN, DIAGNOSIS).get(i % 4);
        FieldValues values = FieldValues.of(Map.of(field, "canary-" + i));
        answers.add(threads.submit(() -> {
          try {
            door.update(PHYSICIAN, record, Purpose.TREATMENT, values);
            return true;
          } catch (RecordNotStoredException e) {
            return false;
          }
        }));
      }
      int stored = 0;
      for (Future<Boolean> answer : answers) {
        stored += answer.get() ? 1 : 0;
      }

      SealedRecord sealed = SealedRecord.decode(
          record,
          clinic.keyring.patientSealer(record.patient()),
          clinic.records.files.get(clinic.records.onlyName()));
      assertThat(sealed.revision()).isEqualTo(1 + stored);
      assertThat(stored).isPositive();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void doorWithoutANeededPart_isNotBuilt() {
    for (String part : List.of("policy", "quotas", "keyring", "records", "audit", "alarms")) {
      PhiAccessBuilder builder = PhiAccess.builder();
      if (!part.equals("policy")) {
        builder.policy(clinic.policy);
      }
      if (!part.equals("quotas")) {
        builder.quotas(clinic.quotas);
      }
      if (!part.equals("keyring")) {
        builder.keyring(clinic.keyring);
      }
      if (!part.equals("records")) {
        builder.records(clinic.records);
      }
      if (!part.equals("audit")) {
        builder.audit(clinic.audit);
      }
      if (!part.equals("alarms")) {
        builder.alarms(clinic.alarms::add);
      }
      assertThatThrownBy(builder::build)
          .isInstanceOf(NullPointerException.class)
          .hasMessage("PhiAccess needs " + part);
    }
  }

  @Test
  void doorWithoutRelations_knowsNone() {
    RecordRef record = clinic.stored("a");
    PhiAccess blind = PhiAccess.builder()
        .policy(clinic.policy)
        .quotas(clinic.quotas)
        .keyring(clinic.keyring)
        .records(clinic.records)
        .audit(clinic.audit)
        .alarms(clinic.alarms::add)
        .build();

    assertThat(refused(blind.read(NURSE, treatment(record))).decision().why())
        .isEqualTo(DenyReason.RELATION_MISSING);
  }

  static FieldValues released(ReadResult result) {
    return result.fold(
        released -> released.content().reveal(),
        refused -> {
          throw new AssertionError("refused: " + refused.decision().explanation());
        },
        absent -> {
          throw new AssertionError("absent");
        });
  }

  static ReadResult.Refused refused(ReadResult result) {
    assertThat(result).isInstanceOf(ReadResult.Refused.class);
    return (ReadResult.Refused) result;
  }

  /** Unchecked like an error of a test, but caught by nothing that catches errors. */
  private static final class AssertionError2 extends RuntimeException {
    AssertionError2(String message) {
      super(message);
    }
  }
}
