package org.openhipaa.core.access.rules;

import java.time.Duration;
import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How much PHI may be reached under one rule within a sliding window.
 *
 * @param measure what is counted
 * @param scope who shares the budget
 * @param hard the most that is admitted, 1 to 10^15
 * @param soft from which count on an alarm is raised, 1 to {@code hard}; empty for none
 * @param window one second to 366 days
 * @param labels for {@link QuotaMeasure#SENSITIVE_PATIENTS}, the labels that make a patient count;
 *     otherwise empty
 */
public record QuotaLimit(
    QuotaMeasure measure,
    QuotaScope scope,
    long hard,
    OptionalLong soft,
    Duration window,
    SortedSet<String> labels) {
  private static final long MAX = 1_000_000_000_000_000L;
  private static final Duration MIN_WINDOW = Duration.ofSeconds(1);
  private static final Duration MAX_WINDOW = Duration.ofDays(366);

  /**
   * Checks the ranges.
   *
   * @param measure see {@link #measure()}
   * @param scope see {@link #scope()}
   * @param hard see {@link #hard()}
   * @param soft see {@link #soft()}
   * @param window see {@link #window()}
   * @param labels see {@link #labels()}
   * @throws IllegalArgumentException if a value is out of range
   */
  public QuotaLimit {
    labels = Collections.unmodifiableSortedSet(new TreeSet<>(labels));
    if (hard < 1 || hard > MAX) {
      throw new IllegalArgumentException(
          "a quota is of 1 to 10^15 " + measure.label() + ", not " + hard);
    }
    if (soft.isPresent() && (soft.getAsLong() < 1 || soft.getAsLong() > hard)) {
      throw new IllegalArgumentException(
          "a quota's soft limit lies between 1 and the hard limit, not at " + soft.getAsLong());
    }
    if (window.compareTo(MIN_WINDOW) < 0 || window.compareTo(MAX_WINDOW) > 0) {
      throw new IllegalArgumentException(
          "a quota window is of 1 second to 366 days, not " + window);
    }
    if (labels.isEmpty() == (measure == QuotaMeasure.SENSITIVE_PATIENTS)) {
      throw new IllegalArgumentException(
          "a quota names labels if, and only if, it counts sensitive-patients");
    }
  }

  /**
   * The usual limit: so many different patients per user.
   *
   * @param patients the most that is admitted
   * @param window the sliding window
   * @return the limit
   */
  public static QuotaLimit patients(long patients, Duration window) {
    return new QuotaLimit(
        QuotaMeasure.PATIENTS,
        QuotaScope.USER,
        patients,
        OptionalLong.empty(),
        window,
        Collections.emptySortedSet());
  }
}
