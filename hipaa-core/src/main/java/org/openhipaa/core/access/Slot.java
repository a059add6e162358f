package org.openhipaa.core.access;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.actor.Purpose;

/** The rules that speak of one record type, one action and one group, or of everybody. */
final class Slot {
  private final Map<Purpose, RuleNode> denies = new EnumMap<>(Purpose.class);
  private final Map<Purpose, RuleNode> permits = new EnumMap<>(Purpose.class);
  private final Map<Purpose, CompiledRule> firstPermit = new EnumMap<>(Purpose.class);
  private final @Nullable CompiledRule anyPermit;

  /**
   * Sorts rules.
   *
   * @param trees those made so far, since most purposes and many groups have the same rules
   */
  Slot(
      List<CompiledRule> rules,
      Symbols symbols,
      Map<List<CompiledRule>, RuleNode> trees) {
    for (Purpose purpose : Purpose.values()) {
      List<CompiledRule> denying = new ArrayList<>();
      List<CompiledRule> permitting = new ArrayList<>();
      for (CompiledRule rule : rules) {
        if (rule.rule.purposes().isEmpty() || rule.rule.purposes().contains(purpose)) {
          (rule.rule.permits() ? permitting : denying).add(rule);
        }
      }
      denies.put(purpose, trees.computeIfAbsent(denying, l -> RuleTree.of(l, symbols)));
      permits.put(purpose, trees.computeIfAbsent(permitting, l -> RuleTree.of(l, symbols)));
      if (!permitting.isEmpty()) {
        firstPermit.put(purpose, permitting.get(0));
      }
    }
    anyPermit = rules.stream().filter(rule -> rule.rule.permits()).findFirst().orElse(null);
  }

  RuleNode denies(Purpose purpose) {
    return Objects.requireNonNull(denies.get(purpose));
  }

  RuleNode permits(Purpose purpose) {
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
