package org.openhipaa.core;

import org.jspecify.annotations.Nullable;

/**
 * The root of every failure that this library reports. Children live with their feature and name
 * the act that failed.
 *
 * <p>A refusal is never an exception, it is a value. Messages name rules, keys, files and
 * positions; they never hold PHI or a secret.
 */
public abstract class HipaaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates a failure.
   *
   * @param message what failed, why, and what to do about it; free of PHI and secrets
   */
  protected HipaaException(String message) {
    super(message);
  }

  /**
   * Creates a failure with its cause.
   *
   * @param message what failed, why, and what to do about it; free of PHI and secrets
   * @param cause the underlying failure, or null; its message is shown in stack traces and must be
   *     free of PHI and secrets too
   */
  protected HipaaException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
