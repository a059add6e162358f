package org.openhipaa.core.access;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.Condition;

/**
 * Rules that differ in a text that they ask for, such as the department, found by that text instead
 * of one by one. Each node either lists its rules or looks one attribute up.
 */
final class RuleTree {
  /** Fewer rules than this are asked faster than looked up. */
  private static final int FEW = 4;

  private final CompiledRule[] listed;
  private final @Nullable AttributeName attribute;
  private final Map<String, RuleTree> byText;
  private final @Nullable RuleTree rest;

  private RuleTree(
      CompiledRule[] listed,
      @Nullable AttributeName attribute,
      Map<String, RuleTree> byText,
      @Nullable RuleTree rest) {
    this.listed = listed;
    this.attribute = attribute;
    this.byText = byText;
    this.rest = rest;
  }

  /**
   * Sorts rules into a tree.
   *
   * @param single tells whether an attribute is one text, rather than a set or a number
   */
  static RuleTree of(List<CompiledRule> rules, Predicate<AttributeName> single) {
    return of(rules, single, Set.of());
  }

  private static RuleTree of(
      List<CompiledRule> rules, Predicate<AttributeName> single, Set<AttributeName> used) {
    AttributeName best = rules.size() < FEW ? null : mostNamed(rules, single, used);
    if (best == null) {
      return new RuleTree(rules.toArray(CompiledRule[]::new), null, Map.of(), null);
    }
    Set<AttributeName> now = new HashSet<>(used);
    now.add(best);
    Map<String, List<CompiledRule>> byText = new LinkedHashMap<>();
    List<CompiledRule> others = new ArrayList<>();
    for (CompiledRule rule : rules) {
      Condition.OneOf asked = asks(rule, best);
      if (asked == null) {
        others.add(rule);
      } else {
        asked.values()
            .forEach(text -> byText.computeIfAbsent(text, t -> new ArrayList<>()).add(rule));
      }
    }
    Map<String, RuleTree> children = new HashMap<>();
    byText.forEach((text, list) -> children.put(text, of(list, single, now)));
    return new RuleTree(
        rules.toArray(CompiledRule[]::new),
        best,
        children,
        others.isEmpty() ? null : of(others, single, now));
  }

  private static @Nullable AttributeName mostNamed(
      List<CompiledRule> rules, Predicate<AttributeName> single, Set<AttributeName> used) {
    Map<AttributeName, Integer> named = new LinkedHashMap<>();
    for (CompiledRule rule : rules) {
      CompiledRule.conjuncts(rule.rule.condition()).stream()
          .filter(Condition.OneOf.class::isInstance)
          .map(part -> ((Condition.OneOf) part).attribute())
          .distinct()
          .filter(name -> single.test(name) && !used.contains(name))
          .forEach(name -> named.merge(name, 1, Integer::sum));
    }
    return named.entrySet().stream()
        .filter(entry -> entry.getValue() >= FEW)
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  private static Condition.@Nullable OneOf asks(CompiledRule rule, AttributeName attribute) {
    for (Condition part : CompiledRule.conjuncts(rule.rule.condition())) {
      if (part instanceof Condition.OneOf oneOf && oneOf.attribute().equals(attribute)) {
        return oneOf;
      }
    }
    return null;
  }

  /**
   * Visits every rule that may apply. Where the looked-up text is not known, rules that apply unless
   * they are known not to may all apply.
   *
   * @param unlessFalse whether the rules are of that kind: denials
   */
  void visit(Evaluation evaluation, boolean unlessFalse, Visitor visitor) {
    if (attribute == null) {
      for (CompiledRule rule : listed) {
        visitor.visit(rule);
      }
      return;
    }
    if (evaluation.value(attribute) instanceof String text) {
      RuleTree child = byText.get(text);
      if (child != null) {
        child.visit(evaluation, unlessFalse, visitor);
      }
    } else if (unlessFalse) {
      for (CompiledRule rule : listed) {
        visitor.visit(rule);
      }
      return;
    }
    if (rest != null) {
      rest.visit(evaluation, unlessFalse, visitor);
    }
  }

  /** Takes the rules. */
  interface Visitor {
    void visit(CompiledRule rule);
  }
}
