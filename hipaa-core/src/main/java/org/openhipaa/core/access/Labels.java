package org.openhipaa.core.access;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.openhipaa.core.internal.Closure;

/** The lattice of sensitivity labels. A label that the policy does not know may imply any. */
final class Labels {
  private final Map<String, SortedSet<String>> implied;
  private final Map<String, SortedSet<String>> above;

  /**
   * Sorts labels.
   *
   * @param implied each label with those that it implies at once
   */
  Labels(Map<String, SortedSet<String>> implied) {
    this.implied = implied;
    this.above = Closure.inverse(implied);
  }

  /** These labels and all that they imply. */
  Set<String> below(Set<String> labels) {
    return Closure.of(implied, labels);
  }

  /** Whether the record carries the label, or one that implies it. */
  int carries(String label, AccessRequest request) {
    Optional<SortedSet<String>> labels = request.labels();
    if (labels.isEmpty()) {
      return Kleene.UNKNOWN;
    }
    Set<String> implying = above.getOrDefault(label, Collections.emptySortedSet());
    int truth = Kleene.FALSE;
    for (String carried : labels.get()) {
      if (implying.contains(carried)) {
        return Kleene.TRUE;
      }
      truth = implied.containsKey(carried) ? truth : Kleene.UNKNOWN;
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
      if (!implied.containsKey(carried)) {
        truth = Kleene.UNKNOWN;
      } else if (!allowed.contains(carried)) {
        return Kleene.FALSE;
      }
    }
    return truth;
  }
}
