package org.openhipaa.backup.source;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where an entry stands in its source: names divided by {@code /}, relative, never leading out.
 * File names may say something about people, so it is no Java record, prints nothing, and is
 * revealed by one searchable name.
 *
 * <p>Paths are ordered as a walk meets them that visits folders before their content and siblings
 * by the bytes of their names in UTF-8. Immutable and thread-safe.
 */
public final class EntryPath implements Comparable<EntryPath> {
  /** The most bytes that a path has in UTF-8. */
  public static final int MAX_SIZE = 32 * 1024;

  /** The source itself. */
  public static final EntryPath ROOT = new EntryPath("", new byte[0]);

  private static final char SEPARATOR = '/';

  private final String value;
  private final byte[] encoded;

  private EntryPath(String value, byte[] encoded) {
    this.value = value;
    this.encoded = encoded;
  }

  /**
   * Makes a path.
   *
   * @param value names divided by {@code /}, or the empty string for the source itself; no name may
   *     be empty, {@code .} or {@code ..} or hold NUL
   * @return the path
   * @throws IllegalArgumentException if the value has another form; the message does not repeat it
   */
  public static EntryPath of(String value) {
    if (value.isEmpty()) {
      return ROOT;
    }
    for (String name : value.split("/", -1)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
        throw new IllegalArgumentException(
            "a path is relative and its names are not empty, '.' or '..' and hold no NUL");
      }
    }
    byte[] encoded = encode(value);
    if (encoded.length > MAX_SIZE) {
      throw new IllegalArgumentException("a path has at most " + MAX_SIZE + " bytes in UTF-8");
    }
    return new EntryPath(value, encoded);
  }

  /**
   * The path of something in this folder.
   *
   * @param name its name, without {@code /}
   * @return the path
   * @throws IllegalArgumentException if that is no name
   */
  public EntryPath child(String name) {
    if (name.indexOf(SEPARATOR) >= 0 || name.isEmpty()) {
      throw new IllegalArgumentException("a name is not empty and holds no '/'");
    }
    return of(isRoot() ? name : value + SEPARATOR + name);
  }

  /**
   * The folder that this stands in.
   *
   * @return its path, or empty for the source itself
   */
  public Optional<EntryPath> parent() {
    if (isRoot()) {
      return Optional.empty();
    }
    return Optional.of(of(value.substring(0, Math.max(0, value.lastIndexOf(SEPARATOR)))));
  }

  /**
   * Tells whether this is the source itself.
   *
   * @return true for {@link #ROOT}
   */
  public boolean isRoot() {
    return value.isEmpty();
  }

  /**
   * Reveals the path. It may say something about people: never log it.
   *
   * @return names divided by {@code /}; empty for the source itself
   */
  public String reveal() {
    return value;
  }

  @Override
  public int compareTo(EntryPath other) {
    int common = Arrays.mismatch(encoded, other.encoded);
    if (common < 0) {
      return 0;
    }
    if (common == encoded.length || common == other.encoded.length) {
      return encoded.length - other.encoded.length;
    }
    return rank(encoded[common]) - rank(other.encoded[common]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EntryPath that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /** Says only that this is a path, never which. */
  @Override
  public String toString() {
    return "EntryPath(hidden)";
  }

  /** The separator sorts before everything, so that a folder's content follows it at once. */
  private static int rank(byte b) {
    return b == SEPARATOR ? 0 : Byte.toUnsignedInt(b);
  }

  private static byte[] encode(String value) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
      byte[] encoded = new byte[bytes.remaining()];
      bytes.get(encoded);
      return encoded;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a path must be well-formed Unicode");
    }
  }
}
