package org.openhipaa.core.access;

import org.openhipaa.core.access.rules.Truth;

/**
 * Kleene's logic in integers: the conjunction is the least, the disjunction the greatest, the
 * negation the opposite number.
 */
final class Kleene {
  static final int FALSE = -1;
  static final int UNKNOWN = 0;
  static final int TRUE = 1;

  private Kleene() {}

  static int of(boolean value) {
    return value ? TRUE : FALSE;
  }

  static Truth truth(int value) {
    return value == TRUE ? Truth.TRUE : value == FALSE ? Truth.FALSE : Truth.UNKNOWN;
  }
}
