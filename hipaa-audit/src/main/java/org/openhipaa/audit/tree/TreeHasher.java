package org.openhipaa.audit.tree;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.openhipaa.core.HipaaBugException;

/** The two hash functions of the tree, over one digest that is used again and again. Not thread-safe. */
final class TreeHasher {
  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private final MessageDigest sha256;

  /** A node's two children behind their mark: one call of the digest is faster than three. */
  private final byte[] children = new byte[1 + 2 * TreeHash.SIZE];

  TreeHasher() {
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new HipaaBugException("every JDK has SHA-256", e);
    }
  }

  TreeHash empty() {
    return TreeHash.wrap(sha256.digest());
  }

  TreeHash leaf(byte[] entry, int offset, int length) {
    sha256.update(LEAF);
    sha256.update(entry, offset, length);
    return TreeHash.wrap(sha256.digest());
  }

  TreeHash node(TreeHash left, TreeHash right) {
    children[0] = NODE;
    System.arraycopy(left.raw(), 0, children, 1, TreeHash.SIZE);
    System.arraycopy(right.raw(), 0, children, 1 + TreeHash.SIZE, TreeHash.SIZE);
    return TreeHash.wrap(sha256.digest(children));
  }
}
