package org.openhipaa.backup.repository;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.openhipaa.backup.Progress;
import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.chunk.ChunkRef;
import org.openhipaa.backup.chunk.ChunkVault;
import org.openhipaa.backup.format.Head;
import org.openhipaa.backup.format.Manifest;
import org.openhipaa.backup.format.SnapshotRoot;
import org.openhipaa.backup.format.SourceTree;
import org.openhipaa.backup.format.StoredObjects;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;
import org.openhipaa.backup.internal.Witness;
import org.openhipaa.backup.repository.BackupFailedException.Reason;
import org.openhipaa.backup.snapshot.Snapshot;
import org.openhipaa.backup.source.SnapshotSource;
import org.openhipaa.backup.source.SourceNotReadableException;
import org.openhipaa.backup.store.BlobStore;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.crypto.Keyring;

/** One backup from beginning to end; {@link BackupWriter} says in which order and why. */
final class BackupRun {
  private final BlobStore store;
  private final Keyring keyring;
  private final Witness witness;
  private final ActorId actor;
  private String repositoryId = "unknown";

  BackupRun(BlobStore store, Keyring keyring, Witness witness, ActorId actor) {
    this.store = store;
    this.keyring = keyring;
    this.witness = witness;
    this.actor = actor;
  }

  String repositoryId() {
    return repositoryId;
  }

  BackupReport run(List<SnapshotSource> sources, Progress progress) {
    OpenRepository opened = OpenRepository.open(store, keyring);
    repositoryId = opened.id();
    store.removeLeftovers();
    OpenRepository repository = completeInterrupted(opened);

    Instant begun = witness.now();
    ChunkVault vault = new ChunkVault(store, keyring, repositoryId);
    ChunkWriter chunks = new ChunkWriter(store, vault, knownChunks(repository));
    SnapshotRoot root = read(sources, chunks, counting(sources, progress));

    long sequence = repository.head().sequence() + 1;
    byte[] sealedRoot = root.seal(keyring, repositoryId, sequence);
    Manifest manifest = Manifest.following(repository.head(), begun, chunks.needed(), sealedRoot);
    byte[] bytes = encode(repository, manifest);
    commit(repository, sequence, bytes);
    Snapshot snapshot = manifest.summary(root, Digests.sha256(bytes), true);
    return new BackupReport(snapshot, chunks.written(), chunks.bytesWritten(), chunks.reused());
  }

  /** Every chunk of every committed snapshot. */
  private static Map<ChunkId, ChunkRef> knownChunks(OpenRepository repository) {
    Map<ChunkId, ChunkRef> known = new HashMap<>();
    repository.forEachCommitted((manifest, digest) ->
        manifest.chunks().forEach(chunk -> known.putIfAbsent(chunk.id(), chunk)));
    return known;
  }

  private static SnapshotRoot read(
      List<SnapshotSource> sources, ChunkWriter chunks, LongConsumer bytesRead) {
    List<SourceTree> trees = new ArrayList<>();
    for (SnapshotSource source : sources) {
      SourceRecorder recorder = new SourceRecorder(chunks, bytesRead);
      source.read(recorder);
      trees.add(recorder.finish(source.name()));
    }
    return new SnapshotRoot(trees);
  }

  private static LongConsumer counting(List<SnapshotSource> sources, Progress progress) {
    if (progress == Progress.NONE) {
      return bytes -> {};
    }
    long total = estimate(sources);
    long[] done = new long[1];
    progress.update(0, total);
    return bytes -> {
      done[0] += bytes;
      progress.update(done[0], total);
    };
  }

  private static long estimate(List<SnapshotSource> sources) {
    long total = 0;
    for (SnapshotSource source : sources) {
      try {
        OptionalLong size = source.estimatedBytes();
        if (size.isEmpty()) {
          return Progress.UNKNOWN;
        }
        total += size.getAsLong();
      } catch (SourceNotReadableException e) {
        // Only an estimate: what really cannot be read will say so when it is read.
        return Progress.UNKNOWN;
      }
    }
    return total;
  }

  private static byte[] encode(OpenRepository repository, Manifest manifest) {
    byte[] bytes = manifest.sequence() > Manifest.MAX_SEQUENCE
        ? new byte[0]
        : manifest.encode(repository.key());
    if (bytes.length == 0 || bytes.length > Manifest.MAX_SIZE) {
      throw new BackupFailedException(
          Reason.TOO_LARGE,
          "the snapshot has "
              + manifest.chunks().size()
              + " chunks, more than a manifest can list; "
              + "divide the sources among several repositories");
    }
    return bytes;
  }

  /**
   * A snapshot that was stored but not recorded or not committed is whole: record and commit it.
   */
  private OpenRepository completeInterrupted(OpenRepository repository) {
    Optional<byte[]> interrupted = repository.interrupted();
    if (interrupted.isEmpty()) {
      return repository;
    }
    byte[] bytes = interrupted.get();
    long sequence = repository.head().sequence() + 1;
    repository.following(sequence, bytes, repository.head().digest());
    record(sequence, bytes, " completed-after-interruption");
    return repository.at(settle(repository, bytes));
  }

  private void commit(OpenRepository repository, long sequence, byte[] manifest) {
    OpenRepository announced = repository.at(announce(repository));
    if (!store.create(Manifest.object(sequence), manifest)) {
      throw anotherBackup();
    }
    record(sequence, manifest, "");
    settle(announced, manifest);
  }

  private void record(long sequence, byte[] manifest, String remark) {
    String digest = HexFormat.of().formatHex(Digests.sha256(manifest));
    witness.succeeded(
        actor, AuditAction.BACKUP, Witness.detail(repositoryId, sequence, digest) + remark);
  }

  private Head announce(OpenRepository repository) {
    Head head = repository.head();
    Head pending = head.announcing();
    boolean announced = head.isPending()
        || store.replace(
            Head.OBJECT, head.encode(repository.key()), pending.encode(repository.key()));
    if (!announced) {
      Head now = currentHead(repository);
      // Another backup may have announced the same: then the name of the manifest decides.
      if (now.sequence() != head.sequence() || !now.isPending()) {
        throw anotherBackup();
      }
    }
    return pending;
  }

  private Head settle(OpenRepository announced, byte[] manifest) {
    Head pending = announced.head();
    byte[] digest = Digests.sha256(manifest);
    Head settled = pending.next(digest);
    boolean moved = store.replace(
        Head.OBJECT, pending.encode(announced.key()), settled.encode(announced.key()));
    if (!moved) {
      // Another backup found our snapshot and committed it for us, and may have gone on.
      Head now = currentHead(announced);
      boolean ours = now.sequence() == settled.sequence() && now.isOf(digest);
      if (!ours && now.sequence() <= settled.sequence()) {
        throw new ObjectRejectedException(
            Head.OBJECT, Problem.INCONSISTENT, "it changed to something that no backup writes");
      }
      return now;
    }
    return settled;
  }

  private static BackupFailedException anotherBackup() {
    return new BackupFailedException(
        Reason.ANOTHER_BACKUP,
        "another backup into this repository was finished first; nothing is damaged: "
            + "run this one again");
  }

  private Head currentHead(OpenRepository repository) {
    return Head.decode(StoredObjects.head(store), repository.key().verifyingKey());
  }
}
