package org.openhipaa.core.access.rows;

import org.openhipaa.core.access.rules.Condition;

/** Takes a condition apart. */
@FunctionalInterface
interface ConditionLogic {
  /** An elementary condition. */
  Logic elementary(Condition condition);

  /** Any condition. */
  default Logic of(Condition condition) {
    if (condition instanceof Condition.All all) {
      return Logic.all(all.parts().stream().map(this::of).toList());
    } else if (condition instanceof Condition.Any any) {
      return Logic.any(any.parts().stream().map(this::of).toList());
    } else if (condition instanceof Condition.Not not) {
      return Logic.not(of(not.part()));
    }
    return elementary(condition);
  }
}
