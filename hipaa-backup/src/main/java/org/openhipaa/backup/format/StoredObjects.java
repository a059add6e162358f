package org.openhipaa.backup.format;

import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;
import org.openhipaa.backup.store.BlobStore;
import org.openhipaa.backup.store.StoreFailedException;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.SigningKey;

/** Reads the objects of a repository from a store, never more of one than it may have. */
public final class StoredObjects {
  private static final String SIGNING_USE = "backup-manifest";

  private StoredObjects() {}

  /**
   * The key that signs config, head and manifests.
   *
   * @param keyring the tenant's keys
   * @return the key
   */
  public static SigningKey signingKey(Keyring keyring) {
    return keyring.signingKey(SIGNING_USE);
  }

  /**
   * Reads the object {@code config}.
   *
   * @param store where it is
   * @return its bytes
   * @throws ObjectRejectedException if it is missing, unreadable or too large
   */
  public static byte[] config(BlobStore store) {
    return read(store, RepositoryConfig.OBJECT, RepositoryConfig.maxSize());
  }

  /**
   * Reads the object {@code head}.
   *
   * @param store where it is
   * @return its bytes
   * @throws ObjectRejectedException if it is missing, unreadable or too large
   */
  public static byte[] head(BlobStore store) {
    return read(store, Head.OBJECT, Head.maxSize());
  }

  /**
   * Reads the object of a snapshot.
   *
   * @param store where it is
   * @param sequence the snapshot's number
   * @return its bytes
   * @throws ObjectRejectedException if it is missing, unreadable or too large
   */
  public static byte[] manifest(BlobStore store, long sequence) {
    return read(store, Manifest.object(sequence), Manifest.MAX_SIZE);
  }

  /**
   * Tells a repository, however damaged, from an empty or wrong place.
   *
   * @param store where to look
   * @return true if anything there is named like an object of a repository
   * @throws StoreFailedException if the store cannot be listed
   */
  public static boolean hasAny(BlobStore store) {
    boolean[] found = new boolean[1];
    store.list(blob -> found[0] |= isObject(blob.name()));
    return found[0];
  }

  private static boolean isObject(String name) {
    return name.equals(RepositoryConfig.OBJECT)
        || name.equals(Head.OBJECT)
        || Manifest.find(name).isPresent()
        || ChunkId.find(name).isPresent();
  }

  private static byte[] read(BlobStore store, String object, int maxSize) {
    byte[] bytes;
    try {
      bytes = store
          .read(object, maxSize + 1)
          .orElseThrow(() -> new ObjectRejectedException(object, Problem.MISSING, "it is missing"));
    } catch (StoreFailedException e) {
      throw new ObjectRejectedException(object, Problem.UNREADABLE, "the store cannot read it", e);
    }
    if (bytes.length > maxSize) {
      throw new ObjectRejectedException(
          object, Problem.ALTERED, "it is larger than such an object can be");
    }
    return bytes;
  }
}
