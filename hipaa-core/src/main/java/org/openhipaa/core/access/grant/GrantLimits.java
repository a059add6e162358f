package org.openhipaa.core.access.grant;

import java.time.Duration;

/**
 * How long things may take.
 *
 * @param longest the longest time that a grant may be given for; above zero
 * @param recertifyEvery how often a grant has to be confirmed; above zero
 * @param requestValid how long a request may wait for its approval; above zero
 */
public record GrantLimits(Duration longest, Duration recertifyEvery, Duration requestValid) {
  /**
   * Checks the bounds.
   *
   * @param longest see {@link #longest()}
   * @param recertifyEvery see {@link #recertifyEvery()}
   * @param requestValid see {@link #requestValid()}
   * @throws IllegalArgumentException if one is not above zero
   */
  public GrantLimits {
    demandPositive(longest);
    demandPositive(recertifyEvery);
    demandPositive(requestValid);
  }

  /**
   * A year for a grant, 90 days between confirmations, 30 days for a request.
   *
   * @return the limits
   */
  public static GrantLimits defaults() {
    return new GrantLimits(Duration.ofDays(365), Duration.ofDays(90), Duration.ofDays(30));
  }

  private static void demandPositive(Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("the limits of grants are above zero");
    }
  }
}
