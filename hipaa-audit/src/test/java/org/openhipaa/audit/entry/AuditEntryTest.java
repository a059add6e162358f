package org.openhipaa.audit.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.openhipaa.audit.Fixtures;
import org.openhipaa.audit.UnknownFormatVersionException;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.crypto.EnvelopeNotOpenedException;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordType;
import org.openhipaa.core.record.TenantId;

class AuditEntryTest {
  private final Fixtures.Keys keys = new Fixtures.Keys(7);

  private AuditEntry entry(AuditEvent event) {
    return AuditEntry.of(event, keys.keyring, keys.random);
  }

  private static String subject(AuditEntry entry, Keyring keyring) {
    return entry
        .openSubject(keyring)
        .fold(
            known -> known.patient().map(PatientId::reveal).orElse("-")
                + "/"
                + known.revealRecordId().orElse("-"),
            () -> "none",
            () -> "shredded");
  }

  @Test
  void fullEvent_readerWithoutKeysSeesTheClearHeader() {
    keys.keyring.patientSealer(Fixtures.PATIENT);

    AuditEvent event = AuditEntry.decode(entry(Fixtures.fullEvent()).encoded()).event();

    assertThat(event.time()).isEqualTo(Fixtures.NOW);
    assertThat(event.correlation()).isEqualTo(new UUID(0x0123456789abcdefL, 0x8edcba9876543210L));
    assertThat(event.action()).isEqualTo(AuditAction.READ);
    assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(event.actor()).isEqualTo(ActorId.of("nurse.joy"));
    assertThat(event.purpose()).contains(Purpose.TREATMENT);
    assertThat(event.recordType()).contains(RecordType.of("patient"));
    assertThat(event.fields()).containsExactly(FieldPath.of("birthdate"), FieldPath.of("name"));
    assertThat(event.rules()).containsExactly("nurse-reads", "own-ward");
    assertThat(event.policyHash()).isEqualTo("ab".repeat(32));
    assertThat(event.detail()).isEqualTo("ward 7, caf\u00e9");
    assertThat(event.patient()).isEmpty();
    assertThat(event.recordId()).isEmpty();
  }

  @Test
  void patientWithOwnKey_subjectIsSealedWithIt_andOpens() {
    keys.keyring.patientSealer(Fixtures.PATIENT);

    AuditEntry entry = AuditEntry.decode(entry(Fixtures.fullEvent()).encoded());

    assertThat(entry.subjectKey()).isEqualTo(SubjectKey.PATIENT);
    assertThat(subject(entry, keys.keyring))
        .isEqualTo(Fixtures.PATIENT.reveal() + "/" + Fixtures.RECORD_ID);
    String bytes = new String(entry.encoded(), StandardCharsets.ISO_8859_1);
    assertThat(bytes)
        .doesNotContain(Fixtures.PATIENT.reveal())
        .doesNotContain(Fixtures.RECORD_ID)
        .doesNotContain(keys.keyring.patientKeyName(Fixtures.PATIENT));
    assertThat(entry.toString() + entry.openSubject(keys.keyring))
        .doesNotContain(Fixtures.PATIENT.reveal())
        .doesNotContain(Fixtures.RECORD_ID);
  }

  @Test
  void patientWithoutKey_subjectIsSealedWithTheTenants_andNoKeyIsMade() {
    AuditEntry entry = entry(Fixtures.fullEvent());

    assertThat(entry.subjectKey()).isEqualTo(SubjectKey.TENANT);
    assertThat(subject(entry, keys.reopened()))
        .isEqualTo(Fixtures.PATIENT.reveal() + "/" + Fixtures.RECORD_ID);
    assertThat(keys.keyring.findPatientSealer(Fixtures.PATIENT)).isEmpty();
  }

  @Test
  void onlyPatientOrOnlyRecordOrNothing_comesBackAsSuch() {
    AuditEvent.Builder patientOnly = builder().patient(Fixtures.PATIENT);
    AuditEvent.Builder recordOnly = builder().recordId("r1");

    assertThat(subject(entry(patientOnly.build()), keys.keyring))
        .isEqualTo(Fixtures.PATIENT.reveal() + "/-");
    assertThat(subject(entry(recordOnly.build()), keys.keyring)).isEqualTo("-/r1");
    AuditEntry none = entry(builder().build());
    assertThat(none.subjectKey()).isEqualTo(SubjectKey.NONE);
    assertThat(subject(none, keys.keyring)).isEqualTo("none");
  }

  private static AuditEvent.Builder builder() {
    return AuditEvent.builder(Fixtures.NOW, AuditAction.LOGIN, Outcome.FAILED, AuditEvent.UNKNOWN);
  }

  @Test
  void shreddedPatient_entryDecodesAndSubjectIsGone_alsoWhenThePatientHasANewKey() {
    keys.keyring.patientSealer(Fixtures.PATIENT);
    AuditEntry entry = entry(Fixtures.fullEvent());
    keys.store.destroy(keys.keyring.patientKeyName(Fixtures.PATIENT));
    Keyring afterwards = keys.reopened();

    assertThat(subject(entry, afterwards)).isEqualTo("shredded");
    afterwards.patientSealer(Fixtures.PATIENT);
    assertThat(subject(entry, afterwards)).isEqualTo("shredded");
    assertThat(AuditEntry.decode(entry.encoded())).isEqualTo(entry);
  }

  @Test
  void subjectMovedToAnotherEntryOrTenant_doesNotOpen() {
    keys.keyring.patientSealer(Fixtures.PATIENT);
    byte[] first = entry(Fixtures.fullEvent()).encoded();
    byte[] second = entry(Fixtures.fullEvent()).encoded();
    assertThat(first).hasSameSizeAs(second);
    byte[] mixed = first.clone();
    // The entry's id stands behind the version byte.
    System.arraycopy(second, 1, mixed, 1, 16);
    AuditEntry moved = AuditEntry.decode(mixed);

    assertThatThrownBy(() -> moved.openSubject(keys.keyring))
        .isInstanceOf(EnvelopeNotOpenedException.class);
    Keyring stranger = new Fixtures.Keys(TenantId.of("other"), 8).keyring;
    assertThatThrownBy(() -> AuditEntry.decode(first).openSubject(stranger))
        .isInstanceOf(EnvelopeNotOpenedException.class);
  }

  @Test
  void randomEvents_comeBack_andNothingButTheirBytesDoes() {
    long seed = 4711;
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 120; round++) {
      AuditEntry entry = entry(randomEvent(random));
      byte[] encoded = entry.encoded();

      AuditEntry decoded = AuditEntry.decode(encoded);

      assertThat(decoded).as("seed %d round %d", seed, round).isEqualTo(entry);
      assertThat(decoded.event()).usingRecursiveComparison().isEqualTo(entry.event());
      for (int i = 0; i < 20; i++) {
        assertRefusedOrOther(mutate(encoded, random), encoded);
      }
    }
  }

  /** Whatever bytes decode, decode to an entry with exactly these bytes; all else is a typed refusal. */
  private static void assertRefusedOrOther(byte[] mutated, byte[] original) {
    try {
      AuditEntry decoded = AuditEntry.decode(mutated);
      assertThat(decoded.encoded()).isEqualTo(mutated);
      assertThat(mutated).isNotEqualTo(original);
    } catch (AuditEntryNotDecodedException | UnknownFormatVersionException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private static byte[] mutate(byte[] encoded, SplittableRandom random) {
    byte[] bytes = encoded.clone();
    switch (random.nextInt(4)) {
      case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
      case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 2 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9));
      default -> bytes[Math.min(bytes.length - 1, 44 + random.nextInt(20))] = (byte) 0xff;
    }
    return bytes;
  }

  private static AuditEvent randomEvent(SplittableRandom random) {
    Instant time = Instant.ofEpochSecond(
        random.nextLong(-62_000_000_000L, 250_000_000_000L), random.nextInt(1_000_000_000));
    AuditAction[] actions = AuditAction.values();
    Outcome[] outcomes = Outcome.values();
    AuditEvent.Builder event = AuditEvent.builder(
            time,
            actions[random.nextInt(actions.length)],
            outcomes[random.nextInt(outcomes.length)],
            ActorId.of("actor-" + random.nextInt(1000)))
        .correlation(new UUID(random.nextLong(), random.nextLong()))
        .detail(text(random))
        .reason(text(random))
        .policyHash(text(random));
    if (random.nextBoolean()) {
      event.purpose(Purpose.values()[random.nextInt(Purpose.values().length)]);
      event.recordType(RecordType.of("type-" + random.nextInt(9)));
    }
    Set<FieldPath> fields = new TreeSet<>();
    List<String> rules = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      fields.add(FieldPath.of("f" + random.nextInt(100)));
      rules.add("r" + text(random));
    }
    event.fields(fields).rules(rules);
    if (random.nextBoolean()) {
      event.patient(PatientId.of("p" + random.nextInt(20)));
    }
    return event.build();
  }

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(
          random.nextBoolean() ? random.nextInt(1, 0x80) : random.nextInt(0x10000, 0x10400));
    }
    return text.toString();
  }

  @Test
  void newerVersion_isNamed() {
    byte[] encoded = entry(Fixtures.event(1)).encoded();
    encoded[0] = 2;

    assertThatThrownBy(() -> AuditEntry.decode(encoded))
        .isInstanceOf(UnknownFormatVersionException.class)
        .hasMessageContaining("format version 2");
  }

  @Test
  void unknownActionOrOutcome_isNamedByItsCode() {
    byte[] encoded = entry(Fixtures.event(1)).encoded();
    byte[] action = encoded.clone();
    action[45] = (byte) 200;
    byte[] outcome = encoded.clone();
    outcome[46] = 9;

    assertThatThrownBy(() -> AuditEntry.decode(action))
        .isInstanceOf(AuditEntryNotDecodedException.class)
        .hasMessageContaining("action 200");
    assertThatThrownBy(() -> AuditEntry.decode(outcome))
        .isInstanceOf(AuditEntryNotDecodedException.class)
        .hasMessageContaining("outcome 9");
  }

  @Test
  void eventThatDoesNotFit_isRefusedWithoutItsContent() {
    AuditEvent tooLong = builder().detail("secret".repeat(20_000)).build();
    AuditEvent zero = builder().detail("secret\0").build();
    AuditEvent emptyRule = builder().rules(List.of("")).build();
    AuditEvent half = builder().recordId("secret\ud800").build();

    for (AuditEvent event : List.of(tooLong, zero, emptyRule, half)) {
      assertThatThrownBy(() -> entry(event))
          .isInstanceOf(AuditEntryNotEncodedException.class)
          .hasMessageNotContaining("secret");
    }
  }
}
