package org.openhipaa.auth.password;

import org.openhipaa.core.HipaaException;

/**
 * A stored password hash is of an unknown kind or version, is damaged, or asks for an unreasonable
 * amount of work.
 */
public final class PasswordHashNotReadException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param message what failed, why, and what to do about it; free of the hash
   */
  public PasswordHashNotReadException(String message) {
    super(message);
  }
}
