package org.openhipaa.audit.incident;

import org.openhipaa.core.HipaaException;

/** Incidents could not be read. Says nothing of their content. */
public final class IncidentNotReadException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param message what failed, why, and what to do about it; free of PHI
   */
  public IncidentNotReadException(String message) {
    super(message);
  }

  /**
   * Creates the failure with its cause.
   *
   * @param message what failed, why, and what to do about it; free of PHI
   * @param cause the underlying failure
   */
  public IncidentNotReadException(String message, Throwable cause) {
    super(message, cause);
  }
}
