package org.openhipaa.core.phi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.openhipaa.core.phi.Clinic.CANARY;
import static org.openhipaa.core.phi.Clinic.NAME;
import static org.openhipaa.core.phi.Clinic.NURSE;
import static org.openhipaa.core.phi.Clinic.PHYSICIAN;
import static org.openhipaa.core.phi.Clinic.SSN;
import static org.openhipaa.core.phi.Clinic.STRANGER;
import static org.openhipaa.core.phi.Clinic.record;
import static org.openhipaa.core.phi.Clinic.treatment;
import static org.openhipaa.core.phi.Clinic.values;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.alarm.LoggingAlarmSink;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.audit.Receipt;
import org.openhipaa.core.crypto.FixedKeyWrapper;
import org.openhipaa.core.crypto.KeyPurpose;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.SealContext;
import org.openhipaa.core.crypto.Sealer;
import org.openhipaa.core.crypto.SigningKey;
import org.openhipaa.core.crypto.local.FileWrappedKeyStore;
import org.openhipaa.core.phi.file.FileSealedRecordStore;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.FieldValues;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;

/** Every patient, record and value here has the word "canary" in it. Nothing may print it. */
class NoLeakTest {
  @TempDir
  Path folder;

  private final Clinic clinic = new Clinic();

  @Test
  void whatHoldsPhi_printsNothing_andIsNeitherSerialisableNorARecord() {
    RecordRef record = clinic.stored("a");
    ReadRequest request = treatment(record);
    ReadResult.Released released = (ReadResult.Released) clinic.door().read(NURSE, request);
    AuditEvent event = clinic.audit.last();
    SealContext place =
        SealContext.of(Clinic.TENANT, KeyPurpose.RECORD, "t", CANARY, CANARY, CANARY);
    AccessRequest question = AccessRequest.builder(
            NURSE, Action.READ, Clinic.PATIENT, Purpose.TREATMENT)
        .patient(record.patient())
        .build();

    for (Object holder : List.of(
        record,
        record.patient(),
        request,
        released,
        released.content(),
        released.content().reveal(),
        event,
        place,
        question,
        question.patient())) {
      assertThat(holder.toString()).as("%s", holder.getClass()).doesNotContain(CANARY);
      assertThat(holder).as("%s", holder.getClass()).isNotInstanceOf(Serializable.class);
      assertThat(holder.getClass().isRecord()).as("%s", holder.getClass()).isFalse();
    }
    assertThat(released.content()).hasToString("Phi(hidden)");
    for (Class<?> secret : List.of(
        Keyring.class,
        Sealer.class,
        SigningKey.class,
        Phi.class,
        FieldValues.class,
        PatientId.class)) {
      assertThat(Serializable.class.isAssignableFrom(secret)).as("%s", secret).isFalse();
      assertThat(Modifier.isFinal(secret.getModifiers())).as("%s", secret).isTrue();
    }
  }

  @Test
  void phiThatIsMapped_staysHidden_andKeepsItsReceipt() {
    Phi<String> phi = new Phi<>("canary-text", new Receipt("log", 7, "ab"));

    Phi<Integer> length = phi.map(String::length);

    assertThat(length.reveal()).isEqualTo(11);
    assertThat(length.receipt()).isEqualTo(phi.receipt());
    assertThat(length).hasToString("Phi(hidden)");
  }

  @Test
  void auditEvent_printsActionAndActor_neverTheSubject() {
    AuditEvent event = AuditEvent.builder(
            clinic.time.now, AuditAction.READ, Outcome.REFUSED, NURSE.id())
        .patient(PatientId.of(CANARY))
        .recordId(CANARY)
        .reason("WHY")
        .build();

    assertThat(event).hasToString("AuditEvent(2026-11-24T08:00:00Z READ REFUSED by nurse-1)");
  }

  @Test
  void failuresAndLogs_neverHoldPhi() throws IOException {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream before = System.err;
    List<Throwable> failures;
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      failures = provokeEverything();
    } finally {
      System.setErr(before);
    }

    assertThat(failures).hasSizeGreaterThan(15).doesNotContainNull();
    for (Throwable failure : failures) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace, true));
      assertThat(trace.toString()).doesNotContainIgnoringCase(CANARY).doesNotContain("4711");
    }
    assertThat(log.toString(StandardCharsets.UTF_8))
        .as("what slf4j wrote")
        .contains("ALARM INTEGRITY from sealed-record at ")
        .contains("ALARM INTEGRITY from patient-key at patient-")
        .doesNotContainIgnoringCase(CANARY)
        .doesNotContain("4711");
  }

  @Test
  void files_neverHoldPhiInClear_norInTheirNames() throws IOException {
    Keyring keyring = Keyring.create(
        Clinic.TENANT,
        FixedKeyWrapper.any(),
        new FileWrappedKeyStore(folder.resolve("keys")),
        clinic.random);
    clinic.keyring = keyring;
    PhiAccess door = clinic.door(new FileSealedRecordStore(folder.resolve("r")), clinic.quotas);
    door.update(PHYSICIAN, record("a"), Purpose.TREATMENT, values("a"));
    door.update(PHYSICIAN, record("b"), Purpose.TREATMENT, values("b"));

    int files = 0;
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        assertThat(folder.relativize(file).toString()).doesNotContainIgnoringCase(CANARY);
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .doesNotContainIgnoringCase(CANARY)
            .doesNotContain("1930-05-17");
        files++;
      }
    }

    assertThat(files).as("tenant key, two patient keys, two records").isEqualTo(5);
  }

  private List<Throwable> provokeEverything() throws IOException {
    List<Throwable> failures = new ArrayList<>();
    FileSealedRecordStore store = new FileSealedRecordStore(folder);
    RecordRef record = record("a");
    PhiAccess door = logging(store, clinic.relations);
    door.update(PHYSICIAN, record, Purpose.TREATMENT, values("a"));
    Path file;
    try (Stream<Path> all = Files.walk(folder)) {
      file = all.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    byte[] whole = Files.readAllBytes(file);

    for (int at : new int[] {0, 4, 6, 14, 20, 200, whole.length - 1}) {
      byte[] altered = whole.clone();
      altered[at] ^= 1;
      Files.write(file, altered);
      failures.add(catchThrowable(() -> door.read(NURSE, treatment(record))));
      failures.add(
          catchThrowable(() -> door.update(PHYSICIAN, record, Purpose.TREATMENT, values("a"))));
    }
    Files.delete(file);
    Files.createDirectory(file);
    failures.add(catchThrowable(() -> door.read(NURSE, treatment(record))));
    failures.add(
        catchThrowable(() -> door.update(PHYSICIAN, record, Purpose.TREATMENT, values("a"))));
    Files.delete(file);
    Files.write(file, whole);

    clinic.audit.fails = true;
    failures.add(catchThrowable(() -> door.read(NURSE, treatment(record))));
    clinic.audit.fails = false;
    clinic.quotas.fails = true;
    failures.add(catchThrowable(() -> door.read(NURSE, treatment(record))));
    clinic.quotas.fails = false;

    byte[] key = clinic.keys.blobs.get(clinic.keys.onlyPatient());
    key[70] ^= 1;
    clinic.restart();
    failures.add(
        catchThrowable(() -> logging(store, clinic.relations).read(NURSE, treatment(record))));
    key[70] ^= 1;

    Relations chatty = (relation, actor, patient) -> {
      throw new IllegalStateException("no such patient: " + patient.reveal());
    };
    PhiAccess failing = logging(store, chatty);
    assertThat(failing.read(NURSE, treatment(record)).toString()).doesNotContain(CANARY);
    assertThat(failing.read(STRANGER, treatment(record)).toString()).doesNotContain(CANARY);

    failures.add(catchThrowable(() -> PatientId.of("canary\n")));
    failures.add(catchThrowable(() -> record("a\u0000")));
    failures.add(catchThrowable(() -> FieldPath.of("canary field")));
    failures.add(catchThrowable(() -> FieldValues.of(Map.of(NAME, "canary\ud800"))));
    failures.add(catchThrowable(() -> door.update(
        PHYSICIAN,
        record,
        Purpose.TREATMENT,
        FieldValues.of(Map.of(SSN, CANARY + "x".repeat(SealedRecordStore.MAX_SIZE))))));
    return failures;
  }

  private PhiAccess logging(SealedRecordStore store, Relations relations) {
    return PhiAccess.builder()
        .policy(clinic.policy)
        .relations(relations)
        .quotas(clinic.quotas)
        .keyring(clinic.keyring)
        .records(store)
        .audit(clinic.audit)
        .alarms(new LoggingAlarmSink())
        .clock(clinic.time)
        .build();
  }
}
