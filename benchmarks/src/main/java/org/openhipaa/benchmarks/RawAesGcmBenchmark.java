package org.openhipaa.benchmarks;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long the JDK alone takes to seal and open one chunk of 16 KiB with AES-256-GCM: the floor under
 * everything that we build on it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RawAesGcmBenchmark {
  private static final int CHUNK = 16 * 1024;
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private final byte[] plaintext = new byte[CHUNK];
  private SecretKey key;
  private Cipher cipher;
  private byte[] sealed;
  private byte[] sealedNonce;
  private long sealedSoFar;

  /** Makes a key, random content and one sealed chunk to open. */
  @Setup
  public void setUp() throws GeneralSecurityException {
    SecureRandom random = new SecureRandom();
    byte[] raw = new byte[32];
    random.nextBytes(raw);
    random.nextBytes(plaintext);
    key = new SecretKeySpec(raw, "AES");
    cipher = Cipher.getInstance("AES/GCM/NoPadding");
    sealedNonce = nextNonce();
    cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealedNonce));
    sealed = cipher.doFinal(plaintext);
  }

  /** Seals one chunk under a nonce that was not used before. */
  @Benchmark
  public byte[] seal() throws GeneralSecurityException {
    cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nextNonce()));
    return cipher.doFinal(plaintext);
  }

  /** Opens one chunk. */
  @Benchmark
  public byte[] open() throws GeneralSecurityException {
    cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealedNonce));
    return cipher.doFinal(sealed);
  }

  private byte[] nextNonce() {
    return ByteBuffer.allocate(NONCE).putLong(NONCE - Long.BYTES, sealedSoFar++).array();
  }
}
