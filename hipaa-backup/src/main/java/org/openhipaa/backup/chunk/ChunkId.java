package org.openhipaa.backup.chunk;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a chunk: a digest of its content under a key, so that equal chunks are stored once
 * and nobody without the key can confirm that a file is in the repository. Immutable and
 * thread-safe.
 */
public final class ChunkId implements Comparable<ChunkId> {
  /** The size of an id, in bytes. */
  public static final int SIZE = 32;

  private static final String FOLDER = "chunks/";
  private static final Pattern OBJECT = Pattern.compile("chunks/([0-9a-f]{2})/([0-9a-f]{64})");

  private final byte[] value;

  private ChunkId(byte[] value) {
    this.value = value;
  }

  /**
   * Takes the bytes of an id.
   *
   * @param value 32 bytes
   * @return the id
   */
  public static ChunkId of(byte[] value) {
    if (value.length != SIZE) {
      throw new IllegalArgumentException("a chunk id has 32 bytes, not " + value.length);
    }
    return new ChunkId(value.clone());
  }

  /**
   * Recognises a chunk by the name of its object.
   *
   * @param object any object's name
   * @return the id, or empty if no chunk may have this name
   */
  public static Optional<ChunkId> find(String object) {
    var matcher = OBJECT.matcher(object);
    if (!matcher.matches() || !matcher.group(2).startsWith(matcher.group(1))) {
      return Optional.empty();
    }
    return Optional.of(new ChunkId(HexFormat.of().parseHex(matcher.group(2))));
  }

  /**
   * The name of the chunk's object in the store.
   *
   * @return for instance {@code chunks/3f/3f02…}
   */
  public String object() {
    String hex = toString();
    return FOLDER + hex.substring(0, 2) + "/" + hex;
  }

  /**
   * The bytes of the id.
   *
   * @return a copy, 32 bytes
   */
  public byte[] toBytes() {
    return value.clone();
  }

  @Override
  public int compareTo(ChunkId other) {
    return Arrays.compareUnsigned(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChunkId that && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  /** Prints 64 lower-case hexadecimal digits; the id is not secret. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(value);
  }
}
