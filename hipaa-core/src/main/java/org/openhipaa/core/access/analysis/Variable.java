package org.openhipaa.core.access.analysis;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One fact that decisions depend on, with finitely many values that stand for all.
 *
 * @param values the values; that of number 0 is the usual one
 * @param idle the number of the value to take where it makes no difference
 */
record Variable(List<Value> values, int idle) {
  private static final int MAX_WORDS = 5;

  Variable {
    values = List.copyOf(values);
  }

  /** A fact that holds or does not. */
  static Variable flag(String yes, String no, int cost) {
    return new Variable(
        List.of(new Value(no, Optional.of(false), 0), new Value(yes, Optional.of(true), cost)), 0);
  }

  int[] costs() {
    return values.stream().mapToInt(Value::cost).toArray();
  }

  /** The number of the value that has the content; without one, of the missing value. */
  int find(Optional<?> content) {
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i).content().equals(content)) {
        return i;
      }
    }
    return idle;
  }

  /** Says in words that the value is one of these. */
  String words(BitSet allowed) {
    BitSet others = new BitSet();
    others.set(0, values.size());
    others.andNot(allowed);
    if (allowed.cardinality() > MAX_WORDS && others.cardinality() < allowed.cardinality()) {
      return "not (" + join(others) + ")";
    }
    return join(allowed);
  }

  private String join(BitSet which) {
    List<String> words = new ArrayList<>();
    which.stream().limit(MAX_WORDS).forEach(i -> words.add(values.get(i).words()));
    if (which.cardinality() > MAX_WORDS) {
      words.add((which.cardinality() - MAX_WORDS) + " more");
    }
    return words.stream().collect(Collectors.joining(" or "));
  }

  /**
   * One value.
   *
   * @param words the whole fact in words
   * @param content what stands for it in a request; empty if missing
   * @param cost how unusual it is; witnesses take the least unusual
   */
  record Value(String words, Optional<Object> content, int cost) {}
}
