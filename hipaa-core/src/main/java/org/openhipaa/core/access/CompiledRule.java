package org.openhipaa.core.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.Rule;

/**
 * A rule, ready to be asked. Its conditions are parted into those over attributes and labels, which
 * the request brings along, and those that the application has to look up.
 */
final class CompiledRule {
  final Rule rule;
  /** Its place in the policy. */
  final int number;
  private final @Nullable Test given;
  private final @Nullable Test lookedUp;
  private final @Nullable Deny[] denials = new Deny[DenyReason.values().length];
  private final String givenText;
  private final String lookedUpText;

  CompiledRule(Rule rule, int number, ConditionCompiler compiler) {
    this.rule = rule;
    this.number = number;
    List<Condition> attributes = new ArrayList<>();
    List<Condition> others = new ArrayList<>();
    conjuncts(rule.condition()).forEach(part -> (looksUp(part) ? others : attributes).add(part));
    this.given = Test.all(compiler.compile(attributes));
    this.lookedUp = Test.all(compiler.compile(others));
    this.givenText = ConditionText.of(new Condition.All(attributes));
    this.lookedUpText = ConditionText.of(new Condition.All(others));
  }

  /** What has to hold at once. */
  static List<Condition> conjuncts(Condition condition) {
    return condition instanceof Condition.All all
        ? all.parts().stream().flatMap(part -> conjuncts(part).stream()).toList()
        : List.of(condition);
  }

  private static boolean looksUp(Condition condition) {
    if (condition instanceof Condition.All all) {
      return all.parts().stream().anyMatch(CompiledRule::looksUp);
    } else if (condition instanceof Condition.Any any) {
      return any.parts().stream().anyMatch(CompiledRule::looksUp);
    } else if (condition instanceof Condition.Not not) {
      return looksUp(not.part());
    }
    return condition instanceof Condition.Relation || condition instanceof Condition.Predicate;
  }

  /** A deny rule applies unless one of its conditions is known not to hold. */
  boolean denies(Evaluation evaluation) {
    return (given == null || given.of(evaluation) != Kleene.FALSE)
        && (lookedUp == null || lookedUp.of(evaluation) != Kleene.FALSE);
  }

  /**
   * A permit rule applies only if every condition is known to hold: null if it does, otherwise the
   * first reason why not.
   */
  @Nullable DenyReason misses(Evaluation evaluation) {
    if (given != null && given.of(evaluation) != Kleene.TRUE) {
      return DenyReason.CONDITION_NOT_MET;
    }
    if (rule.breakGlass()
        && evaluation.request.ticket().filter(t -> t.covers(evaluation.request)).isEmpty()) {
      return DenyReason.BREAK_GLASS_NEEDED;
    }
    if (lookedUp != null && lookedUp.of(evaluation) != Kleene.TRUE) {
      return DenyReason.RELATION_MISSING;
    }
    return evaluation.request.actor().assurance().atLeast(rule.assurance())
        ? null
        : DenyReason.ASSURANCE_TOO_LOW;
  }

  /** What would have to be otherwise for the rule to permit. */
  String needed(DenyReason reason) {
    return switch (reason) {
      case PURPOSE_NOT_PERMITTED -> "the purpose "
          + String.join(" or ", rule.purposes().stream().map(p -> p.label()).sorted().toList())
          + (given == null && lookedUp == null ? "" : ", if its conditions hold");
      case CONDITION_NOT_MET -> givenText;
      case BREAK_GLASS_NEEDED -> "a break-glass ticket";
      case RELATION_MISSING -> lookedUpText;
      default -> "authentication at " + rule.assurance();
    };
  }

  /** The denial if this rule denies alone; made when first needed. */
  Deny denial(String hash) {
    return denial(DenyReason.DENIED_BY_RULE, () -> new Deny(
        List.of(rule.id()), hash, DenyReason.DENIED_BY_RULE, "rule " + rule.id() + " denies it"));
  }

  /** The denial if this rule came nearest to permitting; made when first needed. */
  Deny nearMiss(DenyReason reason, String hash) {
    return denial(reason, () -> new Deny(
        List.of(),
        hash,
        reason,
        "rule " + rule.id() + " would permit it with " + needed(reason),
        reason == DenyReason.ASSURANCE_TOO_LOW
            ? Optional.of(rule.assurance())
            : Optional.empty()));
  }

  /** Two threads may both make it: the two are equal and immutable. */
  private Deny denial(DenyReason reason, Supplier<Deny> made) {
    Deny known = denials[reason.ordinal()];
    if (known == null) {
      known = made.get();
      denials[reason.ordinal()] = known;
    }
    return known;
  }
}
