package org.openhipaa.backup.verify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;

/** Collects findings, at most a thousand of them. */
final class Findings {
  private static final int KEPT = 1_000;

  private final List<Finding> kept = new ArrayList<>();
  private long count;

  void add(Finding finding) {
    count++;
    if (kept.size() < KEPT) {
      kept.add(finding);
    }
  }

  void add(String object, Finding.Kind kind, String message, long... snapshots) {
    SortedSet<Long> affected = new TreeSet<>();
    for (long snapshot : snapshots) {
      affected.add(snapshot);
    }
    add(new Finding(object, kind, message, affected, 0, List.of()));
  }

  void add(ObjectRejectedException e, long... snapshots) {
    add(e.object(), kind(e.problem()), e.getMessage(), snapshots);
  }

  /** Counts what there are too many of to name. */
  void addUnnamed(long more) {
    count += more;
  }

  boolean isFull() {
    return kept.size() >= KEPT;
  }

  boolean isEmpty() {
    return count == 0;
  }

  long count() {
    return count;
  }

  List<Finding> inOrder() {
    return kept.stream().sorted(Comparator.comparing(Finding::object)).toList();
  }

  static Finding.Kind kind(Problem problem) {
    return switch (problem) {
      case MISSING -> Finding.Kind.MISSING;
      case UNREADABLE -> Finding.Kind.UNREADABLE;
      case ALTERED -> Finding.Kind.ALTERED;
      case INCONSISTENT -> Finding.Kind.INCONSISTENT;
      case NEWER_VERSION -> Finding.Kind.NEWER_VERSION;
      case OTHER_KEY -> Finding.Kind.OTHER_KEY;
    };
  }
}
