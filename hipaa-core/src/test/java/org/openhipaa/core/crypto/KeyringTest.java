package org.openhipaa.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.internal.Bits;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.TenantId;

class KeyringTest {
  private static final TenantId TENANT = TenantId.of("clinic");
  private static final PatientId ANN = PatientId.of("ann-canary");
  private static final PatientId BEN = PatientId.of("ben-canary");
  private static final SealContext PLACE =
      SealContext.of(TENANT, KeyPurpose.RECORD, "patient", "s", "i", "p");

  private final SecureRandom random = new SecureRandom();
  private final MapWrappedKeyStore store = new MapWrappedKeyStore();
  private final KeyWrapper wrapper = FixedKeyWrapper.any();

  @Test
  void reopenedKeyring_opensWhatItSealedBefore() {
    byte[] forAnn;
    byte[] forAll;
    String token;
    try (Keyring first = create()) {
      forAnn = first.patientSealer(ANN).seal(text("x"), PLACE);
      forAll = first.tenantSealer().seal(text("y"), PLACE);
      token = first.token("use", "value");
    }

    try (Keyring second = open()) {
      assertThat(second.patientSealer(ANN).open(forAnn, PLACE)).isEqualTo(text("x"));
      assertThat(second.tenantSealer().open(forAll, PLACE)).isEqualTo(text("y"));
      assertThat(second.token("use", "value")).isEqualTo(token);
      assertThat(second.signingKey("log").verifyingKey())
          .isEqualTo(open().signingKey("log").verifyingKey());
    }
  }

  @Test
  void patients_haveUnrelatedKeys() {
    Keyring keyring = create();

    byte[] envelope = keyring.patientSealer(ANN).seal(text("x"), PLACE);

    assertThatThrownBy(() -> keyring.patientSealer(BEN).open(envelope, PLACE))
        .isInstanceOf(EnvelopeNotOpenedException.class);
    assertThatThrownBy(() -> keyring.tenantSealer().open(envelope, PLACE))
        .isInstanceOf(EnvelopeNotOpenedException.class);
  }

  @Test
  void patientWithoutAKey_isFoundEmpty_andNoKeyIsMade() {
    Keyring keyring = create();

    assertThat(keyring.findPatientSealer(ANN)).isEmpty();
    assertThat(keyring.findSealerByKeyName(keyring.patientKeyName(ANN))).isEmpty();

    assertThat(store.blobs).containsOnlyKeys("tenant");
  }

  @Test
  void keyNames_sayNothingAboutThePatient_andFindTheKeyAgain() {
    Keyring keyring = create();
    byte[] envelope = keyring.patientSealer(ANN).seal(text("x"), PLACE);
    String name = keyring.patientKeyName(ANN);

    assertThat(store.blobs).containsOnlyKeys("tenant", name);
    assertThat(name).matches("patient-[0-9a-f]{64}");
    assertThat(open().findSealerByKeyName(name).orElseThrow().open(envelope, PLACE))
        .isEqualTo(text("x"));
    for (String wrong : List.of("", "tenant", "patient-", name + "0", name + "\n", "../" + name)) {
      assertThatThrownBy(() -> keyring.findSealerByKeyName(wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void secondTenantKeyInOneStore_isRefused() {
    create();

    assertThatThrownBy(this::create).isInstanceOf(KeyNotAvailableException.class);
  }

  @Test
  void storeWithoutTenantKey_saysWhatToDo() {
    assertThatThrownBy(this::open)
        .isInstanceOf(KeyNotAvailableException.class)
        .hasMessage(
            "the key folder holds no tenant key; name the right folder, or create a keyring");
  }

  @Test
  void keysOfAnotherTenant_areRefused() {
    create();

    assertThatThrownBy(() -> Keyring.open(TenantId.of("clinic2"), wrapper, store, random))
        .isInstanceOf(KeyNotAvailableException.class);
  }

  @Test
  void anotherKeyEncryptionKey_isRefused() {
    create();
    byte[] other = new byte[32];
    other[0] = 1;

    assertThatThrownBy(() ->
            Keyring.open(TENANT, new FixedKeyWrapper("test-kek", other, random), store, random))
        .isInstanceOf(KeyNotAvailableException.class);
    assertThatThrownBy(() ->
            Keyring.open(TENANT, new FixedKeyWrapper("other", new byte[32], random), store, random))
        .isInstanceOf(KeyNotAvailableException.class);
  }

  @Test
  void everyAlteredByteOfTheTenantKey_isRefused() {
    create();
    byte[] blob = store.blobs.get("tenant");

    for (int i = 0; i < blob.length; i++) {
      for (int mask : new int[] {1, 0x80, 0xff}) {
        store.blobs.put("tenant", Bits.xor(blob, i, mask));
        assertThatThrownBy(this::open)
            .as("byte %d", i)
            .isInstanceOf(KeyNotAvailableException.class);
      }
    }
    for (int length = 0; length <= blob.length + 2; length++) {
      if (length != blob.length) {
        store.blobs.put("tenant", Bits.cut(blob, length));
        assertThatThrownBy(this::open)
            .as("length %d", length)
            .isInstanceOf(KeyNotAvailableException.class);
      }
    }
  }

  @Test
  void everyAlteredByteOfAPatientKey_isRefusedAsAltered() {
    create().patientSealer(ANN);
    String name = store.onlyPatient();
    byte[] blob = store.blobs.get(name);
    Keyring keyring = open();

    for (int i = 0; i < blob.length; i++) {
      for (int mask : new int[] {1, 0x80, 0xff}) {
        store.blobs.put(name, Bits.xor(blob, i, mask));
        Throwable failure = catchThrowable(() -> keyring.findPatientSealer(ANN));
        assertThat(failure).as("byte %d", i).isInstanceOf(KeyNotAvailableException.class);
        assertThat(((KeyNotAvailableException) failure).altered())
            .as("byte %d; the first says that the format is newer", i)
            .isEqualTo(i > 0);
        assertThat(failure.toString()).doesNotContain("canary");
        assertThatThrownBy(() -> keyring.patientSealer(ANN))
            .as("byte %d: no new key in place of a damaged one", i)
            .isInstanceOf(KeyNotAvailableException.class);
      }
    }
    for (int length = 0; length <= blob.length + 2; length++) {
      if (length != blob.length) {
        store.blobs.put(name, Bits.cut(blob, length));
        assertThatThrownBy(() -> keyring.findPatientSealer(ANN))
            .as("length %d", length)
            .isInstanceOf(KeyNotAvailableException.class);
      }
    }
    store.blobs.put(name, blob);
    assertThat(keyring.findPatientSealer(ANN)).isPresent();
  }

  @Test
  void blobThatClaimsGigabytes_isRefusedWithoutAllocatingThem() {
    create();
    byte[] blob = store.blobs.get("tenant");
    for (int at = 21; at < 25; at++) {
      blob[at] = 0x7f;
    }

    store.blobs.put("tenant", blob);

    assertThatThrownBy(this::open)
        .isInstanceOf(KeyNotAvailableException.class)
        .hasMessageContaining("needs 2139062143 bytes");
  }

  @Test
  void newerFormat_saysWhatToDo() {
    create();
    store.blobs.get("tenant")[0] = 2;

    assertThatThrownBy(this::open)
        .isInstanceOf(KeyNotAvailableException.class)
        .hasMessage("wrapped tenant key of format version 2 is not known here (known: 1);"
            + " use a newer release");
  }

  @Test
  void keysSwappedBetweenTwoPatients_areRefused() {
    Keyring keyring = create();
    keyring.patientSealer(ANN);
    keyring.patientSealer(BEN);
    String ann = keyring.patientKeyName(ANN);
    String ben = keyring.patientKeyName(BEN);
    byte[] annBlob = store.blobs.get(ann);

    store.blobs.put(ann, store.blobs.get(ben));
    store.blobs.put(ben, annBlob);

    Keyring fresh = open();
    for (PatientId patient : List.of(ANN, BEN)) {
      assertThatThrownBy(() -> fresh.patientSealer(patient))
          .isInstanceOf(KeyNotAvailableException.class)
          .hasMessageContaining("belongs elsewhere");
    }
  }

  @Test
  void patientKeyOfAnotherTenant_isRefused() {
    create().patientSealer(ANN);
    byte[] foreign = store.blobs.get(store.onlyPatient());
    MapWrappedKeyStore otherStore = new MapWrappedKeyStore();
    Keyring other = Keyring.create(TenantId.of("clinic2"), wrapper, otherStore, random);

    otherStore.blobs.put(other.patientKeyName(ANN), foreign);

    assertThatThrownBy(() -> other.patientSealer(ANN)).isInstanceOf(KeyNotAvailableException.class);
  }

  @Test
  void sixteenThreadsThatMakeOnePatientsKey_agreeOnOne() throws Exception {
    create();
    CyclicBarrier allSawNone = new CyclicBarrier(16);
    WrappedKeyStore slow = new WrappedKeyStore() {
      @Override
      public Optional<byte[]> find(String name) {
        Optional<byte[]> found = store.find(name);
        if (found.isEmpty()) {
          try {
            allSawNone.await(20, TimeUnit.SECONDS);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        }
        return found;
      }

      @Override
      public boolean create(String name, byte[] wrapped) {
        return store.create(name, wrapped);
      }
    };
    List<Keyring> keyrings = List.of(
        Keyring.open(TENANT, wrapper, slow, random), Keyring.open(TENANT, wrapper, slow, random));
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      for (int round = 0; round < 10; round++) {
        PatientId patient = PatientId.of("p-" + round);
        List<Future<byte[]>> sealed = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
          Keyring keyring = keyrings.get(i % 2);
          sealed.add(threads.submit(() -> keyring.patientSealer(patient).seal(text("x"), PLACE)));
        }

        Sealer known = null;
        for (Future<byte[]> envelope : sealed) {
          byte[] bytes = envelope.get();
          known = known == null ? open().findPatientSealer(patient).orElseThrow() : known;
          assertThat(known.open(bytes, PLACE)).isEqualTo(text("x"));
        }
        assertThat(keyrings)
            .allSatisfy(k -> k.patientSealer(patient).open(sealed.get(0).get(), PLACE));
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(store.blobs).hasSize(11);
  }

  @Test
  void tokens_dependOnTenantKeyUseAndValue() {
    Keyring keyring = create();
    Keyring other = Keyring.create(TENANT, wrapper, new MapWrappedKeyStore(), random);
    Set<String> tokens = new HashSet<>();

    tokens.add(keyring.token("a", "v"));
    tokens.add(keyring.token("b", "v"));
    tokens.add(keyring.token("a", "w"));
    tokens.add(other.token("a", "v"));

    assertThat(tokens).hasSize(4).allMatch(token -> token.matches("[0-9a-f]{64}"));
    assertThat(Bits.hex(keyring.tokenBytes("a", text("v")))).isEqualTo(keyring.token("a", "v"));
  }

  /** UTF-8 has no form for half a surrogate pair: two such values would share one token. */
  @Test
  void tokenOfMalformedText_isRefused() {
    Keyring keyring = create();

    assertThatThrownBy(() -> keyring.token("a", "x\ud800"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void closedKeyring_failsLoudly_andSoDoSealersGivenOutBefore() {
    Keyring keyring = create();
    Sealer tenant = keyring.tenantSealer();
    Sealer patient = keyring.patientSealer(ANN);
    byte[] envelope = patient.seal(text("x"), PLACE);

    keyring.close();

    for (Runnable use : List.<Runnable>of(
        () -> tenant.seal(text("x"), PLACE),
        () -> tenant.mac("u", text("x")),
        () -> patient.seal(text("x"), PLACE),
        () -> patient.open(envelope, PLACE),
        () -> patient.mac("u", text("x")),
        () -> keyring.patientSealer(ANN),
        () -> keyring.findPatientSealer(BEN),
        () -> keyring.findSealerByKeyName("patient-" + "0".repeat(64)),
        () -> keyring.token("a", "b"),
        () -> keyring.tokenBytes("a", text("b")),
        () -> keyring.signingKey("a"),
        () -> keyring.tenantSealer().seal(text("x"), PLACE))) {
      assertThatThrownBy(use::run).isInstanceOf(IllegalStateException.class);
    }
    keyring.close();
  }

  /** More patients than the cache holds: the keys it lets go must stop working too. */
  @Test
  void closedKeyring_stopsSealersWhoseKeyLeftTheCache() {
    Keyring keyring = create();
    List<Sealer> sealers = new ArrayList<>();
    for (int i = 0; i < 11_000; i++) {
      sealers.add(keyring.patientSealer(PatientId.of("p" + i)));
    }

    keyring.close();

    assertThat(sealers)
        .allSatisfy(sealer -> assertThatThrownBy(() -> sealer.mac("use", new byte[0]))
            .isInstanceOf(IllegalStateException.class));
  }

  @Test
  void toString_isSilent() {
    Keyring keyring = create();

    assertThat(keyring.toString() + keyring.patientSealer(ANN) + keyring.signingKey("a"))
        .doesNotContain("canary")
        .doesNotContain(Bits.hex(new byte[8]));
  }

  @Test
  void storedBlobs_holdNoKeyInClear() {
    SecureRandom counting = Bits.counting();

    Keyring.create(TENANT, wrapper, store, counting).patientSealer(ANN);

    // The counting source gave the tenant key the bytes 16 to 47.
    assertThat(Bits.hex(store.blobs.get("tenant"))).contains("0c0d0e0f").doesNotContain("10111213");
  }

  private Keyring create() {
    return Keyring.create(TENANT, wrapper, store, random);
  }

  private Keyring open() {
    return Keyring.open(TENANT, wrapper, store, random);
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
