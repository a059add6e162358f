package org.openhipaa.core.internal;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** What can be reached in a graph without cycles: the groups above a group, the labels it implies. */
public final class Closure {
  private Closure() {}

  /**
   * Follows the graph from one place.
   *
   * @param graph each place with those next to it
   * @param start where to begin; need not be in the graph
   * @param <T> the type of a place
   * @return the start and whatever is reached from it; new
   */
  public static <T extends Comparable<T>> SortedSet<T> of(
      Map<T, ? extends SortedSet<T>> graph, T start) {
    return of(graph, List.of(start));
  }

  /**
   * Follows the graph from several places.
   *
   * @param graph each place with those next to it
   * @param starts where to begin; need not be in the graph
   * @param <T> the type of a place
   * @return the starts and whatever is reached from them; new
   */
  public static <T extends Comparable<T>> SortedSet<T> of(
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

  /**
   * Looks at the graph from the other end: the members of each group, the labels that imply a label.
   *
   * @param graph each place with those next to it
   * @param <T> the type of a place
   * @return each place that is reached, with itself and all from which it is reached; new
   */
  public static <T extends Comparable<T>> Map<T, SortedSet<T>> inverse(
      Map<T, ? extends SortedSet<T>> graph) {
    Map<T, SortedSet<T>> reaching = new HashMap<>();
    graph
        .keySet()
        .forEach(start -> of(graph, start)
            .forEach(end -> reaching.computeIfAbsent(end, e -> new TreeSet<>()).add(start)));
    return reaching;
  }
}
