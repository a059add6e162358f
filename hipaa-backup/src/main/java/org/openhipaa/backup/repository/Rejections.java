package org.openhipaa.backup.repository;

import org.jspecify.annotations.Nullable;
import org.openhipaa.backup.format.RepositoryConfig;
import org.openhipaa.backup.format.StoredObjects;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;
import org.openhipaa.backup.internal.Witness;
import org.openhipaa.backup.repository.RepositoryNotOpenedException.Reason;
import org.openhipaa.backup.store.BlobStore;
import org.openhipaa.backup.store.StoreFailedException;
import org.openhipaa.core.HipaaException;

/**
 * Says in the words of this package why an object was rejected, and raises the alarm if that is
 * due.
 */
final class Rejections {
  private Rejections() {}

  /** What is thrown when somebody opens or lists. */
  static HipaaException onOpen(ObjectRejectedException e, BlobStore store, Witness witness) {
    HipaaException known = harmless(e, store);
    if (known != null) {
      return known;
    }
    alarm(e, witness);
    return new RepositoryNotOpenedException(
        Reason.DAMAGED,
        "the repository is damaged at "
            + e.object()
            + ": "
            + e.getMessage()
            + "; verify it to see what is affected, and put a good copy of the object back",
        e);
  }

  /** What is thrown when somebody backs up. */
  static HipaaException onBackup(ObjectRejectedException e, BlobStore store, Witness witness) {
    HipaaException known = harmless(e, store);
    if (known != null) {
      return known;
    }
    alarm(e, witness);
    return new BackupFailedException(
        BackupFailedException.Reason.REPOSITORY_DAMAGED,
        "the repository is damaged at "
            + e.object()
            + ": "
            + e.getMessage()
            + "; nothing was backed up: verify it and put a good copy of the object back, "
            + "or back up into a new repository",
        e);
  }

  private static @Nullable HipaaException harmless(ObjectRejectedException e, BlobStore store) {
    if (e.problem() == Problem.UNREADABLE && e.getCause() instanceof StoreFailedException failed) {
      return failed;
    }
    if (e.problem() == Problem.NEWER_VERSION) {
      return new RepositoryNotOpenedException(
          Reason.NEWER_VERSION, e.object() + ": " + e.getMessage(), e);
    }
    if (e.problem() == Problem.OTHER_KEY) {
      return new RepositoryNotOpenedException(
          Reason.WRONG_KEY,
          e.object() + ": " + e.getMessage() + "; use the keyring of the tenant that it belongs to",
          e);
    }
    boolean noConfig = e.problem() == Problem.MISSING && e.object().equals(RepositoryConfig.OBJECT);
    if (noConfig && !StoredObjects.hasAny(store)) {
      return new RepositoryNotOpenedException(
          Reason.MISSING, "there is no repository here; name the right place, or create one", e);
    }
    return null;
  }

  private static void alarm(ObjectRejectedException e, Witness witness) {
    witness.alarm(e.object(), "backup repository damaged: " + e.getMessage());
  }
}
