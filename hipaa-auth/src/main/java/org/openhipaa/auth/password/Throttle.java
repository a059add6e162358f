package org.openhipaa.auth.password;

import java.time.Instant;

/**
 * How an account's recent attempts have gone; kept in its {@link Credential}, understood by the
 * authenticator.
 *
 * @param failures attempts since the last success that failed or are still under way, at least 0
 * @param notBefore no further attempt is verified before this time
 */
public record Throttle(int failures, Instant notBefore) {
  /** No failures: the state of a new account and after each success. */
  public static final Throttle NONE = new Throttle(0, Instant.EPOCH);

  /**
   * Checks the range.
   *
   * @param failures see {@link #failures()}
   * @param notBefore see {@link #notBefore()}
   * @throws IllegalArgumentException if {@code failures} is negative
   */
  public Throttle {
    if (failures < 0) {
      throw new IllegalArgumentException("failures must not be negative");
    }
  }
}
