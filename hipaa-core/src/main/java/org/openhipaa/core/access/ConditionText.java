package org.openhipaa.core.access;

import java.util.List;
import java.util.stream.Collectors;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.access.rules.Condition;

/** Says a condition in words, for explanations. It names what the policy names, never a value of a request. */
final class ConditionText {
  private static final int MAX_VALUES = 5;

  private ConditionText() {}

  static String of(Condition condition) {
    if (condition instanceof Condition.All all) {
      return join(all.parts(), " and ");
    } else if (condition instanceof Condition.Any any) {
      return "(" + join(any.parts(), " or ") + ")";
    } else if (condition instanceof Condition.Not not) {
      return "not " + of(not.part());
    } else if (condition instanceof Condition.Relation relation) {
      return "the relation " + relation.name();
    } else if (condition instanceof Condition.Predicate predicate) {
      return "the predicate " + predicate.name();
    } else if (condition instanceof Condition.Carries carries) {
      return "the label " + carries.label();
    } else if (condition instanceof Condition.LabelsWithin within) {
      return "no label outside of " + within.labels();
    } else if (condition instanceof Condition.OneOf oneOf) {
      return oneOf.attribute() + " in "
          + oneOf.values().stream()
              .limit(MAX_VALUES)
              .collect(
                  Collectors.joining(", ", "[", oneOf.values().size() > MAX_VALUES ? ", …]" : "]"));
    } else if (condition instanceof Condition.Range range) {
      return range.attribute()
          + (range.from() == Long.MIN_VALUE ? "" : " from " + range.from())
          + (range.to() == Long.MAX_VALUE ? "" : " to " + range.to());
    } else if (condition instanceof Condition.Flag flag) {
      return flag.attribute().text();
    } else if (condition instanceof Condition.Same same) {
      return same.left() + " same as " + same.right();
    }
    throw new HipaaBugException("a kind of condition without words: " + condition.getClass());
  }

  private static String join(List<Condition> parts, String word) {
    return parts.stream().map(ConditionText::of).collect(Collectors.joining(word));
  }
}
