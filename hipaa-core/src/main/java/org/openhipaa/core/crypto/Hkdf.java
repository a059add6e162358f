package org.openhipaa.core.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openhipaa.core.HipaaBugException;

/** HKDF-Expand with SHA-512 (RFC 5869 section 2.3) and HMAC-SHA-256, out of the JDK's HMAC. */
final class Hkdf {
  private static final int BLOCK = 64;
  private static final int MAX_LENGTH = 255 * BLOCK;

  private Hkdf() {}

  /** Expands a uniformly random key; {@code info} is the concatenation of the given parts. */
  static byte[] expand(byte[] key, int length, byte[]... info) {
    if (length > MAX_LENGTH) {
      throw new IllegalArgumentException("HKDF gives at most " + MAX_LENGTH + " bytes");
    }
    Mac mac = mac("HmacSHA512", key);
    byte[] out = new byte[length];
    byte[] block = new byte[0];
    for (int i = 0; i * BLOCK < length; i++) {
      mac.update(block);
      for (byte[] part : info) {
        mac.update(part);
      }
      mac.update((byte) (i + 1));
      block = mac.doFinal();
      System.arraycopy(block, 0, out, i * BLOCK, Math.min(BLOCK, length - i * BLOCK));
    }
    Arrays.fill(block, (byte) 0);
    return out;
  }

  static byte[] hmacSha256(byte[] key, byte[] message) {
    return mac("HmacSHA256", key).doFinal(message);
  }

  private static Mac mac(String algorithm, byte[] key) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new HipaaBugException("every JDK has " + algorithm, e);
    }
  }
}
