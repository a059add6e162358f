package org.openhipaa.core.phi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.openhipaa.core.phi.Clinic.DIAGNOSIS;
import static org.openhipaa.core.phi.Clinic.NAME;
import static org.openhipaa.core.phi.Clinic.NURSE;
import static org.openhipaa.core.phi.Clinic.PHYSICIAN;
import static org.openhipaa.core.phi.Clinic.SSN;
import static org.openhipaa.core.phi.Clinic.record;
import static org.openhipaa.core.phi.Clinic.treatment;
import static org.openhipaa.core.phi.PhiAccessTest.released;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.crypto.Sealer;
import org.openhipaa.core.internal.Bits;
import org.openhipaa.core.internal.CanonicalReader;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.phi.file.FileSealedRecordStore;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.FieldValues;
import org.openhipaa.core.record.RecordRef;

/** Somebody writes to the record files: nothing wrong is ever released, and it is noticed. */
class TamperedRecordTest {
  private static final int VERSION_AT = 4;

  @TempDir
  Path folder;

  private final Clinic clinic = new Clinic();
  private PhiAccess door;

  @BeforeEach
  void openDoor() {
    door = clinic.door(new FileSealedRecordStore(folder), clinic.quotas);
  }

  @Test
  void everyAlteredByte_isRefused_recorded_alarmed_andNotCharged() throws IOException {
    RecordRef record = store("a", Map.of(NAME, "canary-a", DIAGNOSIS, "canary-d"));
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);

    for (int i = 0; i < whole.length; i++) {
      for (int mask : new int[] {1, 0x80}) {
        Files.write(file, Bits.xor(whole, i, mask));
        if (i == VERSION_AT) {
          assertUnknownVersion(record, (1 ^ mask) & 0xff);
        } else {
          assertRefusedWithAlarm(record, "byte " + i);
        }
      }
    }

    Files.write(file, whole);
    assertThat(released(door.read(NURSE, treatment(record))).get(NAME)).hasValue("canary-a");
  }

  @Test
  void everyTruncation_andExtension_isRefusedWithAlarm() throws IOException {
    RecordRef record = store("a", Map.of(NAME, "canary-a"));
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);

    for (int length = 0; length < whole.length + 3; length++) {
      if (length != whole.length) {
        Files.write(file, Bits.cut(whole, length));
        assertRefusedWithAlarm(record, "length " + length);
      }
    }
    Files.write(file, Bits.concat(whole, whole));
    assertRefusedWithAlarm(record, "twice");
  }

  @Test
  void giganticFile_isRefusedWithAlarm_withoutBeingReadWhole() throws IOException {
    RecordRef record = store("a", Map.of(NAME, "canary-a"));
    try (RandomAccessFile sparse = new RandomAccessFile(onlyFile().toFile(), "rw")) {
      sparse.setLength(5L << 30);
    }

    assertRefusedWithAlarm(record, "5 GiB");
    assertThat(clinic.alarms.get(0).message()).contains("larger than any sealed record");
  }

  @Test
  void recordsOfTwoPatientsExchanged_areRefusedWithAlarm() throws IOException {
    RecordRef a = store("a", Map.of(NAME, "canary-a"));
    Path fileA = onlyFile();
    byte[] bytesA = Files.readAllBytes(fileA);
    RecordRef b = store("b", Map.of(NAME, "canary-b"));
    Path fileB = files().filter(f -> !f.equals(fileA)).findFirst().orElseThrow();

    Files.write(fileA, Files.readAllBytes(fileB));
    Files.write(fileB, bytesA);

    assertRefusedWithAlarm(a, "a is b's");
    assertRefusedWithAlarm(b, "b is a's");
  }

  @Test
  void twoRecordsOfOnePatientExchanged_areRefusedWithAlarm() throws IOException {
    RecordRef one = store("a", Map.of(NAME, "canary-1"));
    Path fileOne = onlyFile();
    RecordRef two = RecordRef.of(one.tenant(), one.type(), one.patient(), "second");
    door.update(PHYSICIAN, two, Purpose.TREATMENT, FieldValues.of(Map.of(NAME, "canary-2")));
    Path fileTwo = files().filter(f -> !f.equals(fileOne)).findFirst().orElseThrow();

    Files.copy(fileTwo, fileOne, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    assertRefusedWithAlarm(one, "the other record of the same patient");
  }

  @Test
  void fieldOfAnOlderRevisionSplicedIn_isRefusedWithAlarm() throws IOException {
    RecordRef record = store("a", Map.of(NAME, "canary-a", DIAGNOSIS, "canary-old"));
    Path file = onlyFile();
    Parts old = Parts.of(Files.readAllBytes(file));
    store("a", Map.of(DIAGNOSIS, "canary-new"));
    Parts now = Parts.of(Files.readAllBytes(file));
    assertThat(now.envelopes.get("diagnosis")).hasSameSizeAs(old.envelopes.get("diagnosis"));

    now.envelopes.put("diagnosis", old.envelopes.get("diagnosis"));
    Files.write(file, Bits.concat(now.body(), now.mac));

    assertRefusedWithAlarm(record, "spliced");
    Files.write(file, Bits.concat(now.body(), old.mac));
    assertRefusedWithAlarm(record, "spliced with the older code");
  }

  @Test
  void fieldsExchanged_dropped_orAdded_areRefusedWithAlarm() throws IOException {
    RecordRef record = store("a", Map.of(NAME, "canary-a", DIAGNOSIS, "canary-d"));
    Path file = onlyFile();
    byte[] whole = Files.readAllBytes(file);

    Parts swapped = Parts.of(whole);
    byte[] name = swapped.envelopes.get("name");
    swapped.envelopes.put("name", swapped.envelopes.get("diagnosis"));
    swapped.envelopes.put("diagnosis", name);
    Parts dropped = Parts.of(whole);
    dropped.envelopes.remove("diagnosis");
    Parts added = Parts.of(whole);
    added.envelopes.put("ssn", name);

    for (Parts parts : List.of(swapped, dropped, added)) {
      Files.write(file, Bits.concat(parts.body(), parts.mac));
      assertRefusedWithAlarm(record, "fields " + parts.envelopes.keySet());
    }
  }

  /**
   * Whoever holds the patient's key can make a valid code over anything. Even then a field opens
   * only in its own place.
   */
  @Test
  void validCodeOverExchangedFields_isRefusedWithAlarm() throws IOException {
    RecordRef record = store("a", Map.of(NAME, "canary-a", DIAGNOSIS, "canary-d"));
    Path file = onlyFile();
    Parts parts = Parts.of(Files.readAllBytes(file));

    byte[] name = parts.envelopes.get("name");
    parts.envelopes.put("name", parts.envelopes.get("diagnosis"));
    parts.envelopes.put("diagnosis", name);
    Files.write(file, parts.authenticated(record, clinic.keyring.patientSealer(record.patient())));

    assertRefusedWithAlarm(record, "exchanged with a valid code");
  }

  @Test
  void malformedBodyUnderAValidCode_isRefusedWithAlarm() throws IOException {
    RecordRef record = store("a", Map.of(NAME, "canary-a"));
    Path file = onlyFile();
    Sealer sealer = clinic.keyring.patientSealer(record.patient());
    byte[] envelope = Parts.of(Files.readAllBytes(file)).envelopes.get("name");
    byte[] start = Bits.cut(Files.readAllBytes(file), 13);

    List<byte[]> bodies = List.of(
        start,
        new CanonicalWriter().raw(start).u16(0).raw(new byte[1]).toBytes(),
        new CanonicalWriter().raw(start).u16(1).toBytes(),
        new CanonicalWriter().raw(start).u16(1).text("../x").bytes(envelope).toBytes(),
        new CanonicalWriter()
            .raw(start)
            .u16(1)
            .bytes(new byte[] {-1})
            .bytes(envelope)
            .toBytes(),
        new CanonicalWriter()
            .raw(start)
            .u16(1)
            .text("name")
            .u32(Integer.MAX_VALUE)
            .toBytes(),
        new CanonicalWriter()
            .raw(start)
            .u16(2)
            .text("name")
            .bytes(envelope)
            .text("name")
            .bytes(envelope)
            .toBytes(),
        new CanonicalWriter()
            .raw(start)
            .u16(2)
            .text("name")
            .bytes(envelope)
            .text("diagnosis")
            .bytes(envelope)
            .toBytes());

    for (byte[] body : bodies) {
      Files.write(file, Parts.authenticated(record, sealer, body));
      assertRefusedWithAlarm(record, "body " + bodies.indexOf(body));
    }
  }

  /** Two fields that nobody may open stand there as rubbish under a valid code. */
  @Test
  void fieldsThatAreNotPermitted_areNeverOpened() throws IOException {
    RecordRef record = store("a", Map.of(NAME, "canary-a", SSN, "canary-ssn"));
    Path file = onlyFile();
    Parts parts = Parts.of(Files.readAllBytes(file));
    parts.envelopes.put("ssn", new byte[3]);
    Files.write(file, parts.authenticated(record, clinic.keyring.patientSealer(record.patient())));

    FieldValues shown = released(door.read(NURSE, treatment(record)));

    assertThat(shown.fields()).containsExactly(NAME);
    assertThat(clinic.alarms).isEmpty();
    assertThatThrownBy(() -> door.read(PHYSICIAN, treatment(record)))
        .isInstanceOf(RecordNotOpenedException.class)
        .hasMessageContaining("field ssn");
    assertThat(clinic.alarms).hasSize(1);
    assertThat(
            released(door.read(PHYSICIAN, ReadRequest.of(record, Purpose.TREATMENT, Set.of(NAME))))
                .get(NAME))
        .as("nor those that were not asked for")
        .hasValue("canary-a");
  }

  @Test
  void updateOfATamperedRecord_isRefusedWithAlarm_andLeavesItAlone() throws IOException {
    RecordRef record = store("a", Map.of(NAME, "canary-a"));
    Path file = onlyFile();
    byte[] altered = Bits.xor(Files.readAllBytes(file), 40, 1);
    Files.write(file, altered);

    assertThatThrownBy(() -> door.update(
            PHYSICIAN, record, Purpose.TREATMENT, FieldValues.of(Map.of(NAME, "canary-b"))))
        .isInstanceOf(RecordNotOpenedException.class);

    assertThat(clinic.alarms).hasSize(1);
    assertThat(clinic.audit.last().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(file).hasBinaryContent(altered);
  }

  private void assertRefusedWithAlarm(RecordRef record, String what) {
    clinic.alarms.clear();
    clinic.audit.events.clear();
    int charged = clinic.quotas.total();

    Throwable failure = catchThrowable(() -> door.read(NURSE, treatment(record)));

    assertThat(failure).as(what).isInstanceOf(RecordNotOpenedException.class);
    assertThat(failure.getMessage()).as(what).contains("was altered").doesNotContain("canary");
    assertThat(clinic.alarms).as(what).hasSize(1);
    Alarm alarm = clinic.alarms.get(0);
    assertThat(alarm.kind()).isEqualTo(Alarm.Kind.INTEGRITY);
    assertThat(alarm.source()).isEqualTo("sealed-record");
    assertThat(alarm.location()).matches("[0-9a-f]{64}");
    assertThat(alarm.message()).doesNotContain("canary");
    assertThat(clinic.audit.events).as(what).hasSize(1);
    assertThat(clinic.audit.last().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(clinic.audit.last().reason()).isEqualTo("RECORD_DAMAGED");
    assertThat(clinic.quotas.total()).as(what).isEqualTo(charged);
  }

  private void assertUnknownVersion(RecordRef record, int version) {
    clinic.alarms.clear();

    assertThatThrownBy(() -> door.read(NURSE, treatment(record)))
        .isInstanceOf(RecordNotOpenedException.class)
        .hasMessageEndingWith(
            "sealed record version %d is not known here (known: 1); use a newer release", version);

    assertThat(clinic.alarms).isEmpty();
    assertThat(clinic.audit.last().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(clinic.audit.last().reason()).isEqualTo("RECORD_VERSION_UNKNOWN");
  }

  private RecordRef store(String patient, Map<FieldPath, String> values) {
    RecordRef record = record(patient);
    door.update(PHYSICIAN, record, Purpose.TREATMENT, FieldValues.of(values));
    return record;
  }

  private Path onlyFile() throws IOException {
    return files().findFirst().orElseThrow();
  }

  private Stream<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList().stream();
    }
  }

  /** A record taken apart as its format page says, without the code under test. */
  private static final class Parts {
    private final long revision;
    private final SortedMap<String, byte[]> envelopes;
    private final byte[] mac;

    private Parts(long revision, SortedMap<String, byte[]> envelopes, byte[] mac) {
      this.revision = revision;
      this.envelopes = envelopes;
      this.mac = mac;
    }

    static Parts of(byte[] bytes) {
      CanonicalReader in = new CanonicalReader(bytes);
      assertThat(in.raw(5)).isEqualTo("OHSR\1".getBytes(StandardCharsets.US_ASCII));
      long revision = in.u64();
      SortedMap<String, byte[]> envelopes = new TreeMap<>();
      for (int left = in.u16(); left > 0; left--) {
        envelopes.put(in.text(), in.bytes());
      }
      byte[] mac = in.raw(32);
      in.end();
      return new Parts(revision, envelopes, mac);
    }

    byte[] body() {
      CanonicalWriter out = new CanonicalWriter()
          .raw("OHSR\1".getBytes(StandardCharsets.US_ASCII))
          .u64(revision)
          .u16(envelopes.size());
      envelopes.forEach((field, envelope) -> out.text(field).bytes(envelope));
      return out.toBytes();
    }

    byte[] authenticated(RecordRef record, Sealer sealer) {
      return authenticated(record, sealer, body());
    }

    static byte[] authenticated(RecordRef record, Sealer sealer, byte[] body) {
      byte[] message = new CanonicalWriter()
          .text(record.tenant().value())
          .text(record.type().value())
          .text(record.patient().reveal())
          .text(record.revealId())
          .bytes(body)
          .toBytes();
      return Bits.concat(body, sealer.mac("sealed-record-v1", message));
    }
  }
}
