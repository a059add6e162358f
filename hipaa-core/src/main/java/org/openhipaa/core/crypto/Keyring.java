package org.openhipaa.core.crypto;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openhipaa.core.internal.CanonicalReader;
import org.openhipaa.core.internal.CanonicalReader.MalformedException;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.TenantId;

/**
 * The keys of one tenant. A key-encryption key outside wraps the tenant key; the tenant key seals
 * one random key per patient; from each key, keys for single purposes are derived (HKDF, RFC 5869).
 * Applications get {@link Sealer}s, never keys.
 *
 * <p>Thread-safe. Patient keys are cached unwrapped for ten minutes, at most 10,000 of them. {@link
 * #close} wipes all keys held; sealers given out before stop working.
 */
public final class Keyring implements AutoCloseable {
  private static final String TENANT_KEY = "tenant";
  private static final String PATIENT_KEY_PREFIX = "patient-";
  private static final Pattern PATIENT_KEY_NAME =
      Pattern.compile(PATIENT_KEY_PREFIX + "[0-9a-f]{64}");
  private static final int FORMAT_VERSION = 1;
  private static final int FIRST_KEY_VERSION = 1;
  private static final int CACHED_KEYS = 10_000;
  private static final Duration CACHED_FOR = Duration.ofMinutes(10);

  private final TenantId tenant;
  private final WrappedKeyStore store;
  private final SecureRandom random;
  private final KeyHandle tenantKey;
  private final Cache<String, KeyHandle> patientKeys = Caffeine.newBuilder()
      .maximumSize(CACHED_KEYS)
      .expireAfterWrite(CACHED_FOR)
      .build();

  private Keyring(
      TenantId tenant, WrappedKeyStore store, SecureRandom random, KeyHandle tenantKey) {
    this.tenant = tenant;
    this.store = store;
    this.random = random;
    this.tenantKey = tenantKey;
  }

  /**
   * Makes the keyring of a new tenant.
   *
   * @param tenant whose keys
   * @param wrapper holds the key-encryption key
   * @param store keeps the wrapped keys; must not hold a tenant key yet
   * @param random source of new keys and salts
   * @return the keyring
   * @throws KeyNotAvailableException if the store holds a tenant key already, or the key cannot be
   *     wrapped or stored
   */
  public static Keyring create(
      TenantId tenant, KeyWrapper wrapper, WrappedKeyStore store, SecureRandom random) {
    byte[] id = randomBytes(random, KeyHandle.ID_SIZE);
    byte[] secret = randomBytes(random, ChunkedEncryption.KEY_SIZE);
    try {
      byte[] blob = new CanonicalWriter()
          .u8(FORMAT_VERSION)
          .raw(id)
          .u32(FIRST_KEY_VERSION)
          .text(wrapper.keyId())
          .bytes(wrapper.wrap(secret, tenantContext(tenant, id, FIRST_KEY_VERSION)))
          .toBytes();
      if (!store.create(TENANT_KEY, blob)) {
        throw new KeyNotAvailableException(
            "the key folder holds a tenant key already; open it instead of creating another");
      }
      return new Keyring(tenant, store, random, new KeyHandle(id, FIRST_KEY_VERSION, secret));
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /**
   * Opens the keyring of a known tenant.
   *
   * @param tenant whose keys
   * @param wrapper holds the key-encryption key that the tenant key was wrapped with
   * @param store keeps the wrapped keys
   * @param random source of new keys and salts
   * @return the keyring
   * @throws KeyNotAvailableException if there is no tenant key, it belongs to another tenant or was
   *     altered, or the key-encryption key cannot be used or is another one
   */
  public static Keyring open(
      TenantId tenant, KeyWrapper wrapper, WrappedKeyStore store, SecureRandom random) {
    byte[] blob = store
        .find(TENANT_KEY)
        .orElseThrow(() -> new KeyNotAvailableException(
            "the key folder holds no tenant key; name the right folder, or create a keyring"));
    try {
      CanonicalReader in = new CanonicalReader(blob);
      demandVersion(in.u8(), "tenant key");
      byte[] id = in.raw(KeyHandle.ID_SIZE);
      int version = in.u32();
      String wrapperKey = in.text();
      byte[] wrapped = in.bytes();
      in.end();
      byte[] secret = wrapper.unwrap(wrapperKey, wrapped, tenantContext(tenant, id, version));
      try {
        return new Keyring(tenant, store, random, new KeyHandle(id, version, secret));
      } finally {
        Arrays.fill(secret, (byte) 0);
      }
    } catch (MalformedException e) {
      throw new KeyNotAvailableException(
          "the wrapped tenant key is damaged (" + e.getMessage() + "); restore it from a copy");
    }
  }

  /**
   * Whose keys these are.
   *
   * @return the tenant
   */
  public TenantId tenant() {
    return tenant;
  }

  /**
   * The sealer for data of the tenant that is about no single patient.
   *
   * @return the sealer
   */
  public Sealer tenantSealer() {
    return new Sealer(tenantKey, random);
  }

  /**
   * The sealer for one patient's data, with the patient's own key; the key is made and stored if
   * the patient has none yet.
   *
   * @param patient the patient
   * @return the sealer
   * @throws KeyNotAvailableException if the key cannot be read, was altered, or cannot be stored
   */
  public Sealer patientSealer(PatientId patient) {
    return findPatientSealer(patient).orElseGet(() -> createPatientKey(patient));
  }

  /**
   * The sealer for one patient's data, if the patient has a key.
   *
   * @param patient the patient
   * @return the sealer, or empty if the patient never had a key
   * @throws KeyNotAvailableException if the key cannot be read or was altered
   */
  public Optional<Sealer> findPatientSealer(PatientId patient) {
    return findSealerByKeyName(patientKeyName(patient));
  }

  /**
   * The name that a patient's key is stored under, whether there is one or not: a keyed pseudonym
   * of the patient. Whoever must find the key again without knowing the patient keeps this name,
   * sealed.
   *
   * @param patient the patient
   * @return {@code patient-} and 64 lower-case hexadecimal digits
   */
  public String patientKeyName(PatientId patient) {
    return PATIENT_KEY_PREFIX + token("patient-key", patient.reveal());
  }

  /**
   * The sealer for the data of the patient whose key has this name, if there is such a key.
   *
   * @param name what {@link #patientKeyName} returned
   * @return the sealer, or empty if no patient has a key of this name, or no longer
   * @throws IllegalArgumentException if the text is no name of a patient key
   * @throws KeyNotAvailableException if the key cannot be read or was altered
   */
  public Optional<Sealer> findSealerByKeyName(String name) {
    if (!PATIENT_KEY_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not the name of a patient key");
    }
    tenantKey.demandOpen();
    KeyHandle cached = patientKeys.getIfPresent(name);
    if (cached != null) {
      return Optional.of(new Sealer(cached, random));
    }
    return store
        .find(name)
        .map(blob -> new Sealer(cache(name, unwrapPatientKey(name, blob)), random));
  }

  /**
   * A keyed pseudonym: equal values have equal tokens, and nobody without the tenant key can
   * compute or invert one (HMAC-SHA-256, RFC 2104).
   *
   * @param use what the token is for; tokens of different uses are unrelated
   * @param value the value, possibly PHI
   * @return 64 lower-case hexadecimal digits
   */
  public String token(String use, String value) {
    return HexFormat.of().formatHex(tokenBytes(use, CanonicalWriter.utf8(value)));
  }

  /**
   * A keyed pseudonym of bytes; see {@link #token}.
   *
   * @param use what the token is for; tokens of different uses are unrelated
   * @param value the bytes
   * @return 32 bytes
   */
  public byte[] tokenBytes(String use, byte[] value) {
    byte[] key = tenantKey.derive("token/" + use);
    try {
      return Hkdf.hmacSha256(key, value);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /**
   * A signing key derived from the tenant key: the same tenant and use always give the same key.
   *
   * @param use what is signed; one use never serves two formats
   * @return an Ed25519 key (RFC 8032)
   */
  public SigningKey signingKey(String use) {
    byte[] seed = tenantKey.derive("sign/" + use);
    try {
      return new SigningKey(seed);
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }

  /**
   * Wipes all keys held in memory. Sealers that were given out stop working; signing keys do not.
   */
  @Override
  public void close() {
    tenantKey.close();
    patientKeys.asMap().values().forEach(KeyHandle::close);
    patientKeys.invalidateAll();
  }

  private Sealer createPatientKey(PatientId patient) {
    String name = patientKeyName(patient);
    byte[] id = randomBytes(random, KeyHandle.ID_SIZE);
    byte[] secret = randomBytes(random, ChunkedEncryption.KEY_SIZE);
    try {
      byte[] blob = new CanonicalWriter()
          .u8(FORMAT_VERSION)
          .raw(id)
          .u32(FIRST_KEY_VERSION)
          .bytes(tenantSealer().seal(secret, patientContext(name, id, FIRST_KEY_VERSION)))
          .toBytes();
      if (store.create(name, blob)) {
        return new Sealer(
            cache(name, new KeyHandle(id, FIRST_KEY_VERSION, secret, tenantKey)), random);
      }
      // Somebody else was first: theirs is the patient's key.
      return findPatientSealer(patient)
          .orElseThrow(() -> new KeyNotAvailableException("a patient key vanished while in use"));
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private KeyHandle unwrapPatientKey(String name, byte[] blob) {
    try {
      CanonicalReader in = new CanonicalReader(blob);
      demandVersion(in.u8(), "patient key");
      byte[] id = in.raw(KeyHandle.ID_SIZE);
      int version = in.u32();
      byte[] sealed = in.bytes();
      in.end();
      byte[] secret = tenantSealer().open(sealed, patientContext(name, id, version));
      try {
        return new KeyHandle(id, version, secret, tenantKey);
      } finally {
        Arrays.fill(secret, (byte) 0);
      }
    } catch (MalformedException | EnvelopeNotOpenedException e) {
      throw KeyNotAvailableException.altered(
          "a wrapped patient key is damaged or belongs elsewhere (" + e.getMessage() + ")");
    }
  }

  /** Two threads may unwrap the same key; both then use the one that came first. */
  private KeyHandle cache(String name, KeyHandle handle) {
    KeyHandle first = patientKeys.asMap().putIfAbsent(name, handle);
    return first == null ? handle : first;
  }

  private SealContext patientContext(String name, byte[] id, int version) {
    return SealContext.of(
        tenant, KeyPurpose.KEY, "patient-key", name, HexFormat.of().formatHex(id), "v" + version);
  }

  private static byte[] tenantContext(TenantId tenant, byte[] id, int version) {
    return new CanonicalWriter()
        .text("openhipaa/v1/tenant-key")
        .text(tenant.value())
        .raw(id)
        .u32(version)
        .toBytes();
  }

  private static void demandVersion(int version, String what) {
    if (version != FORMAT_VERSION) {
      throw new KeyNotAvailableException("wrapped "
          + what
          + " of format version "
          + version
          + " is not known here (known: 1); use a newer release");
    }
  }

  private static byte[] randomBytes(SecureRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
