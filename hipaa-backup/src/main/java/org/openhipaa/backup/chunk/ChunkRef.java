package org.openhipaa.backup.chunk;

import java.util.Arrays;

/**
 * A chunk as a manifest lists it: which one, and the size and SHA-256 of its sealed bytes, which
 * anybody can check without a key. Immutable and thread-safe.
 */
public final class ChunkRef {
  private final ChunkId id;
  private final int sealedSize;
  private final byte[] sealedDigest;

  /**
   * Names a chunk.
   *
   * @param id which one
   * @param sealedSize the size of its object, in bytes
   * @param sealedDigest SHA-256 of its object, 32 bytes
   */
  public ChunkRef(ChunkId id, int sealedSize, byte[] sealedDigest) {
    this.id = id;
    this.sealedSize = sealedSize;
    this.sealedDigest = sealedDigest.clone();
  }

  /**
   * Which chunk.
   *
   * @return its id
   */
  public ChunkId id() {
    return id;
  }

  /**
   * The size of its object.
   *
   * @return bytes
   */
  public int sealedSize() {
    return sealedSize;
  }

  /**
   * The SHA-256 of its object.
   *
   * @return a copy, 32 bytes
   */
  public byte[] sealedDigest() {
    return sealedDigest.clone();
  }

  /**
   * Compares with an object as it was found.
   *
   * @param size its size
   * @param digest its SHA-256
   * @return true if this is the object that the manifest lists
   */
  public boolean isOf(long size, byte[] digest) {
    return size == sealedSize && Arrays.equals(digest, sealedDigest);
  }
}
