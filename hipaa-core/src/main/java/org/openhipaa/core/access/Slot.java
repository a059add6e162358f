package org.openhipaa.core.access;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.actor.Purpose;

/** The rules that speak of one record type, one action and one group, or of everybody. */
final class Slot {
  private final Map<Purpose, RuleTree> denies = new EnumMap<>(Purpose.class);
  private final Map<Purpose, RuleTree> permits = new EnumMap<>(Purpose.class);
  private final Map<Purpose, CompiledRule> firstPermit = new EnumMap<>(Purpose.class);
  private final @Nullable CompiledRule anyPermit;

  /**
   * Sorts rules.
   *
   * @param trees those made so far, since most purposes and many groups have the same rules
   */
  Slot(
      List<CompiledRule> rules,
      Predicate<AttributeName> single,
      Map<List<CompiledRule>, RuleTree> trees) {
    for (Purpose purpose : Purpose.values()) {
      List<CompiledRule> denying = new ArrayList<>();
      List<CompiledRule> permitting = new ArrayList<>();
      for (CompiledRule rule : rules) {
        if (rule.rule.purposes().isEmpty() || rule.rule.purposes().contains(purpose)) {
          (rule.rule.permits() ? permitting : denying).add(rule);
        }
      }
      denies.put(purpose, trees.computeIfAbsent(denying, l -> RuleTree.of(l, single)));
      permits.put(purpose, trees.computeIfAbsent(permitting, l -> RuleTree.of(l, single)));
      if (!permitting.isEmpty()) {
        firstPermit.put(purpose, permitting.get(0));
      }
    }
    anyPermit = rules.stream().filter(rule -> rule.rule.permits()).findFirst().orElse(null);
  }

  RuleTree denies(Purpose purpose) {
    return Objects.requireNonNull(denies.get(purpose));
  }

  RuleTree permits(Purpose purpose) {
    return Objects.requireNonNull(permits.get(purpose));
  }

  /** The first rule that might permit it for this purpose. */
  @Nullable
  CompiledRule firstPermit(Purpose purpose) {
    return firstPermit.get(purpose);
  }

  /** The first rule that might permit it for any purpose. */
  @Nullable
  CompiledRule anyPermit() {
    return anyPermit;
  }
}
