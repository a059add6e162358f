package org.openhipaa.core.access.breakglass;

import java.time.Duration;

/**
 * How long a ticket holds, how long a review may take, and how much has to be said.
 *
 * @param ticket how long a ticket holds; above zero, at most a day
 * @param reviewWithin how long after its opening a use may stay unreviewed before its user may not
 *     break the glass again; above zero
 * @param minReason the shortest reason, in characters; at least 1
 * @param maxReason the longest reason, in characters; at most 2,000
 */
public record BreakGlassLimits(
    Duration ticket, Duration reviewWithin, int minReason, int maxReason) {
  private static final Duration LONGEST_TICKET = Duration.ofDays(1);
  private static final int LONGEST_REASON = 2000;

  /**
   * Checks the bounds.
   *
   * @param ticket see {@link #ticket()}
   * @param reviewWithin see {@link #reviewWithin()}
   * @param minReason see {@link #minReason()}
   * @param maxReason see {@link #maxReason()}
   * @throws IllegalArgumentException if one is out of bounds
   */
  public BreakGlassLimits {
    if (ticket.isNegative() || ticket.isZero() || ticket.compareTo(LONGEST_TICKET) > 0) {
      throw new IllegalArgumentException("a ticket holds for more than nothing, at most a day");
    }
    if (reviewWithin.isNegative() || reviewWithin.isZero()) {
      throw new IllegalArgumentException("a review needs more than no time");
    }
    if (minReason < 1 || maxReason < minReason || maxReason > LONGEST_REASON) {
      throw new IllegalArgumentException("a reason has 1 to 2,000 characters");
    }
  }

  /**
   * One hour for a ticket, three days for a review, 10 to 1,000 characters for the reason.
   *
   * @return the limits
   */
  public static BreakGlassLimits defaults() {
    return new BreakGlassLimits(Duration.ofHours(1), Duration.ofDays(3), 10, 1000);
  }
}
