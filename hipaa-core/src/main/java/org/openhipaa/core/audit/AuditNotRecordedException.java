package org.openhipaa.core.audit;

import org.openhipaa.core.HipaaException;

/**
 * An audit event was not surely recorded. Whatever depended on it must not happen: no audit record,
 * no PHI.
 */
public final class AuditNotRecordedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param message what failed, why, and what to do about it; free of PHI
   */
  public AuditNotRecordedException(String message) {
    super(message);
  }

  /**
   * Creates the failure with its cause.
   *
   * @param message what failed, why, and what to do about it; free of PHI
   * @param cause the underlying failure
   */
  public AuditNotRecordedException(String message, Throwable cause) {
    super(message, cause);
  }
}
