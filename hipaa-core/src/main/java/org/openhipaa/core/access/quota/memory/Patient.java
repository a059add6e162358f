package org.openhipaa.core.access.quota.memory;

import org.jspecify.annotations.Nullable;

/**
 * When one patient was seen: the last time, and the times before to which a release goes back. Of
 * the times before only so many are kept; the oldest are then moved up to a later one, which counts
 * the patient longer, never shorter.
 */
final class Patient {
  /** How many earlier times are kept; even. */
  static final int EARLIER = 64;

  final String token;

  @Nullable
  Patient previous;

  @Nullable
  Patient next;

  long lastSeen;

  /** How many sightings at {@link #lastSeen} still stand. */
  private int standing = 1;

  private long @Nullable [] earlierTimes;
  private int @Nullable [] earlierStanding;
  private int earlier;

  Patient(String token, long at) {
    this.token = token;
    this.lastSeen = at;
  }

  /** One more sighting, not before the last. */
  void see(long at) {
    if (at != lastSeen) {
      keepLast();
      lastSeen = at;
      standing = 0;
    }
    standing++;
  }

  /**
   * One sighting less.
   *
   * @return whether the time of the last sighting still stands
   */
  boolean forget(long at) {
    long[] times = earlierTimes;
    int[] counts = earlierStanding;
    if (times == null || counts == null || earlier == 0 || times[earlier - 1] < at) {
      standing--;
      return standing > 0;
    }
    int i = earlier - 1;
    while (i > 0 && times[i - 1] >= at) {
      i--;
    }
    counts[i]--;
    if (counts[i] == 0) {
      earlier--;
      System.arraycopy(times, i + 1, times, i, earlier - i);
      System.arraycopy(counts, i + 1, counts, i, earlier - i);
    }
    return true;
  }

  /**
   * The sighting before becomes the last.
   *
   * @return false if there is none after that time
   */
  boolean goBack(long after) {
    long[] times = earlierTimes;
    int[] counts = earlierStanding;
    if (times == null || counts == null || earlier == 0 || times[earlier - 1] <= after) {
      return false;
    }
    earlier--;
    lastSeen = times[earlier];
    standing = counts[earlier];
    return true;
  }

  private void keepLast() {
    long[] times = earlierTimes;
    int[] counts = earlierStanding;
    if (times == null || counts == null) {
      times = new long[2];
      counts = new int[2];
    } else if (earlier == EARLIER) {
      // The older half becomes one, at the latest of its times.
      int half = EARLIER / 2;
      for (int i = 0; i < half - 1; i++) {
        counts[half - 1] += counts[i];
      }
      earlier = half + 1;
      System.arraycopy(times, half - 1, times, 0, earlier);
      System.arraycopy(counts, half - 1, counts, 0, earlier);
    } else if (earlier == times.length) {
      times = java.util.Arrays.copyOf(times, 2 * earlier);
      counts = java.util.Arrays.copyOf(counts, 2 * earlier);
    }
    times[earlier] = lastSeen;
    counts[earlier] = standing;
    earlier++;
    earlierTimes = times;
    earlierStanding = counts;
  }
}
