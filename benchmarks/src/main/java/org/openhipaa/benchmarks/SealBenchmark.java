package org.openhipaa.benchmarks;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openhipaa.core.crypto.KeyPurpose;
import org.openhipaa.core.crypto.KeyWrapper;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.RawKeyWrap;
import org.openhipaa.core.crypto.SealContext;
import org.openhipaa.core.crypto.Sealer;
import org.openhipaa.core.crypto.WrappedKeyStore;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.TenantId;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does sealing with a key per patient, a key per message and a commitment cost, beside the JDK's AES-256-GCM alone, which
 * has none of these?
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SealBenchmark {
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final SealContext CONTEXT =
      SealContext.of(TenantId.of("bench"), KeyPurpose.RECORD, "patient", "p", "chart", "field");

  /** Plaintext bytes: a field, a note, one chunk. */
  @Param({"64", "1024", "16000"})
  public int size;

  private final SecureRandom random = new SecureRandom();
  private byte[] plaintext;
  private Sealer sealer;
  private byte[] envelope;
  private SecretKeySpec rawKey;
  private byte[] rawNonce;
  private byte[] rawSealed;

  /** Makes keys, a random plaintext, and one sealed value of each kind to open. */
  @Setup
  public void setUp() throws GeneralSecurityException {
    plaintext = new byte[size];
    random.nextBytes(plaintext);
    sealer = Keyring.create(TenantId.of("bench"), new InMemoryWrapper(), new InMemoryKeys(), random)
        .patientSealer(PatientId.of("p"));
    envelope = sealer.seal(plaintext, CONTEXT);
    byte[] key = new byte[32];
    random.nextBytes(key);
    rawKey = new SecretKeySpec(key, "AES");
    rawNonce = new byte[NONCE];
    random.nextBytes(rawNonce);
    rawSealed = rawCipher(Cipher.ENCRYPT_MODE, rawNonce).doFinal(plaintext);
  }

  /** Ours. */
  @Benchmark
  public byte[] seal() {
    return sealer.seal(plaintext, CONTEXT);
  }

  /** Ours. */
  @Benchmark
  public byte[] open() {
    return sealer.open(envelope, CONTEXT);
  }

  /** The JDK's AES-256-GCM with a random nonce. */
  @Benchmark
  public byte[] rawSeal() throws GeneralSecurityException {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    return rawCipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plaintext);
  }

  /** The JDK's AES-256-GCM. */
  @Benchmark
  public byte[] rawOpen() throws GeneralSecurityException {
    return rawCipher(Cipher.DECRYPT_MODE, rawNonce).doFinal(rawSealed);
  }

  private Cipher rawCipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, rawKey, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }

  private static final class InMemoryKeys implements WrappedKeyStore {
    private final Map<String, byte[]> keys = new ConcurrentHashMap<>();

    @Override
    public Optional<byte[]> find(String name) {
      return Optional.ofNullable(keys.get(name));
    }

    @Override
    public boolean create(String name, byte[] wrapped) {
      return keys.putIfAbsent(name, wrapped) == null;
    }
  }

  private static final class InMemoryWrapper implements KeyWrapper {
    private final SecureRandom random = new SecureRandom();
    private final byte[] key = new byte[32];

    InMemoryWrapper() {
      random.nextBytes(key);
    }

    @Override
    public String keyId() {
      return "bench";
    }

    @Override
    public byte[] wrap(byte[] plain, byte[] context) {
      return RawKeyWrap.wrap(key, random, plain, context);
    }

    @Override
    public byte[] unwrap(String id, byte[] wrapped, byte[] context) {
      return RawKeyWrap.unwrap(key, wrapped, context);
    }
  }
}
