package org.openhipaa.backup.repository;

import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.openhipaa.backup.Progress;
import org.openhipaa.backup.format.SnapshotRoot;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Witness;
import org.openhipaa.backup.source.SnapshotSource;
import org.openhipaa.backup.source.SourceName;
import org.openhipaa.backup.source.SourceNotReadableException;
import org.openhipaa.backup.store.BlobStore;
import org.openhipaa.backup.store.StoreFailedException;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.alarm.AlarmSink;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.crypto.Keyring;

/**
 * Backs up into a repository (45 CFR 164.308(a)(7)(ii)(A)).
 *
 * <p>A snapshot comes about in this order, and each step is durable before the next begins:
 *
 * <ol>
 *   <li>What an interrupted backup stored but did not commit is committed first (steps 5 and 6 for
 *       that snapshot).
 *   <li>All chunks that are not there yet are stored.
 *   <li>The head announces the next snapshot.
 *   <li>The manifest is stored under a name that must be free: of two backups at once, one wins
 *       here.
 *   <li>The audit entry is recorded. If that fails the backup fails, and the snapshot stays
 *       uncommitted until a later backup has recorded it. So an entry that says SUCCESS always
 *       speaks of a snapshot that is whole, and a committed snapshot always has its entry.
 *   <li>The head moves to the snapshot, which is committed now.
 * </ol>
 *
 * <p>Killed at any point, the earlier snapshots are as they were, verification finds no damage, and
 * the next backup completes or ignores what was left. Thread-safe; several writers at once, here or
 * in other processes, are safe, and all but one fail with
 * {@link BackupFailedException.Reason#ANOTHER_BACKUP}.
 *
 * <p>A backup does not read what it wrote before; it only makes sure that the chunks it relies on
 * are there in their size. Verify for more. Memory: a few MiB, and about 250 bytes for each chunk
 * in the repository.
 */
public final class BackupWriter {
  private final BlobStore store;
  private final Keyring keyring;
  private final Witness witness;

  /**
   * Prepares to back up.
   *
   * @param store where the repository is
   * @param keyring the tenant's keys
   * @param audit takes an entry for every backup, done or failed
   * @param alarms told about damage
   * @param clock tells when
   */
  public BackupWriter(
      BlobStore store, Keyring keyring, AuditSink audit, AlarmSink alarms, Clock clock) {
    this.store = store;
    this.keyring = keyring;
    this.witness = new Witness(audit, alarms, clock);
  }

  /**
   * Makes one snapshot of several sources, read one after another in the order given. Give what
   * depends before what it depends on: records before the keys that open them, or a record made
   * meanwhile may lack its key.
   *
   * @param actor who asks for it; stands in the audit entry
   * @param sources 1 to 1000 of them, names distinct
   * @param progress told how far it is
   * @return what was backed up and written
   * @throws IllegalArgumentException if there is no source, or two have one name; nothing has
   *     happened then
   * @throws SourceNotReadableException if something in a source cannot be read, changes, or cannot
   *     be carried
   * @throws RepositoryNotOpenedException if there is no repository, or it belongs to another key or
   *     a newer version
   * @throws BackupFailedException if another backup was faster, or the repository is damaged, or
   *     the snapshot too large
   * @throws StoreFailedException if the store fails, for instance because it is full
   * @throws AuditNotRecordedException if the audit log failed; the snapshot is then not committed
   */
  public BackupReport backup(
      ActorId actor, List<? extends SnapshotSource> sources, Progress progress) {
    demandDistinct(sources);
    BackupRun run = new BackupRun(store, keyring, witness, actor);
    try {
      return run.run(List.copyOf(sources), progress);
    } catch (ObjectRejectedException e) {
      throw failed(actor, run, Rejections.onBackup(e, store, witness));
    } catch (RuntimeException e) {
      throw failed(actor, run, e);
    }
  }

  private RuntimeException failed(ActorId actor, BackupRun run, RuntimeException failure) {
    witness.failed(actor, AuditAction.BACKUP, failure, "repository=" + run.repositoryId());
    return failure;
  }

  private static void demandDistinct(List<? extends SnapshotSource> sources) {
    Set<SourceName> names = new HashSet<>();
    for (SnapshotSource source : sources) {
      if (!names.add(source.name())) {
        throw new IllegalArgumentException(
            "two sources are named " + source.name().value() + "; give each its own name");
      }
    }
    if (sources.isEmpty() || sources.size() > SnapshotRoot.MAX_SOURCES) {
      throw new IllegalArgumentException(
          "a backup has 1 to " + SnapshotRoot.MAX_SOURCES + " sources, not " + sources.size());
    }
  }
}
