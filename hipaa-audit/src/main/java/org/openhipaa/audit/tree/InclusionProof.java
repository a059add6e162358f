package org.openhipaa.audit.tree;

import java.util.Iterator;
import java.util.List;

/**
 * Shows that an entry is in a tree, to whoever knows the tree's root (RFC 9162 section 2.1.3).
 *
 * @param index the entry's position, from 0
 * @param size the number of leaves of the tree
 * @param path the hashes beside the way from leaf to root, the leaf's sibling first
 */
public record InclusionProof(long index, long size, List<TreeHash> path) {
  /**
   * Takes a copy of the path.
   *
   * @param index see {@link #index()}
   * @param size see {@link #size()}
   * @param path see {@link #path()}
   * @throws IllegalArgumentException if a tree of this size has no leaf of this index
   */
  public InclusionProof {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("no leaf " + index + " in a tree of " + size + " leaves");
    }
    path = List.copyOf(path);
  }

  /**
   * Makes a proof in one pass over the leaves, in memory that does not grow with them.
   *
   * @param index the entry's position, from 0
   * @param size the number of leaves of the tree
   * @param leaves the leaf hashes from leaf 0 on; not all may be taken
   * @return the proof
   * @throws IllegalArgumentException if a tree of this size has no leaf of this index
   * @throws java.util.NoSuchElementException if there are fewer leaves
   */
  public static InclusionProof build(long index, long size, Iterator<TreeHash> leaves) {
    InclusionProof empty = new InclusionProof(index, size, List.of());
    return new InclusionProof(
        empty.index, empty.size, LeafRange.hash(LeafRange.besidePath(index, size), leaves));
  }

  /**
   * Checks the proof (RFC 9162 section 2.1.3.2).
   *
   * @param leaf the entry's leaf hash
   * @param root the root of the tree
   * @return true only if the tree with this root has this leaf at this index
   */
  public boolean verify(TreeHash leaf, TreeHash root) {
    TreeHasher hasher = new TreeHasher();
    long node = index;
    long last = size - 1;
    TreeHash hash = leaf;
    for (TreeHash beside : path) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        hash = hasher.node(beside, hash);
        // Where the right edge has no sibling, levels are skipped.
        int skipped = node == 0 ? 0 : Long.numberOfTrailingZeros(node);
        node >>>= skipped;
        last >>>= skipped;
      } else {
        hash = hasher.node(hash, beside);
      }
      node >>>= 1;
      last >>>= 1;
    }
    return last == 0 && hash.equals(root);
  }
}
