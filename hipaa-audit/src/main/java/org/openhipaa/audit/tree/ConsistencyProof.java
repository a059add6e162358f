package org.openhipaa.audit.tree;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Shows that a tree was made from an older one by appending only, to whoever knows both roots (RFC 9162 section 2.1.4).
 *
 * @param oldSize the number of leaves of the older tree
 * @param newSize the number of leaves of the newer tree, at least {@code oldSize}
 * @param path the hashes that both roots are computed from
 */
public record ConsistencyProof(long oldSize, long newSize, List<TreeHash> path) {
  /**
   * Takes a copy of the path.
   *
   * @param oldSize see {@link #oldSize()}
   * @param newSize see {@link #newSize()}
   * @param path see {@link #path()}
   * @throws IllegalArgumentException if the sizes are negative or the older tree is larger
   */
  public ConsistencyProof {
    if (oldSize < 0 || newSize < oldSize) {
      throw new IllegalArgumentException(
          "a tree of " + newSize + " leaves did not grow out of one of " + oldSize);
    }
    path = List.copyOf(path);
  }

  /**
   * Makes a proof in one pass over the leaves, in memory that does not grow with them.
   *
   * @param oldSize the number of leaves of the older tree
   * @param newSize the number of leaves of the newer tree
   * @param leaves the newer tree's leaf hashes from leaf 0 on; not all may be taken
   * @return the proof
   * @throws IllegalArgumentException if the sizes are negative or the older tree is larger
   * @throws java.util.NoSuchElementException if there are fewer leaves
   */
  public static ConsistencyProof build(long oldSize, long newSize, Iterator<TreeHash> leaves) {
    ConsistencyProof empty = new ConsistencyProof(oldSize, newSize, List.of());
    if (oldSize == 0) {
      return empty;
    }
    return new ConsistencyProof(
        oldSize, newSize, LeafRange.hash(LeafRange.betweenSizes(oldSize, newSize), leaves));
  }

  /**
   * Checks the proof (RFC 9162 section 2.1.4.2). A tree without leaves is consistent with every tree.
   *
   * @param oldRoot the root of the older tree
   * @param newRoot the root of the newer tree
   * @return true only if the newer tree begins with the leaves of the older
   */
  public boolean verify(TreeHash oldRoot, TreeHash newRoot) {
    if (oldSize == newSize) {
      return path.isEmpty() && oldRoot.equals(newRoot);
    }
    if (oldSize == 0) {
      return path.isEmpty() && oldRoot.equals(TreeHash.empty());
    }
    List<TreeHash> hashes = new ArrayList<>(path);
    if (Long.bitCount(oldSize) == 1) {
      hashes.add(0, oldRoot);
    }
    return !hashes.isEmpty() && climb(hashes, oldRoot, newRoot);
  }

  private boolean climb(List<TreeHash> hashes, TreeHash oldRoot, TreeHash newRoot) {
    TreeHasher hasher = new TreeHasher();
    int whole = Long.numberOfTrailingZeros(oldSize);
    long node = (oldSize - 1) >>> whole;
    long last = (newSize - 1) >>> whole;
    TreeHash oldHash = hashes.get(0);
    TreeHash newHash = oldHash;
    for (TreeHash beside : hashes.subList(1, hashes.size())) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        oldHash = hasher.node(beside, oldHash);
        newHash = hasher.node(beside, newHash);
        int skipped = node == 0 ? 0 : Long.numberOfTrailingZeros(node);
        node >>>= skipped;
        last >>>= skipped;
      } else {
        newHash = hasher.node(newHash, beside);
      }
      node >>>= 1;
      last >>>= 1;
    }
    return last == 0 && oldHash.equals(oldRoot) && newHash.equals(newRoot);
  }
}
