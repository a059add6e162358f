package org.openhipaa.core.access.analysis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
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
  final AccessPolicy policy;
  final PolicyModel model;
  /** Tells the two policies of a comparison apart: 0 or 1. */
  final int number;

  private final Map<Group, SortedSet<Group>> members;
  private final Map<Group, SortedSet<Group>> conflicts = new HashMap<>();
  private final Map<String, SortedSet<String>> above;
  private final Map<SortedSet<Group>, SortedSet<Group>> expanded = new HashMap<>();
  private final Map<RecordType, Map<Use, List<Rule>>> rules = new HashMap<>();

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
    sortRules();
  }

  private void sortRules() {
    model.types().keySet().forEach(type -> rules.put(type, new LinkedHashMap<>()));
    Map<Action, Map<Purpose, Use>> uses = new EnumMap<>(Action.class);
    for (Action action : Action.values()) {
      for (Purpose purpose : Purpose.values()) {
        uses.computeIfAbsent(action, a -> new EnumMap<>(Purpose.class))
            .put(purpose, new Use(action, purpose));
      }
    }
    Set<Purpose> anyPurpose = Set.of(Purpose.values());
    for (Rule rule : model.rules()) {
      Set<RecordType> types = rule.types().isEmpty() ? model.types().keySet() : rule.types();
      Set<Purpose> purposes = rule.purposes().isEmpty() ? anyPurpose : rule.purposes();
      for (RecordType type : types) {
        Map<Use, List<Rule>> ofType = rules.computeIfAbsent(type, t -> new LinkedHashMap<>());
        for (Action action : rule.actions()) {
          for (Purpose purpose : purposes) {
            ofType
                .computeIfAbsent(
                    uses.getOrDefault(action, Map.of())
                        .getOrDefault(purpose, new Use(action, purpose)),
                    u -> new ArrayList<>())
                .add(rule);
          }
        }
      }
    }
  }

  /** The rules that cover a use of a type, in the order of the policy. */
  List<Rule> rules(RecordType type, Use use) {
    return rules.getOrDefault(type, Map.of()).getOrDefault(use, List.of());
  }

  /** The uses of a type that rules speak of. */
  Set<Use> uses(RecordType type) {
    return rules.getOrDefault(type, Map.of()).keySet();
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
    AttributeDeclaration declaration =
        model.attributes().getOrDefault(name, PolicyModel.BUILT_IN.get(name));
    return new Typed(name, declaration == null ? AttributeType.TEXT : declaration.type());
  }

  /** An attribute of one type. Where two policies give it different types, it is two. */
  record Typed(AttributeName name, AttributeType type) {}
}
