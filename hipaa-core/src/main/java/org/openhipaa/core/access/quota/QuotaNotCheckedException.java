package org.openhipaa.core.access.quota;

import org.openhipaa.core.HipaaException;

/** A quota could not be checked, so nothing may be released. */
public final class QuotaNotCheckedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param message what failed, why, and what to do; no PHI
   * @param cause the underlying failure
   */
  public QuotaNotCheckedException(String message, Throwable cause) {
    super(message, cause);
  }
}
