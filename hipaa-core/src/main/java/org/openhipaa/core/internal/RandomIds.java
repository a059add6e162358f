package org.openhipaa.core.internal;

import java.security.SecureRandom;
import java.util.UUID;

/** Makes random ids. */
public final class RandomIds {
  private RandomIds() {}

  /**
   * Makes a random UUID (RFC 9562 section 5.4).
   *
   * @param random the source of its 122 random bits
   * @return the id
   */
  public static UUID next(SecureRandom random) {
    return new UUID(
        (random.nextLong() & ~0xf000L) | 0x4000L, (random.nextLong() & ~(3L << 62)) | (1L << 63));
  }
}
