package org.openhipaa.core.access.grant;

import java.util.Set;
import java.util.SortedSet;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.internal.Closure;

/** Separation of duties: the pairs of groups of a policy that nobody may be in at once. */
final class Duties {
  private Duties() {}

  /** Tells whether groups, with all that they imply, hold no such pair. */
  static boolean separate(PolicyModel model, Set<Group> held) {
    SortedSet<Group> all = Closure.of(model.groups(), held);
    return model.separate().stream()
        .noneMatch(pair -> all.contains(pair.one()) && all.contains(pair.other()));
  }
}
