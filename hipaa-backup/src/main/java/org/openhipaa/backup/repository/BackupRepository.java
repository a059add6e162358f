package org.openhipaa.backup.repository;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.openhipaa.backup.format.Head;
import org.openhipaa.backup.format.Manifest;
import org.openhipaa.backup.format.RepositoryConfig;
import org.openhipaa.backup.format.SnapshotRoot;
import org.openhipaa.backup.format.StoredObjects;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;
import org.openhipaa.backup.internal.Witness;
import org.openhipaa.backup.repository.RepositoryNotOpenedException.Reason;
import org.openhipaa.backup.snapshot.Snapshot;
import org.openhipaa.backup.store.BlobStore;
import org.openhipaa.backup.store.StoreFailedException;
import org.openhipaa.core.alarm.AlarmSink;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.SigningKey;
import org.openhipaa.core.crypto.VerifyingKey;
import org.openhipaa.core.record.TenantId;

/**
 * An encrypted repository of snapshots (45 CFR 164.308(a)(7)(ii)(A), 164.312(a)(2)(iv)): made once,
 * opened to see what is in it. {@link BackupWriter} adds to it; the verifier and the restorer work
 * on its store.
 *
 * <p>Format: {@code docs/formats/backup-repository-v1.md}. Content, names and structure of what was
 * backed up are sealed with the tenant's key; everybody may see how many snapshots and chunks there
 * are, how large, and when they were made. Whatever is read is checked, and damage raises an
 * integrity alarm. Thread-safe.
 */
public final class BackupRepository {
  private static final int ID_SIZE = 16;

  private final BlobStore store;
  private final Keyring keyring;
  private final Witness witness;
  private final RepositoryConfig config;

  private BackupRepository(
      BlobStore store, Keyring keyring, Witness witness, RepositoryConfig config) {
    this.store = store;
    this.keyring = keyring;
    this.witness = witness;
    this.config = config;
  }

  /**
   * Makes a repository in an empty store. If an earlier call was interrupted before it had made
   * everything, this call completes it.
   *
   * @param store where; empty
   * @param keyring the tenant's keys; without them the repository is lost, so keep a copy of them
   *     elsewhere
   * @param alarms told about damage
   * @param clock tells when
   * @param random source of the repository's id
   * @return the repository
   * @throws RepositoryNotOpenedException if there is a repository or anything else already
   * @throws StoreFailedException if the store fails; call again
   */
  public static BackupRepository create(
      BlobStore store, Keyring keyring, AlarmSink alarms, Clock clock, SecureRandom random) {
    List<String> present = new ArrayList<>();
    store.list(blob -> present.add(blob.name()));
    boolean interrupted = present.equals(List.of(RepositoryConfig.OBJECT));
    if (!present.isEmpty() && !interrupted) {
      throw new RepositoryNotOpenedException(
          Reason.EXISTS,
          present.contains(RepositoryConfig.OBJECT)
              ? "there is a repository already; open it, or name another place"
              : "the place is not empty; name an empty one");
    }
    Witness witness = silent(alarms, clock);
    SigningKey key = StoredObjects.signingKey(keyring);
    byte[] id = new byte[ID_SIZE];
    random.nextBytes(id);
    RepositoryConfig made = new RepositoryConfig(
        HexFormat.of().formatHex(id), keyring.tenant(), clock.instant(), key.verifyingKey());
    store.create(RepositoryConfig.OBJECT, made.encode(key));
    try {
      // Read back: it may be the one of an interrupted call, or of another process that was faster.
      RepositoryConfig config =
          RepositoryConfig.decode(StoredObjects.config(store), key.verifyingKey());
      if (!store.create(Head.OBJECT, Head.empty(config.repositoryId()).encode(key))) {
        throw new RepositoryNotOpenedException(
            Reason.EXISTS, "another process made the repository first; open it");
      }
      return new BackupRepository(store, keyring, witness, config);
    } catch (ObjectRejectedException e) {
      throw Rejections.onOpen(e, store, witness);
    }
  }

  /**
   * Opens a repository.
   *
   * @param store where it is
   * @param keyring the tenant's keys
   * @param alarms told about damage
   * @param clock tells when
   * @return the repository
   * @throws RepositoryNotOpenedException if there is none, it belongs to another key, is of a newer
   *     version, or is damaged
   * @throws StoreFailedException if the store fails
   */
  public static BackupRepository open(
      BlobStore store, Keyring keyring, AlarmSink alarms, Clock clock) {
    Witness witness = silent(alarms, clock);
    try {
      return new BackupRepository(
          store, keyring, witness, OpenRepository.open(store, keyring).config());
    } catch (ObjectRejectedException e) {
      throw Rejections.onOpen(e, store, witness);
    }
  }

  /**
   * Which repository.
   *
   * @return 32 hexadecimal digits
   */
  public String id() {
    return config.repositoryId();
  }

  /**
   * Whose data it holds.
   *
   * @return the tenant
   */
  public TenantId tenant() {
    return config.tenant();
  }

  /**
   * When it was made.
   *
   * @return the time by the maker's clock
   */
  public Instant created() {
    return config.created();
  }

  /**
   * Verifies what is signed in it. Keep it elsewhere: with it, anybody can check the structure of
   * the repository without being able to read it.
   *
   * @return the public key
   */
  public VerifyingKey verifyingKey() {
    return config.signer();
  }

  /**
   * Lists the snapshots as they are now, each proven to follow the one before.
   *
   * @return from the oldest to the newest; the last may be one whose backup was interrupted, see
   *     {@link Snapshot#committed}
   * @throws RepositoryNotOpenedException if anything that must be read for this is damaged or of a
   *     newer version
   * @throws StoreFailedException if the store fails
   */
  public List<Snapshot> snapshots() {
    try {
      OpenRepository open = OpenRepository.open(store, keyring);
      if (!open.id().equals(id())) {
        throw new ObjectRejectedException(
            RepositoryConfig.OBJECT, Problem.INCONSISTENT, "it is that of another repository now");
      }
      List<Snapshot> snapshots = new ArrayList<>();
      open.forEachCommitted((manifest, digest) -> snapshots.add(summary(manifest, digest, true)));
      open.interrupted()
          .ifPresent(bytes -> snapshots.add(summary(
              open.following(open.head().sequence() + 1, bytes, open.head().digest()),
              Digests.sha256(bytes),
              false)));
      return List.copyOf(snapshots);
    } catch (ObjectRejectedException e) {
      throw Rejections.onOpen(e, store, witness);
    }
  }

  private Snapshot summary(Manifest manifest, byte[] digest, boolean committed) {
    return manifest.summary(SnapshotRoot.open(manifest, keyring), digest, committed);
  }

  /** Opening and listing disclose nothing and so are not audited; they only raise alarms. */
  private static Witness silent(AlarmSink alarms, Clock clock) {
    return new Witness(
        event -> {
          throw new IllegalStateException("opening a repository is not audited");
        },
        alarms,
        clock);
  }

  /** Prints its id. */
  @Override
  public String toString() {
    return "BackupRepository(" + id() + ")";
  }
}
