package org.openhipaa.backup.restore;

import org.openhipaa.core.HipaaException;

/** A snapshot was not restored. Nothing is at the target that was not there before. */
public final class RestoreFailedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /** Why in kind. */
  private final Reason reason;
  /** The object concerned. */
  private final String object;

  /** Why a snapshot was not restored. */
  public enum Reason {
    /** The target is not an empty folder or absent, or has no parent. */
    TARGET_NOT_EMPTY,
    /** The target cannot be written: full, read-only, or names that its file system cannot keep. */
    TARGET_NOT_WRITABLE,
    /** The repository has no such snapshot, or the snapshot no such source. */
    NO_SUCH_SNAPSHOT,
    /** What was read is not what was backed up: an integrity alarm was raised. */
    DAMAGED
  }

  /**
   * Creates the failure.
   *
   * @param reason why in kind
   * @param object the object of the repository concerned, or an empty string
   * @param message what, why, and what to do
   */
  public RestoreFailedException(Reason reason, String object, String message) {
    super(message);
    this.reason = reason;
    this.object = object;
  }

  /**
   * Creates the failure with its cause.
   *
   * @param reason why in kind
   * @param object the object of the repository concerned, or an empty string
   * @param message what, why, and what to do
   * @param cause the underlying failure
   */
  public RestoreFailedException(Reason reason, String object, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.object = object;
  }

  /**
   * Why in kind.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }

  /**
   * Which object of the repository is concerned.
   *
   * @return its name in the store, or an empty string if the repository is not to blame
   */
  public String object() {
    return object;
  }
}
