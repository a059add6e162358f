package org.openhipaa.core.access.quota;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** The sums that every {@link QuotaStore} does in the same way. Stateless. */
public final class QuotaArithmetic {
  private static final long FIRST_SECOND = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
  private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  private QuotaArithmetic() {}

  /**
   * Refuses a list that charges a budget twice, because then nobody could say what fits.
   *
   * @param charges what a reservation asks for
   * @throws IllegalArgumentException if two charges have the same key
   */
  public static void requireDifferentKeys(List<QuotaCharge> charges) {
    if (charges.size() < 2) {
      return;
    }
    Set<String> keys = new HashSet<>();
    for (QuotaCharge charge : charges) {
      if (!keys.add(charge.key())) {
        throw new IllegalArgumentException(
            "one reservation charges the same budget twice; add the amounts up first");
      }
    }
  }

  /**
   * A time in whole milliseconds.
   *
   * @param now the time by the caller's clock
   * @return milliseconds since 1970, cut off
   * @throws IllegalArgumentException if the time lies outside of the years 1 to 9999
   */
  public static long millis(Instant now) {
    long second = now.getEpochSecond();
    if (second < FIRST_SECOND || second > LAST_SECOND) {
      throw new IllegalArgumentException(
          "the clock is outside of the years 1 to 9999; set it before quotas are counted by it");
    }
    return now.toEpochMilli();
  }

  /**
   * The window of a charge in whole milliseconds, rounded up so that it is never shorter than the
   * policy says.
   *
   * @param charge what is charged
   * @return milliseconds: what happened at least so long ago is out of the window
   */
  public static long window(QuotaCharge charge) {
    Duration window = charge.limit().window();
    long millis = window.toMillis();
    return window.minusMillis(millis).isZero() ? millis : millis + 1;
  }

  /**
   * Tells whether a budget holds a charge. Cannot overflow.
   *
   * @param charge what is charged
   * @param counted how much the window holds already, at least 0
   * @param cost what comes on top, at least 0; nothing always fits, also if the limit was lowered
   *     below what is counted
   * @return whether it may be charged
   */
  public static boolean fits(QuotaCharge charge, long counted, long cost) {
    return cost == 0 || cost <= charge.limit().hard() - counted;
  }

  /**
   * Tells whether a budget reaches its soft limit.
   *
   * @param charge what is charged
   * @param before how much the window held before
   * @param after how much it holds now
   * @return true if it was below the soft limit and no longer is
   */
  public static boolean warns(QuotaCharge charge, long before, long after) {
    OptionalLong soft = charge.limit().soft();
    return soft.isPresent() && before < soft.getAsLong() && after >= soft.getAsLong();
  }
}
