package org.openhipaa.core.access.analysis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.access.Decision.QuotaObligation;
import org.openhipaa.core.access.analysis.Difference.Kind;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/** Finds where two policies decide differently. */
final class PolicyDiffer {
  private final PolicyView one;
  private final PolicyView other;
  private final Times times;
  private final RuleMeaning meaning;
  private final boolean sameDuties;
  private final Budget budget = new Budget();
  private final List<Difference> found = new ArrayList<>();

  PolicyDiffer(PolicyView one, PolicyView other) {
    this.one = one;
    this.other = other;
    this.times = new Times(List.of(one.model.zone(), other.model.zone()));
    this.meaning = new RuleMeaning(one, other);
    this.sameDuties = one.conflicts().equals(other.conflicts());
  }

  List<Difference> find() {
    Set<RecordType> types = new TreeSet<>(one.model.types().keySet());
    types.addAll(other.model.types().keySet());
    types.forEach(this::compare);
    return List.copyOf(found);
  }

  /** Most uses of a type have the same rules, and most rules are the same in both policies. */
  private void compare(RecordType type) {
    // With all fields withheld nothing is permitted, unless the type has none.
    boolean sameKind = one.fields(type).isEmpty() == other.fields(type).isEmpty();
    boolean everywhere = !sameDuties || !sameKind;
    List<Rule> left = one.rules(type);
    List<Rule> right = other.rules(type);
    List<Rule> touching = new ArrayList<>(everywhere ? left : meaning.changed(one, left));
    touching.addAll(everywhere ? right : meaning.changed(other, right));
    SortedSet<Use> uses = PolicyView.uses(touching);
    Map<Use, BitSet> inLeft = one.covering(type, uses);
    Map<Use, BitSet> inRight = other.covering(type, uses);
    Map<List<BitSet>, SortedSet<Use>> alike = new LinkedHashMap<>();
    uses.forEach(use -> alike
        .computeIfAbsent(
            List.of(
                inLeft.getOrDefault(use, new BitSet()), inRight.getOrDefault(use, new BitSet())),
            k -> new TreeSet<>())
        .add(use));
    alike.forEach((places, same) -> {
      List<Rule> before = places.get(0).stream().mapToObj(left::get).toList();
      List<Rule> after = places.get(1).stream().mapToObj(right::get).toList();
      Set<Integer> changed = changed(before, after);
      if (everywhere || !changed.isEmpty()) {
        compare(type, same, before, after, sameKind ? Optional.of(changed) : Optional.empty());
      }
    });
  }

  /** The meanings that only one side has. */
  private Set<Integer> changed(List<Rule> before, List<Rule> after) {
    Set<Integer> left = meaning.unpaired(one, before);
    Set<Integer> right = meaning.unpaired(other, after);
    Set<Integer> changed = new HashSet<>(left);
    changed.removeAll(right);
    right.removeAll(left);
    changed.addAll(right);
    return changed;
  }

  /** Compares where a changed rule applies; if it is not known what changed, everywhere. */
  private void compare(
      RecordType type,
      SortedSet<Use> uses,
      List<Rule> before,
      List<Rule> after,
      Optional<Set<Integer>> known) {
    List<Rule> left = before;
    List<Rule> right = after;
    Set<Integer> changed = known.orElse(Set.of());
    if (sameDuties && known.isPresent()) {
      Demands demands = new Demands(
          changedRules(one, left, changed), changedRules(other, right, changed), one, other);
      left = left.stream().filter(rule -> matters(one, rule, changed, demands)).toList();
      right =
          right.stream().filter(rule -> matters(other, rule, changed, demands)).toList();
    }
    Part part =
        new Part(List.of(one, other), times, type, List.of(left, right), Given.nothing(), budget);
    int region = known.isPresent() ? region(part, changed) : part.space.feasible();
    new Comparison(part, uses, region).compare();
  }

  private List<Rule> changedRules(PolicyView view, List<Rule> rules, Set<Integer> changed) {
    return rules.stream()
        .filter(rule -> changed.contains(meaning.of(view, rule)))
        .toList();
  }

  private boolean matters(PolicyView view, Rule rule, Set<Integer> changed, Demands demands) {
    return !rule.permits()
        || changed.contains(meaning.of(view, rule))
        || demands.canMeet(view, rule);
  }

  /** Where a rule applies that only one policy has, or where only one policy separates duties. */
  private int region(Part part, Set<Integer> changed) {
    Diagrams diagrams = part.space.diagrams;
    List<Integer> where = new ArrayList<>();
    where.add(diagrams.xor(part.space.notSeparated(one), part.space.notSeparated(other)));
    for (PolicyView view : List.of(one, other)) {
      changedRules(view, part.rules(view.number), changed)
          .forEach(rule -> where.add(part.applies(view, rule)));
    }
    return diagrams.and(part.space.feasible(), diagrams.any(where));
  }

  /** Compares one part. */
  private final class Comparison {
    private final Part part;
    private final Space space;
    private final Diagrams diagrams;
    private final SortedSet<Use> uses;
    private final Effects left;
    private final Effects right;
    private final int both;
    private final List<int[]> alone = new ArrayList<>();

    Comparison(Part part, SortedSet<Use> uses, int region) {
      this.part = part;
      this.space = part.space;
      this.diagrams = part.space.diagrams;
      this.uses = uses;
      this.left = part.effects(0, region);
      this.right = part.effects(1, region);
      this.both = diagrams.and(left.permitted, right.permitted);
      for (int i = 0; i < space.groupClasses.size(); i++) {
        alone.add(space.just(Set.of(i)));
      }
    }

    void compare() {
      report(Kind.GAINED, diagrams.minus(right.permitted, left.permitted), "denied -> permitted");
      report(Kind.LOST, diagrams.minus(left.permitted, right.permitted), "permitted -> denied");
      fields();
      report(Kind.OBLIGATION, added(right.reason, left.reason), "no reason -> a reason needed");
      report(Kind.OBLIGATION, added(left.reason, right.reason), "a reason needed -> no reason");
      timesToLive();
      approvals();
      quotas();
      each("notified", left.notified, right.notified);
      each("watermark", left.watermarks, right.watermarks);
    }

    private int added(int in, int notIn) {
      return diagrams.and(both, diagrams.minus(in, notIn));
    }

    private void fields() {
      SortedSet<FieldPath> fields = new TreeSet<>(left.shown.keySet());
      fields.addAll(right.shown.keySet());
      for (FieldPath field : fields) {
        for (Mask before : Mask.values()) {
          int where = diagrams.and(both, masked(left, field, before));
          for (Mask after : Mask.values()) {
            if (before != after && where != Diagrams.NEVER) {
              report(
                  Kind.FIELD,
                  diagrams.and(where, masked(right, field, after)),
                  "field " + field + ": " + before.label() + " -> " + after.label());
            }
          }
        }
      }
    }

    private int masked(Effects effects, FieldPath field, Mask mask) {
      if (mask != Mask.HIDE) {
        return effects.shown(field, mask);
      }
      int hidden = both;
      for (Mask shown : Mask.values()) {
        hidden = diagrams.minus(hidden, effects.shown(field, shown));
      }
      return hidden;
    }

    private void timesToLive() {
      SortedSet<Duration> limits = new TreeSet<>(left.timesToLive.keySet());
      limits.addAll(right.timesToLive.keySet());
      int known = Diagrams.NEVER;
      for (Duration limit : limits) {
        int before = left.keptAtMost(limit);
        int after = right.keptAtMost(limit);
        int where = diagrams.minus(diagrams.and(both, diagrams.xor(before, after)), known);
        known = diagrams.or(known, where);
        report(
            Kind.OBLIGATION,
            diagrams.and(where, after),
            "time to live: longer or none -> " + limit);
        report(
            Kind.OBLIGATION,
            diagrams.and(where, before),
            "time to live: " + limit + " -> longer or none");
      }
    }

    private void approvals() {
      Set<SortedSet<Group>> asked = new LinkedHashSet<>(left.approvals.keySet());
      asked.addAll(right.approvals.keySet());
      for (SortedSet<Group> groups : asked) {
        int before = left.approvedWithin(groups);
        int after = right.approvedWithin(groups);
        String words = "the approval of somebody in " + groups;
        report(Kind.OBLIGATION, added(after, before), "-> " + words, groups);
        report(Kind.OBLIGATION, added(before, after), words + " -> not needed", groups);
      }
    }

    private void quotas() {
      each("quota", left.quotas, right.quotas);
    }

    private <K> void each(String what, Map<K, Integer> before, Map<K, Integer> after) {
      Set<K> keys = new LinkedHashSet<>(before.keySet());
      keys.addAll(after.keySet());
      for (K key : keys) {
        int was = before.getOrDefault(key, Diagrams.NEVER);
        int is = after.getOrDefault(key, Diagrams.NEVER);
        String words = what + " " + words(key);
        report(Kind.OBLIGATION, added(is, was), "-> " + words);
        report(Kind.OBLIGATION, added(was, is), words + " -> none");
      }
    }

    private String words(Object key) {
      if (key instanceof QuotaObligation quota) {
        return "of rule " + quota.rule() + ": " + quota.limit().hard() + " "
            + quota.limit().measure().label() + " per " + quota.limit().scope().label() + " in "
            + quota.limit().window();
      }
      return key.toString();
    }

    private void report(Kind kind, int where, String what) {
      report(kind, where, what, Collections.emptySortedSet());
    }

    private void report(Kind kind, int where, String what, SortedSet<Group> approvers) {
      if (where == Diagrams.NEVER) {
        return;
      }
      SortedSet<Group> groups = new TreeSet<>();
      Optional<int[]> simplest = Optional.empty();
      for (int i = 0; i < space.groupClasses.size(); i++) {
        int[] just = alone.get(i);
        if (diagrams.possible(where, just)) {
          simplest = simplest.isEmpty() ? Optional.of(just) : simplest;
          groups.addAll(space.groupClasses.get(i));
        }
      }
      int[] values =
          simplest.map(just -> space.witness(where, just)).orElseGet(() -> space.witness(where));
      AccessRequest request = Requests.write(space, values, part.type, uses.first());
      String words = space.words(values);
      if (what.contains("a reason needed")) {
        request = request.toBuilder().reason("").build();
        words += ", no reason is stated";
      }
      if (!approvers.isEmpty()) {
        Set<Group> rest = new HashSet<>(Requests.allGroups(space.views));
        rest.removeAll(approvers);
        Instant at = request.actor().authenticatedAt();
        request = request.toBuilder().approver(Requests.approver(rest, at)).build();
        words += ", approved by nobody of " + approvers;
      }
      if (!differ(request)) {
        throw new HipaaBugException(
            "the diagrams find a difference that the policies do not show: " + what);
      }
      found.add(new Difference(kind, part.type, uses, groups, what, new Witness(request, words)));
    }

    private boolean differ(AccessRequest request) {
      return !told(one.policy.decide(request)).equals(told(other.policy.decide(request)));
    }
  }

  /** What the application is told, without the rules that tell it. */
  private static Object told(Decision decision) {
    return decision instanceof Permit permit
        ? Arrays.asList(
            permit.fields(),
            new HashSet<>(permit.quotas()),
            permit.timeToLive(),
            permit.notified(),
            permit.watermarks())
        : "denied";
  }

  /**
   * The texts that all changed rules demand of an attribute. A permit that demands others of it never
   * applies where a changed rule does: what denials do with a missing attribute does not matter
   * to a permit that needs it.
   */
  private static final class Demands {
    private final Map<PolicyView.Typed, Set<String>> texts;

    Demands(List<Rule> changed, List<Rule> added, PolicyView one, PolicyView other) {
      List<Map<PolicyView.Typed, Set<String>>> all = new ArrayList<>();
      changed.forEach(rule -> all.add(RuleMeaning.demands(one, rule)));
      added.forEach(rule -> all.add(RuleMeaning.demands(other, rule)));
      Map<PolicyView.Typed, Set<String>> common = new HashMap<>();
      if (!all.isEmpty()) {
        all.get(0).forEach((attribute, values) -> {
          if (all.stream().allMatch(demands -> demands.containsKey(attribute))) {
            Set<String> union = new HashSet<>();
            all.forEach(demands -> union.addAll(demands.getOrDefault(attribute, Set.of())));
            common.put(attribute, union);
          }
        });
      }
      texts = common;
    }

    boolean canMeet(PolicyView view, Rule rule) {
      if (texts.isEmpty()) {
        return true;
      }
      return RuleMeaning.demands(view, rule).entrySet().stream()
          .allMatch(demand -> meets(demand.getValue(), texts.get(demand.getKey())));
    }

    private static boolean meets(
        Collection<String> demanded, @org.jspecify.annotations.Nullable Set<String> changed) {
      return changed == null || !Collections.disjoint(changed, demanded);
    }
  }
}
