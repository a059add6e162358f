package org.openhipaa.core.access;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.access.rules.AttributeDeclaration;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.actor.Recipient;
import org.openhipaa.core.internal.CanonicalWriter;

/** Refuses a condition that names something undeclared, or cannot mean anything. */
record ConditionCheck(
    Set<String> relations,
    Set<String> predicates,
    Set<String> labels,
    Map<AttributeName, AttributeDeclaration> attributes) {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_VALUES = 10_000;
  private static final int MAX_TEXT = 200;

  void check(Condition condition) {
    check(condition, 1);
  }

  static void checkText(String text) {
    if (text.isEmpty()
        || text.length() > MAX_TEXT
        || text.codePoints()
            .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT)
        || !CanonicalWriter.isWellFormed(text)) {
      throw new IllegalArgumentException(
          "a value has 1-" + MAX_TEXT + " characters without control or invisible characters");
    }
  }

  private void check(Condition condition, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("nests conditions deeper than " + MAX_DEPTH + " levels");
    }
    if (condition instanceof Condition.All all) {
      parts(all.parts(), "all", depth);
    } else if (condition instanceof Condition.Any any) {
      parts(any.parts(), "any", depth);
    } else if (condition instanceof Condition.Not not) {
      check(not.part(), depth + 1);
    } else if (condition instanceof Condition.Relation relation) {
      declared(relations.contains(relation.name()), "relation", relation.name());
    } else if (condition instanceof Condition.Predicate predicate) {
      declared(predicates.contains(predicate.name()), "predicate", predicate.name());
    } else if (condition instanceof Condition.Carries carries) {
      declared(labels.contains(carries.label()), "label", carries.label());
    } else if (condition instanceof Condition.LabelsWithin within) {
      within.labels().forEach(label -> declared(labels.contains(label), "label", label));
    } else if (condition instanceof Condition.OneOf oneOf) {
      oneOf(oneOf);
    } else if (condition instanceof Condition.Range range) {
      typed(range.attribute(), AttributeType.INTEGER);
      inDomain(range);
      if (range.from() > range.to()) {
        throw new IllegalArgumentException("has an empty range for '" + range.attribute()
            + "', from " + range.from() + " to " + range.to());
      }
    } else if (condition instanceof Condition.Flag flag) {
      typed(flag.attribute(), AttributeType.FLAG);
    } else if (condition instanceof Condition.Same same) {
      typed(same.left(), AttributeType.TEXT, AttributeType.TEXTS);
      typed(same.right(), AttributeType.TEXT, AttributeType.TEXTS);
      if (same.left().equals(same.right())) {
        throw new IllegalArgumentException("compares '" + same.left() + "' with itself");
      }
    } else {
      throw new HipaaBugException("a kind of condition without check: " + condition.getClass());
    }
  }

  private void parts(List<Condition> parts, String what, int depth) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("has an empty '" + what + "'");
    }
    parts.forEach(part -> check(part, depth + 1));
  }

  private void oneOf(Condition.OneOf oneOf) {
    AttributeDeclaration declaration =
        typed(oneOf.attribute(), AttributeType.TEXT, AttributeType.TEXTS);
    if (oneOf.values().isEmpty() || oneOf.values().size() > MAX_VALUES) {
      throw new IllegalArgumentException(
          "compares '" + oneOf.attribute() + "' with no value, or with more than " + MAX_VALUES);
    }
    for (String value : oneOf.values()) {
      checkText(value);
      if (oneOf.attribute().equals(PolicyModel.RECIPIENT)
          && Recipient.find(value).isEmpty()) {
        throw new IllegalArgumentException("names the unknown recipient '" + value + "'");
      }
      if (!declaration.values().isEmpty() && !declaration.values().contains(value)) {
        throw new IllegalArgumentException(
            "names the value '" + value + "', which '" + oneOf.attribute() + "' does not list");
      }
    }
  }

  /** A condition on the clock that can never hold is a mistake, and in a denial a dangerous one. */
  private static void inDomain(Condition.Range range) {
    long first = range.attribute().equals(PolicyModel.WEEKDAY) ? 1 : 0;
    long last = range.attribute().equals(PolicyModel.WEEKDAY) ? 7 : 23;
    boolean ofClock =
        range.attribute().equals(PolicyModel.HOUR) || range.attribute().equals(PolicyModel.WEEKDAY);
    if (ofClock && (range.to() < first || range.from() > last)) {
      throw new IllegalArgumentException(
          "asks '" + range.attribute() + "', which is " + first + " to " + last + ", for another");
    }
  }

  private AttributeDeclaration typed(AttributeName name, AttributeType... types) {
    AttributeDeclaration declaration = attributes.get(name);
    if (declaration == null) {
      declaration = PolicyModel.BUILT_IN.get(name);
    }
    if (declaration == null) {
      throw new IllegalArgumentException("names the undeclared attribute '" + name + "'");
    }
    if (!List.of(types).contains(declaration.type())) {
      throw new IllegalArgumentException("compares '" + name + "', which is of type "
          + declaration.type().label() + ", as " + types[0].label());
    }
    return declaration;
  }

  private static void declared(boolean known, String what, String value) {
    if (!known) {
      throw new IllegalArgumentException("names the undeclared " + what + " '" + value + "'");
    }
  }
}
