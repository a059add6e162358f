package org.openhipaa.backup.repository;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.chunk.ChunkRef;
import org.openhipaa.backup.chunk.ChunkVault;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;
import org.openhipaa.backup.store.BlobStore;

/**
 * Stores each chunk once. A chunk that earlier snapshots list must be there in the size they list;
 * one that an interrupted backup left must open; anything else is damage and ends the backup. Not
 * thread-safe.
 */
final class ChunkWriter {
  private final BlobStore store;
  private final ChunkVault vault;
  private final Map<ChunkId, ChunkRef> known;
  private final Map<ChunkId, ChunkRef> stored = new HashMap<>();
  private final Map<ChunkId, ChunkRef> needed = new HashMap<>();
  private long written;
  private long bytesWritten;

  ChunkWriter(BlobStore store, ChunkVault vault, Map<ChunkId, ChunkRef> known) {
    this.store = store;
    this.vault = vault;
    this.known = known;
  }

  ChunkId put(byte[] content) {
    ChunkId id = vault.idOf(content);
    if (!stored.containsKey(id)) {
      ChunkRef before = known.get(id);
      stored.put(id, before == null ? store(id, content) : present(before));
    }
    return id;
  }

  /**
   * Says that the snapshot refers to these chunks; those of a file that was read in vain it does
   * not.
   */
  void need(List<ChunkId> ids) {
    for (ChunkId id : ids) {
      needed.put(id, Objects.requireNonNull(stored.get(id)));
    }
  }

  List<ChunkRef> needed() {
    return new ArrayList<>(needed.values());
  }

  long written() {
    return written;
  }

  long bytesWritten() {
    return bytesWritten;
  }

  long reused() {
    return stored.size() - written;
  }

  private ChunkRef store(ChunkId id, byte[] content) {
    byte[] sealed = vault.seal(id, content);
    if (store.create(id.object(), sealed)) {
      written++;
      bytesWritten += sealed.length;
      return new ChunkRef(id, sealed.length, Digests.sha256(sealed));
    }
    // An interrupted backup left it, or another one is storing it now.
    byte[] there = vault.readSealed(id);
    vault.open(id, there);
    return new ChunkRef(id, there.length, Digests.sha256(there));
  }

  private ChunkRef present(ChunkRef ref) {
    String object = ref.id().object();
    OptionalLong size = store.size(object);
    if (size.isEmpty()) {
      throw new ObjectRejectedException(
          object, Problem.MISSING, "a chunk of earlier snapshots is missing");
    }
    if (size.getAsLong() != ref.sealedSize()) {
      throw new ObjectRejectedException(
          object, Problem.ALTERED, "a chunk of earlier snapshots has another size");
    }
    return ref;
  }
}
