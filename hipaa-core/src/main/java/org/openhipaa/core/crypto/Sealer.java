package org.openhipaa.core.crypto;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.openhipaa.core.crypto.EnvelopeNotOpenedException.Reason;
import org.openhipaa.core.internal.CanonicalWriter;

/**
 * Seals values with one key, and opens them again in the place they were sealed for (45 CFR
 * 164.312(a)(2)(iv), (c)). The key, the algorithm and the nonce are chosen by the library.
 *
 * <p>Format: {@code docs/formats/envelope-v1.md}. A sealed value is {@link #OVERHEAD} bytes longer
 * than its plaintext, plus 16 bytes for every full 16 KiB. Thread-safe. After its {@link Keyring}
 * is closed every call throws {@link IllegalStateException}.
 */
public final class Sealer {
  /** What sealing adds to a plaintext shorter than 16 KiB, in bytes. */
  public static final int OVERHEAD = Header.SIZE + ChunkedEncryption.OVERHEAD;

  private final KeyHandle key;
  private final SecureRandom random;

  Sealer(KeyHandle key, SecureRandom random) {
    this.key = key;
    this.random = random;
  }

  /**
   * Seals a value.
   *
   * @param plaintext the value; not altered, not kept
   * @param context the place that it belongs to
   * @return the envelope
   */
  public byte[] seal(byte[] plaintext, SealContext context) {
    byte[] header = Header.encode(key);
    byte[] out =
        Arrays.copyOf(header, Header.SIZE + ChunkedEncryption.sealedSize(plaintext.length));
    byte[] salt = new byte[ChunkedEncryption.SALT_SIZE];
    random.nextBytes(salt);
    byte[] sealing = key.sealingKey(context.purpose());
    try {
      ChunkedEncryption.seal(sealing, salt, bind(header, context), plaintext, out, Header.SIZE);
    } finally {
      Arrays.fill(sealing, (byte) 0);
    }
    return out;
  }

  /**
   * Opens an envelope.
   *
   * @param envelope what {@link #seal} returned
   * @param context the place it is found in
   * @return the value, in an array that the caller may wipe
   * @throws EnvelopeNotOpenedException if it was altered, belongs elsewhere, was sealed with
   *     another key, or is of a version or suite unknown here; nothing of the plaintext is then
   *     returned
   */
  public byte[] open(byte[] envelope, SealContext context) {
    byte[] header = Header.check(envelope, key);
    byte[] sealing = key.sealingKey(context.purpose());
    try {
      return ChunkedEncryption.open(sealing, bind(header, context), envelope, Header.SIZE);
    } finally {
      Arrays.fill(sealing, (byte) 0);
    }
  }

  /**
   * Authenticates bytes without hiding them: HMAC-SHA-256 (RFC 2104) under a key derived for this
   * use only.
   *
   * @param use what the bytes are; one label never serves two formats
   * @param message the bytes
   * @return 32 bytes
   */
  public byte[] mac(String use, byte[] message) {
    byte[] mac = key.derive("mac/" + use);
    try {
      return Hkdf.hmacSha256(mac, message);
    } finally {
      Arrays.fill(mac, (byte) 0);
    }
  }

  /** Header and context, so that the header is authenticated too. */
  private static byte[] bind(byte[] header, SealContext context) {
    return new CanonicalWriter().bytes(header).bytes(context.encoding()).toBytes();
  }

  /** The first 22 bytes: version, suite, key id, key version. */
  private static final class Header {
    private static final int VERSION = 1;
    private static final int SUITE_C2SP_CHUNKED_AES256GCM_SHA512 = 1;
    private static final int SIZE = 2 + KeyHandle.ID_SIZE + 4;

    private Header() {}

    static byte[] encode(KeyHandle key) {
      return new CanonicalWriter()
          .u8(VERSION)
          .u8(SUITE_C2SP_CHUNKED_AES256GCM_SHA512)
          .raw(key.id())
          .u32(key.version())
          .toBytes();
    }

    static byte[] check(byte[] envelope, KeyHandle key) {
      if (envelope.length < SIZE + ChunkedEncryption.OVERHEAD) {
        throw new EnvelopeNotOpenedException(
            Reason.MALFORMED,
            "an envelope has at least " + OVERHEAD + " bytes, this one " + envelope.length);
      }
      int version = Byte.toUnsignedInt(envelope[0]);
      if (version != VERSION) {
        throw new EnvelopeNotOpenedException(
            Reason.UNKNOWN_VERSION,
            "envelope version " + version + " is not known here (known: 1); use a newer release");
      }
      int suite = Byte.toUnsignedInt(envelope[1]);
      if (suite != SUITE_C2SP_CHUNKED_AES256GCM_SHA512) {
        throw new EnvelopeNotOpenedException(
            Reason.UNKNOWN_SUITE,
            "envelope suite " + suite + " is not known here (known: 1); use a newer release");
      }
      byte[] header = Arrays.copyOf(envelope, SIZE);
      byte[] id = Arrays.copyOfRange(header, 2, 2 + KeyHandle.ID_SIZE);
      int keyVersion = ByteBuffer.wrap(header).getInt(2 + KeyHandle.ID_SIZE);
      if (!Arrays.equals(id, key.id()) || keyVersion != key.version()) {
        throw new EnvelopeNotOpenedException(
            Reason.WRONG_KEY,
            "the envelope names key "
                + HexFormat.of().formatHex(id)
                + " version "
                + Integer.toUnsignedString(keyVersion)
                + ", but this is key "
                + HexFormat.of().formatHex(key.id())
                + " version "
                + Integer.toUnsignedString(key.version()));
      }
      return header;
    }
  }
}
