package org.openhipaa.audit.tree;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A SHA-256 value of a Merkle tree: a leaf, an inner node or a root (RFC 9162 section 2.1.1). Immutable and thread-safe.
 */
public final class TreeHash {
  /** The size of a hash, in bytes. */
  public static final int SIZE = 32;

  private static final TreeHash EMPTY = new TreeHasher().empty();

  private final byte[] bytes;

  private TreeHash(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Takes a copy of a hash.
   *
   * @param bytes 32 bytes
   * @return the hash
   * @throws IllegalArgumentException if there are more or fewer bytes
   */
  public static TreeHash of(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new IllegalArgumentException("a tree hash has 32 bytes, not " + bytes.length);
    }
    return new TreeHash(bytes.clone());
  }

  /**
   * Reads a hash in print.
   *
   * @param hex 64 hexadecimal digits
   * @return the hash
   * @throws IllegalArgumentException if the text has another form
   */
  public static TreeHash ofHex(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /**
   * The root of a tree without leaves: SHA-256 of nothing.
   *
   * @return the hash
   */
  public static TreeHash empty() {
    return EMPTY;
  }

  /**
   * The leaf hash of an entry: SHA-256 of a zero byte and the entry.
   *
   * @param entry the entry's bytes
   * @return the hash
   */
  public static TreeHash leaf(byte[] entry) {
    return new TreeHasher().leaf(entry, 0, entry.length);
  }

  /** Takes the array itself, for callers in this package that give it away. */
  static TreeHash wrap(byte[] bytes) {
    return new TreeHash(bytes);
  }

  /** The array itself, for readers in this package that do not keep it. */
  byte[] raw() {
    return bytes;
  }

  /**
   * The hash.
   *
   * @return a copy of 32 bytes
   */
  public byte[] bytes() {
    return bytes.clone();
  }

  /**
   * The hash in print.
   *
   * @return 64 lower-case hexadecimal digits
   */
  public String toHex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TreeHash that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return toHex();
  }
}
