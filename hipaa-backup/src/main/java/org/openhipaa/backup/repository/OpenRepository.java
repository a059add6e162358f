package org.openhipaa.backup.repository;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openhipaa.backup.format.Head;
import org.openhipaa.backup.format.Manifest;
import org.openhipaa.backup.format.RepositoryConfig;
import org.openhipaa.backup.format.StoredObjects;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;
import org.openhipaa.backup.store.BlobStore;
import org.openhipaa.backup.store.StoreFailedException;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.SigningKey;

/**
 * A repository whose config and head were read and believed, as they were at one moment. What it
 * refuses, it refuses with an {@link ObjectRejectedException}.
 */
final class OpenRepository {
  private static final int ATTEMPTS = 10;

  private final BlobStore store;
  private final SigningKey key;
  private final RepositoryConfig config;
  private final Head head;
  private final byte @Nullable [] interrupted;

  private OpenRepository(
      BlobStore store,
      SigningKey key,
      RepositoryConfig config,
      Head head,
      byte @Nullable [] interrupted) {
    this.store = store;
    this.key = key;
    this.config = config;
    this.head = head;
    this.interrupted = interrupted;
  }

  static OpenRepository open(BlobStore store, Keyring keyring) {
    SigningKey key = StoredObjects.signingKey(keyring);
    RepositoryConfig config =
        RepositoryConfig.decode(StoredObjects.config(store), key.verifyingKey());
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      byte[] headBytes = StoredObjects.head(store);
      Head head = Head.decode(headBytes, key.verifyingKey());
      if (!head.repositoryId().equals(config.repositoryId())) {
        throw new ObjectRejectedException(
            Head.OBJECT, Problem.INCONSISTENT, "it belongs to another repository");
      }
      byte[] next = findManifest(store, head.sequence() + 1);
      if (next == null || head.isPending()) {
        return new OpenRepository(store, key, config, head, next);
      }
      // A snapshot beyond a settled head: another backup is moving the head just now, or somebody
      // put it back.
      if (Arrays.equals(headBytes, StoredObjects.head(store))) {
        throw new ObjectRejectedException(
            Head.OBJECT, Problem.INCONSISTENT, "there is a snapshot that it does not know");
      }
    }
    throw new StoreFailedException(
        "the repository changes faster than it can be read; try again when no backup runs");
  }

  private static byte @Nullable [] findManifest(BlobStore store, long sequence) {
    try {
      return StoredObjects.manifest(store, sequence);
    } catch (ObjectRejectedException e) {
      if (e.problem() == Problem.MISSING) {
        return null;
      }
      throw e;
    }
  }

  String id() {
    return config.repositoryId();
  }

  RepositoryConfig config() {
    return config;
  }

  Head head() {
    return head;
  }

  SigningKey key() {
    return key;
  }

  /** The same repository after its head was moved. */
  OpenRepository at(Head newHead) {
    return new OpenRepository(store, key, config, newHead, null);
  }

  interface ManifestVisitor {
    void manifest(Manifest manifest, byte[] digest);
  }

  /**
   * Visits every committed snapshot from the first on, each proven to follow the one before, the
   * last to be the head's.
   */
  void forEachCommitted(ManifestVisitor visitor) {
    byte[] previous = new byte[Digests.SIZE];
    for (long sequence = 1; sequence <= head.sequence(); sequence++) {
      byte[] bytes = StoredObjects.manifest(store, sequence);
      Manifest manifest = following(sequence, bytes, previous);
      previous = Digests.sha256(bytes);
      visitor.manifest(manifest, previous);
    }
    if (!head.isOf(previous)) {
      throw new ObjectRejectedException(
          Head.OBJECT, Problem.INCONSISTENT, "it does not match the newest snapshot");
    }
  }

  /** The snapshot that was announced and stored but not committed, if there is one. */
  Optional<byte[]> interrupted() {
    return Optional.ofNullable(interrupted).map(byte[]::clone);
  }

  /** Reads a manifest that must stand upon another. */
  Manifest following(long sequence, byte[] bytes, byte[] previous) {
    Manifest manifest = Manifest.decode(sequence, bytes, key.verifyingKey());
    if (!manifest.repositoryId().equals(id())) {
      throw new ObjectRejectedException(
          Manifest.object(sequence), Problem.INCONSISTENT, "it belongs to another repository");
    }
    if (!manifest.follows(previous)) {
      throw new ObjectRejectedException(
          Manifest.object(sequence),
          Problem.INCONSISTENT,
          "it was not made upon the snapshot before it");
    }
    return manifest;
  }
}
