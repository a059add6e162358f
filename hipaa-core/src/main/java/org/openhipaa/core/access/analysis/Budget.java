package org.openhipaa.core.access.analysis;

/**
 * Bounds the work for one question, however many parts it has: what is not answered by then is
 * refused. Confined to one thread.
 */
final class Budget {
  /** The nodes of one part and their edges stay below some 100 MB. */
  static final int MAX_NODES = 1_000_000;

  private static final int MAX_EDGES = 8_000_000;
  /** Some ten seconds of work; a policy of 10,000 rules as hospitals have them needs a hundredth. */
  private static final long MAX_STEPS = 300_000_000;

  private long steps;

  Budget() {
    this(MAX_STEPS);
  }

  /**
   * Another budget.
   *
   * @param steps how much work may be done
   */
  Budget(long steps) {
    this.steps = steps;
  }

  /** Does some steps of work. */
  void spend(long some) {
    steps -= some;
    if (steps < 0) {
      throw entangled();
    }
  }

  /** Checks how large the diagrams of a part have become. */
  static void check(int nodes, long edges) {
    if (nodes > MAX_NODES || edges > MAX_EDGES) {
      throw entangled();
    }
  }

  private static PolicyTooEntangledException entangled() {
    return new PolicyTooEntangledException("the rules for one record type and action combine too"
        + " many independent conditions to be analysed; split the record type, or use fewer"
        + " different conditions in it");
  }
}
