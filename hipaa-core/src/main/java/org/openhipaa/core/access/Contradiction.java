package org.openhipaa.core.access;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.Condition;

/**
 * Finds conditions that contradict each other plainly, since a rule that can never apply is a
 * mistake. What takes more thought is for the analysis of whole policies to find.
 */
final class Contradiction {
  private final Set<Condition> holding = new HashSet<>();
  private final Map<AttributeName, long[]> ranges = new HashMap<>();
  private final Map<AttributeName, SortedSet<String>> texts = new HashMap<>();

  private final Predicate<AttributeName> single;

  private Contradiction(Predicate<AttributeName> single) {
    this.single = single;
  }

  /**
   * The reason why the condition can never hold, or empty if none was found.
   *
   * @param single tells whether an attribute has one value, rather than a set
   */
  static Optional<String> in(Condition condition, Predicate<AttributeName> single) {
    List<Condition> conjuncts = new ArrayList<>();
    flatten(condition, conjuncts);
    return new Contradiction(single).among(conjuncts);
  }

  private static void flatten(Condition condition, List<Condition> into) {
    if (condition instanceof Condition.All all) {
      all.parts().forEach(part -> flatten(part, into));
    } else {
      into.add(condition);
    }
  }

  private Optional<String> among(List<Condition> conjuncts) {
    holding.addAll(conjuncts);
    for (Condition condition : conjuncts) {
      Optional<String> found = Optional.empty();
      if (condition instanceof Condition.Not not && holding.contains(not.part())) {
        found = Optional.of("it demands a condition and its opposite");
      } else if (condition instanceof Condition.Range range) {
        found = range(range);
      } else if (condition instanceof Condition.OneOf oneOf) {
        found = oneOf(oneOf);
      }
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<String> range(Condition.Range range) {
    long[] both = ranges.computeIfAbsent(
        range.attribute(), name -> new long[] {Long.MIN_VALUE, Long.MAX_VALUE});
    both[0] = Math.max(both[0], range.from());
    both[1] = Math.min(both[1], range.to());
    return both[0] <= both[1]
        ? Optional.empty()
        : Optional.of("no number is in all the ranges for '" + range.attribute() + "'");
  }

  private Optional<String> oneOf(Condition.OneOf oneOf) {
    if (!single.test(oneOf.attribute())) {
      // A set may have a value of each list.
      return Optional.empty();
    }
    SortedSet<String> both =
        texts.computeIfAbsent(oneOf.attribute(), name -> new TreeSet<>(oneOf.values()));
    both.retainAll(oneOf.values());
    return both.isEmpty()
        ? Optional.of("no value of '" + oneOf.attribute() + "' is in all its lists")
        : Optional.empty();
  }
}
