package org.openhipaa.core.internal;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/** What tests do to bytes. */
public final class Bits {
  private Bits() {}

  public static byte[] flip(byte[] bytes, int bit) {
    byte[] changed = bytes.clone();
    changed[bit / 8] ^= (byte) (1 << (bit % 8));
    return changed;
  }

  public static byte[] xor(byte[] bytes, int index, int mask) {
    byte[] changed = bytes.clone();
    changed[index] ^= (byte) mask;
    return changed;
  }

  public static byte[] cut(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }

  public static byte[] concat(byte[]... parts) {
    CanonicalWriter out = new CanonicalWriter();
    for (byte[] part : parts) {
      out.raw(part);
    }
    return out.toBytes();
  }

  public static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replaceAll("\\s", ""));
  }

  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** Gives 00, 01, 02 … so that everything made with it can be printed and made again. */
  public static SecureRandom counting() {
    return new CountingRandom();
  }

  private static final class CountingRandom extends SecureRandom {
    private int next;

    @Override
    public synchronized void nextBytes(byte[] bytes) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) next++;
      }
    }
  }
}
