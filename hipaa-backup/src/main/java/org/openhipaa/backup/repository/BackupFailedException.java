package org.openhipaa.backup.repository;

import org.openhipaa.core.HipaaException;

/**
 * A backup was not made, for a reason that lies in the repository. Earlier snapshots are as they
 * were.
 */
public final class BackupFailedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /** Why in kind. */
  private final Reason reason;

  /** Why a backup was not made. */
  public enum Reason {
    /** Another backup into the same repository was finished first. */
    ANOTHER_BACKUP,
    /**
     * Something that earlier snapshots need is damaged or missing: an integrity alarm was raised.
     */
    REPOSITORY_DAMAGED,
    /** The snapshot has more chunks than the format can list. */
    TOO_LARGE
  }

  /**
   * Creates the failure.
   *
   * @param reason why in kind
   * @param message what, why, and what to do
   */
  public BackupFailedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /**
   * Creates the failure with its cause.
   *
   * @param reason why in kind
   * @param message what, why, and what to do
   * @param cause the underlying failure
   */
  public BackupFailedException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /**
   * Why in kind.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
