package org.openhipaa.core.crypto;

import org.openhipaa.core.HipaaException;

/** A key could not be had: missing, wrong password, held elsewhere, or destroyed. */
public final class KeyNotAvailableException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param message which key, why not, and what to do; no secret
   */
  public KeyNotAvailableException(String message) {
    super(message);
  }

  /**
   * Creates the failure with its cause.
   *
   * @param message which key, why not, and what to do; no secret
   * @param cause the underlying failure
   */
  public KeyNotAvailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
