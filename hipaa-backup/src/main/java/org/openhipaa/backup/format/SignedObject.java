package org.openhipaa.backup.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;
import org.openhipaa.core.crypto.SigningKey;
import org.openhipaa.core.crypto.VerifyingKey;
import org.openhipaa.core.internal.CanonicalWriter;

/**
 * The frame around config, head and manifests: {@code OHBACKUP}, kind, version, body, and an
 * Ed25519 signature (RFC 8032) over everything before it. This frame stays the same in every
 * version, so that a newer version can be told from damage.
 */
final class SignedObject {
  /** What the object is; signed, so that one kind never stands for another. */
  enum Kind {
    CONFIG(1),
    HEAD(2),
    SNAPSHOT(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  static final int VERSION = 1;
  private static final byte[] MAGIC = "OHBACKUP".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = MAGIC.length + 2;
  private static final int SIGNATURE = 64;

  /** What the frame adds to a body, in bytes. */
  static final int OVERHEAD = HEADER + SIGNATURE;

  private SignedObject() {}

  static byte[] sign(Kind kind, byte[] body, SigningKey key) {
    byte[] message =
        new CanonicalWriter().raw(MAGIC).u8(kind.code).u8(VERSION).raw(body).toBytes();
    return new CanonicalWriter().raw(message).raw(key.sign(message)).toBytes();
  }

  /** Checks frame and signature and returns the body. */
  static ByteBuffer open(String object, Kind kind, byte[] bytes, VerifyingKey key) {
    if (bytes.length < OVERHEAD) {
      throw altered(object, "it is cut short");
    }
    int end = bytes.length - SIGNATURE;
    if (!key.verify(Arrays.copyOf(bytes, end), Arrays.copyOfRange(bytes, end, bytes.length))) {
      throw altered(object, "its signature does not verify");
    }
    if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw altered(object, "it is no object of a backup repository");
    }
    if (bytes[MAGIC.length] != kind.code) {
      throw altered(object, "it is another kind of object");
    }
    int version = Byte.toUnsignedInt(bytes[MAGIC.length + 1]);
    if (version > VERSION) {
      throw new ObjectRejectedException(
          object,
          Problem.NEWER_VERSION,
          "format version " + version + " is not known here (known: 1); use a newer release");
    }
    if (version < VERSION) {
      throw altered(object, "format version 0 was never written");
    }
    return unprovenBody(bytes);
  }

  /** The body, checked by nobody. */
  static ByteBuffer unprovenBody(byte[] bytes) {
    return ByteBuffer.wrap(bytes, HEADER, bytes.length - OVERHEAD);
  }

  static ObjectRejectedException altered(String object, String message) {
    return new ObjectRejectedException(object, Problem.ALTERED, message);
  }
}
