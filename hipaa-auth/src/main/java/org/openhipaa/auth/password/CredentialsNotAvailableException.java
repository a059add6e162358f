package org.openhipaa.auth.password;

import org.openhipaa.core.HipaaException;

/**
 * Accounts could not be read or changed. Whether a change that failed so was made is not known;
 * read to find out.
 */
public final class CredentialsNotAvailableException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the failure.
   *
   * @param message what failed, why, and what to do about it; free of hashes
   */
  public CredentialsNotAvailableException(String message) {
    super(message);
  }

  /**
   * Creates the failure with its cause.
   *
   * @param message what failed, why, and what to do about it; free of hashes
   * @param cause the underlying failure; its message must be free of hashes too, as messages of
   *     databases often are not
   */
  public CredentialsNotAvailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
