package org.openhipaa.audit.tree;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Merkle tree that keeps only its frontier: the roots of the perfect subtrees that its leaves make up, one for each bit
 * that is set in its size. Appending costs two hashes on average and the root at most as many as the size has bits, however
 * large the tree.
 *
 * <p>Not thread-safe.
 */
public final class RollingTree {
  private final TreeHasher hasher = new TreeHasher();

  /** The perfect subtree of 2^level leaves at each level whose bit is set in the size; elsewhere stale or null. */
  private final @Nullable TreeHash[] subtrees;

  private long size;

  /** Starts empty. */
  public RollingTree() {
    this(new TreeHash[Long.SIZE], 0);
  }

  private RollingTree(@Nullable TreeHash[] subtrees, long size) {
    this.subtrees = subtrees;
    this.size = size;
  }

  /**
   * Goes on where another tree was.
   *
   * @param size the other tree's {@link #size()}
   * @param frontier the other tree's {@link #frontier()}
   * @return the tree
   * @throws IllegalArgumentException if a tree of this size has more or fewer subtrees
   */
  public static RollingTree resume(long size, List<TreeHash> frontier) {
    if (size < 0 || frontier.size() != Long.bitCount(size)) {
      throw new IllegalArgumentException(
          "a tree of " + size + " leaves has no frontier of " + frontier.size() + " hashes");
    }
    @Nullable TreeHash[] subtrees = new TreeHash[Long.SIZE];
    int next = 0;
    for (int level = Long.SIZE - 1; level >= 0; level--) {
      if ((size >>> level & 1) == 1) {
        subtrees[level] = frontier.get(next++);
      }
    }
    return new RollingTree(subtrees, size);
  }

  /**
   * How many leaves the tree has.
   *
   * @return the number of leaves
   */
  public long size() {
    return size;
  }

  /**
   * Hashes an entry and appends its leaf.
   *
   * @param buffer holds the entry
   * @param offset where it begins
   * @param length how long it is, in bytes
   * @return the leaf hash
   */
  public TreeHash append(byte[] buffer, int offset, int length) {
    TreeHash leaf = hasher.leaf(buffer, offset, length);
    append(leaf);
    return leaf;
  }

  /**
   * Appends a leaf.
   *
   * @param leaf the leaf hash
   */
  public void append(TreeHash leaf) {
    TreeHash hash = leaf;
    int level = 0;
    for (; (size >>> level & 1) == 1; level++) {
      hash = hasher.node(subtree(level), hash);
    }
    subtrees[level] = hash;
    size++;
  }

  /**
   * The Merkle tree hash over all leaves.
   *
   * @return the root
   */
  public TreeHash root() {
    if (size == 0) {
      return TreeHash.empty();
    }
    int level = Long.numberOfTrailingZeros(size);
    TreeHash hash = subtree(level);
    for (level++; level < Long.SIZE; level++) {
      if ((size >>> level & 1) == 1) {
        hash = hasher.node(subtree(level), hash);
      }
    }
    return hash;
  }

  /**
   * The roots of the perfect subtrees, the largest first.
   *
   * @return a copy
   */
  public List<TreeHash> frontier() {
    List<TreeHash> frontier = new ArrayList<>(Long.bitCount(size));
    for (int level = Long.SIZE - 1; level >= 0; level--) {
      if ((size >>> level & 1) == 1) {
        frontier.add(subtree(level));
      }
    }
    return frontier;
  }

  private TreeHash subtree(int level) {
    TreeHash subtree = subtrees[level];
    if (subtree == null) {
      throw new IllegalStateException("no subtree at level " + level + " of " + size + " leaves");
    }
    return subtree;
  }

  @Override
  public String toString() {
    return "RollingTree(" + size + " leaves)";
  }
}
