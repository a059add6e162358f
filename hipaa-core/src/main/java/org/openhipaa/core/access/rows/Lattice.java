package org.openhipaa.core.access.rows;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** What can be reached in a graph without cycles: the groups above a group, the labels it implies. */
final class Lattice {
  private Lattice() {}

  /** The starts and whatever is reached from them. */
  static <T extends Comparable<T>> SortedSet<T> below(
      Map<T, ? extends SortedSet<T>> graph, Collection<T> starts) {
    SortedSet<T> reached = new TreeSet<>();
    Deque<T> open = new ArrayDeque<>(starts);
    while (!open.isEmpty()) {
      T next = open.remove();
      if (reached.add(next)) {
        SortedSet<T> neighbours = graph.get(next);
        open.addAll(neighbours == null ? Collections.emptySortedSet() : neighbours);
      }
    }
    return reached;
  }

  /** Whatever reaches the end, and the end. */
  static <T extends Comparable<T>> SortedSet<T> above(Map<T, ? extends SortedSet<T>> graph, T end) {
    SortedSet<T> above = new TreeSet<>();
    graph.keySet().stream()
        .filter(start -> below(graph, Collections.singleton(start)).contains(end))
        .forEach(start -> above.add(start));
    return above;
  }
}
