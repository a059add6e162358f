package org.openhipaa.core.access;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/** The rules that speak of one record type, by action and group. */
final class TypeIndex {
  final RecordType type;
  final SortedSet<FieldPath> fields;
  final String hash;
  private final Map<Action, Map<Group, Slot>> byGroup = new EnumMap<>(Action.class);
  private final Map<Action, Slot> everybody = new EnumMap<>(Action.class);
  private final Map<Action, Deny> noRule = new EnumMap<>(Action.class);

  /**
   * Sorts rules.
   *
   * @param members each group with itself and all groups whose members are members of it
   */
  TypeIndex(
      RecordType type,
      SortedSet<FieldPath> fields,
      List<CompiledRule> rules,
      Map<Group, SortedSet<Group>> members,
      Symbols symbols,
      String hash) {
    this.type = type;
    this.fields = fields;
    this.hash = hash;
    Map<List<CompiledRule>, RuleNode> trees = new HashMap<>();
    for (Action action : Action.values()) {
      Map<Group, List<CompiledRule>> lists = new HashMap<>();
      List<CompiledRule> all = new ArrayList<>();
      for (CompiledRule rule : rules) {
        if (rule.rule.actions().contains(action)) {
          sort(rule, members, lists, all);
        }
      }
      Map<Group, Slot> slots = new HashMap<>();
      lists.forEach((group, list) -> slots.put(group, new Slot(list, symbols, trees)));
      byGroup.put(action, slots);
      if (!all.isEmpty()) {
        everybody.put(action, new Slot(all, symbols, trees));
      }
      noRule.put(
          action,
          new Deny(
              List.of(),
              hash,
              DenyReason.NO_MATCHING_RULE,
              "no rule permits any of the actor's groups to "
                  + action.label()
                  + " '"
                  + type.value()
                  + "'"));
    }
  }

  private static void sort(
      CompiledRule rule,
      Map<Group, SortedSet<Group>> members,
      Map<Group, List<CompiledRule>> lists,
      List<CompiledRule> all) {
    if (rule.rule.groups().isEmpty()) {
      all.add(rule);
      return;
    }
    rule.rule.groups().stream()
        .flatMap(group -> members.getOrDefault(group, Collections.emptySortedSet()).stream())
        .distinct()
        .forEach(group -> lists.computeIfAbsent(group, g -> new ArrayList<>()).add(rule));
  }

  @Nullable
  Slot slot(Action action, Group group) {
    return Objects.requireNonNull(byGroup.get(action)).get(group);
  }

  @Nullable
  Slot everybody(Action action) {
    return everybody.get(action);
  }

  Deny noRule(Action action) {
    return Objects.requireNonNull(noRule.get(action));
  }
}
