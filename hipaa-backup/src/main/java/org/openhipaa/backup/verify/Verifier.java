package org.openhipaa.backup.verify;

import java.time.Clock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openhipaa.backup.Progress;
import org.openhipaa.backup.format.StoredObjects;
import org.openhipaa.backup.internal.Witness;
import org.openhipaa.backup.repository.RepositoryNotOpenedException;
import org.openhipaa.backup.store.BlobStore;
import org.openhipaa.backup.store.StoreFailedException;
import org.openhipaa.backup.verify.VerifyResult.Damaged;
import org.openhipaa.backup.verify.VerifyResult.Intact;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.alarm.AlarmSink;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.VerifyingKey;

/**
 * Proves that a repository is what was written (45 CFR 164.312(c)(1), (c)(2)). It always reads
 * everything: every object's signature or digest, every snapshot's place in the chain, every
 * chunk's content, every file's digest, and that nothing is missing or too much.
 *
 * <p>Whatever the store holds, the answer is a {@link VerifyResult}, never a crash, and no object
 * is read beyond the size that its kind can have. Damage raises one integrity alarm per
 * verification, before anything else can fail. Chunks that no snapshot refers to are what
 * interrupted backups leave: counted, and damage only if they do not open. A backup may run
 * meanwhile; what it adds is verified the next time.
 *
 * <p>A copy of the whole repository from an earlier day is intact in itself. To find that it is not
 * the newest, say with {@link #expecting} what the audit log recorded last.
 *
 * <p>Without keys ({@link #withPublicKey}) everything is proven but that the sealed bytes, which
 * are those that were signed, open to what the snapshots say, and that unreferenced chunks are
 * whole.
 *
 * <p>Immutable and thread-safe. Memory: about 400 bytes for each chunk in the repository, and one
 * manifest.
 */
public final class Verifier {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final BlobStore store;
  private final VerifyingKey signer;
  private final @Nullable Keyring keyring;
  private final Witness witness;
  private final @Nullable Expectation expectation;

  /** A snapshot that must be there. */
  record Expectation(long sequence, String digest) {}

  private Verifier(
      BlobStore store,
      VerifyingKey signer,
      @Nullable Keyring keyring,
      Witness witness,
      @Nullable Expectation expectation) {
    this.store = store;
    this.signer = signer;
    this.keyring = keyring;
    this.witness = witness;
    this.expectation = expectation;
  }

  /**
   * Prepares to verify structure and content.
   *
   * @param store where the repository is
   * @param keyring the tenant's keys
   * @param audit takes an entry for every verification
   * @param alarms told about damage
   * @param clock tells when
   * @return the verifier
   */
  public static Verifier withKeyring(
      BlobStore store, Keyring keyring, AuditSink audit, AlarmSink alarms, Clock clock) {
    return new Verifier(
        store,
        StoredObjects.signingKey(keyring).verifyingKey(),
        keyring,
        new Witness(audit, alarms, clock),
        null);
  }

  /**
   * Prepares to verify structure only, where nobody may read the content.
   *
   * @param store where the repository is
   * @param signer the repository's public key, from
   *     {@link org.openhipaa.backup.repository.BackupRepository#verifyingKey} and not from the
   *     store that is verified
   * @param audit takes an entry for every verification
   * @param alarms told about damage
   * @param clock tells when
   * @return the verifier
   */
  public static Verifier withPublicKey(
      BlobStore store, VerifyingKey signer, AuditSink audit, AlarmSink alarms, Clock clock) {
    return new Verifier(store, signer, null, new Witness(audit, alarms, clock), null);
  }

  /**
   * Demands that a certain snapshot is there, as the audit log or another copy recorded it: finds a
   * repository that was exchanged as a whole for an older copy.
   *
   * @param sequence the snapshot's number
   * @param digest its digest, 64 hexadecimal digits
   * @return a verifier that demands it
   * @throws IllegalArgumentException if these are no sequence and digest
   */
  public Verifier expecting(long sequence, String digest) {
    if (sequence < 1 || !DIGEST.matcher(digest).matches()) {
      throw new IllegalArgumentException(
          "a snapshot has a number from 1 and a digest of 64 lower-case hexadecimal digits");
    }
    return new Verifier(store, signer, keyring, witness, new Expectation(sequence, digest));
  }

  /**
   * Verifies everything.
   *
   * @param actor who asks for it; stands in the audit entry
   * @param progress told how far it is
   * @return intact, or what is damaged
   * @throws RepositoryNotOpenedException if there is no repository at all, or it belongs to another
   *     key as a whole, or it was written by a newer release
   * @throws StoreFailedException if the store cannot even be listed
   * @throws AuditNotRecordedException if the audit log failed; damage has then raised its alarm
   *     nevertheless
   */
  public VerifyResult verify(ActorId actor, Progress progress) {
    VerifyResult result;
    try {
      result = new VerifyRun(store, signer, keyring, expectation, progress).run();
    } catch (RuntimeException e) {
      witness.failed(actor, AuditAction.VERIFY, e, "repository=unknown");
      throw e;
    }
    return result.fold(
        intact -> {
          witness.succeeded(actor, AuditAction.VERIFY, detail(intact));
          return intact;
        },
        damaged -> {
          alarm(damaged);
          witness.failed(actor, AuditAction.VERIFY, "damaged", detail(damaged));
          return damaged;
        });
  }

  private static String detail(Damaged damaged) {
    return "repository=" + damaged.repositoryId() + " findings=" + damaged.findingCount();
  }

  private static String detail(Intact intact) {
    return Witness.detail(intact.repositoryId(), intact.sequence(), intact.digest());
  }

  private void alarm(Damaged damaged) {
    Finding first = damaged.findings().get(0);
    witness.alarm(
        first.object(),
        "backup repository "
            + damaged.repositoryId()
            + " damaged: "
            + damaged.findingCount()
            + " findings, the first: "
            + first.kind()
            + ", "
            + first.message());
  }
}
