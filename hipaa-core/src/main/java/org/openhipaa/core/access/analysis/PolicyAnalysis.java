package org.openhipaa.core.access.analysis;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/**
 * Answers questions about a policy for all requests at once (45 CFR 164.308(a)(4), 164.308(a)(8),
 * 164.514(d)(2)). Exact, up to what {@code docs/design/policy-analysis.md} lists; each witness is put
 * to the policy before it is reported. Methods throw {@link PolicyTooEntangledException} if they
 * would take too much memory or time.
 *
 * <p>Immutable and thread-safe.
 */
public final class PolicyAnalysis {
  private static final int MAX_WAYS = 8;

  private final AccessPolicy policy;
  private final Times times;

  private PolicyAnalysis(AccessPolicy policy) {
    this.policy = policy;
    this.times = new Times(List.of(policy.model().zone()));
  }

  /**
   * Analyses a policy.
   *
   * @param policy the policy
   * @return its analysis
   */
  public static PolicyAnalysis of(AccessPolicy policy) {
    return new PolicyAnalysis(policy);
  }

  /**
   * Finds the groups that can do something, under whatever conditions.
   *
   * @param action what
   * @param type with records of which type
   * @param purpose why
   * @return the groups, with conditions and a witness; no combination of groups can do what none of
   *     them can alone
   * @throws IllegalArgumentException if the policy does not declare the record type
   */
  public List<Access> whoCan(Action action, RecordType type, Purpose purpose) {
    return whoCan(action, type, purpose, Optional.empty(), Given.nothing());
  }

  /**
   * Finds the groups that can do something with records of which something is known, for instance
   * with those labelled as psychotherapy notes.
   *
   * @param action what
   * @param type with records of which type
   * @param purpose why
   * @param given what is known, such as the labels of the record
   * @return as for {@link #whoCan(Action, RecordType, Purpose)}; the witnesses are as given, and the
   *     conditions leave out what is given
   * @throws IllegalArgumentException if the policy does not declare what is given
   */
  public List<Access> whoCan(Action action, RecordType type, Purpose purpose, Given given) {
    return whoCan(action, type, purpose, Optional.empty(), given);
  }

  /**
   * Finds the groups that can see a field.
   *
   * @param action what they do
   * @param type with records of which type
   * @param purpose why
   * @param field the field, masked or not
   * @return as for {@link #whoCan(Action, RecordType, Purpose)}
   * @throws IllegalArgumentException if the policy does not declare the record type with the field
   */
  public List<Access> whoCan(Action action, RecordType type, Purpose purpose, FieldPath field) {
    return whoCan(action, type, purpose, Optional.of(field), Given.nothing());
  }

  /**
   * Finds the groups that can see a field of records of which something is known.
   *
   * @param action what they do
   * @param type with records of which type
   * @param purpose why
   * @param field the field, masked or not
   * @param given what is known, such as the labels of the record
   * @return as for {@link #whoCan(Action, RecordType, Purpose, Given)}
   * @throws IllegalArgumentException if the policy does not declare what is given
   */
  public List<Access> whoCan(
      Action action, RecordType type, Purpose purpose, FieldPath field, Given given) {
    return whoCan(action, type, purpose, Optional.of(field), given);
  }

  private List<Access> whoCan(
      Action action, RecordType type, Purpose purpose, Optional<FieldPath> field, Given given) {
    PolicyView view = new PolicyView(policy, 0);
    Set<FieldPath> fields = policy.model().types().get(type);
    if (fields == null) {
      throw new IllegalArgumentException("the policy declares no record type '" + type + "'");
    }
    if (field.filter(asked -> !fields.contains(asked)).isPresent()) {
      throw new IllegalArgumentException("record type '" + type + "' has no such field");
    }
    given.check(view);
    Use use = new Use(action, purpose);
    Part part =
        new Part(List.of(view), times, type, List.of(view.rules(type, use)), given, new Budget());
    Effects effects = part.effects(0, part.space.as(view, given));
    Set<Integer> known = part.space.fixed(view, given);
    int region = field.isEmpty() ? effects.permitted : Diagrams.NEVER;
    if (field.isPresent()) {
      for (Mask mask : Mask.values()) {
        region = part.space.diagrams.or(
            region, part.space.diagrams.and(effects.permitted, effects.shown(field.get(), mask)));
      }
    }
    List<Access> found = new ArrayList<>();
    for (int i = 0; i < part.space.groupClasses.size(); i++) {
      access(part, effects, region, i, new TreeSet<>(Set.of(use)), known).ifPresent(found::add);
    }
    return List.copyOf(found);
  }

  /**
   * Finds what membership in a group gives.
   *
   * @param group the group; what it is a member of counts
   * @return for each record type and set of uses, which fields under which conditions
   * @throws IllegalArgumentException if the policy does not declare the group
   */
  public List<Access> whatCan(Group group) {
    if (!policy.model().groups().containsKey(group)) {
      throw new IllegalArgumentException("the policy declares no group '" + group + "'");
    }
    PolicyView view = new PolicyView(policy, 0);
    Budget budget = new Budget();
    List<Access> found = new ArrayList<>();
    for (RecordType type : view.model.types().keySet()) {
      Map<List<String>, SortedSet<Use>> alike = new HashMap<>();
      view.uses(type)
          .forEach(use -> alike
              .computeIfAbsent(
                  view.rules(type, use).stream()
                      .filter(rule -> covers(view, rule, group))
                      .map(Rule::id)
                      .toList(),
                  ids -> new TreeSet<>())
              .add(use));
      for (SortedSet<Use> uses : alike.values().stream()
          .sorted((a, b) -> a.first().compareTo(b.first()))
          .toList()) {
        List<Rule> rules = view.rules(type, uses.first()).stream()
            .filter(rule -> covers(view, rule, group))
            .toList();
        Part part = Part.of(view, times, type, rules, budget);
        int number = part.space.classOf(group);
        if (number >= 0) {
          Effects effects = part.effects(0);
          access(part, effects, effects.permitted, number, uses, Set.of()).ifPresent(found::add);
        }
      }
    }
    return List.copyOf(found);
  }

  private static boolean covers(PolicyView view, Rule rule, Group group) {
    return rule.groups().isEmpty() || view.expand(rule.groups()).contains(group);
  }

  private Optional<Access> access(
      Part part, Effects effects, int region, int group, SortedSet<Use> uses, Set<Integer> known) {
    Diagrams diagrams = part.space.diagrams;
    int[] just = part.space.just(Set.of(group));
    int where = diagrams.restrict(region, just);
    if (where == Diagrams.NEVER) {
      return Optional.empty();
    }
    SortedMap<FieldPath, Set<Mask>> fields = new TreeMap<>();
    effects.shown.forEach((field, masks) -> masks.forEach((mask, shown) -> {
      if (diagrams.possible(diagrams.and(region, shown), just)) {
        fields.computeIfAbsent(field, f -> EnumSet.noneOf(Mask.class)).add(mask);
      }
    }));
    int[] values = part.space.witness(region, just);
    AccessRequest request = Requests.write(part.space, values, part.type, uses.first());
    if (!policy.decide(request).permitted()) {
      throw new HipaaBugException("the diagrams permit what the policy denies");
    }
    return Optional.of(new Access(
        part.space.groupClasses.get(group),
        part.type,
        uses,
        fields,
        part.space.ways(where, MAX_WAYS, known),
        new Witness(request, part.space.words(values))));
  }

  /**
   * Finds where another policy decides differently. Rule ids do not matter, except that a quota's
   * budget belongs to its rule.
   *
   * @param other the policy that this one is compared with, such as its next version
   * @return every difference in every record type, action and purpose, with a witness; empty if the
   *     two mean the same
   */
  public List<Difference> difference(AccessPolicy other) {
    return new PolicyDiffer(new PolicyView(policy, 0), new PolicyView(other, 1)).find();
  }

  /**
   * Finds rules that never matter.
   *
   * @return in the order of the policy; each holds by itself, with all other rules in place
   */
  public List<Finding> findings() {
    return new FindingSearch(new PolicyView(policy, 0), times, new Budget()).find();
  }

  /**
   * Finds who can do two things that one person must not do: a group, or two groups that the policy
   * does not keep separate.
   *
   * @param one something
   * @param other something that whoever does the first must not do
   * @return one finding for each group, and for each pair of groups neither of which can do both
   */
  public List<Finding> conflictingDuties(Duty one, Duty other) {
    return new DutySearch(new PolicyView(policy, 0), times, one, other).find();
  }

  /**
   * Finds what is granted and was not used. Rules are told by their ids, under whichever version of
   * the policy an event was recorded, so that nothing is called unused that an earlier version used.
   *
   * @param log the events of a period long enough to be typical
   * @param groupsOf the groups of an actor
   * @return each permit of which something was not used, in the order of the policy
   */
  public List<Unused> overPrivilege(
      Stream<AuditEvent> log, Function<ActorId, Set<Group>> groupsOf) {
    Map<String, Usage> used = new HashMap<>();
    log.filter(event -> event.outcome() == Outcome.SUCCESS)
        .forEach(event -> event
            .rules()
            .forEach(rule -> used.computeIfAbsent(rule, r -> new Usage())
                .add(event, groupsOf.apply(event.actor()))));
    PolicyView view = new PolicyView(policy, 0);
    List<Unused> unused = new ArrayList<>();
    for (Rule rule : policy.model().rules()) {
      if (rule.permits()) {
        Usage usage = used.getOrDefault(rule.id(), new Usage());
        SortedSet<Group> groups = new TreeSet<>(rule.groups());
        groups.removeIf(group ->
            view.expand(new TreeSet<>(Set.of(group))).stream().anyMatch(usage.groups::contains));
        SortedSet<FieldPath> fields = new TreeSet<>(rule.fields().keySet());
        fields.removeIf(field -> rule.fields().get(field) == Mask.HIDE);
        fields.removeAll(usage.fields);
        Set<Purpose> purposes = new TreeSet<>(rule.purposes());
        purposes.removeAll(usage.purposes);
        if (!groups.isEmpty() || !fields.isEmpty() || !purposes.isEmpty()) {
          unused.add(new Unused(rule.id(), !used.containsKey(rule.id()), groups, fields, purposes));
        }
      }
    }
    return List.copyOf(unused);
  }

  /** What a rule was used for. */
  private static final class Usage {
    private final Set<Group> groups = new TreeSet<>();
    private final Set<FieldPath> fields = new TreeSet<>();
    private final Set<Purpose> purposes = EnumSet.noneOf(Purpose.class);

    private void add(AuditEvent event, Set<Group> of) {
      groups.addAll(of);
      fields.addAll(event.fields());
      event.purpose().ifPresent(purposes::add);
    }
  }
}
