package org.openhipaa.core.access.rows;

import java.util.ArrayList;
import java.util.List;
import org.openhipaa.core.access.rules.Truth;

/**
 * An expression of three-valued logic over what a row says. The factories fold what is known
 * already, so that a filter asks the database only what it alone knows. Immutable.
 */
sealed interface Logic {
  /** Known before any row is. */
  record Fixed(Truth truth) implements Logic {
    static final Logic TRUE = new Fixed(Truth.TRUE);
    static final Logic FALSE = new Fixed(Truth.FALSE);
    static final Logic UNKNOWN = new Fixed(Truth.UNKNOWN);
  }

  /** The least of its parts. */
  record All(List<Logic> parts) implements Logic {}

  /** The greatest of its parts. */
  record Any(List<Logic> parts) implements Logic {}

  /** The opposite. */
  record Negated(Logic part) implements Logic {}

  /** True if the part is true, or, if unknown will do, unless the part is false; never unknown. */
  record Settled(Logic part, boolean unknownWillDo) implements Logic {}

  /**
   * To be asked of the database.
   *
   * @param sql writes the question
   * @param ofRow whether the answer differs from row to row
   * @param settled whether the answer is never unknown
   */
  record Asked(Question sql, boolean ofRow, boolean settled) implements Logic {}

  /** Writes a question as SQL. */
  @FunctionalInterface
  interface Question {
    SqlText in(ConditionSql sql);
  }

  static Logic of(boolean value) {
    return value ? Fixed.TRUE : Fixed.FALSE;
  }

  static Logic of(Truth truth) {
    return new Fixed(truth);
  }

  static Logic all(List<Logic> parts) {
    List<Logic> kept = new ArrayList<>();
    for (Logic part : parts) {
      if (part.equals(Fixed.FALSE)) {
        return Fixed.FALSE;
      }
      if (!part.equals(Fixed.TRUE) && !kept.contains(part)) {
        kept.add(part);
      }
    }
    return kept.isEmpty()
        ? Fixed.TRUE
        : kept.size() == 1 ? kept.get(0) : new All(List.copyOf(kept));
  }

  static Logic all(Logic... parts) {
    return all(List.of(parts));
  }

  static Logic any(List<Logic> parts) {
    List<Logic> kept = new ArrayList<>();
    for (Logic part : parts) {
      if (part.equals(Fixed.TRUE)) {
        return Fixed.TRUE;
      }
      if (!part.equals(Fixed.FALSE) && !kept.contains(part)) {
        kept.add(part);
      }
    }
    return kept.isEmpty()
        ? Fixed.FALSE
        : kept.size() == 1 ? kept.get(0) : new Any(List.copyOf(kept));
  }

  static Logic any(Logic... parts) {
    return any(List.of(parts));
  }

  static Logic not(Logic part) {
    if (part instanceof Fixed fixed) {
      return switch (fixed.truth()) {
        case TRUE -> Fixed.FALSE;
        case FALSE -> Fixed.TRUE;
        case UNKNOWN -> Fixed.UNKNOWN;
      };
    }
    return part instanceof Negated negated ? negated.part() : new Negated(part);
  }

  /** Whether it is true. */
  static Logic surely(Logic part) {
    return part instanceof Fixed
        ? of(part.equals(Fixed.TRUE))
        : part.isSettled() ? part : new Settled(part, false);
  }

  /** Whether it is not false. */
  static Logic possibly(Logic part) {
    return part instanceof Fixed
        ? of(!part.equals(Fixed.FALSE))
        : part.isSettled() ? part : new Settled(part, true);
  }

  /** Whether it is never unknown. */
  default boolean isSettled() {
    if (this instanceof All all) {
      return all.parts().stream().allMatch(Logic::isSettled);
    } else if (this instanceof Any any) {
      return any.parts().stream().allMatch(Logic::isSettled);
    } else if (this instanceof Negated negated) {
      return negated.part().isSettled();
    } else if (this instanceof Asked asked) {
      return asked.settled();
    }
    return this instanceof Settled || !equals(Fixed.UNKNOWN);
  }

  /** Whether it differs from row to row. */
  default boolean isOfRow() {
    if (this instanceof All all) {
      return all.parts().stream().anyMatch(Logic::isOfRow);
    } else if (this instanceof Any any) {
      return any.parts().stream().anyMatch(Logic::isOfRow);
    } else if (this instanceof Negated negated) {
      return negated.part().isOfRow();
    } else if (this instanceof Settled settled) {
      return settled.part().isOfRow();
    }
    return this instanceof Asked asked && asked.ofRow();
  }
}
