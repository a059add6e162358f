package org.openhipaa.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhipaa.core.crypto.EnvelopeNotOpenedException.Reason;
import org.openhipaa.core.internal.Bits;
import org.openhipaa.core.internal.CanonicalReader;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.RecordType;
import org.openhipaa.core.record.TenantId;

class SealerTest {
  private static final int HEADER = 22;
  private static final int SALT_AND_COMMITMENT = 56;
  private static final TenantId TENANT = TenantId.of("clinic");
  private static final SealContext PLACE =
      SealContext.of(TENANT, KeyPurpose.RECORD, "patient", "p-1", "r-1", "ssn");

  private final SecureRandom random = new SecureRandom();
  private final KeyHandle key = key();
  private final Sealer sealer = new Sealer(key, random);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 16_383, 16_384, 16_385, 40_000})
  void sealedValue_opensInItsPlace_andIsLongerByTheOverhead(int size) {
    byte[] plaintext = new byte[size];
    random.nextBytes(plaintext);

    byte[] envelope = sealer.seal(plaintext, PLACE);

    assertThat(sealer.open(envelope, PLACE)).isEqualTo(plaintext);
    assertThat(envelope).hasSize(size + Sealer.OVERHEAD + 16 * (size / (16 * 1024)));
    assertThat(Sealer.OVERHEAD).isEqualTo(94);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100})
  void everyFlippedBit_isRejectedForItsReason(int size) {
    byte[] envelope = sealer.seal(new byte[size], PLACE);

    for (int bit = 0; bit < 8 * envelope.length; bit++) {
      byte[] altered = Bits.flip(envelope, bit);
      assertThat(refusal(altered, PLACE)).as("bit %d", bit).isEqualTo(reasonAt(bit / 8));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16_383, 16_384, 16_385})
  void sampledFlippedBit_isRejectedForItsReason(int size) {
    byte[] envelope = sealer.seal(new byte[size], PLACE);
    long seed = random.nextLong();
    SplittableRandom sample = new SplittableRandom(seed);

    for (int i = 0; i < 500; i++) {
      int bit = i < 100 ? 8 * envelope.length - 1 - i : sample.nextInt(8 * envelope.length);
      assertThat(refusal(Bits.flip(envelope, bit), PLACE))
          .as("bit %d, seed %d", bit, seed)
          .isEqualTo(reasonAt(bit / 8));
    }
  }

  /** At every length of short envelopes; of long ones at both ends, around the seam, and here and there. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 16_383, 16_384, 16_385})
  void everyTruncation_isRejected(int size) {
    byte[] envelope = sealer.seal(new byte[size], PLACE);

    for (int length = 0; length < envelope.length; length++) {
      boolean edge = length < 200 || length > envelope.length - 100 || length % 37 == 0;
      if (!edge) {
        continue;
      }
      Reason reason = refusal(Bits.cut(envelope, length), PLACE);
      if (length < Sealer.OVERHEAD) {
        assertThat(reason).as("cut to %d", length).isEqualTo(Reason.MALFORMED);
      } else {
        assertThat(reason).as("cut to %d", length).isIn(Reason.MALFORMED, Reason.DAMAGED);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16_367, 16_384, 16_385})
  void everyExtension_isRejected(int size) {
    byte[] envelope = sealer.seal(new byte[size], PLACE);

    for (int more = 1; more < 40; more++) {
      assertThat(refusal(Bits.cut(envelope, envelope.length + more), PLACE))
          .as("%d zero bytes more", more)
          .isIn(Reason.MALFORMED, Reason.DAMAGED);
    }
    assertThat(refusal(Bits.concat(envelope, envelope), PLACE))
        .isIn(Reason.MALFORMED, Reason.DAMAGED);
  }

  @Test
  void chunksExchangedBetweenPlacesOfOneEnvelope_areRejected() {
    byte[] envelope = sealer.seal(new byte[3 * 16 * 1024], PLACE);
    int chunk = 16 * 1024 + 16;
    int start = HEADER + SALT_AND_COMMITMENT;
    byte[] swapped = envelope.clone();

    System.arraycopy(envelope, start, swapped, start + chunk, chunk);
    System.arraycopy(envelope, start + chunk, swapped, start, chunk);

    assertThat(refusal(swapped, PLACE)).isEqualTo(Reason.DAMAGED);
  }

  /** The counter of chunks has more than one byte: or chunk 256 would be sealed like chunk 0. */
  @Test
  void chunksExchangedOver256Places_areRejected() {
    byte[] envelope = sealer.seal(new byte[257 * 16 * 1024], PLACE);
    int chunk = 16 * 1024 + 16;
    int start = HEADER + SALT_AND_COMMITMENT;
    byte[] swapped = envelope.clone();

    System.arraycopy(envelope, start, swapped, start + 256 * chunk, chunk);
    System.arraycopy(envelope, start + 256 * chunk, swapped, start, chunk);

    assertThat(sealer.open(envelope, PLACE)).hasSize(257 * 16 * 1024);
    assertThat(refusal(swapped, PLACE)).isEqualTo(Reason.DAMAGED);
  }

  @Test
  void everyOtherPlace_isRejected() {
    byte[] envelope = sealer.seal(text("secret"), PLACE);
    List<SealContext> others = List.of(
        SealContext.of(TenantId.of("clinic2"), KeyPurpose.RECORD, "patient", "p-1", "r-1", "ssn"),
        SealContext.of(TENANT, KeyPurpose.AUDIT, "patient", "p-1", "r-1", "ssn"),
        SealContext.of(TENANT, KeyPurpose.BACKUP, "patient", "p-1", "r-1", "ssn"),
        SealContext.of(TENANT, KeyPurpose.KEY, "patient", "p-1", "r-1", "ssn"),
        SealContext.of(TENANT, KeyPurpose.RECORD, "patien", "p-1", "r-1", "ssn"),
        SealContext.of(TENANT, KeyPurpose.RECORD, "patient", "p-2", "r-1", "ssn"),
        SealContext.of(TENANT, KeyPurpose.RECORD, "patient", "", "r-1", "ssn"),
        SealContext.of(TENANT, KeyPurpose.RECORD, "patient", "p-1", "r-2", "ssn"),
        SealContext.of(TENANT, KeyPurpose.RECORD, "patient", "r-1", "p-1", "ssn"),
        SealContext.of(TENANT, KeyPurpose.RECORD, "patient", "p-1", "r-1", "ss"),
        SealContext.of(TENANT, KeyPurpose.RECORD, "patient", "p-1", "r-1s", "sn"),
        SealContext.of(TENANT, KeyPurpose.RECORD, "patient", "p-1", "r-1", "ssn\0"),
        SealContext.of(TENANT, KeyPurpose.RECORD, "patient", "p-1", "r-1", ""));

    for (SealContext other : others) {
      assertThat(refusal(envelope, other))
          .as("place %d", others.indexOf(other))
          .isEqualTo(Reason.WRONG_CONTEXT_OR_DAMAGED);
    }
  }

  @Test
  void fieldOfARecord_isThePlaceThatItsPartsName() {
    RecordRef record = RecordRef.of(TENANT, RecordType.of("patient"), PatientId.of("p-1"), "r-1");

    byte[] envelope = sealer.seal(text("x"), SealContext.field(record, FieldPath.of("ssn")));

    assertThat(sealer.open(envelope, PLACE)).isEqualTo(text("x"));
  }

  /** The purpose is in the context and in the key; the key alone must be enough. */
  @Test
  void purposes_haveUnrelatedKeys() {
    for (KeyPurpose one : KeyPurpose.values()) {
      for (KeyPurpose other : KeyPurpose.values()) {
        assertThat(java.util.Arrays.equals(key.sealingKey(one), key.sealingKey(other)))
            .as("%s and %s", one, other)
            .isEqualTo(one == other);
      }
    }
  }

  @Test
  void anotherKey_isRejectedByName() {
    byte[] envelope = sealer.seal(text("secret"), PLACE);

    EnvelopeNotOpenedException failure = catchThrowableOfType(
        EnvelopeNotOpenedException.class, () -> new Sealer(key(), random).open(envelope, PLACE));

    assertThat(failure.reason()).isEqualTo(Reason.WRONG_KEY);
    assertThat(failure).hasMessageContaining(Bits.hex(key.id()));
  }

  @Test
  void anotherKeyOfTheSameNameAndVersion_isRejected() {
    byte[] envelope = sealer.seal(text("secret"), PLACE);
    byte[] otherSecret = new byte[32];
    random.nextBytes(otherSecret);

    Sealer other = new Sealer(new KeyHandle(key.id(), key.version(), otherSecret), random);

    assertThat(refusal(other, envelope, PLACE)).isEqualTo(Reason.WRONG_CONTEXT_OR_DAMAGED);
  }

  @Test
  void anotherVersionOfTheKey_isRejectedByName() {
    byte[] secret = new byte[32];
    Sealer first = new Sealer(new KeyHandle(new byte[16], 1, secret), random);
    Sealer second = new Sealer(new KeyHandle(new byte[16], 2, secret), random);

    byte[] envelope = first.seal(text("secret"), PLACE);

    assertThat(refusal(second, envelope, PLACE)).isEqualTo(Reason.WRONG_KEY);
  }

  @Test
  void unknownVersionAndSuite_sayWhatToDo() {
    byte[] envelope = sealer.seal(text("secret"), PLACE);

    for (int other = 0; other < 256; other++) {
      byte[] version = envelope.clone();
      version[0] = (byte) other;
      byte[] suite = envelope.clone();
      suite[1] = (byte) other;
      if (other != 1) {
        assertThat(refusal(version, PLACE)).isEqualTo(Reason.UNKNOWN_VERSION);
        assertThat(refusal(suite, PLACE)).isEqualTo(Reason.UNKNOWN_SUITE);
      }
    }
    byte[] newer = envelope.clone();
    newer[0] = 2;
    assertThat(failure(sealer, newer, PLACE))
        .hasMessage("envelope version 2 is not known here (known: 1); use a newer release");
  }

  @Test
  void samePlaintextTwice_givesUnrelatedEnvelopes() {
    byte[] plaintext = text("123-45-6789");

    byte[] one = sealer.seal(plaintext, PLACE);
    byte[] two = sealer.seal(plaintext, PLACE);

    int equal = 0;
    for (int i = HEADER; i < one.length; i++) {
      equal += one[i] == two[i] ? 1 : 0;
    }
    assertThat(equal)
        .as("equal bytes of %d after the header", one.length - HEADER)
        .isLessThan(12);
    assertThat(plaintext).as("the caller's array").isEqualTo(text("123-45-6789"));
  }

  @Test
  void messagesAndPrints_holdNeitherPlaintextNorPlaceNorKey() {
    String canary = "canary-7f3a";
    SealContext place =
        SealContext.of(TENANT, KeyPurpose.RECORD, "patient", canary, canary, canary);
    byte[] envelope = sealer.seal(text(canary), place);

    List<String> prints = new ArrayList<>(List.of(place.toString(), sealer.toString()));
    for (int bit = 0; bit < 8 * envelope.length; bit++) {
      prints.add(failure(sealer, Bits.flip(envelope, bit), place).toString());
    }
    prints.add(failure(sealer, envelope, PLACE).toString());

    assertThat(prints).noneMatch(print -> print.contains(canary));
    assertThat(prints).noneMatch(print -> print.contains(Bits.hex(text(canary))));
  }

  @Test
  void place_isEncodedWithoutAmbiguity() {
    long seed = random.nextLong();
    SplittableRandom chance = new SplittableRandom(seed);
    Map<String, List<String>> seen = new HashMap<>();

    for (int i = 0; i < 5_000; i++) {
      List<String> parts = new ArrayList<>();
      for (int p = 0; p < 4; p++) {
        parts.add("\0\0\0\1a\0é".substring(chance.nextInt(4), chance.nextInt(4, 8)));
      }
      byte[] encoding = SealContext.of(
              TENANT, KeyPurpose.RECORD, parts.get(0), parts.get(1), parts.get(2), parts.get(3))
          .encoding();
      List<String> before = seen.putIfAbsent(Bits.hex(encoding), parts);
      assertThat(before == null || before.equals(parts)).as("seed %d", seed).isTrue();
      CanonicalReader in = new CanonicalReader(encoding);
      assertThat(List.of(in.text(), in.text(), in.text(), in.text(), in.text(), in.text()))
          .containsExactly(
              "clinic", "record", parts.get(0), parts.get(1), parts.get(2), parts.get(3));
      in.end();
    }
    assertThat(encoding("a", "bc")).isNotEqualTo(encoding("ab", "c"));
    assertThat(encoding("", "abc")).isNotEqualTo(encoding("abc", ""));
  }

  @Test
  void mac_dependsOnKeyUseAndMessage() {
    byte[] mac = sealer.mac("use", text("message"));

    assertThat(mac).hasSize(32).isEqualTo(sealer.mac("use", text("message")));
    assertThat(mac).isNotEqualTo(sealer.mac("use2", text("message")));
    assertThat(mac).isNotEqualTo(sealer.mac("use", text("message2")));
    assertThat(mac).isNotEqualTo(new Sealer(key(), random).mac("use", text("message")));
  }

  private static byte[] encoding(String subject, String id) {
    return SealContext.of(TENANT, KeyPurpose.RECORD, "t", subject, id, "p").encoding();
  }

  private static Reason reasonAt(int index) {
    if (index == 0) {
      return Reason.UNKNOWN_VERSION;
    }
    if (index == 1) {
      return Reason.UNKNOWN_SUITE;
    }
    if (index < HEADER) {
      return Reason.WRONG_KEY;
    }
    return index < HEADER + SALT_AND_COMMITMENT ? Reason.WRONG_CONTEXT_OR_DAMAGED : Reason.DAMAGED;
  }

  private Reason refusal(byte[] envelope, SealContext place) {
    return refusal(sealer, envelope, place);
  }

  private static Reason refusal(Sealer by, byte[] envelope, SealContext place) {
    return failure(by, envelope, place).reason();
  }

  private static EnvelopeNotOpenedException failure(Sealer by, byte[] envelope, SealContext place) {
    EnvelopeNotOpenedException failure =
        catchThrowableOfType(EnvelopeNotOpenedException.class, () -> by.open(envelope, place));
    assertThat(failure).as("the failure to open").isNotNull();
    return failure;
  }

  private KeyHandle key() {
    byte[] id = new byte[KeyHandle.ID_SIZE];
    byte[] secret = new byte[32];
    random.nextBytes(id);
    random.nextBytes(secret);
    return new KeyHandle(id, 1, secret);
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
