package org.openhipaa.audit.tree;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Leaves {@code from} to {@code to - 1} of a tree. A proof is the hashes of a few ranges that do not overlap, so it can be
 * made in one pass over the leaves, or looked up where the subtrees are stored.
 */
record LeafRange(long from, long to) {

  /** PATH of RFC 9162 section 2.1.3.1: the ranges beside the way from a leaf to the root, the leaf's sibling first. */
  static List<LeafRange> besidePath(long index, long size) {
    List<LeafRange> ranges = new ArrayList<>();
    long from = 0;
    long to = size;
    while (to - from > 1) {
      long middle = from + largestPowerOfTwoBelow(to - from);
      if (index < middle) {
        ranges.add(0, new LeafRange(middle, to));
        to = middle;
      } else {
        ranges.add(0, new LeafRange(from, middle));
        from = middle;
      }
    }
    return ranges;
  }

  /** PROOF of RFC 9162 section 2.1.4.1: the ranges that both the old and the new root can be computed from. */
  static List<LeafRange> betweenSizes(long oldSize, long newSize) {
    List<LeafRange> ranges = new ArrayList<>();
    long from = 0;
    long to = newSize;
    boolean oldRootIsKnown = true;
    while (oldSize < to) {
      long middle = from + largestPowerOfTwoBelow(to - from);
      if (oldSize <= middle) {
        ranges.add(0, new LeafRange(middle, to));
        to = middle;
      } else {
        ranges.add(0, new LeafRange(from, middle));
        from = middle;
        oldRootIsKnown = false;
      }
    }
    if (!oldRootIsKnown) {
      ranges.add(0, new LeafRange(from, to));
    }
    return ranges;
  }

  /** The tree hash of each range, in the order of the ranges; {@code leaves} starts at leaf 0. */
  static List<TreeHash> hash(List<LeafRange> ranges, Iterator<TreeHash> leaves) {
    Map<LeafRange, TreeHash> hashes = new HashMap<>();
    long next = 0;
    for (LeafRange range :
        ranges.stream().sorted(Comparator.comparingLong(LeafRange::from)).toList()) {
      for (; next < range.from; next++) {
        leaves.next();
      }
      RollingTree tree = new RollingTree();
      for (; next < range.to; next++) {
        tree.append(leaves.next());
      }
      hashes.put(range, tree.root());
    }
    return ranges.stream()
        .map(range -> Objects.requireNonNull(hashes.get(range)))
        .toList();
  }

  private static long largestPowerOfTwoBelow(long n) {
    return Long.highestOneBit(n - 1);
  }
}
