package org.openhipaa.backup.verify;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.chunk.ChunkRef;
import org.openhipaa.backup.chunk.ChunkVault;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;
import org.openhipaa.backup.store.BlobStore;

/** A chunk as it was found: the digests of its object and of its content, or why it is not good. */
final class ScannedChunk {
  private final int sealedSize;
  private final byte @Nullable [] sealedDigest;
  private final int size;
  private final byte @Nullable [] digest;
  private final @Nullable Problem problem;
  private final String message;
  private boolean referenced;

  private ScannedChunk(
      int sealedSize,
      byte @Nullable [] sealedDigest,
      int size,
      byte @Nullable [] digest,
      @Nullable Problem problem,
      String message) {
    this.sealedSize = sealedSize;
    this.sealedDigest = sealedDigest;
    this.size = size;
    this.digest = digest;
    this.problem = problem;
    this.message = message;
  }

  /** Reads a chunk, and opens it if there is a vault. Rejections are kept, not thrown. */
  static ScannedChunk scan(BlobStore store, @Nullable ChunkVault vault, ChunkId id) {
    byte[] sealed;
    try {
      sealed = ChunkVault.readSealed(store, id);
    } catch (ObjectRejectedException e) {
      return new ScannedChunk(0, null, 0, null, e.problem(), e.getMessage());
    }
    byte[] sealedDigest = Digests.sha256(sealed);
    if (vault == null) {
      return new ScannedChunk(sealed.length, sealedDigest, 0, null, null, "");
    }
    try {
      byte[] content = vault.open(id, sealed);
      return new ScannedChunk(
          sealed.length, sealedDigest, content.length, Digests.sha256(content), null, "");
    } catch (ObjectRejectedException e) {
      return new ScannedChunk(sealed.length, sealedDigest, 0, null, e.problem(), e.getMessage());
    }
  }

  /** What is wrong with it in the eyes of a manifest, or null. */
  @Nullable
  Rejection rejectedBy(ChunkRef ref) {
    if (sealedDigest == null) {
      return new Rejection(problem == null ? Problem.ALTERED : problem, message);
    }
    if (!ref.isOf(sealedSize, sealedDigest)) {
      return new Rejection(Problem.ALTERED, "its bytes are not those that were backed up");
    }
    return problem == null ? null : new Rejection(problem, message);
  }

  /** What is wrong with it where no manifest says what it should be, or null. */
  @Nullable
  Rejection rejectedAlone() {
    return problem == null
        ? null
        : new Rejection(
            problem == Problem.UNREADABLE ? Problem.UNREADABLE : Problem.ALTERED,
            "no snapshot refers to it, and " + message);
  }

  /** Why a chunk is not good. */
  record Rejection(Problem problem, String message) {}

  int sealedSize() {
    return sealedSize;
  }

  /** Whether this is exactly the content of a file that has only this chunk. */
  boolean holds(long fileSize, byte[] fileDigest) {
    return size == fileSize && digest != null && Arrays.equals(digest, fileDigest);
  }

  boolean isReferenced() {
    return referenced;
  }

  void refer() {
    referenced = true;
  }
}
