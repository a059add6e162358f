package org.openhipaa.core.access;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** What can be reached in a graph without cycles: the groups above a group, the labels it implies. */
final class Closure {
  private Closure() {}

  /** The start and whatever is reached from it. */
  static <T extends Comparable<T>> SortedSet<T> of(Map<T, ? extends SortedSet<T>> graph, T start) {
    SortedSet<T> reached = new TreeSet<>();
    Deque<T> open = new ArrayDeque<>();
    open.add(start);
    while (!open.isEmpty()) {
      T next = open.remove();
      if (reached.add(next)) {
        SortedSet<T> neighbours = graph.get(next);
        open.addAll(neighbours == null ? Collections.emptySortedSet() : neighbours);
      }
    }
    return reached;
  }
}
