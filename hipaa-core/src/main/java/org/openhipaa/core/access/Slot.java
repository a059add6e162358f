package org.openhipaa.core.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.actor.Purpose;

/** The rules that speak of one record type, one action and one group, or of everybody. */
final class Slot {
  private final RuleTree[] denies = new RuleTree[Purpose.values().length];
  private final RuleTree[] permits = new RuleTree[Purpose.values().length];
  private final @Nullable CompiledRule[] firstPermit = new CompiledRule[Purpose.values().length];
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
      denies[purpose.ordinal()] = trees.computeIfAbsent(denying, l -> RuleTree.of(l, single));
      permits[purpose.ordinal()] = trees.computeIfAbsent(permitting, l -> RuleTree.of(l, single));
      firstPermit[purpose.ordinal()] = permitting.isEmpty() ? null : permitting.get(0);
    }
    anyPermit = rules.stream().filter(rule -> rule.rule.permits()).findFirst().orElse(null);
  }

  RuleTree denies(Purpose purpose) {
    return denies[purpose.ordinal()];
  }

  RuleTree permits(Purpose purpose) {
    return permits[purpose.ordinal()];
  }

  /** The first rule that might permit it for this purpose. */
  @Nullable
  CompiledRule firstPermit(Purpose purpose) {
    return firstPermit[purpose.ordinal()];
  }

  /** The first rule that might permit it for any purpose. */
  @Nullable
  CompiledRule anyPermit() {
    return anyPermit;
  }
}
