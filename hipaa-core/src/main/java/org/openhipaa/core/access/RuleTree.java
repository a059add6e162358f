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

  private static final CompiledRule[] NO_RULES = new CompiledRule[0];
  private static final Test[] NO_TESTS = new Test[0];

  /** The rules of a leaf; and of any node of denials, since a text that is not known may be any. */
  private final CompiledRule[] listed;
  /** What is left to test of each listed rule, once the way to this leaf has been gone. */
  private final @Nullable Test[] tests;

  private final @Nullable AttributeReader reader;
  private final Map<String, RuleTree> byText;
  private final @Nullable RuleTree rest;

  private RuleTree(
      CompiledRule[] listed,
      @Nullable Test[] tests,
      @Nullable AttributeReader reader,
      Map<String, RuleTree> byText,
      @Nullable RuleTree rest) {
    this.listed = listed;
    this.tests = tests;
    this.reader = reader;
    this.byText = byText;
    this.rest = rest;
  }

  /**
   * Sorts rules into a tree.
   *
   * @param rules all permits or all denials
   * @param single tells whether an attribute is one text, rather than a set or a number
   */
  static RuleTree of(List<CompiledRule> rules, Predicate<AttributeName> single) {
    return of(rules, single, Set.of(), Set.of());
  }

  /**
   * Makes a node.
   *
   * @param used attributes that were looked up on the way here
   * @param known those of them whose text is one that the rules ask for
   */
  private static RuleTree of(
      List<CompiledRule> rules,
      Predicate<AttributeName> single,
      Set<AttributeName> used,
      Set<AttributeName> known) {
    AttributeName best = rules.size() < FEW ? null : mostAsked(rules, single, used);
    if (best == null) {
      return leaf(rules, known);
    }
    Map<String, List<CompiledRule>> byText = new LinkedHashMap<>();
    List<CompiledRule> others = new ArrayList<>();
    for (CompiledRule rule : rules) {
      Condition.OneOf asked = rule.asks(best);
      if (asked == null) {
        others.add(rule);
      } else {
        asked
            .values()
            .forEach(
                text -> byText.computeIfAbsent(text, t -> new ArrayList<>()).add(rule));
      }
    }
    Map<String, RuleTree> children = new HashMap<>();
    byText.forEach(
        (text, list) -> children.put(text, of(list, single, plus(used, best), plus(known, best))));
    RuleTree all = rules.get(0).rule.permits() ? null : leaf(rules, known);
    return new RuleTree(
        all == null ? NO_RULES : all.listed,
        all == null ? NO_TESTS : all.tests,
        AttributeReader.of(best),
        children,
        others.isEmpty() ? null : of(others, single, plus(used, best), known));
  }

  private static RuleTree leaf(List<CompiledRule> rules, Set<AttributeName> known) {
    return new RuleTree(
        rules.toArray(CompiledRule[]::new),
        rules.stream().map(rule -> rule.givenTest(known)).toArray(Test[]::new),
        null,
        Map.of(),
        null);
  }

  private static Set<AttributeName> plus(Set<AttributeName> names, AttributeName name) {
    Set<AttributeName> more = new HashSet<>(names);
    more.add(name);
    return more;
  }

  private static @Nullable AttributeName mostAsked(
      List<CompiledRule> rules, Predicate<AttributeName> single, Set<AttributeName> used) {
    Map<AttributeName, Integer> asked = new LinkedHashMap<>();
    rules.forEach(rule -> rule.asked().stream()
        .filter(name -> single.test(name) && !used.contains(name))
        .forEach(name -> asked.merge(name, 1, Integer::sum)));
    return asked.entrySet().stream()
        .filter(entry -> entry.getValue() >= FEW)
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  /**
   * Visits every rule that may apply. Where the text to look up is not known, every denial may apply,
   * and no permit that asks for it.
   */
  void visit(Evaluation evaluation, Visitor visitor) {
    boolean byList = true;
    if (reader != null && reader.read(evaluation) instanceof String text) {
      byList = false;
      RuleTree child = byText.get(text);
      if (child != null) {
        child.visit(evaluation, visitor);
      }
    }
    if (byList) {
      for (int i = 0; i < listed.length; i++) {
        visitor.visit(listed[i], tests[i]);
      }
    }
    if (rest != null && (!byList || listed.length == 0)) {
      rest.visit(evaluation, visitor);
    }
  }

  /** Takes the rules. */
  interface Visitor {
    /**
     * Takes one.
     *
     * @param givenTest what is left to test of its attributes and labels
     */
    void visit(CompiledRule rule, @Nullable Test givenTest);
  }
}
