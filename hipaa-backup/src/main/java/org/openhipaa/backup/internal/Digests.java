package org.openhipaa.backup.internal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.openhipaa.core.HipaaBugException;

/** SHA-256 (FIPS 180-4) without the checked exception. */
public final class Digests {
  /** The size of a digest, in bytes. */
  public static final int SIZE = 32;

  private Digests() {}

  /**
   * Starts a digest.
   *
   * @return SHA-256
   */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new HipaaBugException("every JDK has SHA-256", e);
    }
  }

  /**
   * Digests bytes.
   *
   * @param bytes the bytes
   * @return 32 bytes
   */
  public static byte[] sha256(byte[] bytes) {
    return sha256().digest(bytes);
  }
}
