package org.openhipaa.core.access.consent;

import org.jspecify.annotations.Nullable;
import org.openhipaa.core.HipaaException;

/** Directives could not be surely stored, or not be read. Says nothing of their content. */
public final class ConsentNotKeptException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param message what failed, why, and what to do about it; free of PHI
   * @param cause the underlying failure, or null
   */
  public ConsentNotKeptException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
