package org.openhipaa.core.phi;

import org.jspecify.annotations.Nullable;
import org.openhipaa.core.HipaaException;

/**
 * A permitted record could not be opened: it was altered, its key is missing, or it cannot be read.
 * Nothing was released. If it was altered, an integrity alarm has been raised.
 */
public final class RecordNotOpenedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param message which record (by its opaque name), why not, and what to do; no PHI
   * @param cause the underlying failure
   */
  public RecordNotOpenedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
