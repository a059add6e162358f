package org.openhipaa.core.access.grant;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.actor.Group;

/** Separation of duties: the pairs of groups of a policy that nobody may be in at once. */
final class Duties {
  private Duties() {}

  /** Tells whether groups, with all that they imply, hold no such pair. */
  static boolean separate(PolicyModel model, Set<Group> held) {
    SortedSet<Group> all = closure(model.groups(), held);
    return model.separate().stream()
        .noneMatch(pair -> all.contains(pair.one()) && all.contains(pair.other()));
  }

  private static SortedSet<Group> closure(
      SortedMap<Group, SortedSet<Group>> implied, Set<Group> held) {
    SortedSet<Group> all = new TreeSet<>(held);
    Deque<Group> open = new ArrayDeque<>(held);
    while (!open.isEmpty()) {
      for (Group more : implied.getOrDefault(open.pop(), Collections.emptySortedSet())) {
        if (all.add(more)) {
          open.push(more);
        }
      }
    }
    return all;
  }
}
