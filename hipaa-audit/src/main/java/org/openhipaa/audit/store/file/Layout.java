package org.openhipaa.audit.store.file;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.openhipaa.audit.UnknownFormatVersionException;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.internal.CanonicalReader.MalformedException;

/** What the parts of a segment file have in common; see {@code docs/formats/audit-log-v1.md}. */
final class Layout {
  static final int HASH = 32;
  static final int SIGNATURE = 64;

  /** Every part begins at a multiple of this, so a disk sector holds at least this much of any part it touches. */
  static final int ALIGNMENT = 16;

  /** What a disk writes whole or not at all; larger sectors are multiples of it. */
  static final int SECTOR = 512;

  private static final int VERSION = 1;

  /** The version and its complement, so that one altered byte is damage and not a newer version. */
  static final byte[] VERSION_BYTES = {VERSION, (byte) ~VERSION};

  /**
   * Begins what is signed of a frame. No note holds a zero byte, so a signature of a frame is never one of a note, and the
   * other way round.
   */
  private static final byte[] FRAME_DOMAIN =
      "\0openhipaa/audit-log/v1/frame\0".getBytes(StandardCharsets.US_ASCII);

  private Layout() {}

  static int padding(int length) {
    return -length & (ALIGNMENT - 1);
  }

  static void checkVersion(int version, int complement, String what) {
    if ((version ^ complement) != 0xff || version == 0) {
      throw new MalformedException("the format version was altered");
    }
    if (version != VERSION) {
      throw new UnknownFormatVersionException(what, version);
    }
  }

  static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new HipaaBugException("every JDK has SHA-256", e);
    }
  }

  /** What the log's key signs of a frame. */
  static byte[] frameStatement(byte[] header, byte[] root) {
    byte[] statement = new byte[FRAME_DOMAIN.length + header.length + root.length];
    System.arraycopy(FRAME_DOMAIN, 0, statement, 0, FRAME_DOMAIN.length);
    System.arraycopy(header, 0, statement, FRAME_DOMAIN.length, header.length);
    System.arraycopy(root, 0, statement, FRAME_DOMAIN.length + header.length, root.length);
    return statement;
  }

  /** What the next header links to. The root stands for the entries, so none of them is hashed twice. */
  static byte[] frameLink(byte[] header, byte[] root, byte[] signature) {
    return sha256(header, root, signature);
  }
}
