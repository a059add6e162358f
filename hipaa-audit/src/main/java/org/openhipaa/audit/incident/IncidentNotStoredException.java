package org.openhipaa.audit.incident;

import org.openhipaa.core.HipaaException;

/** A change of an incident is not surely stored. Says nothing of its content. */
public final class IncidentNotStoredException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param message what failed, why, and what to do about it; free of PHI
   */
  public IncidentNotStoredException(String message) {
    super(message);
  }

  /**
   * Creates the failure with its cause.
   *
   * @param message what failed, why, and what to do about it; free of PHI
   * @param cause the underlying failure
   */
  public IncidentNotStoredException(String message, Throwable cause) {
    super(message, cause);
  }
}
