package org.openhipaa.core.access;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.Condition;

/**
 * Rules that differ in a text that they ask for, such as the department, found by that text instead
 * of one by one.
 */
final class RuleTree implements RuleNode {
  /** Fewer rules than this are asked faster than looked up. */
  private static final int FEW = 4;
  /** Up to so many times more places than children, a place is found by its number alone. */
  private static final int SPARSE = 8;

  /** All denials below, since a text that is not known may be any; null for permits. */
  private final @Nullable RuleNode denials;

  /** The number of the attribute to look up. */
  private final int attribute;
  /** The numbers of the texts that have a child, sorted; null where each text has its place. */
  private final int @Nullable [] numbers;

  private final @Nullable RuleNode[] children;
  private final @Nullable RuleNode rest;

  private RuleTree(
      @Nullable RuleNode denials,
      int attribute,
      int places,
      SortedMap<Integer, RuleNode> byNumber,
      @Nullable RuleNode rest) {
    this.denials = denials;
    this.attribute = attribute;
    this.rest = rest;
    if (places <= SPARSE * byNumber.size()) {
      this.numbers = null;
      this.children = new RuleNode[places];
      byNumber.forEach((number, child) -> children[number] = child);
    } else {
      this.numbers = byNumber.keySet().stream().mapToInt(Integer::intValue).toArray();
      this.children = byNumber.values().toArray(RuleNode[]::new);
    }
  }

  /**
   * Sorts rules into a tree.
   *
   * @param rules all permits or all denials
   */
  static RuleNode of(List<CompiledRule> rules, Symbols symbols) {
    return of(rules, symbols, Set.of(), Set.of());
  }

  /**
   * Makes a node.
   *
   * @param used attributes that were looked up on the way here
   * @param known those of them whose text is one that the rules ask for
   */
  private static RuleNode of(
      List<CompiledRule> rules,
      Symbols symbols,
      Set<AttributeName> used,
      Set<AttributeName> known) {
    AttributeName best = rules.size() < FEW ? null : mostAsked(rules, symbols, used);
    if (best == null) {
      return Candidate.chain(rules, known);
    }
    int attribute = symbols.attribute(best);
    SortedMap<Integer, List<CompiledRule>> byNumber = new TreeMap<>();
    List<CompiledRule> others = new ArrayList<>();
    for (CompiledRule rule : rules) {
      Condition.OneOf asked = rule.asks(best);
      if (asked == null) {
        others.add(rule);
      } else {
        asked
            .values()
            .forEach(text -> byNumber
                .computeIfAbsent(symbols.text(attribute, text), n -> new ArrayList<>())
                .add(rule));
      }
    }
    SortedMap<Integer, RuleNode> children = new TreeMap<>();
    byNumber.forEach((number, list) ->
        children.put(number, of(list, symbols, plus(used, best), plus(known, best))));
    return new RuleTree(
        rules.get(0).rule.permits() ? null : Candidate.chain(rules, known),
        attribute,
        symbols.texts(attribute),
        children,
        others.isEmpty() ? null : of(others, symbols, plus(used, best), known));
  }

  private static Set<AttributeName> plus(Set<AttributeName> names, AttributeName name) {
    Set<AttributeName> more = new HashSet<>(names);
    more.add(name);
    return more;
  }

  private static @Nullable AttributeName mostAsked(
      List<CompiledRule> rules, Symbols symbols, Set<AttributeName> used) {
    Map<AttributeName, Integer> asked = new LinkedHashMap<>();
    rules.forEach(rule -> rule.asked().stream()
        .filter(name -> symbols.attribute(name) >= 0 && !used.contains(name))
        .forEach(name -> asked.merge(name, 1, Integer::sum)));
    return asked.entrySet().stream()
        .filter(entry -> entry.getValue() >= FEW)
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  @Override
  public void visit(Matches matches, RuleNode.Visitor visitor) {
    int number = matches.evaluation.symbol(attribute);
    if (number == Symbols.UNKNOWN && denials != null) {
      // Every denial may apply to a text that is not known; no permit that asks for it does.
      denials.visit(matches, visitor);
      return;
    }
    RuleNode child = number < 0 ? null : child(number);
    if (child != null) {
      child.visit(matches, visitor);
    }
    if (rest != null) {
      rest.visit(matches, visitor);
    }
  }

  private @Nullable RuleNode child(int number) {
    if (numbers == null) {
      return children[number];
    }
    int place = Arrays.binarySearch(numbers, number);
    return place < 0 ? null : children[place];
  }
}
