package org.openhipaa.backup.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.format.Head;
import org.openhipaa.backup.format.Manifest;
import org.openhipaa.backup.format.RepositoryConfig;
import org.openhipaa.backup.format.StoredObjects;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.store.BlobStore;
import org.openhipaa.backup.store.StoreFailedException;
import org.openhipaa.backup.store.StoredBlob;

/**
 * Everything in a store at one moment of its head. The head is read before and after listing, and
 * if a backup moved it meanwhile, everything is listed anew: so a backup that runs beside a
 * verification is no false alarm.
 */
final class Listing {
  private static final int ATTEMPTS = 20;

  private final byte @Nullable [] head;
  private final Map<ChunkId, Long> chunks = new HashMap<>();
  private final SortedMap<Long, Long> manifests = new TreeMap<>();
  private final List<String> unexpected = new ArrayList<>();
  private boolean hasConfig;
  private boolean hasHead;

  private Listing(byte @Nullable [] head) {
    this.head = head;
  }

  static Listing of(BlobStore store) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Listing listing = new Listing(head(store));
      store.list(listing::add);
      if (Arrays.equals(listing.head, head(store))) {
        return listing;
      }
    }
    throw new StoreFailedException(
        "the repository changes faster than it can be listed; verify when no backup runs");
  }

  private static byte @Nullable [] head(BlobStore store) {
    try {
      return StoredObjects.head(store);
    } catch (ObjectRejectedException e) {
      return null;
    }
  }

  private void add(StoredBlob blob) {
    Optional<ChunkId> chunk = ChunkId.find(blob.name());
    OptionalLong manifest = Manifest.find(blob.name());
    if (chunk.isPresent()) {
      chunks.put(chunk.get(), blob.size());
    } else if (manifest.isPresent()) {
      manifests.put(manifest.getAsLong(), blob.size());
    } else if (blob.name().equals(RepositoryConfig.OBJECT)) {
      hasConfig = true;
    } else if (blob.name().equals(Head.OBJECT)) {
      hasHead = true;
    } else {
      unexpected.add(blob.name());
    }
  }

  boolean isRepository() {
    return hasConfig || hasHead || !manifests.isEmpty() || !chunks.isEmpty();
  }

  /** The head that everything else was listed with, or null if it could not be read. */
  byte @Nullable [] head() {
    return head;
  }

  /** Size by chunk. */
  Map<ChunkId, Long> chunks() {
    return chunks;
  }

  /** Size by sequence. */
  SortedMap<Long, Long> manifests() {
    return manifests;
  }

  List<String> unexpected() {
    return unexpected;
  }

  long bytes() {
    return chunks.values().stream().mapToLong(size -> Math.max(0, size)).sum();
  }
}
