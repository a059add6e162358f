package org.openhipaa.core.access;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/** The lattice of sensitivity labels. A label that the policy does not know may imply any. */
final class Labels {
  private final Map<String, Set<String>> above = new HashMap<>();
  private final Map<String, SortedSet<String>> below = new HashMap<>();

  /**
   * Sorts labels.
   *
   * @param implied each label with those that it implies at once
   */
  Labels(Map<String, SortedSet<String>> implied) {
    implied.keySet().forEach(label -> {
      SortedSet<String> all = Closure.of(implied, label);
      below.put(label, all);
      all.forEach(lower -> above.computeIfAbsent(lower, l -> new HashSet<>()).add(label));
    });
  }

  /** These labels and all that they imply. */
  Set<String> below(Set<String> labels) {
    Set<String> all = new HashSet<>();
    labels.forEach(label -> all.addAll(below.getOrDefault(label, Collections.emptySortedSet())));
    return all;
  }

  /** Whether the record carries the label, or one that implies it. */
  int carries(String label, AccessRequest request) {
    Optional<SortedSet<String>> labels = request.labels();
    if (labels.isEmpty()) {
      return Kleene.UNKNOWN;
    }
    Set<String> implying = above.getOrDefault(label, Set.of());
    int truth = Kleene.FALSE;
    for (String carried : labels.get()) {
      if (implying.contains(carried)) {
        return Kleene.TRUE;
      }
      truth = below.containsKey(carried) ? truth : Kleene.UNKNOWN;
    }
    return truth;
  }

  /** Whether the record carries only labels that are allowed. */
  int within(Set<String> allowed, AccessRequest request) {
    Optional<SortedSet<String>> labels = request.labels();
    if (labels.isEmpty()) {
      return Kleene.UNKNOWN;
    }
    int truth = Kleene.TRUE;
    for (String carried : labels.get()) {
      if (!below.containsKey(carried)) {
        truth = Kleene.UNKNOWN;
      } else if (!allowed.contains(carried)) {
        return Kleene.FALSE;
      }
    }
    return truth;
  }
}
