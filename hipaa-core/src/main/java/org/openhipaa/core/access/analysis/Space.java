package org.openhipaa.core.access.analysis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.access.analysis.PolicyView.Typed;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;

/**
 * All requests for one record type, action and purpose, as far as some rules can tell them apart.
 * Compiles rules and conditions to diagrams over its variables. Confined to one thread.
 */
final class Space {
  static final Key WHEN = new Key(Kind.WHEN, "");
  static final Key TICKET = new Key(Kind.TICKET, "");
  static final Key ASSURANCE = new Key(Kind.ASSURANCE, "");
  static final Key LABELS = new Key(Kind.LABELS, "");

  final List<PolicyView> views;
  final Times times;
  final List<Variable> variables;
  final Diagrams diagrams;
  final List<Texts> texts;
  final List<SortedSet<String>> labelClasses;
  final List<SortedSet<Group>> groupClasses;
  final List<TimeTest> timeTests;
  private final Map<Key, Integer> index;
  private final Map<Typed, List<Span>> numberTests;
  private final Map<Typed, Map<BitSet, Integer>> numberClasses;
  private final Map<BitSet, Integer> timeClasses;
  private final int[][] costs;
  private final int feasible;
  private final List<Map<Condition, Truths>> compiled = List.of(new HashMap<>(), new HashMap<>());
  private final Map<SortedSet<Group>, Integer> memberships = new HashMap<>();
  private final Map<Integer, Map<String, Integer>> placesOfTexts = new HashMap<>();
  private final Map<Integer, Integer> separations = new HashMap<>();
  private final Map<Group, Integer> classesOfGroups = new HashMap<>();

  Space(List<PolicyView> views, Times times, SpaceBuilder b, Diagrams diagrams) {
    this.views = views;
    this.times = times;
    this.variables = b.variables;
    this.diagrams = diagrams;
    this.texts = b.texts;
    this.labelClasses = b.labelClasses;
    this.groupClasses = b.groupClasses;
    this.timeTests = b.timeTestList;
    this.index = b.index;
    this.numberTests = b.numberTests;
    this.numberClasses = b.numberClasses;
    this.timeClasses = b.timeClasses;
    for (int i = 0; i < groupClasses.size(); i++) {
      int number = i;
      groupClasses.get(i).forEach(group -> classesOfGroups.put(group, number));
    }
    this.costs = variables.stream().map(Variable::costs).toArray(int[][]::new);
    int possible = Diagrams.ALWAYS;
    for (List<Typed> pair : SpaceBuilder.rivals(b.attributes())) {
      possible = diagrams.minus(possible, diagrams.and(known(pair.get(0)), known(pair.get(1))));
    }
    this.feasible = possible;
  }

  /** Where a request can be at all: an attribute has one type. */
  int feasible() {
    return feasible;
  }

  /** Where a rule applies, given that it covers type, action and purpose. */
  int applies(PolicyView view, Rule rule) {
    Truths condition = truths(view, rule.condition());
    int where = rule.permits() ? condition.holds : diagrams.not(condition.fails);
    if (!rule.groups().isEmpty()) {
      where = diagrams.and(where, memberOf(view.expand(rule.groups())));
    }
    if (rule.assurance() != Assurance.AAL1) {
      BitSet enough = new BitSet();
      enough.set(rule.assurance().ordinal(), Assurance.values().length);
      where = diagrams.and(where, diagrams.test(variable(ASSURANCE), enough));
    }
    if (rule.breakGlass()) {
      // No ticket covers a request without a time.
      where = diagrams.and(where, diagrams.and(is(TICKET), knownTime()));
    }
    return where;
  }

  private int memberOf(SortedSet<Group> direct) {
    return memberships.computeIfAbsent(direct, set -> {
      List<Integer> classes = new ArrayList<>();
      for (int i = 0; i < groupClasses.size(); i++) {
        if (set.contains(groupClasses.get(i).first())) {
          classes.add(is(new Key(Kind.GROUP, i)));
        }
      }
      return diagrams.any(classes);
    });
  }

  /** Where the actor is in two groups that the policy keeps separate. */
  int notSeparated(PolicyView view) {
    return separations.computeIfAbsent(view.number, number -> separation(view));
  }

  private int separation(PolicyView view) {
    List<Integer> pairs = new ArrayList<>();
    for (int i = 0; i < groupClasses.size(); i++) {
      SortedSet<Group> conflicting = view.conflicts(groupClasses.get(i).first());
      for (int j = i + 1; j < groupClasses.size() && !conflicting.isEmpty(); j++) {
        if (conflicting.contains(groupClasses.get(j).first())) {
          pairs.add(diagrams.and(is(new Key(Kind.GROUP, i)), is(new Key(Kind.GROUP, j))));
        }
      }
    }
    return diagrams.any(pairs);
  }

  /** For each variable its value if the actor is a direct member of just these classes, or -1. */
  int[] just(Set<Integer> classes) {
    int[] fixed = new int[variables.size()];
    Arrays.fill(fixed, -1);
    for (int i = 0; i < groupClasses.size(); i++) {
      fixed[variable(new Key(Kind.GROUP, i))] = classes.contains(i) ? 1 : 0;
    }
    return fixed;
  }

  /** Where requests are as given; whatever is given has its own values, see {@link SpaceBuilder}. */
  int as(PolicyView view, Given given) {
    List<Integer> all = new ArrayList<>(List.of(feasible));
    given.attributes().forEach((name, value) -> {
      Typed attribute = view.typed(name);
      int variable = variable(new Key(Kind.VALUE, attribute));
      if (value instanceof Set<?> set) {
        all.add(known(attribute));
        for (String text : textsOf(attribute).all()) {
          int has = has(attribute, text);
          all.add(set.contains(text) ? has : diagrams.not(has));
        }
      } else {
        all.add(diagrams.test(variable, variables.get(variable).find(Optional.of(value))));
      }
    });
    given.carried().ifPresent(carried -> {
      all.add(diagrams.test(variable(LABELS), 0));
      for (int i = 0; i < labelClasses.size(); i++) {
        int is = is(new Key(Kind.LABEL, i));
        all.add(carried.contains(labelClasses.get(i).first()) ? is : diagrams.not(is));
      }
    });
    int where = Diagrams.ALWAYS;
    for (int one : all) {
      where = diagrams.and(where, one);
    }
    return where;
  }

  /** The variables that have one value where requests are as given. */
  Set<Integer> fixed(PolicyView view, Given given) {
    Set<Integer> fixed = new TreeSet<>();
    index.forEach((key, variable) -> {
      boolean label = key.kind() == Kind.LABELS || key.kind() == Kind.LABEL;
      Object of = key.kind() == Kind.HAS ? ((List<?>) key.of()).get(0) : key.of();
      boolean attribute = of instanceof Typed typed
          && given.attributes().containsKey(typed.name())
          && view.typed(typed.name()).equals(typed);
      if (attribute || (label && given.carried().isPresent())) {
        fixed.add(variable);
      }
    });
    return fixed;
  }

  /**
   * Where no attribute has a value that its declaration does not list. The engine decides on such
   * values as on any, but nobody meant a rule for them.
   */
  int listed() {
    int where = Diagrams.ALWAYS;
    for (Texts linked : texts) {
      for (Typed attribute : linked.single) {
        int variable = variable(new Key(Kind.VALUE, attribute));
        List<Variable.Value> all = variables.get(variable).values();
        BitSet allowed = new BitSet();
        for (int i = 0; i < all.size(); i++) {
          if (all.get(i)
              .content()
              .map(text -> PolicyView.allList(views, attribute, (String) text))
              .orElse(true)) {
            allowed.set(i);
          }
        }
        where = diagrams.and(where, diagrams.test(variable, allowed));
      }
      for (Typed attribute : linked.sets) {
        for (String text : linked.all()) {
          if (!PolicyView.allList(views, attribute, text)) {
            where = diagrams.minus(where, has(attribute, text));
          }
        }
      }
    }
    return where;
  }

  /** The number of the class that a group belongs to, or -1 if no rule speaks of it. */
  int classOf(Group group) {
    return classesOfGroups.getOrDefault(group, -1);
  }

  /** Where a condition is true, and where it is false. */
  Truths truths(PolicyView view, Condition condition) {
    Map<Condition, Truths> known = compiled.get(view.number);
    Truths before = known.get(condition);
    if (before != null) {
      return before;
    }
    Truths truths = compile(view, condition);
    known.put(condition, truths);
    return truths;
  }

  private Truths compile(PolicyView view, Condition condition) {
    if (condition instanceof Condition.All all) {
      Truths any = any(
          view, all.parts().stream().map(p -> (Condition) new Condition.Not(p)).toList());
      return any.opposite();
    } else if (condition instanceof Condition.Any any) {
      return any(view, any.parts());
    } else if (condition instanceof Condition.Not not) {
      return truths(view, not.part()).opposite();
    } else if (condition instanceof Condition.Relation relation) {
      return lookup(new Key(Kind.RELATION, relation.name()));
    } else if (condition instanceof Condition.Predicate predicate) {
      return lookup(new Key(Kind.PREDICATE, predicate.name()));
    } else if (condition instanceof Condition.Carries carries) {
      return carries(view, carries.label());
    } else if (condition instanceof Condition.LabelsWithin within) {
      return within(view, view.implied(within.labels()));
    } else if (condition instanceof Condition.OneOf oneOf) {
      return oneOf(view.typed(oneOf.attribute()), oneOf.values());
    } else if (condition instanceof Condition.Range range) {
      return range(view, range);
    } else if (condition instanceof Condition.Flag flag) {
      return lookup(new Key(Kind.VALUE, view.typed(flag.attribute())));
    } else if (condition instanceof Condition.Same same) {
      return same(view.typed(same.left()), view.typed(same.right()));
    }
    throw new HipaaBugException("a kind of condition without diagram: " + condition.getClass());
  }

  private Truths any(PolicyView view, List<Condition> parts) {
    int holds = Diagrams.NEVER;
    int fails = Diagrams.ALWAYS;
    for (Condition part : parts) {
      Truths truths = truths(view, part);
      holds = diagrams.or(holds, truths.holds);
      fails = diagrams.and(fails, truths.fails);
    }
    return new Truths(holds, fails);
  }

  /** Of variables whose value 0 is false and whose value 1 is true. */
  private Truths lookup(Key key) {
    int variable = variable(key);
    return new Truths(diagrams.test(variable, 1), diagrams.test(variable, 0));
  }

  private Truths given(int known, int holds) {
    return new Truths(diagrams.and(known, holds), diagrams.minus(known, holds));
  }

  private Truths carries(PolicyView view, String label) {
    int declared = diagrams.not(anyLabel(name -> !view.model.labels().containsKey(name)));
    Set<String> implying = view.implying(label);
    int some = anyLabel(name -> implying.contains(name));
    int known = diagrams.test(variable(LABELS), 0);
    return new Truths(
        diagrams.and(known, some), diagrams.and(known, diagrams.minus(declared, some)));
  }

  private Truths within(PolicyView view, Set<String> allowed) {
    int declared = diagrams.not(anyLabel(name -> !view.model.labels().containsKey(name)));
    int outside =
        anyLabel(name -> view.model.labels().containsKey(name) && !allowed.contains(name));
    int known = diagrams.test(variable(LABELS), 0);
    return new Truths(
        diagrams.and(known, diagrams.minus(declared, outside)), diagrams.and(known, outside));
  }

  private int anyLabel(java.util.function.Predicate<String> which) {
    List<Integer> classes = new ArrayList<>();
    for (int i = 0; i < labelClasses.size(); i++) {
      if (which.test(labelClasses.get(i).first())) {
        classes.add(is(new Key(Kind.LABEL, i)));
      }
    }
    return diagrams.any(classes);
  }

  private Truths oneOf(Typed attribute, SortedSet<String> values) {
    if (!SpaceBuilder.isSet(attribute)) {
      int variable = variable(new Key(Kind.VALUE, attribute));
      Map<String, Integer> places = places(variable);
      BitSet listed = new BitSet();
      for (String value : values) {
        int place = places.getOrDefault(value, -1);
        if (place >= 0) {
          listed.set(place);
        }
      }
      BitSet unlisted = new BitSet();
      unlisted.set(0, variables.get(variable).values().size());
      unlisted.clear(variables.get(variable).idle());
      unlisted.andNot(listed);
      return new Truths(diagrams.test(variable, listed), diagrams.test(variable, unlisted));
    }
    List<Integer> has = new ArrayList<>();
    for (String text : textsOf(attribute).all()) {
      if (values.contains(text)) {
        has.add(has(attribute, text));
      }
    }
    return given(known(attribute), diagrams.any(has));
  }

  /** Where each text stands among the values of a variable. */
  private Map<String, Integer> places(int variable) {
    return placesOfTexts.computeIfAbsent(variable, v -> {
      Map<String, Integer> places = new HashMap<>();
      List<Variable.Value> all = variables.get(v).values();
      for (int i = 0; i < all.size(); i++) {
        int place = i;
        all.get(i).content().ifPresent(text -> places.put((String) text, place));
      }
      return places;
    });
  }

  private Texts textsOf(Typed attribute) {
    return texts.stream()
        .filter(t -> t.single.contains(attribute) || t.sets.contains(attribute))
        .findFirst()
        .orElseThrow(() -> new HipaaBugException("an attribute that no rule names"));
  }

  private Truths same(Typed left, Typed right) {
    List<Integer> equal = new ArrayList<>();
    for (String text : textsOf(left).all()) {
      equal.add(diagrams.and(has(left, text), has(right, text)));
    }
    return given(diagrams.and(known(left), known(right)), diagrams.any(equal));
  }

  /** Where the attribute is, or has, the text. */
  private int has(Typed attribute, String text) {
    if (SpaceBuilder.isSet(attribute)) {
      return is(new Key(Kind.HAS, List.of(attribute, text)));
    }
    int variable = variable(new Key(Kind.VALUE, attribute));
    int number = variables.get(variable).find(Optional.of(text));
    return number == variables.get(variable).idle()
        ? Diagrams.NEVER
        : diagrams.test(variable, number);
  }

  /** Where the attribute is known; its missing value is the idle one. */
  private int known(Typed attribute) {
    int variable = variable(new Key(Kind.VALUE, attribute));
    return diagrams.not(diagrams.test(variable, variables.get(variable).idle()));
  }

  private int knownTime() {
    int variable = variable(WHEN);
    return diagrams.not(diagrams.test(variable, variables.get(variable).idle()));
  }

  private Truths range(PolicyView view, Condition.Range range) {
    boolean hour = range.attribute().equals(PolicyModel.HOUR);
    boolean time = hour || range.attribute().equals(PolicyModel.WEEKDAY);
    Span span = new Span(range.from(), range.to());
    int variable = variable(time ? WHEN : new Key(Kind.VALUE, view.typed(range.attribute())));
    BitSet inside = new BitSet();
    BitSet outside = new BitSet();
    List<Variable.Value> all = variables.get(variable).values();
    for (int i = 0; i < all.size(); i++) {
      Optional<Object> content = all.get(i).content();
      if (content.isPresent()) {
        long number =
            time ? times.read((Instant) content.get(), view.number, hour) : (Long) content.get();
        (span.holds(number) ? inside : outside).set(i);
      }
    }
    return new Truths(diagrams.test(variable, inside), diagrams.test(variable, outside));
  }

  private int is(Key key) {
    return diagrams.test(variable(key), 1);
  }

  /** The number of a variable. */
  int variable(Key key) {
    return Objects.requireNonNull(index.get(key), "a fact that no rule names");
  }

  boolean has(Key key) {
    return index.containsKey(key);
  }

  Map<Key, Integer> index() {
    return Collections.unmodifiableMap(index);
  }

  /** The least unusual values with which the function is true; -1 for what makes no difference. */
  int[] witness(int where) {
    return diagrams.cheapest(where, costs);
  }

  /**
   * As {@link #witness(int)}, with some variables at one value.
   *
   * @param fixed for each variable the value that it has, or -1
   */
  int[] witness(int where, int[] fixed) {
    int[] values = witness(diagrams.restrict(where, fixed));
    for (int i = 0; i < values.length; i++) {
      values[i] = fixed[i] >= 0 ? fixed[i] : values[i];
    }
    return values;
  }

  int numberClass(Typed attribute, long number) {
    List<Span> tests = numberTests.getOrDefault(attribute, List.of());
    return numberClasses
        .getOrDefault(attribute, Map.of())
        .getOrDefault(Span.signature(tests, number), 0);
  }

  int timeClass(Instant time) {
    return timeClasses.getOrDefault(TimeTest.signature(timeTests, times, time), 0);
  }

  /** What the values say, in words; what makes no difference is left out. */
  String words(int[] values) {
    List<String> words = new ArrayList<>();
    // Groups come last in the order of the variables, and first for people.
    for (int i = values.length - 1; i >= 0; i--) {
      boolean usual = values[i] == 0 && variables.get(i).costs()[0] == 0;
      if (values[i] >= 0 && !usual) {
        words.add(variables.get(i).values().get(values[i]).words());
      }
    }
    return words.isEmpty() ? "always" : String.join(", ", words);
  }

  /** The ways in which a function becomes true, in words, without those about groups and what is known. */
  List<String> ways(int where, int most, Set<Integer> known) {
    SortedSet<String> texts = new TreeSet<>();
    int firstGroup = variables.size() - groupClasses.size();
    List<Map<Integer, BitSet>> ways = diagrams.ways(where, most + 1);
    for (Map<Integer, BitSet> way : ways.subList(0, Math.min(most, ways.size()))) {
      List<String> words = way.entrySet().stream()
          .filter(entry -> entry.getKey() < firstGroup && !known.contains(entry.getKey()))
          .sorted(Map.Entry.<Integer, BitSet>comparingByKey().reversed())
          .map(entry -> variables.get(entry.getKey()).words(entry.getValue()))
          .toList();
      texts.add(words.isEmpty() ? "always" : String.join(", ", words));
    }
    List<String> all = new ArrayList<>(texts);
    if (ways.size() > most) {
      all.add("and in further ways");
    }
    return all;
  }

  /** What a variable stands for. */
  enum Kind {
    VALUE,
    HAS,
    WHEN,
    TICKET,
    LABELS,
    LABEL,
    RELATION,
    PREDICATE,
    ASSURANCE,
    GROUP
  }

  /** Names a variable. */
  record Key(Kind kind, Object of) {
    // What a record would do takes long at first.
    @Override
    public int hashCode() {
      return 31 * of.hashCode() + kind.ordinal();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key too && kind == too.kind && of.equals(too.of);
    }
  }

  /** Where a condition is true and where it is false; elsewhere it is unknown. */
  record Truths(int holds, int fails) {
    Truths opposite() {
      return new Truths(fails, holds);
    }
  }

  /** Numbers from one to another. */
  record Span(long from, long to) {
    boolean holds(long number) {
      return from <= number && number <= to;
    }

    static BitSet signature(List<Span> tests, long number) {
      BitSet signature = new BitSet();
      for (int i = 0; i < tests.size(); i++) {
        signature.set(i, tests.get(i).holds(number));
      }
      return signature;
    }
  }

  /** A range of hours or weekdays by the clock of a policy. */
  record TimeTest(int policy, boolean hour, Span span) {
    static BitSet signature(List<TimeTest> tests, Times times, Instant time) {
      BitSet signature = new BitSet();
      for (int i = 0; i < tests.size(); i++) {
        TimeTest test = tests.get(i);
        signature.set(i, test.span.holds(times.read(time, test.policy, test.hour)));
      }
      return signature;
    }
  }
}
