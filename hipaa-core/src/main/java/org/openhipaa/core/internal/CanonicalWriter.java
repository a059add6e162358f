package org.openhipaa.core.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes the one canonical encoding that all openhipaa formats share: big-endian integers, and byte
 * strings and UTF-8 texts behind a 32-bit length. Equal values have equal bytes and no two
 * different lists of values have the same bytes. Not thread-safe.
 */
public final class CanonicalWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);

  /** Starts empty. */
  public CanonicalWriter() {}

  /**
   * Writes bytes without a length.
   *
   * @param bytes the bytes
   * @return this
   */
  public CanonicalWriter raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /**
   * Writes one byte.
   *
   * @param value 0 to 255
   * @return this
   */
  public CanonicalWriter u8(int value) {
    out.write(value);
    return this;
  }

  /**
   * Writes two bytes.
   *
   * @param value 0 to 65,535
   * @return this
   */
  public CanonicalWriter u16(int value) {
    out.write(value >>> 8);
    out.write(value);
    return this;
  }

  /**
   * Writes four bytes.
   *
   * @param value the integer
   * @return this
   */
  public CanonicalWriter u32(int value) {
    return u16(value >>> 16).u16(value);
  }

  /**
   * Writes eight bytes.
   *
   * @param value the integer
   * @return this
   */
  public CanonicalWriter u64(long value) {
    return u32((int) (value >>> 32)).u32((int) value);
  }

  /**
   * Writes a byte string behind its length.
   *
   * @param value the bytes
   * @return this
   */
  public CanonicalWriter bytes(byte[] value) {
    return u32(value.length).raw(value);
  }

  /**
   * Writes a text in UTF-8 behind its length in bytes.
   *
   * @param value the text
   * @return this
   * @throws IllegalArgumentException if the text holds half a surrogate pair
   */
  public CanonicalWriter text(String value) {
    return bytes(utf8(value));
  }

  /**
   * The UTF-8 form of a text. Half a surrogate pair has none: {@link String#getBytes} would write a
   * question mark, and two different texts would have the same bytes.
   *
   * @param value the text
   * @return its bytes
   * @throws IllegalArgumentException if the text holds half a surrogate pair; the message does not
   *     repeat it
   */
  public static byte[] utf8(String value) {
    if (!isWellFormed(value)) {
      throw new IllegalArgumentException("a text holds half a surrogate pair");
    }
    return value.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Tells whether a text has a UTF-8 form.
   *
   * @param value the text
   * @return false if it holds half a surrogate pair
   */
  public static boolean isWellFormed(String value) {
    return value
        .codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  /**
   * How much was written.
   *
   * @return the number of bytes
   */
  public int size() {
    return out.size();
  }

  /**
   * The encoding so far.
   *
   * @return a copy
   */
  public byte[] toBytes() {
    return out.toByteArray();
  }
}
