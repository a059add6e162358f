package org.openhipaa.core.access;

import java.time.Duration;

/**
 * How many different patients one actor may reach under one rule within a sliding window.
 *
 * @param patients 1 to 1,000,000 distinct patients
 * @param window one second to 366 days
 */
public record QuotaLimit(int patients, Duration window) {
  private static final int MAX_PATIENTS = 1_000_000;
  private static final Duration MIN_WINDOW = Duration.ofSeconds(1);
  private static final Duration MAX_WINDOW = Duration.ofDays(366);

  /**
   * Checks the ranges.
   *
   * @param patients see {@link #patients()}
   * @param window see {@link #window()}
   * @throws IllegalArgumentException if a value is out of range
   */
  public QuotaLimit {
    if (patients < 1 || patients > MAX_PATIENTS) {
      throw new IllegalArgumentException("a quota is of 1 to 1,000,000 patients, not " + patients);
    }
    if (window.compareTo(MIN_WINDOW) < 0 || window.compareTo(MAX_WINDOW) > 0) {
      throw new IllegalArgumentException(
          "a quota window is of 1 second to 366 days, not " + window);
    }
  }
}
