package org.openhipaa.core.access.analysis;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.rules.AttributeDeclaration;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.access.rules.SeparateDuties;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.internal.Closure;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/** A policy as the analysis looks at it: hierarchies resolved, rules sorted by what they cover. */
final class PolicyView {
  private static final Set<Purpose> EVERY_PURPOSE = Set.of(Purpose.values());

  final AccessPolicy policy;
  final PolicyModel model;
  /** Tells the two policies of a comparison apart: 0 or 1. */
  final int number;

  private final Map<Group, SortedSet<Group>> members;
  private final Map<Group, SortedSet<Group>> conflicts = new HashMap<>();
  private final Map<String, SortedSet<String>> above;
  private final Map<SortedSet<Group>, SortedSet<Group>> expanded = new ConcurrentHashMap<>();
  private final Map<RecordType, List<Rule>> byType = new HashMap<>();

  PolicyView(AccessPolicy policy, int number) {
    this.policy = policy;
    this.model = policy.model();
    this.number = number;
    this.members = Closure.inverse(model.groups());
    this.above = Closure.inverse(model.labels());
    for (SeparateDuties pair : model.separate()) {
      for (Group one : expand(pair.one())) {
        for (Group other : expand(pair.other())) {
          conflicts.computeIfAbsent(one, g -> new TreeSet<>()).add(other);
          conflicts.computeIfAbsent(other, g -> new TreeSet<>()).add(one);
        }
      }
    }
    model.types().keySet().forEach(type -> byType.put(type, new ArrayList<>()));
    for (Rule rule : model.rules()) {
      for (RecordType type : rule.types().isEmpty() ? model.types().keySet() : rule.types()) {
        byType.computeIfAbsent(type, t -> new ArrayList<>()).add(rule);
      }
    }
  }

  /** The rules that cover a use of a type, in the order of the policy. */
  List<Rule> rules(RecordType type, Use use) {
    List<Rule> covering = new ArrayList<>();
    for (Rule rule : rules(type)) {
      if (rule.actions().contains(use.action())
          && (rule.purposes().isEmpty() || rule.purposes().contains(use.purpose()))) {
        covering.add(rule);
      }
    }
    return covering;
  }

  /**
   * For each of some uses, in their order, the places of the rules among those of the type that cover
   * it.
   */
  Map<Use, BitSet> covering(RecordType type, SortedSet<Use> uses) {
    Map<Action, Map<Purpose, BitSet>> wanted = new EnumMap<>(Action.class);
    Map<Use, BitSet> covering = new LinkedHashMap<>();
    for (Use use : uses) {
      BitSet places = new BitSet();
      covering.put(use, places);
      wanted
          .computeIfAbsent(use.action(), a -> new EnumMap<>(Purpose.class))
          .put(use.purpose(), places);
    }
    int place = 0;
    for (Rule rule : rules(type)) {
      for (Action action : rule.actions()) {
        Map<Purpose, BitSet> of = wanted.getOrDefault(action, Map.of());
        if (!of.isEmpty()) {
          for (Purpose purpose : rule.purposes().isEmpty() ? EVERY_PURPOSE : rule.purposes()) {
            BitSet places = of.get(purpose);
            if (places != null) {
              places.set(place);
            }
          }
        }
      }
      place++;
    }
    return covering;
  }

  /** The rules that cover a type, in the order of the policy. */
  List<Rule> rules(RecordType type) {
    return byType.getOrDefault(type, List.of());
  }

  /** The uses of a type that rules speak of, in order. */
  SortedSet<Use> uses(RecordType type) {
    return uses(rules(type));
  }

  /** The uses that rules speak of. */
  static SortedSet<Use> uses(List<Rule> rules) {
    Map<Action, Set<Purpose>> purposes = new EnumMap<>(Action.class);
    for (Rule rule : rules) {
      for (Action action : rule.actions()) {
        purposes
            .computeIfAbsent(action, a -> EnumSet.noneOf(Purpose.class))
            .addAll(rule.purposes().isEmpty() ? EVERY_PURPOSE : rule.purposes());
      }
    }
    SortedSet<Use> uses = new TreeSet<>();
    purposes.forEach((action, all) -> all.forEach(why -> uses.add(new Use(action, why))));
    return uses;
  }

  SortedSet<FieldPath> fields(RecordType type) {
    return model.types().getOrDefault(type, Collections.emptySortedSet());
  }

  /** The groups whose direct members a rule for these groups covers. */
  SortedSet<Group> expand(SortedSet<Group> groups) {
    return expanded.computeIfAbsent(groups, all -> {
      SortedSet<Group> direct = new TreeSet<>();
      all.forEach(group -> direct.addAll(expand(group)));
      return direct;
    });
  }

  private SortedSet<Group> expand(Group group) {
    return members.getOrDefault(group, Collections.emptySortedSet());
  }

  /** The groups that a direct member of this one may not be in as well. */
  SortedSet<Group> conflicts(Group group) {
    return conflicts.getOrDefault(group, Collections.emptySortedSet());
  }

  boolean conflicting(Set<Group> groups) {
    return groups.stream().anyMatch(one -> conflicts(one).stream().anyMatch(groups::contains));
  }

  Map<Group, SortedSet<Group>> conflicts() {
    return conflicts;
  }

  /** The labels that count as this one. */
  SortedSet<String> implying(String label) {
    return above.getOrDefault(label, Collections.emptySortedSet());
  }

  /** These labels and what they imply. */
  Set<String> implied(Set<String> labels) {
    return Closure.of(model.labels(), labels);
  }

  Typed typed(AttributeName name) {
    return new Typed(
        name, declared(name).map(AttributeDeclaration::type).orElse(AttributeType.TEXT));
  }

  /** How the policy declares an attribute. */
  Optional<AttributeDeclaration> declared(AttributeName name) {
    return Optional.ofNullable(
        model.attributes().getOrDefault(name, PolicyModel.BUILT_IN.get(name)));
  }

  /** The values that the declaration of an attribute lists; empty if it may be any. */
  SortedSet<String> listed(Typed attribute) {
    return declared(attribute.name())
        .filter(declaration -> declaration.type() == attribute.type())
        .map(AttributeDeclaration::values)
        .orElse(Collections.emptySortedSet());
  }

  /** Whether each policy's declaration of an attribute lists the value, or none. */
  static boolean allList(List<PolicyView> views, Typed attribute, String value) {
    return views.stream()
        .map(view -> view.listed(attribute))
        .allMatch(listed -> listed.isEmpty() || listed.contains(value));
  }

  /** An attribute of one type. Where two policies give it different types, it is two. */
  record Typed(AttributeName name, AttributeType type) {
    // What a record would do takes long at first.
    @Override
    public int hashCode() {
      return 31 * name.name().hashCode() + type.ordinal();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Typed too
          && type == too.type
          && name.side() == too.name.side()
          && name.name().equals(too.name.name());
    }
  }
}
