package org.openhipaa.backup.restore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openhipaa.backup.Progress;
import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.chunk.ChunkRef;
import org.openhipaa.backup.chunk.ChunkVault;
import org.openhipaa.backup.format.Head;
import org.openhipaa.backup.format.Manifest;
import org.openhipaa.backup.format.RepositoryConfig;
import org.openhipaa.backup.format.SnapshotRoot;
import org.openhipaa.backup.format.SourceTree;
import org.openhipaa.backup.format.StoredObjects;
import org.openhipaa.backup.format.TreeDecoder;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;
import org.openhipaa.backup.internal.Witness;
import org.openhipaa.backup.repository.RepositoryNotOpenedException;
import org.openhipaa.backup.restore.RestoreFailedException.Reason;
import org.openhipaa.backup.snapshot.Snapshot;
import org.openhipaa.backup.snapshot.SourceSummary;
import org.openhipaa.backup.snapshot.TreeDigest;
import org.openhipaa.backup.source.SourceName;
import org.openhipaa.backup.source.SourceNotReadableException;
import org.openhipaa.backup.store.BlobStore;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.VerifyingKey;

/** One restore from beginning to end; {@link Restorer} says in which order and why. */
final class RestoreRun {
  private final BlobStore store;
  private final Keyring keyring;
  private final Witness witness;
  private final boolean salvaging;
  private final ActorId actor;
  private final Progress progress;
  private final VerifyingKey signer;
  private String repositoryId = "unknown";
  private long bytesDone;
  private long bytesTotal;

  RestoreRun(
      BlobStore store,
      Keyring keyring,
      VerifyingKey signer,
      Witness witness,
      boolean salvaging,
      ActorId actor,
      Progress progress) {
    this.store = store;
    this.keyring = keyring;
    this.witness = witness;
    this.salvaging = salvaging;
    this.actor = actor;
    this.progress = progress;
    this.signer = signer;
  }

  String repositoryId() {
    return repositoryId;
  }

  RestoreReport run(long sequence, Optional<SourceName> only, Path target) {
    if (sequence < 1 || sequence > Manifest.MAX_SEQUENCE) {
      throw noSuch("snapshots are numbered from 1");
    }
    Staging.demandFree(target);
    Head head = openHead(openConfig());
    byte[] bytes = readManifest(sequence, head);
    Manifest manifest = authentic(sequence, bytes);
    demandKnown(manifest, Digests.sha256(bytes), head);
    SnapshotRoot root = SnapshotRoot.open(manifest, keyring);
    List<SourceTree> trees = chosen(root, only);
    Snapshot snapshot =
        manifest.summary(root, Digests.sha256(bytes), head == null || sequence <= head.sequence());

    bytesTotal = trees.stream().mapToLong(tree -> tree.summary().bytes()).sum();
    progress.update(0, bytesTotal);
    try (Staging staging = Staging.beside(target, bytesTotal)) {
      List<SourceSummary> restored = new ArrayList<>();
      for (SourceTree tree : trees) {
        Path place =
            only.isPresent() ? staging.root() : staging.folder(tree.summary().name());
        restored.add(restore(manifest, tree, staging, place));
      }
      staging.finish();
      witness.succeeded(
          actor,
          AuditAction.RESTORE,
          Witness.detail(repositoryId, sequence, snapshot.digest())
              + " sources="
              + restored.stream().map(s -> s.name().value()).toList());
      staging.moveTo(target);
      return new RestoreReport(snapshot, target, restored);
    }
  }

  private @Nullable RepositoryConfig openConfig() {
    try {
      RepositoryConfig config = RepositoryConfig.decode(StoredObjects.config(store), signer);
      repositoryId = config.repositoryId();
      return config;
    } catch (ObjectRejectedException e) {
      if (e.problem() == Problem.MISSING && !StoredObjects.hasAny(store)) {
        throw new RepositoryNotOpenedException(
            RepositoryNotOpenedException.Reason.MISSING,
            "there is no repository here; name the right place",
            e);
      }
      demandSalvaging(e);
      return null;
    }
  }

  private @Nullable Head openHead(@Nullable RepositoryConfig config) {
    try {
      Head head = Head.decode(StoredObjects.head(store), signer);
      if (config != null && !head.repositoryId().equals(config.repositoryId())) {
        throw new ObjectRejectedException(
            Head.OBJECT, Problem.INCONSISTENT, "it belongs to another repository");
      }
      repositoryId = head.repositoryId();
      return head;
    } catch (ObjectRejectedException e) {
      demandSalvaging(e);
      return null;
    }
  }

  /**
   * Damage beside the snapshot ends the restore, unless in an emergency; the alarm is raised in any
   * case.
   */
  private void demandSalvaging(ObjectRejectedException e) {
    if (!salvaging || !e.problem().isDamage()) {
      throw e;
    }
    witness.alarm(
        e.object(), "backup repository damaged, restored all the same: " + e.getMessage());
  }

  private byte[] readManifest(long sequence, @Nullable Head head) {
    try {
      return StoredObjects.manifest(store, sequence);
    } catch (ObjectRejectedException e) {
      if (e.problem() == Problem.MISSING && head != null && sequence > head.sequence()) {
        throw noSuch(
            "the repository has no snapshot " + sequence + "; the newest is " + head.sequence());
      }
      throw e;
    }
  }

  private Manifest authentic(long sequence, byte[] bytes) {
    Manifest manifest = Manifest.decode(sequence, bytes, signer);
    if (repositoryId.equals("unknown")) {
      // Only when salvaging: neither config nor head could be read.
      repositoryId = manifest.repositoryId();
    }
    if (!manifest.repositoryId().equals(repositoryId)) {
      throw new ObjectRejectedException(
          Manifest.object(sequence), Problem.INCONSISTENT, "it belongs to another repository");
    }
    return manifest;
  }

  /** The head must lead to the snapshot, from manifest to manifest. */
  private void demandKnown(Manifest manifest, byte[] digest, @Nullable Head head) {
    if (head == null) {
      return;
    }
    try {
      boolean known = manifest.sequence() > head.sequence()
          ? isInterrupted(manifest, head)
          : leadsTo(head, manifest.sequence(), digest);
      if (!known) {
        throw new ObjectRejectedException(
            Manifest.object(manifest.sequence()),
            Problem.INCONSISTENT,
            "the head does not lead to it: one of them was put back or exchanged");
      }
    } catch (ObjectRejectedException e) {
      demandSalvaging(e);
    }
  }

  private static boolean isInterrupted(Manifest manifest, Head head) {
    return head.isPending()
        && manifest.sequence() == head.sequence() + 1
        && manifest.follows(head.digest());
  }

  private boolean leadsTo(Head head, long sequence, byte[] digest) {
    byte[] expected = head.digest();
    for (long later = head.sequence(); later > sequence; later--) {
      byte[] bytes = StoredObjects.manifest(store, later);
      if (!Arrays.equals(Digests.sha256(bytes), expected)) {
        throw new ObjectRejectedException(
            Manifest.object(later), Problem.ALTERED, "it is not what the snapshots after it say");
      }
      expected = authentic(later, bytes).previous();
    }
    return Arrays.equals(digest, expected);
  }

  private static List<SourceTree> chosen(SnapshotRoot root, Optional<SourceName> only) {
    if (only.isEmpty()) {
      return root.sources();
    }
    List<SourceTree> chosen = root.sources().stream()
        .filter(s -> s.summary().name().equals(only.get()))
        .toList();
    if (chosen.isEmpty()) {
      throw noSuch("the snapshot has no source "
          + only.get().value()
          + "; it has "
          + root.sources().stream().map(s -> s.summary().name().value()).toList());
    }
    return chosen;
  }

  private SourceSummary restore(Manifest manifest, SourceTree tree, Staging staging, Path place) {
    String object = Manifest.object(manifest.sequence());
    Map<ChunkId, ChunkRef> refs = manifest.chunksById();
    ChunkVault vault = new ChunkVault(store, keyring, repositoryId);
    TreeDecoder decoder = new TreeDecoder(object, tree, id -> read(vault, refs, object, id));
    decoder.forEach(entry -> {
      if (entry.isFile()) {
        staging.file(place, entry, object, id -> counted(read(vault, refs, object, id)));
      } else {
        staging.directory(place, entry);
      }
    });
    SourceSummary summary = tree.summary();
    if (!readBack(place).equals(summary.digest())) {
      throw new ObjectRejectedException(
          object,
          Problem.INCONSISTENT,
          "what was restored of source " + summary.name().value() + " is not what was backed up");
    }
    return summary;
  }

  private static TreeDigest readBack(Path place) {
    try {
      return TreeDigest.of(place);
    } catch (SourceNotReadableException e) {
      throw new RestoreFailedException(
          Reason.TARGET_NOT_WRITABLE,
          "",
          "what was written beside the target cannot be read back; is somebody else working there?",
          e);
    }
  }

  private byte[] counted(byte[] content) {
    bytesDone += content.length;
    progress.update(bytesDone, bytesTotal);
    return content;
  }

  private static byte[] read(
      ChunkVault vault, Map<ChunkId, ChunkRef> refs, String object, ChunkId id) {
    ChunkRef ref = refs.get(id);
    if (ref == null) {
      throw new ObjectRejectedException(
          object, Problem.INCONSISTENT, "it refers to a chunk that it does not list");
    }
    return vault.read(ref);
  }

  private static RestoreFailedException noSuch(String message) {
    return new RestoreFailedException(Reason.NO_SUCH_SNAPSHOT, "", message);
  }
}
