package org.openhipaa.core.access.analysis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openhipaa.core.access.analysis.PolicyView.Typed;
import org.openhipaa.core.access.analysis.Variable.Value;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.access.rules.Truth;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;

/** Collects what some rules depend on, and makes each fact a variable with finitely many values. */
final class SpaceBuilder {
  private static final int MISSING = 3;
  private static final String UNDECLARED_LABEL = "undeclared-label";

  private final List<PolicyView> views;
  private final Times times;
  private final SortedSet<String> relations = new TreeSet<>();
  private final SortedSet<String> predicates = new TreeSet<>();
  private final Map<Typed, Set<SortedSet<String>>> lists = new LinkedHashMap<>();
  private final Map<Typed, Set<Space.Span>> spans = new LinkedHashMap<>();
  private final Set<Typed> flags = new LinkedHashSet<>();
  private final Set<List<Typed>> same = new LinkedHashSet<>();
  private final Set<Space.TimeTest> timeTests = new LinkedHashSet<>();
  private final Set<Set<String>> labelSets = new LinkedHashSet<>();
  private final Set<SortedSet<Group>> groupSets = new LinkedHashSet<>();
  private final List<Set<Condition>> seen = List.of(new HashSet<>(), new HashSet<>());
  private boolean labels;
  private boolean ticket;
  private boolean assurance;

  final List<Variable> variables = new ArrayList<>();
  final Map<Space.Key, Integer> index = new HashMap<>();
  final List<Texts> texts = new ArrayList<>();
  final Map<Typed, List<Space.Span>> numberTests = new HashMap<>();
  final Map<Typed, Map<BitSet, Integer>> numberClasses = new HashMap<>();
  final List<Space.TimeTest> timeTestList = new ArrayList<>();
  final Map<BitSet, Integer> timeClasses = new HashMap<>();
  final List<SortedSet<String>> labelClasses = new ArrayList<>();
  final List<SortedSet<Group>> groupClasses = new ArrayList<>();

  SpaceBuilder(List<PolicyView> views, Times times) {
    this.views = views;
    this.times = times;
  }

  /** What is given stands for itself alone, so that requests can be held to it. */
  void add(Given given) {
    given.attributes().forEach((name, value) -> {
      Typed attribute = new Typed(name, Given.type(value));
      if (value instanceof String text) {
        lists.computeIfAbsent(attribute, a -> new LinkedHashSet<>()).add(one(text));
      } else if (value instanceof Set<?> set) {
        Set<SortedSet<String>> named = lists.computeIfAbsent(attribute, a -> new LinkedHashSet<>());
        set.forEach(text -> named.add(one((String) text)));
      } else if (value instanceof Long number) {
        spans
            .computeIfAbsent(attribute, a -> new LinkedHashSet<>())
            .add(new Space.Span(number, number));
      } else {
        flags.add(attribute);
      }
    });
    given.carried().ifPresent(carried -> {
      labels = true;
      carried.forEach(label -> labelSets.add(Set.of(label)));
    });
  }

  private static SortedSet<String> one(String text) {
    return new TreeSet<>(Set.of(text));
  }

  void add(PolicyView view, Rule rule) {
    if (!rule.groups().isEmpty()) {
      groupSets.add(view.expand(rule.groups()));
    }
    ticket |= rule.breakGlass();
    assurance |= rule.assurance() != Assurance.AAL1;
    collect(view, rule.condition());
    for (QuotaLimit quota : rule.obligations().quotas()) {
      quota.labels().forEach(label -> collect(view, new Condition.Carries(label)));
    }
  }

  private void collect(PolicyView view, Condition condition) {
    if (!seen.get(view.number).add(condition)) {
      return;
    }
    if (condition instanceof Condition.All all) {
      all.parts().forEach(part -> collect(view, part));
    } else if (condition instanceof Condition.Any any) {
      any.parts().forEach(part -> collect(view, part));
    } else if (condition instanceof Condition.Not not) {
      collect(view, not.part());
    } else if (condition instanceof Condition.Relation relation) {
      relations.add(relation.name());
    } else if (condition instanceof Condition.Predicate predicate) {
      predicates.add(predicate.name());
    } else if (condition instanceof Condition.Carries carries) {
      labels = true;
      labelSets.add(view.implying(carries.label()));
    } else if (condition instanceof Condition.LabelsWithin within) {
      labels = true;
      labelSets.add(view.implied(within.labels()));
    } else if (condition instanceof Condition.OneOf oneOf) {
      lists
          .computeIfAbsent(view.typed(oneOf.attribute()), a -> new LinkedHashSet<>())
          .add(oneOf.values());
    } else if (condition instanceof Condition.Range range) {
      collect(view, range);
    } else if (condition instanceof Condition.Flag flag) {
      flags.add(view.typed(flag.attribute()));
    } else if (condition instanceof Condition.Same both) {
      Typed left = view.typed(both.left());
      Typed right = view.typed(both.right());
      lists.computeIfAbsent(left, a -> new LinkedHashSet<>());
      lists.computeIfAbsent(right, a -> new LinkedHashSet<>());
      same.add(List.of(left, right));
    }
  }

  private void collect(PolicyView view, Condition.Range range) {
    Space.Span span = new Space.Span(range.from(), range.to());
    boolean hour = range.attribute().equals(PolicyModel.HOUR);
    if (hour || range.attribute().equals(PolicyModel.WEEKDAY)) {
      timeTests.add(new Space.TimeTest(view.number, hour, span));
    } else {
      spans
          .computeIfAbsent(view.typed(range.attribute()), a -> new LinkedHashSet<>())
          .add(span);
    }
  }

  /**
   * Makes the variables. Texts come first, since rules differ in them most, and groups last.
   *
   * @param budget for the diagrams
   */
  Space build(Budget budget) {
    linked().forEach(this::texts);
    spans.forEach(this::numbers);
    for (Typed attribute : flags) {
      String name = attribute.name().text();
      variable(
          new Space.Key(Space.Kind.VALUE, attribute),
          new Variable(
              List.of(
                  new Value(name + " is false", Optional.of(false), 0),
                  new Value(name + " is true", Optional.of(true), 1),
                  new Value(name + " is missing", Optional.empty(), MISSING)),
              2));
    }
    time();
    labels();
    relations.forEach(name -> lookup(Space.Kind.RELATION, name, "the relation " + name));
    predicates.forEach(name -> lookup(Space.Kind.PREDICATE, name, "the predicate " + name));
    if (assurance) {
      List<Value> levels = new ArrayList<>();
      for (Assurance level : Assurance.values()) {
        levels.add(new Value("authenticated at " + level, Optional.of(level), level.ordinal()));
      }
      variable(Space.ASSURANCE, new Variable(levels, 0));
    }
    groups();
    int[] sizes = variables.stream().mapToInt(v -> v.values().size()).toArray();
    return new Space(views, times, this, new Diagrams(sizes, budget));
  }

  private void variable(Space.Key key, Variable variable) {
    index.put(key, variables.size());
    variables.add(variable);
  }

  /** Attributes that are compared with each other, directly or through others, belong together. */
  private List<Texts> linked() {
    Map<Typed, Set<Typed>> together = new LinkedHashMap<>();
    lists
        .keySet()
        .forEach(attribute -> together.put(attribute, new LinkedHashSet<>(List.of(attribute))));
    for (List<Typed> pair : same) {
      Set<Typed> joined = new LinkedHashSet<>(together.getOrDefault(pair.get(0), Set.of()));
      joined.addAll(together.getOrDefault(pair.get(1), Set.of()));
      joined.forEach(attribute -> together.put(attribute, joined));
    }
    List<Texts> all = new ArrayList<>();
    for (Set<Typed> attributes : new LinkedHashSet<>(together.values())) {
      Set<SortedSet<String>> named = new LinkedHashSet<>();
      for (Typed attribute : attributes) {
        named.addAll(lists.getOrDefault(attribute, Set.of()));
        views.stream()
            .map(view -> view.listed(attribute))
            .filter(listed -> !listed.isEmpty())
            .forEach(named::add);
      }
      List<List<Typed>> pairs =
          same.stream().filter(pair -> attributes.contains(pair.get(0))).toList();
      all.add(new Texts(attributes, pairs, named));
    }
    all.sort(Comparator.comparing((Texts t) -> -t.all().size()));
    return all;
  }

  private void texts(Texts of) {
    texts.add(of);
    for (int place = 0; place < of.single.size(); place++) {
      Typed attribute = of.single.get(place);
      List<Value> values = new ArrayList<>();
      for (String text : of.values(place)) {
        String name = of.isOther(text) ? "another text (" + text + ")" : text;
        boolean listed = PolicyView.allList(views, attribute, text);
        values.add(new Value(attribute.name() + " is " + name, Optional.of(text), listed ? 1 : 2));
      }
      int missing = Math.min(1, values.size());
      values.add(missing, missing(attribute));
      variable(new Space.Key(Space.Kind.VALUE, attribute), new Variable(values, missing));
    }
    for (Typed attribute : of.sets) {
      variable(
          new Space.Key(Space.Kind.VALUE, attribute),
          new Variable(
              List.of(
                  new Value(attribute.name() + " is known", Optional.of(true), 0),
                  missing(attribute)),
              1));
    }
    for (String text : of.all()) {
      for (Typed attribute : of.sets) {
        variable(
            new Space.Key(Space.Kind.HAS, List.of(attribute, text)),
            Variable.flag(
                attribute.name() + " has " + text, attribute.name() + " has no " + text, 1));
      }
    }
  }

  private static Value missing(Typed attribute) {
    return new Value(attribute.name() + " is missing", Optional.empty(), MISSING);
  }

  /** Numbers that lie in the same ranges are alike. */
  private void numbers(Typed attribute, Set<Space.Span> all) {
    List<Space.Span> tests = List.copyOf(all);
    TreeSet<Long> starts = new TreeSet<>();
    for (Space.Span span : tests) {
      starts.add(span.from());
      if (span.to() < Long.MAX_VALUE) {
        starts.add(span.to() + 1);
      }
    }
    if (starts.first() > Long.MIN_VALUE) {
      starts.add(starts.first() - 1);
    }
    Map<BitSet, Integer> classes = new HashMap<>();
    List<Value> values = new ArrayList<>();
    for (long start : starts) {
      if (classes.putIfAbsent(Space.Span.signature(tests, start), values.size()) == null) {
        values.add(new Value(attribute.name() + " is " + start, Optional.of(start), 1));
      }
    }
    values.add(missing(attribute));
    variable(new Space.Key(Space.Kind.VALUE, attribute), new Variable(values, values.size() - 1));
    numberTests.put(attribute, tests);
    numberClasses.put(attribute, classes);
  }

  private void time() {
    if (timeTests.isEmpty() && !ticket) {
      return;
    }
    timeTestList.addAll(timeTests);
    List<Value> values = new ArrayList<>();
    List<Instant> candidates = timeTests.isEmpty() ? List.of(Times.START) : times.all();
    for (Instant time : candidates) {
      BitSet signature = Space.TimeTest.signature(timeTestList, times, time);
      if (timeClasses.putIfAbsent(signature, values.size()) == null) {
        String words = timeTests.isEmpty() ? "the time is known" : times.words(time);
        values.add(new Value(words, Optional.of(time), 1));
      }
    }
    values.add(new Value("the time is not known", Optional.empty(), 2));
    variable(Space.WHEN, new Variable(values, values.size() - 1));
    if (ticket) {
      variable(Space.TICKET, Variable.flag("under a break-glass ticket", "without a ticket", 2));
    }
  }

  /** Labels that the conditions treat alike are one. */
  private void labels() {
    if (!labels) {
      return;
    }
    variable(
        Space.LABELS,
        new Variable(
            List.of(
                new Value("the labels are known", Optional.of(true), 0),
                new Value("the labels are not known", Optional.empty(), MISSING)),
            0));
    SortedSet<String> universe = new TreeSet<>();
    views.forEach(view -> universe.addAll(view.model.labels().keySet()));
    String undeclared = UNDECLARED_LABEL;
    while (universe.contains(undeclared)) {
      undeclared += "-x";
    }
    universe.add(undeclared);
    Collection<Set<String>> tests = new LinkedHashSet<>(labelSets);
    views.forEach(view -> tests.add(view.model.labels().keySet()));
    Map<List<Boolean>, SortedSet<String>> classes = new LinkedHashMap<>();
    for (String label : universe) {
      List<Boolean> signature = tests.stream().map(test -> test.contains(label)).toList();
      classes.computeIfAbsent(signature, s -> new TreeSet<>()).add(label);
    }
    for (SortedSet<String> alike : classes.values()) {
      variable(
          new Space.Key(Space.Kind.LABEL, labelClasses.size()),
          Variable.flag("labelled " + alike.first(), "not labelled " + alike.first(), 1));
      labelClasses.add(alike);
    }
  }

  private void lookup(Space.Kind kind, String name, String words) {
    variable(
        new Space.Key(kind, name),
        new Variable(
            List.of(
                new Value(words + " does not hold", Optional.of(Truth.FALSE), 0),
                new Value(words + " holds", Optional.of(Truth.TRUE), 1),
                new Value(words + " is not known", Optional.of(Truth.UNKNOWN), MISSING)),
            0));
  }

  /**
   * Groups that the same rules cover, and that may not be joined with the same others, are one. Those
   * that no rule covers are left out, unless the policies separate them differently.
   */
  private void groups() {
    Map<Group, BitSet> covered = new TreeMap<>();
    int number = 0;
    for (SortedSet<Group> set : groupSets) {
      for (Group group : set) {
        covered.computeIfAbsent(group, g -> new BitSet()).set(number);
      }
      number++;
    }
    if (views.size() > 1) {
      for (PolicyView view : views) {
        for (Group group : view.conflicts().keySet()) {
          if (!views.get(0).conflicts(group).equals(views.get(1).conflicts(group))) {
            covered.computeIfAbsent(group, g -> new BitSet());
          }
        }
      }
    }
    Map<List<Object>, SortedSet<Group>> classes = new LinkedHashMap<>();
    covered.forEach((group, rules) -> {
      List<Object> signature = new ArrayList<>();
      signature.add(rules);
      for (PolicyView view : views) {
        SortedSet<Group> relevant = new TreeSet<>(view.conflicts(group));
        relevant.retainAll(covered.keySet());
        signature.add(relevant);
      }
      classes.computeIfAbsent(signature, s -> new TreeSet<>()).add(group);
    });
    for (SortedSet<Group> alike : classes.values()) {
      variable(
          new Space.Key(Space.Kind.GROUP, groupClasses.size()),
          Variable.flag("in group " + alike.first(), "not in group " + alike.first(), 2));
      groupClasses.add(alike);
    }
  }

  /** Tells whether an attribute of another type stands for the same attribute. */
  static List<List<Typed>> rivals(Collection<Typed> attributes) {
    List<List<Typed>> pairs = new ArrayList<>();
    for (Typed one : attributes) {
      for (Typed other : attributes) {
        if (one.name().equals(other.name()) && one.type().compareTo(other.type()) < 0) {
          pairs.add(List.of(one, other));
        }
      }
    }
    return pairs;
  }

  Set<Typed> attributes() {
    Set<Typed> all = new LinkedHashSet<>(lists.keySet());
    all.addAll(spans.keySet());
    all.addAll(flags);
    return all;
  }

  static boolean isSet(Typed attribute) {
    return attribute.type() == AttributeType.TEXTS;
  }
}
