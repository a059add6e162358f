package org.openhipaa.backup.restore;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.openhipaa.backup.Progress;
import org.openhipaa.backup.format.StoredObjects;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;
import org.openhipaa.backup.internal.Witness;
import org.openhipaa.backup.repository.RepositoryNotOpenedException;
import org.openhipaa.backup.source.SourceName;
import org.openhipaa.backup.store.BlobStore;
import org.openhipaa.backup.store.StoreFailedException;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.alarm.AlarmSink;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.VerifyingKey;

/**
 * Brings snapshots back (45 CFR 164.308(a)(7)(ii)(B)), whole and proven or not at all.
 *
 * <p>In this order: config, head, and the manifests from the head down to the snapshot must be
 * authentic and follow one another; everything is written into a staging folder beside the target,
 * every chunk and file proven on the way; the files are flushed, read back, and their digest
 * compared with the one taken at the source; the audit entry is recorded; the staging folder takes
 * the target's name in one step. Whatever fails, the target stays as it was and the staging folder
 * goes, except when the process is killed: then a folder {@code .<target>.restoring-…} remains that
 * may be deleted. An entry that says SUCCESS may stand in the audit log for a restore that was
 * killed in its last instant; no target without an entry.
 *
 * <p>Times of change and permission bits come back; the owner of everything is whoever restores.
 * Nothing is written outside of the staging folder, whatever the repository says, and links are
 * neither stored nor followed.
 *
 * <p>Immutable and thread-safe.
 */
public final class Restorer {
  private final BlobStore store;
  private final Keyring keyring;
  private final VerifyingKey signer;
  private final Witness witness;
  private final boolean salvaging;

  private Restorer(
      BlobStore store, Keyring keyring, VerifyingKey signer, Witness witness, boolean salvaging) {
    this.store = store;
    this.keyring = keyring;
    this.signer = signer;
    this.witness = witness;
    this.salvaging = salvaging;
  }

  /**
   * Prepares to restore.
   *
   * @param store where the repository is
   * @param keyring the tenant's keys
   * @param audit takes an entry for every restore, done or failed
   * @param alarms told about damage
   * @param clock tells when
   */
  public Restorer(
      BlobStore store, Keyring keyring, AuditSink audit, AlarmSink alarms, Clock clock) {
    this(
        store,
        keyring,
        StoredObjects.signingKey(keyring).verifyingKey(),
        new Witness(audit, alarms, clock),
        false);
  }

  /**
   * For an emergency in which there is no better copy: restores also where config, head or later
   * snapshots are damaged, as long as the snapshot itself and all that it needs are authentic.
   * Damage raises its alarm all the same. What cannot be told then is whether somebody exchanged
   * the repository for an older or another one of this tenant.
   *
   * @return a restorer that does so
   */
  public Restorer salvaging() {
    return new Restorer(store, keyring, signer, witness, true);
  }

  /**
   * Restores all sources of a snapshot, each into a folder of its name.
   *
   * @param actor who asks for it; stands in the audit entry
   * @param sequence the snapshot's number
   * @param target must be absent or an empty folder; its parent must exist
   * @param progress told how far it is
   * @return what was restored
   * @throws RestoreFailedException if it was not; nothing has changed then
   * @throws RepositoryNotOpenedException if there is no repository, or it belongs to another key or
   *     a newer version
   * @throws StoreFailedException if the store fails
   * @throws AuditNotRecordedException if the audit log failed; nothing is at the target then
   */
  public RestoreReport restore(ActorId actor, long sequence, Path target, Progress progress) {
    return restore(actor, sequence, Optional.empty(), target, progress);
  }

  /**
   * Restores one source of a snapshot; the target becomes what the source was.
   *
   * @param actor who asks for it; stands in the audit entry
   * @param sequence the snapshot's number
   * @param source what the source is called in the snapshot
   * @param target must be absent or an empty folder; its parent must exist
   * @param progress told how far it is
   * @return what was restored
   * @throws RestoreFailedException if it was not; nothing has changed then
   * @throws RepositoryNotOpenedException if there is no repository, or it belongs to another key or
   *     a newer version
   * @throws StoreFailedException if the store fails
   * @throws AuditNotRecordedException if the audit log failed; nothing is at the target then
   */
  public RestoreReport restoreSource(
      ActorId actor, long sequence, SourceName source, Path target, Progress progress) {
    return restore(actor, sequence, Optional.of(source), target, progress);
  }

  private RestoreReport restore(
      ActorId actor, long sequence, Optional<SourceName> source, Path target, Progress progress) {
    RestoreRun run = new RestoreRun(store, keyring, signer, witness, salvaging, actor, progress);
    try {
      return run.run(sequence, source, target.toAbsolutePath().normalize());
    } catch (ObjectRejectedException e) {
      throw failed(actor, sequence, run, explained(e));
    } catch (RuntimeException e) {
      throw failed(actor, sequence, run, e);
    }
  }

  private RuntimeException failed(
      ActorId actor, long sequence, RestoreRun run, RuntimeException failure) {
    witness.failed(
        actor,
        AuditAction.RESTORE,
        failure,
        "repository=" + run.repositoryId() + " snapshot=" + sequence);
    return failure;
  }

  private RuntimeException explained(ObjectRejectedException e) {
    if (e.problem() == Problem.UNREADABLE && e.getCause() instanceof StoreFailedException failed) {
      return failed;
    }
    if (e.problem() == Problem.NEWER_VERSION) {
      return new RepositoryNotOpenedException(
          RepositoryNotOpenedException.Reason.NEWER_VERSION, e.object() + ": " + e.getMessage(), e);
    }
    if (e.problem() == Problem.OTHER_KEY) {
      return new RepositoryNotOpenedException(
          RepositoryNotOpenedException.Reason.WRONG_KEY,
          e.object() + ": " + e.getMessage() + "; use the keyring of the tenant that it belongs to",
          e);
    }
    witness.alarm(e.object(), "backup repository damaged, restore refused: " + e.getMessage());
    return new RestoreFailedException(
        RestoreFailedException.Reason.DAMAGED,
        e.object(),
        "the repository is damaged at "
            + e.object()
            + ": "
            + e.getMessage()
            + "; nothing was restored: put a good copy of the object back, "
            + "or restore another snapshot",
        e);
  }
}
