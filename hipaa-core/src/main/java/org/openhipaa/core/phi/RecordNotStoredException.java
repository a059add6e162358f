package org.openhipaa.core.phi;

import org.openhipaa.core.HipaaException;

/** A permitted update could not be stored. The record is as it was before. */
public final class RecordNotStoredException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param message which record (by its opaque name), why not, and what to do; no PHI
   */
  public RecordNotStoredException(String message) {
    super(message);
  }

  /**
   * Creates the failure with its cause.
   *
   * @param message which record (by its opaque name), why not, and what to do; no PHI
   * @param cause the underlying failure
   */
  public RecordNotStoredException(String message, Throwable cause) {
    super(message, cause);
  }
}
