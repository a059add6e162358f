package org.openhipaa.core.access.analysis;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Times that stand for all: each combination of hour and weekday that the zones can show at once. */
final class Times {
  static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
  /** Offsets are multiples of a quarter of an hour. */
  private static final Duration STEP = Duration.ofMinutes(15);

  private static final int WEEK = 24 * 7;
  private static final int YEAR = 366 * 24 * 4;

  private final List<ZoneId> zones;
  private List<Instant> all = List.of();

  /**
   * Reads clocks.
   *
   * @param zones of one policy, or of two that are compared
   */
  Times(List<ZoneId> zones) {
    this.zones = zones;
  }

  /** The times, picked when first needed. */
  synchronized List<Instant> all() {
    if (all.isEmpty()) {
      all = pick();
    }
    return all;
  }

  private List<Instant> pick() {
    List<Instant> picked = new ArrayList<>();
    boolean one = zones.stream().distinct().count() == 1;
    Set<List<Integer>> seen = new HashSet<>();
    Instant time = START;
    for (int i = 0; i < YEAR && !(one && seen.size() == WEEK); i++) {
      List<Integer> shown = new ArrayList<>();
      for (ZoneId zone : one ? zones.subList(0, 1) : zones) {
        ZonedDateTime local = time.atZone(zone);
        shown.add(local.getHour());
        shown.add(local.getDayOfWeek().getValue());
      }
      if (seen.add(shown)) {
        picked.add(time);
      }
      time = time.plus(STEP);
    }
    return List.copyOf(picked);
  }

  /** Says the hour and weekday by the first policy's clock. */
  String words(Instant time) {
    ZonedDateTime local = time.atZone(zones.get(0));
    return "the time is "
        + local.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH)
        + " "
        + local.toLocalTime();
  }

  /** The hour or the weekday by a policy's clock. */
  int read(Instant time, int policy, boolean hour) {
    ZonedDateTime local = time.atZone(zones.get(policy));
    return hour ? local.getHour() : local.getDayOfWeek().getValue();
  }
}
