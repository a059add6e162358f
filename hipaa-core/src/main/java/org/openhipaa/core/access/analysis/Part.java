package org.openhipaa.core.access.analysis;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.record.RecordType;

/** The rules for one record type and one use, of one policy or of two. Confined to one thread. */
final class Part {
  final RecordType type;
  final Space space;
  private final List<PolicyView> views;
  private final List<List<Rule>> rules;
  private final List<Map<Rule, Integer>> applying = new ArrayList<>();

  /**
   * Takes the rules.
   *
   * @param views the policies
   * @param times for their zones
   * @param type the record type
   * @param rules of each policy those that cover type and use
   * @param given what is known of all requests that are asked about
   * @param budget for the diagrams
   */
  Part(
      List<PolicyView> views,
      Times times,
      RecordType type,
      List<List<Rule>> rules,
      Given given,
      Budget budget) {
    this.type = type;
    this.views = views;
    this.rules = rules;
    SpaceBuilder builder = new SpaceBuilder(views, times);
    builder.add(given);
    for (int i = 0; i < views.size(); i++) {
      applying.add(new IdentityHashMap<>());
      for (Rule rule : rules.get(i)) {
        builder.add(views.get(i), rule);
      }
    }
    this.space = builder.build(budget);
  }

  /** A part of one policy. */
  static Part of(PolicyView view, Times times, RecordType type, List<Rule> rules, Budget budget) {
    return new Part(List.of(view), times, type, List.of(rules), Given.nothing(), budget);
  }

  /** Where a rule applies. */
  int applies(PolicyView view, Rule rule) {
    Map<Rule, Integer> known = applying.get(view.number);
    Integer before = known.get(rule);
    if (before != null) {
      return before;
    }
    int where = space.applies(view, rule);
    known.put(rule, where);
    return where;
  }

  /** What the rules of a policy effect within a region. */
  Effects effects(int view, int region) {
    return new Effects(this, views.get(view), rules.get(view), region);
  }

  Effects effects(int view) {
    return effects(view, Diagrams.ALWAYS);
  }

  List<Rule> rules(int view) {
    return rules.get(view);
  }
}
