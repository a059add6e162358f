package org.openhipaa.core.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.crypto.EnvelopeNotOpenedException.Reason;

/**
 * C2SP chunked-encryption with AES-256-GCM and SHA-512 ("Cobblestone-256",
 * c2sp.org/chunked-encryption), for messages that fit an array.
 *
 * <p>One call of the JCE never sees more than one chunk of 16 KiB: JDK 17 collects GCM input in a
 * growing buffer, and past about 64 KiB falls to a fraction of its speed.
 */
final class ChunkedEncryption {
  static final int KEY_SIZE = 32;
  static final int SALT_SIZE = 24;
  private static final int NONCE_SIZE = 12;
  private static final int COMMITMENT_SIZE = 32;
  private static final int TAG_SIZE = 16;
  private static final int CHUNK = 16 * 1024;
  private static final int SEALED_CHUNK = CHUNK + TAG_SIZE;
  private static final int PREFIX = SALT_SIZE + COMMITMENT_SIZE;

  /** What sealing adds to a message shorter than one chunk. */
  static final int OVERHEAD = PREFIX + TAG_SIZE;

  private static final byte[] LABEL =
      "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0".getBytes(StandardCharsets.US_ASCII);

  private ChunkedEncryption() {}

  /**
   * Seals into {@code out} from {@code offset}; {@code out} must hold exactly {@link #sealedSize}
   * bytes from there.
   */
  static void seal(
      byte[] inputKey, byte[] salt, byte[] context, byte[] plaintext, byte[] out, int offset) {
    Derived keys = Derived.of(inputKey, salt, context);
    try {
      System.arraycopy(salt, 0, out, offset, SALT_SIZE);
      System.arraycopy(keys.commitment, 0, out, offset + SALT_SIZE, COMMITMENT_SIZE);
      int to = offset + PREFIX;
      Cipher cipher = cipher();
      SecretKeySpec key = new SecretKeySpec(keys.key, "AES");
      int chunks = plaintext.length / CHUNK + 1;
      for (int i = 0; i < chunks; i++) {
        int from = i * CHUNK;
        int length = Math.min(CHUNK, plaintext.length - from);
        cipher.init(Cipher.ENCRYPT_MODE, key, nonce(keys.baseNonce, i));
        to += cipher.doFinal(plaintext, from, length, out, to);
      }
    } catch (GeneralSecurityException e) {
      throw new HipaaBugException("AES-GCM refused to encrypt", e);
    } finally {
      keys.wipe();
    }
  }

  /** Opens what stands in {@code in} from {@code offset} to its end. */
  static byte[] open(byte[] inputKey, byte[] context, byte[] in, int offset) {
    int sealed = in.length - offset - PREFIX;
    if (sealed < TAG_SIZE) {
      throw malformed();
    }
    int full = sealed / SEALED_CHUNK;
    int last = sealed % SEALED_CHUNK;
    if (last < TAG_SIZE) {
      throw malformed();
    }
    byte[] salt = Arrays.copyOfRange(in, offset, offset + SALT_SIZE);
    Derived keys = Derived.of(inputKey, salt, context);
    byte[] plaintext = new byte[full * CHUNK + last - TAG_SIZE];
    try {
      byte[] commitment = Arrays.copyOfRange(in, offset + SALT_SIZE, offset + PREFIX);
      if (!MessageDigest.isEqual(keys.commitment, commitment)) {
        throw new EnvelopeNotOpenedException(
            Reason.WRONG_CONTEXT_OR_DAMAGED,
            "the envelope was sealed with another key or for another place, or was altered");
      }
      Cipher cipher = cipher();
      SecretKeySpec key = new SecretKeySpec(keys.key, "AES");
      for (int i = 0; i <= full; i++) {
        int from = offset + PREFIX + i * SEALED_CHUNK;
        int length = i < full ? SEALED_CHUNK : last;
        cipher.init(Cipher.DECRYPT_MODE, key, nonce(keys.baseNonce, i));
        cipher.doFinal(in, from, length, plaintext, i * CHUNK);
      }
      return plaintext;
    } catch (AEADBadTagException e) {
      Arrays.fill(plaintext, (byte) 0);
      throw new EnvelopeNotOpenedException(Reason.DAMAGED, "the envelope was altered");
    } catch (GeneralSecurityException e) {
      throw new HipaaBugException("AES-GCM refused to decrypt", e);
    } finally {
      keys.wipe();
    }
  }

  static int sealedSize(int plaintextSize) {
    long size = (long) PREFIX + plaintextSize + (long) TAG_SIZE * (plaintextSize / CHUNK + 1);
    if (size > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException("a plaintext of " + plaintextSize + " bytes is too large");
    }
    return (int) size;
  }

  private static EnvelopeNotOpenedException malformed() {
    return new EnvelopeNotOpenedException(
        Reason.MALFORMED, "the envelope was cut short or is no envelope");
  }

  private static Cipher cipher() throws GeneralSecurityException {
    return Cipher.getInstance("AES/GCM/NoPadding");
  }

  private static GCMParameterSpec nonce(byte[] base, int chunk) {
    byte[] nonce = base.clone();
    for (int i = 0; i < 4; i++) {
      nonce[NONCE_SIZE - 1 - i] ^= (byte) (chunk >>> (8 * i));
    }
    return new GCMParameterSpec(8 * TAG_SIZE, nonce);
  }

  /** Key, base nonce and commitment of one message. */
  private static final class Derived {
    private final byte[] key;
    private final byte[] baseNonce;
    private final byte[] commitment;

    private Derived(byte[] okm) {
      key = Arrays.copyOfRange(okm, 0, KEY_SIZE);
      baseNonce = Arrays.copyOfRange(okm, KEY_SIZE, KEY_SIZE + NONCE_SIZE);
      commitment = Arrays.copyOfRange(okm, KEY_SIZE + NONCE_SIZE, okm.length);
      Arrays.fill(okm, (byte) 0);
    }

    static Derived of(byte[] inputKey, byte[] salt, byte[] context) {
      if (inputKey.length != KEY_SIZE) {
        throw new IllegalArgumentException("a key has 32 bytes, not " + inputKey.length);
      }
      return new Derived(
          Hkdf.expand(inputKey, KEY_SIZE + NONCE_SIZE + COMMITMENT_SIZE, LABEL, salt, context));
    }

    void wipe() {
      Arrays.fill(key, (byte) 0);
    }
  }
}
