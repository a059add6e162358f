package org.openhipaa.core.access;

import org.jspecify.annotations.Nullable;

/** A condition, compiled: gives a value of {@link Kleene}. */
@FunctionalInterface
interface Test {
  int of(Evaluation evaluation);

  /** All of the tests; null, if there are none, which always holds. */
  static @Nullable Test all(Test... tests) {
    if (tests.length == 0) {
      return null;
    }
    if (tests.length == 1) {
      return tests[0];
    }
    return evaluation -> {
      int truth = Kleene.TRUE;
      for (Test test : tests) {
        truth = Math.min(truth, test.of(evaluation));
        if (truth == Kleene.FALSE) {
          return truth;
        }
      }
      return truth;
    };
  }
}
