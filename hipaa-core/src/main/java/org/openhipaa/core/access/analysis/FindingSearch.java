package org.openhipaa.core.access.analysis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.openhipaa.core.access.analysis.PolicyView.Typed;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.record.RecordType;

/** Looks for rules that never matter. A rule has to matter in one of the parts that it covers. */
final class FindingSearch {
  private final PolicyView view;
  private final Times times;
  private final IdentityHashMap<Rule, Seen> seen = new IdentityHashMap<>();
  private final IdentityHashMap<Rule, Map<Typed, Set<String>>> demands = new IdentityHashMap<>();

  FindingSearch(PolicyView view, Times times) {
    this.view = view;
    this.times = times;
  }

  List<Finding> find() {
    view.model.rules().forEach(rule -> {
      seen.put(rule, new Seen());
      demands.put(rule, RuleMeaning.demands(view, rule));
    });
    for (RecordType type : view.model.types().keySet()) {
      Map<List<Integer>, List<Rule>> different = new HashMap<>();
      RuleNumbers numbers = new RuleNumbers(view.model.rules());
      view.uses(type).forEach(use -> {
        List<Rule> rules = view.rules(type, use);
        different.putIfAbsent(numbers.of(rules), rules);
      });
      different.values().forEach(rules -> look(Part.of(view, times, type, rules)));
    }
    List<Finding> found = new ArrayList<>();
    for (Rule rule : view.model.rules()) {
      judge(rule, seen.getOrDefault(rule, new Seen()), found);
    }
    return List.copyOf(found);
  }

  private static void judge(Rule rule, Seen of, List<Finding> found) {
    List<String> concerned = new ArrayList<>(List.of(rule.id()));
    concerned.addAll(of.because);
    String id = "rule " + rule.id();
    if (!of.reachable) {
      found.add(new Finding(Finding.Kind.UNREACHABLE, List.of(rule.id()), id + " can never apply"));
    } else if (rule.permits() && !of.open) {
      found.add(
          new Finding(Finding.Kind.SHADOWED, concerned, id + " is always overridden by denials"));
    } else if (rule.permits() && !of.shows) {
      found.add(new Finding(
          Finding.Kind.NOTHING_SHOWN,
          concerned,
          id + " never shows a field: permits that apply with it hide them all"));
    } else if (!of.needed) {
      boolean idle = !rule.permits() && !of.covered;
      found.add(new Finding(
          idle ? Finding.Kind.IDLE_DENIAL : Finding.Kind.REDUNDANT,
          concerned,
          id + (idle ? " denies only what nothing permits" : " changes nothing")));
    }
  }

  private void look(Part part) {
    List<Rule> rules = part.rules(0);
    for (Rule rule : rules) {
      look(part, rules, rule, seen.getOrDefault(rule, new Seen()));
    }
  }

  @SuppressWarnings(
      "ReferenceEquality") // The same rule of the same policy, and comparing takes long.
  private void look(Part part, List<Rule> rules, Rule rule, Seen of) {
    Diagrams diagrams = part.space.diagrams;
    int where = diagrams.minus(part.applies(view, rule), part.space.notSeparated(view));
    if (where == Diagrams.NEVER) {
      return;
    }
    of.reachable = true;
    List<Rule> all = new ArrayList<>();
    List<Rule> others = new ArrayList<>();
    int denied = Diagrams.NEVER;
    for (Rule other : rules) {
      int both = other == rule || canMeet(rule, other)
          ? diagrams.and(where, part.applies(view, other))
          : Diagrams.NEVER;
      if (both != Diagrams.NEVER) {
        all.add(other);
        if (other != rule) {
          others.add(other);
          denied = other.permits() ? denied : diagrams.or(denied, both);
          if (of.because.size() < Seen.MAX_BECAUSE) {
            of.because.add(other.id());
          }
        }
      }
    }
    of.open |= denied != where;
    of.covered &= denied == where;
    if (!of.needed || !of.shows) {
      Effects with = new Effects(part, view, all, where);
      of.shows |= with.permitted != Diagrams.NEVER;
      of.needed |= !with.sameAs(new Effects(part, view, others, where));
    }
  }

  /** Permits that demand different texts of an attribute never apply together; nor does a denial. */
  private boolean canMeet(Rule one, Rule other) {
    if (!one.permits() && !other.permits()) {
      return true;
    }
    Map<Typed, Set<String>> asked = demands.getOrDefault(other, Map.of());
    return demands.getOrDefault(one, Map.of()).entrySet().stream()
        .allMatch(demand -> !asked.containsKey(demand.getKey())
            || !Collections.disjoint(
                demand.getValue(), asked.getOrDefault(demand.getKey(), Set.of())));
  }

  /** What was seen of a rule in the parts so far. */
  private static final class Seen {
    private static final int MAX_BECAUSE = 5;

    private final Set<String> because = new TreeSet<>();
    private boolean reachable;
    private boolean open;
    private boolean shows;
    private boolean needed;
    private boolean covered = true;
  }

  /** Rules by their place, since comparing them takes long. */
  private static final class RuleNumbers {
    private final IdentityHashMap<Rule, Integer> numbers = new IdentityHashMap<>();

    RuleNumbers(List<Rule> rules) {
      rules.forEach(rule -> numbers.put(rule, numbers.size()));
    }

    List<Integer> of(List<Rule> rules) {
      return rules.stream().map(rule -> numbers.getOrDefault(rule, -1)).toList();
    }
  }
}
