package org.openhipaa.core.crypto;

import org.openhipaa.core.HipaaException;

/** A key could not be had: missing, wrong password, held elsewhere, or destroyed. */
public final class KeyNotAvailableException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /** See {@link #altered()}. */
  private final boolean altered;

  /**
   * Creates the failure.
   *
   * @param message which key, why not, and what to do; no secret
   */
  public KeyNotAvailableException(String message) {
    super(message);
    this.altered = false;
  }

  /**
   * Creates the failure with its cause.
   *
   * @param message which key, why not, and what to do; no secret
   * @param cause the underlying failure
   */
  public KeyNotAvailableException(String message, Throwable cause) {
    super(message, cause);
    this.altered = false;
  }

  private KeyNotAvailableException(String message, boolean altered) {
    super(message);
    this.altered = altered;
  }

  static KeyNotAvailableException altered(String message) {
    return new KeyNotAvailableException(message, true);
  }

  /**
   * Tells a failed integrity check, which is worth an alarm, from a key that is merely out of reach.
   *
   * @return true if the wrapped key was there, but is not what was stored
   */
  public boolean altered() {
    return altered;
  }
}
