package org.openhipaa.core;

/**
 * Something that cannot happen has happened: a defect in this library, never a mistake of its user.
 * Please report it.
 */
public final class HipaaBugException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates a bug report.
   *
   * @param message which assumption did not hold; free of PHI and secrets
   * @param cause the failure that should have been impossible
   */
  public HipaaBugException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Creates the report of a bug.
   *
   * @param message what must not happen and did; no PHI
   */
  public HipaaBugException(String message) {
    super(message);
  }
}
