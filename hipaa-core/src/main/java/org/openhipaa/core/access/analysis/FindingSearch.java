package org.openhipaa.core.access.analysis;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.openhipaa.core.access.analysis.PolicyView.Typed;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.record.RecordType;

/** Looks for rules that never matter. A rule has to matter in one of the parts that it covers. */
final class FindingSearch {
  private static final int MAX_BECAUSE = 5;
  /** Among more causes it is not told which are enough. */
  private static final int MAX_CAUSES = 32;

  private final PolicyView view;
  private final Times times;
  private final Budget budget;
  private final IdentityHashMap<Rule, Seen> seen = new IdentityHashMap<>();
  private final IdentityHashMap<Rule, Map<Typed, Set<String>>> demands = new IdentityHashMap<>();

  FindingSearch(PolicyView view, Times times, Budget budget) {
    this.view = view;
    this.times = times;
    this.budget = budget;
  }

  List<Finding> find() {
    view.model.rules().forEach(rule -> {
      seen.put(rule, new Seen());
      demands.put(rule, RuleMeaning.demands(view, rule));
    });
    for (RecordType type : view.model.types().keySet()) {
      List<Rule> rules = view.rules(type);
      Set<BitSet> different =
          new LinkedHashSet<>(view.covering(type, view.uses(type)).values());
      for (BitSet places : different) {
        List<Rule> covering = places.stream().mapToObj(rules::get).toList();
        look(Part.of(view, times, type, covering, budget));
      }
    }
    List<Finding> found = new ArrayList<>();
    for (Rule rule : view.model.rules()) {
      judge(rule, of(rule), found);
    }
    return List.copyOf(found);
  }

  private Seen of(Rule rule) {
    return Objects.requireNonNull(seen.get(rule));
  }

  private static void judge(Rule rule, Seen of, List<Finding> found) {
    String id = "rule " + rule.id();
    if (!of.reachable) {
      add(found, Finding.Kind.UNREACHABLE, rule, Set.of(), id + " can never apply");
    } else if (rule.permits() && !of.open) {
      add(found, Finding.Kind.SHADOWED, rule, of.denials, id + " is always overridden by denials");
    } else if (rule.permits() && !of.shows) {
      add(
          found,
          Finding.Kind.NOTHING_SHOWN,
          rule,
          of.permits,
          id + " never shows a field: permits that apply with it hide them all");
    } else if (rule.permits() && !of.listed) {
      add(
          found,
          Finding.Kind.UNLISTED_ONLY,
          rule,
          of.denials,
          id + " lets something through only where an attribute has a value that its declaration"
              + " does not list");
    } else if (!of.needed && !rule.permits() && of.idle) {
      add(
          found,
          Finding.Kind.IDLE_DENIAL,
          rule,
          Set.of(),
          id + " denies only what nothing permits");
    } else if (!of.needed) {
      Set<String> by = rule.permits() ? of.permits : of.denials;
      add(found, Finding.Kind.REDUNDANT, rule, by, id + " changes nothing");
    }
  }

  private static void add(
      List<Finding> found, Finding.Kind kind, Rule rule, Set<String> because, String what) {
    List<String> concerned = new ArrayList<>(List.of(rule.id()));
    because.stream().limit(MAX_BECAUSE).forEach(concerned::add);
    found.add(new Finding(kind, concerned, what));
  }

  private void look(Part part) {
    Meetings meetings = new Meetings(part.rules(0));
    int listed = part.space.listed();
    for (Rule rule : part.rules(0)) {
      if (!of(rule).done(rule)) {
        look(part, rule, meetings.with(rule), listed);
      }
    }
  }

  @SuppressWarnings(
      "ReferenceEquality") // The same rule of the same policy, and comparing takes long.
  private void look(Part part, Rule rule, List<Rule> meeting, int listed) {
    Seen of = of(rule);
    Diagrams diagrams = part.space.diagrams;
    int where = diagrams.minus(part.applies(view, rule), part.space.notSeparated(view));
    if (where == Diagrams.NEVER) {
      return;
    }
    of.reachable = true;
    List<Rule> all = new ArrayList<>();
    List<Rule> others = new ArrayList<>();
    List<Rule> permits = new ArrayList<>();
    List<Integer> denied = new ArrayList<>();
    List<Rule> denials = new ArrayList<>();
    for (Rule other : meeting) {
      int both = diagrams.and(where, part.applies(view, other));
      if (both == Diagrams.NEVER) {
        continue;
      }
      all.add(other);
      if (other != rule) {
        others.add(other);
        if (other.permits()) {
          permits.add(other);
          of.add(other);
        } else {
          denials.add(other);
          denied.add(both);
        }
      }
    }
    int open = diagrams.minus(where, diagrams.any(denied));
    of.open |= open != Diagrams.NEVER;
    enough(diagrams, where, denials, denied).forEach(of::add);
    of.listed |= diagrams.and(open, listed) != Diagrams.NEVER;
    if (!of.needed || !of.shows) {
      Effects with = new Effects(part, view, all, where);
      of.shows |= with.permitted != Diagrams.NEVER;
      of.needed |= !with.sameAs(new Effects(part, view, others, where));
    }
    if (!rule.permits() && !of.needed && of.idle) {
      of.idle = new Effects(part, view, permits, where).permitted == Diagrams.NEVER;
    }
  }

  /** Of denials that cover a region, some without which they would not. */
  private static List<Rule> enough(
      Diagrams diagrams, int where, List<Rule> denials, List<Integer> denied) {
    List<Rule> enough = new ArrayList<>(denials);
    List<Integer> left = new ArrayList<>(denied);
    if (denials.size() <= MAX_CAUSES && diagrams.any(denied) == where) {
      for (int i = enough.size() - 1; i >= 0; i--) {
        List<Integer> fewer = new ArrayList<>(left);
        fewer.remove(i);
        if (diagrams.any(fewer) == where) {
          left = fewer;
          enough.remove(i);
        }
      }
    }
    return enough;
  }

  /** Finds the rules of a part that may apply together with another, without asking all. */
  private final class Meetings {
    private final List<Rule> rules;
    private final BitSet denials = new BitSet();
    /** For each attribute and each text the rules that demand the text, and are met only so. */
    private final Map<Typed, Map<String, BitSet>> demanding = new HashMap<>();
    /** For each attribute the rules that demand nothing of it. */
    private final Map<Typed, BitSet> free = new HashMap<>();

    Meetings(List<Rule> rules) {
      this.rules = rules;
      for (int i = 0; i < rules.size(); i++) {
        denials.set(i, !rules.get(i).permits());
        for (Map.Entry<Typed, Set<String>> demand : demands(rules.get(i)).entrySet()) {
          Map<String, BitSet> of =
              demanding.computeIfAbsent(demand.getKey(), attribute -> new HashMap<>());
          for (String text : demand.getValue()) {
            of.computeIfAbsent(text, t -> new BitSet()).set(i);
          }
          free.computeIfAbsent(demand.getKey(), attribute -> everyRule()).clear(i);
        }
      }
    }

    private BitSet everyRule() {
      BitSet all = new BitSet();
      all.set(0, rules.size());
      return all;
    }

    /**
     * The rules that may apply where this one does, itself among them, in order. A permit never
     * applies with a rule that demands other texts of an attribute. Two denials may, where the
     * attribute is missing.
     */
    List<Rule> with(Rule rule) {
      BitSet met = everyRule();
      for (Map.Entry<Typed, Set<String>> demand : demands(rule).entrySet()) {
        BitSet meeting =
            (BitSet) free.getOrDefault(demand.getKey(), new BitSet()).clone();
        Map<String, BitSet> of = demanding.getOrDefault(demand.getKey(), Map.of());
        demand.getValue().forEach(text -> meeting.or(of.getOrDefault(text, new BitSet())));
        met.and(meeting);
      }
      if (!rule.permits()) {
        met.or(denials);
      }
      budget.spend(1 + rules.size() / 64 + met.cardinality());
      return met.stream().mapToObj(rules::get).toList();
    }

    private Map<Typed, Set<String>> demands(Rule rule) {
      return demands.getOrDefault(rule, Map.of());
    }
  }

  /** What was seen of a rule in the parts so far. */
  private static final class Seen {
    private final Set<String> permits = new LinkedHashSet<>();
    private final Set<String> denials = new LinkedHashSet<>();
    private boolean reachable;
    private boolean open;
    private boolean listed;
    private boolean shows;
    private boolean needed;
    private boolean idle = true;

    void add(Rule other) {
      Set<String> ids = other.permits() ? permits : denials;
      if (ids.size() < MAX_BECAUSE) {
        ids.add(other.id());
      }
    }

    /** Whether there is nothing left to find. */
    boolean done(Rule rule) {
      return reachable && needed && (!rule.permits() || (open && shows && listed));
    }
  }
}
