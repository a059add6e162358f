package org.openhipaa.core.access;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.rules.AttributeName;
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
  /** Conditions over attributes and labels. */
  private final List<Condition> given = new ArrayList<>();

  private final List<Condition> lookedUp = new ArrayList<>();
  final @Nullable Test lookedUpTest;
  private final ConditionCompiler compiler;
  private @Nullable Deny inDoubt;
  private final @Nullable Deny[] denials = new Deny[DenyReason.ASSURANCE_TOO_LOW.ordinal() + 1];

  CompiledRule(Rule rule, int number, ConditionCompiler compiler) {
    this.rule = rule;
    this.number = number;
    this.compiler = compiler;
    conjuncts(rule.condition()).forEach(part -> (looksUp(part) ? lookedUp : given).add(part));
    this.lookedUpTest = Test.all(compiler.compile(lookedUp));
  }

  /** The conditions that have to hold at once. */
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

  /** The text that the rule asks an attribute for, or null if it asks for none. */
  Condition.@Nullable OneOf asks(AttributeName attribute) {
    for (Condition part : given) {
      if (part instanceof Condition.OneOf oneOf && oneOf.attribute().equals(attribute)) {
        return oneOf;
      }
    }
    return null;
  }

  /** The attributes that the rule asks for a text, or a set of texts. */
  Set<AttributeName> asked() {
    Set<AttributeName> names = new LinkedHashSet<>();
    for (Condition part : given) {
      if (part instanceof Condition.OneOf oneOf) {
        names.add(oneOf.attribute());
      }
    }
    return names;
  }

  /**
   * The test of attributes and labels; null, if there is nothing to test.
   *
   * @param known attributes whose first text has been found to be right already
   */
  @Nullable
  Test givenTest(Set<AttributeName> known) {
    List<Condition> open = new ArrayList<>(given);
    known.forEach(name -> open.remove(asks(name)));
    return Test.all(compiler.compile(open));
  }

  /** Whether a denial whose attributes and labels are right applies. */
  boolean deniesWhenGiven(Evaluation evaluation) {
    return lookedUpTest == null || lookedUpTest.of(evaluation) != Kleene.FALSE;
  }

  /** Why a permit whose attributes and labels are right does not apply, or null if it does. */
  @Nullable
  DenyReason missesWhenGiven(Evaluation evaluation) {
    AccessRequest request = evaluation.request;
    if (rule.breakGlass() && request.ticket().filter(t -> t.covers(request)).isEmpty()) {
      return DenyReason.BREAK_GLASS_NEEDED;
    }
    if (lookedUpTest != null && lookedUpTest.of(evaluation) != Kleene.TRUE) {
      return DenyReason.RELATION_MISSING;
    }
    return request.actor().assurance().atLeast(rule.assurance())
        ? null
        : DenyReason.ASSURANCE_TOO_LOW;
  }

  /** The denial if this rule denies alone; made when first needed. */
  Deny denial(String hash) {
    return denial(
        DenyReason.DENIED_BY_RULE,
        () -> new Deny(
            List.of(rule.id()),
            hash,
            DenyReason.DENIED_BY_RULE,
            "rule " + rule.id() + " denies it"));
  }

  /** The denial if this rule denies alone, and only because nobody knows whether it applies. */
  Deny denialInDoubt(String hash) {
    Deny known = inDoubt;
    if (known == null) {
      known = new Deny(
          List.of(rule.id()),
          hash,
          DenyReason.DENIED_BY_RULE,
          "rule " + rule.id() + " denies it, because it is not known whether it holds: "
              + ConditionText.of(rule.condition())
              + (given.isEmpty()
                  ? ""
                  : "; state the labels and attributes of the record, also if there are none"));
      inDoubt = known;
    }
    return known;
  }

  /** The denial if this rule came nearest to permitting; made when first needed. */
  Deny nearMiss(DenyReason reason, String hash) {
    return denial(
        reason,
        () -> new Deny(
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

  /** What would have to be otherwise for the rule to permit. */
  private String needed(DenyReason reason) {
    return switch (reason) {
      case PURPOSE_NOT_PERMITTED ->
        "the purpose "
            + String.join(
                " or ", rule.purposes().stream().map(p -> p.label()).sorted().toList())
            + (given.isEmpty() && lookedUp.isEmpty() ? "" : ", if its conditions hold");
      case CONDITION_NOT_MET -> ConditionText.of(new Condition.All(given));
      case BREAK_GLASS_NEEDED -> "a break-glass ticket that covers it at the time stated";
      case RELATION_MISSING -> ConditionText.of(new Condition.All(lookedUp));
      default -> "authentication at " + rule.assurance();
    };
  }
}
