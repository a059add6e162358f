package org.openhipaa.core.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link CanonicalWriter} wrote, and nothing else: every deviation is a {@link
 * MalformedException}, never a crash and never an allocation beyond what the input holds. Not
 * thread-safe.
 */
public final class CanonicalReader {
  private final ByteBuffer in;

  /**
   * Reads from a whole array.
   *
   * @param bytes the encoding
   */
  public CanonicalReader(byte[] bytes) {
    this(ByteBuffer.wrap(bytes));
  }

  /**
   * Reads from a buffer's position to its limit.
   *
   * @param buffer the encoding; its position moves along
   */
  public CanonicalReader(ByteBuffer buffer) {
    this.in = buffer;
  }

  /**
   * How far the reader is.
   *
   * @return the offset of the next byte in the underlying buffer
   */
  public int position() {
    return in.position();
  }

  /**
   * How much is left.
   *
   * @return bytes
   */
  public int remaining() {
    return in.remaining();
  }

  /**
   * Reads bytes without a length.
   *
   * @param length how many
   * @return a copy
   */
  public byte[] raw(int length) {
    if (length < 0 || length > in.remaining()) {
      throw new MalformedException("needs "
          + Integer.toUnsignedString(length)
          + " bytes at offset "
          + in.position()
          + " but only "
          + in.remaining()
          + " are left");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  /**
   * Reads one byte.
   *
   * @return 0 to 255
   */
  public int u8() {
    need(1);
    return Byte.toUnsignedInt(in.get());
  }

  /**
   * Reads two bytes.
   *
   * @return 0 to 65,535
   */
  public int u16() {
    need(2);
    return Short.toUnsignedInt(in.getShort());
  }

  /**
   * Reads four bytes.
   *
   * @return the integer
   */
  public int u32() {
    need(4);
    return in.getInt();
  }

  /**
   * Reads eight bytes.
   *
   * @return the integer
   */
  public long u64() {
    need(8);
    return in.getLong();
  }

  /**
   * Reads a byte string behind its length.
   *
   * @return a copy
   */
  public byte[] bytes() {
    return raw(u32());
  }

  /**
   * Reads a text behind its length; only well-formed UTF-8 is accepted.
   *
   * @return the text
   */
  public String text() {
    int start = in.position();
    byte[] bytes = bytes();
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("text at offset " + start + " is not UTF-8");
    }
  }

  /** Demands that everything was read. */
  public void end() {
    if (in.hasRemaining()) {
      throw new MalformedException(in.remaining() + " bytes too many at offset " + in.position());
    }
  }

  private void need(int length) {
    if (in.remaining() < length) {
      throw new MalformedException("needs "
          + length
          + " bytes at offset "
          + in.position()
          + " but only "
          + in.remaining()
          + " are left");
    }
  }

  /** The input is not a canonical encoding. The message holds offsets only. */
  public static final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param message what is wrong where, without content
     */
    public MalformedException(String message) {
      super(message);
    }
  }
}
