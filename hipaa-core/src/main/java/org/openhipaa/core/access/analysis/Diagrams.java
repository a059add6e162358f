package org.openhipaa.core.access.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Boolean functions of variables with finitely many values, as ordered decision diagrams: equal
 * functions are the same number. A node tests one variable; it lists the values that lead elsewhere
 * than value 0 does, so that a test against one of a thousand constants has one edge. No recursion
 * is deeper than there are variables. Confined to one thread.
 */
final class Diagrams {
  /** The function that is false everywhere. */
  static final int NEVER = 0;
  /** The function that is true everywhere. */
  static final int ALWAYS = 1;

  /** Recursion goes as deep; frames are small. */
  static final int MAX_VARIABLES = 1_500;

  private static final int AND = 0;
  private static final int OR = 1;
  private static final int NOT = 2;
  private static final int MAX_MEMO = 1 << 21;
  private static final int[] NO_EDGES = {};

  private final int[] sizes;
  private final Budget budget;
  private int[] variable = new int[256];
  private int[] otherwise = new int[256];
  private int[][] edges = new int[256][];
  private int count = 2;
  private int[] table = new int[512];
  private long[] memoKeys = new long[1024];
  private int[] memoValues = new int[1024];
  private int memoCount;
  private long edgeCount;

  /**
   * Starts with the two constant functions.
   *
   * @param sizes for each variable, in order, how many values it has
   * @param budget how much work may be done before giving up
   */
  Diagrams(int[] sizes, Budget budget) {
    if (sizes.length > MAX_VARIABLES) {
      throw new PolicyTooEntangledException("the rules for one record type and action depend on "
          + sizes.length + " different facts; at most " + MAX_VARIABLES
          + " can be analysed; split the record type or name fewer groups and values");
    }
    this.sizes = sizes.clone();
    this.budget = budget;
    variable[NEVER] = sizes.length;
    variable[ALWAYS] = sizes.length;
    edges[NEVER] = NO_EDGES;
    edges[ALWAYS] = NO_EDGES;
  }

  /** True where the variable has one of these values. */
  int test(int var, BitSet values) {
    boolean rest = values.get(0);
    BitSet others = (BitSet) values.clone();
    if (rest) {
      others.flip(0, sizes[var]);
    }
    int[] list = new int[2 * others.cardinality()];
    int length = 0;
    for (int value = others.nextSetBit(0); value >= 0; value = others.nextSetBit(value + 1)) {
      list[length++] = value;
      list[length++] = rest ? NEVER : ALWAYS;
    }
    return node(var, rest ? ALWAYS : NEVER, list, length);
  }

  /** True where the variable has this value. */
  int test(int var, int value) {
    BitSet one = new BitSet();
    one.set(value);
    return test(var, one);
  }

  int and(int one, int other) {
    return apply(AND, one, other);
  }

  int or(int one, int other) {
    return apply(OR, one, other);
  }

  int xor(int one, int other) {
    return or(minus(one, other), minus(other, one));
  }

  /** True where the first is and the second is not. */
  int minus(int one, int other) {
    return and(one, not(other));
  }

  boolean implies(int one, int other) {
    return minus(one, other) == NEVER;
  }

  /** The disjunction of all, combined in pairs so that no intermediate result is large for long. */
  int any(List<Integer> functions) {
    List<Integer> open = new ArrayList<>(functions);
    while (open.size() > 1) {
      List<Integer> next = new ArrayList<>((open.size() + 1) / 2);
      for (int i = 0; i + 1 < open.size(); i += 2) {
        next.add(or(open.get(i), open.get(i + 1)));
      }
      if (open.size() % 2 == 1) {
        next.add(open.get(open.size() - 1));
      }
      open = next;
    }
    return open.isEmpty() ? NEVER : open.get(0);
  }

  int not(int function) {
    if (function <= ALWAYS) {
      return function ^ 1;
    }
    int known = recall(NOT, function, 0);
    if (known >= 0) {
      return known;
    }
    int[] old = edges[function];
    budget.spend(1 + old.length / 2);
    int[] list = new int[old.length];
    for (int i = 0; i < old.length; i += 2) {
      list[i] = old[i];
      list[i + 1] = not(old[i + 1]);
    }
    int result = node(variable[function], not(otherwise[function]), list, list.length);
    remember(NOT, function, 0, result);
    remember(NOT, result, 0, function);
    return result;
  }

  private int apply(int op, int a, int b) {
    // NEVER absorbs in a conjunction, ALWAYS in a disjunction.
    int absorbing = op == AND ? NEVER : ALWAYS;
    if (a == b || b == absorbing || a == (absorbing ^ 1)) {
      return b;
    }
    if (a == absorbing || b == (absorbing ^ 1)) {
      return a;
    }
    int one = Math.min(a, b);
    int other = Math.max(a, b);
    int known = recall(op, one, other);
    if (known >= 0) {
      return known;
    }
    int var = Math.min(variable[one], variable[other]);
    boolean oneTests = variable[one] == var;
    boolean otherTests = variable[other] == var;
    int[] oneEdges = oneTests ? edges[one] : NO_EDGES;
    int[] otherEdges = otherTests ? edges[other] : NO_EDGES;
    budget.spend(1 + (oneEdges.length + otherEdges.length) / 2);
    int oneRest = oneTests ? otherwise[one] : one;
    int otherRest = otherTests ? otherwise[other] : other;
    int rest = apply(op, oneRest, otherRest);
    int[] list = new int[oneEdges.length + otherEdges.length];
    int length = 0;
    int i = 0;
    int j = 0;
    while (i < oneEdges.length || j < otherEdges.length) {
      int left = i < oneEdges.length ? oneEdges[i] : Integer.MAX_VALUE;
      int right = j < otherEdges.length ? otherEdges[j] : Integer.MAX_VALUE;
      int value = Math.min(left, right);
      int child = apply(
          op,
          left == value ? oneEdges[i + 1] : oneRest,
          right == value ? otherEdges[j + 1] : otherRest);
      i += left == value ? 2 : 0;
      j += right == value ? 2 : 0;
      if (child != rest) {
        list[length++] = value;
        list[length++] = child;
      }
    }
    int result = node(var, rest, list, length);
    remember(op, one, other, result);
    return result;
  }

  /** The value of the function where each variable has the given value. */
  boolean holds(int function, int[] values) {
    int at = function;
    while (at > ALWAYS) {
      at = child(at, values[variable[at]]);
    }
    return at == ALWAYS;
  }

  private int child(int node, int value) {
    int[] list = edges[node];
    for (int i = 0; i < list.length; i += 2) {
      if (list[i] == value) {
        return list[i + 1];
      }
    }
    return otherwise[node];
  }

  /**
   * Tells whether the function is true anywhere.
   *
   * @param fixed for each variable the value that it has, or -1
   */
  boolean possible(int function, int[] fixed) {
    return possible(function, fixed, new BitSet());
  }

  private boolean possible(int function, int[] fixed, BitSet seen) {
    int at = follow(function, fixed);
    if (at <= ALWAYS || seen.get(at)) {
      return at == ALWAYS;
    }
    seen.set(at);
    int[] list = edges[at];
    budget.spend(1 + list.length / 2);
    // All values may be listed, so that none is left for the rest.
    boolean rest = list.length / 2 < sizes[variable[at]] && possible(otherwise[at], fixed, seen);
    for (int i = 1; i < list.length && !rest; i += 2) {
      rest = possible(list[i], fixed, seen);
    }
    return rest;
  }

  /** Goes on as long as the variable to test has one value. */
  private int follow(int function, int[] fixed) {
    int at = function;
    while (at > ALWAYS && fixed[variable[at]] >= 0) {
      at = child(at, fixed[variable[at]]);
    }
    return at;
  }

  /**
   * The function with some variables at one value, so that it no longer depends on them.
   *
   * @param fixed for each variable the value that it has, or -1
   */
  int restrict(int function, int[] fixed) {
    return restrict(function, fixed, new HashMap<>());
  }

  private int restrict(int function, int[] fixed, Map<Integer, Integer> known) {
    int at = follow(function, fixed);
    if (at <= ALWAYS) {
      return at;
    }
    Integer before = known.get(at);
    if (before != null) {
      return before;
    }
    int[] old = edges[at];
    budget.spend(1 + old.length / 2);
    int rest = restrict(otherwise[at], fixed, known);
    int[] list = new int[old.length];
    int length = 0;
    for (int i = 0; i < old.length; i += 2) {
      int child = restrict(old[i + 1], fixed, known);
      if (child != rest) {
        list[length++] = old[i];
        list[length++] = child;
      }
    }
    int result = node(variable[at], rest, list, length);
    known.put(at, result);
    return result;
  }

  /**
   * Where the function is true at the least cost.
   *
   * @param costs for each variable, what each value costs
   * @return for each variable its value, or -1 if it makes no difference; the function must not be
   *     {@link #NEVER}
   */
  int[] cheapest(int function, int[][] costs) {
    Map<Integer, Integer> known = new HashMap<>();
    int[] values = new int[sizes.length];
    Arrays.fill(values, -1);
    int at = function;
    while (at > ALWAYS) {
      int var = variable[at];
      int best = -1;
      int bestCost = Integer.MAX_VALUE;
      for (int value = 0; value < sizes[var]; value++) {
        int below = cost(child(at, value), costs, known);
        if (below < Integer.MAX_VALUE && below + costs[var][value] < bestCost) {
          best = value;
          bestCost = below + costs[var][value];
        }
      }
      values[var] = best;
      at = child(at, best);
    }
    return values;
  }

  private int cost(int node, int[][] costs, Map<Integer, Integer> known) {
    if (node <= ALWAYS) {
      return node == ALWAYS ? 0 : Integer.MAX_VALUE;
    }
    Integer before = known.get(node);
    if (before != null) {
      return before;
    }
    int var = variable[node];
    budget.spend(sizes[var]);
    int[] list = edges[node];
    BitSet listed = new BitSet();
    int best = Integer.MAX_VALUE;
    for (int i = 0; i < list.length; i += 2) {
      listed.set(list[i]);
      int below = cost(list[i + 1], costs, known);
      if (below < Integer.MAX_VALUE) {
        best = Math.min(best, below + costs[var][list[i]]);
      }
    }
    int below = cost(otherwise[node], costs, known);
    if (below < Integer.MAX_VALUE) {
      for (int value = 0; value < sizes[var]; value++) {
        if (!listed.get(value)) {
          best = Math.min(best, below + costs[var][value]);
        }
      }
    }
    known.put(node, best);
    return best;
  }

  /**
   * The ways in which the function becomes true, each as the allowed values of the variables that it
   * depends on. They exclude each other and together are the function, unless there are more than
   * asked for.
   */
  List<Map<Integer, BitSet>> ways(int function, int most) {
    List<Map<Integer, BitSet>> found = new ArrayList<>();
    ways(function, new HashMap<>(), most, found);
    return found;
  }

  private void ways(
      int node, Map<Integer, BitSet> way, int most, List<Map<Integer, BitSet>> found) {
    if (node == NEVER || found.size() >= most) {
      return;
    }
    if (node == ALWAYS) {
      found.add(Map.copyOf(way));
      return;
    }
    int var = variable[node];
    Map<Integer, BitSet> byChild = new HashMap<>();
    List<Integer> order = new ArrayList<>();
    for (int value = 0; value < sizes[var]; value++) {
      int child = child(node, value);
      byChild
          .computeIfAbsent(child, c -> {
            order.add(c);
            return new BitSet();
          })
          .set(value);
    }
    for (int child : order) {
      way.put(var, byChild.getOrDefault(child, new BitSet()));
      ways(child, way, most, found);
    }
    way.remove(var);
  }

  /** How many nodes were made. */
  int size() {
    return count;
  }

  private int node(int var, int rest, int[] list, int length) {
    if (length == 0) {
      return rest;
    }
    int hash = hash(var, rest, list, length);
    int slot = hash & (table.length - 1);
    while (table[slot] != 0) {
      int candidate = table[slot];
      if (variable[candidate] == var
          && otherwise[candidate] == rest
          && Arrays.equals(edges[candidate], 0, edges[candidate].length, list, 0, length)) {
        return candidate;
      }
      slot = (slot + 1) & (table.length - 1);
    }
    edgeCount += length / 2;
    Budget.check(count, edgeCount);
    if (count == variable.length) {
      variable = Arrays.copyOf(variable, 2 * count);
      otherwise = Arrays.copyOf(otherwise, 2 * count);
      edges = Arrays.copyOf(edges, 2 * count);
    }
    variable[count] = var;
    otherwise[count] = rest;
    edges[count] = Arrays.copyOf(list, length);
    table[slot] = count;
    count++;
    if (2 * count > table.length) {
      rehash();
    }
    return count - 1;
  }

  private void rehash() {
    table = new int[2 * table.length];
    for (int node = 2; node < count; node++) {
      int slot = hash(variable[node], otherwise[node], edges[node], edges[node].length)
          & (table.length - 1);
      while (table[slot] != 0) {
        slot = (slot + 1) & (table.length - 1);
      }
      table[slot] = node;
    }
  }

  private static int hash(int var, int rest, int[] list, int length) {
    int hash = 31 * var + rest;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + list[i];
    }
    return spread(hash);
  }

  private static int spread(int hash) {
    int mixed = hash * 0x9E3779B9;
    return mixed ^ (mixed >>> 15);
  }

  private static long key(int op, int a, int b) {
    return ((long) (op + 1) << 60) | ((long) a << 30) | b;
  }

  private int recall(int op, int a, int b) {
    long key = key(op, a, b);
    int slot = spread(Long.hashCode(key)) & (memoKeys.length - 1);
    while (memoKeys[slot] != 0) {
      if (memoKeys[slot] == key) {
        return memoValues[slot];
      }
      slot = (slot + 1) & (memoKeys.length - 1);
    }
    return -1;
  }

  private void remember(int op, int a, int b, int result) {
    if (2 * (memoCount + 1) > memoKeys.length) {
      growMemo();
    }
    put(key(op, a, b), result);
  }

  private void put(long key, int result) {
    int slot = spread(Long.hashCode(key)) & (memoKeys.length - 1);
    while (memoKeys[slot] != 0) {
      if (memoKeys[slot] == key) {
        return;
      }
      slot = (slot + 1) & (memoKeys.length - 1);
    }
    memoKeys[slot] = key;
    memoValues[slot] = result;
    memoCount++;
  }

  private void growMemo() {
    long[] keys = memoKeys;
    int[] values = memoValues;
    // What is forgotten is worked out again; the steps are counted all the same.
    boolean forget = keys.length >= MAX_MEMO;
    memoKeys = new long[forget ? keys.length : 2 * keys.length];
    memoValues = new int[memoKeys.length];
    memoCount = 0;
    if (!forget) {
      for (int i = 0; i < keys.length; i++) {
        if (keys[i] != 0) {
          put(keys[i], values[i]);
        }
      }
    }
  }
}
