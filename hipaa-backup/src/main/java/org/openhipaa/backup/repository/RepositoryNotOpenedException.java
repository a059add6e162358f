package org.openhipaa.backup.repository;

import org.openhipaa.core.HipaaException;

/** A repository could not be made or opened. */
public final class RepositoryNotOpenedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /** Why in kind. */
  private final Reason reason;

  /** Why a repository could not be made or opened. */
  public enum Reason {
    /** There is none. */
    MISSING,
    /** There is one already, or something else is in its place. */
    EXISTS,
    /**
     * It is signed or sealed with another key: the keyring is another tenant's, or the repository
     * is.
     */
    WRONG_KEY,
    /** It was written by a newer release. */
    NEWER_VERSION,
    /** It is not what was written: an integrity alarm was raised. */
    DAMAGED
  }

  /**
   * Creates the failure.
   *
   * @param reason why in kind
   * @param message which object, why, and what to do
   */
  public RepositoryNotOpenedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /**
   * Creates the failure with its cause.
   *
   * @param reason why in kind
   * @param message which object, why, and what to do
   * @param cause the underlying failure
   */
  public RepositoryNotOpenedException(Reason reason, String message, Throwable cause) {
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
