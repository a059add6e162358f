package org.openhipaa.backup.store;

import org.openhipaa.core.HipaaException;

/** A store could not do what it was asked: unreachable, unreadable, full, read-only. */
public final class StoreFailedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param message what failed at which object, why, and what to do
   */
  public StoreFailedException(String message) {
    super(message);
  }

  /**
   * Creates the failure with its cause.
   *
   * @param message what failed at which object, why, and what to do
   * @param cause the underlying failure
   */
  public StoreFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
