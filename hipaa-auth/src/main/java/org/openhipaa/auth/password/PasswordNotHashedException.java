package org.openhipaa.auth.password;

import org.openhipaa.core.HipaaException;

/**
 * A password was not hashed, because so many others are being hashed that this one would have
 * waited too long. Nothing was looked up or counted; try again later.
 */
public final class PasswordNotHashedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param message what failed, why, and what to do about it
   */
  public PasswordNotHashedException(String message) {
    super(message);
  }
}
