package org.openhipaa.audit.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.openhipaa.audit.tree.InclusionProof;
import org.openhipaa.audit.tree.TreeHash;

/**
 * Shows, without the log, that an entry is in it: the way from the entry to a root that the log has signed (C2SP
 * tlog-proof). Whoever holds it needs the entry's leaf hash, as in the receipt, and the log's public key. Immutable and
 * thread-safe.
 */
public final class EntryProof {
  private static final String FIRST_LINE = "c2sp.org/tlog-proof@v1";
  private static final String INDEX = "index ";
  private static final int MAX_PATH = 63;

  private final InclusionProof inclusion;
  private final SignedCheckpoint checkpoint;

  private EntryProof(InclusionProof inclusion, SignedCheckpoint checkpoint) {
    this.inclusion = inclusion;
    this.checkpoint = checkpoint;
  }

  /**
   * Puts a proof together.
   *
   * @param inclusion the way to the root
   * @param checkpoint signs that root
   * @return the proof
   * @throws IllegalArgumentException if the two speak of trees of different sizes
   */
  public static EntryProof of(InclusionProof inclusion, SignedCheckpoint checkpoint) {
    if (inclusion.size() != checkpoint.checkpoint().size()) {
      throw new IllegalArgumentException("the way leads to a tree of "
          + inclusion.size()
          + " entries, the checkpoint signs "
          + checkpoint.checkpoint().size());
    }
    return new EntryProof(inclusion, checkpoint);
  }

  /**
   * Reads a proof. Nothing is verified yet. Extra data, which we never write, is refused.
   *
   * @param text the proof
   * @return the proof
   * @throws NoteNotParsedException if the text is no proof in its canonical form
   */
  public static EntryProof parse(String text) {
    int empty = text.indexOf("\n\n");
    String[] lines = text.substring(0, Math.max(empty, 0)).split("\n", -1);
    if (lines.length < 2
        || lines.length > 2 + MAX_PATH
        || !lines[0].equals(FIRST_LINE)
        || !lines[1].startsWith(INDEX)) {
      throw new NoteNotParsedException(
          "a proof begins with " + FIRST_LINE + ", an index and at most 63 hashes");
    }
    long index = Checkpoint.decimal(lines[1].substring(INDEX.length()));
    List<TreeHash> path = new ArrayList<>();
    for (String line : List.of(lines).subList(2, lines.length)) {
      byte[] hash = Base64Text.decode(line, "a hash of the proof");
      if (hash.length != TreeHash.SIZE) {
        throw new NoteNotParsedException("a hash of the proof has not 32 bytes");
      }
      path.add(TreeHash.of(hash));
    }
    SignedCheckpoint checkpoint =
        SignedCheckpoint.parse(text.substring(empty + 2).getBytes(StandardCharsets.UTF_8));
    if (index >= checkpoint.checkpoint().size()) {
      throw new NoteNotParsedException("the proof's index is not in its checkpoint");
    }
    return new EntryProof(
        new InclusionProof(index, checkpoint.checkpoint().size(), path), checkpoint);
  }

  /**
   * The entry's position in the log.
   *
   * @return the index, from 0
   */
  public long index() {
    return inclusion.index();
  }

  /**
   * The way to the root.
   *
   * @return the inclusion proof
   */
  public InclusionProof inclusion() {
    return inclusion;
  }

  /**
   * The signed root.
   *
   * @return the checkpoint
   */
  public SignedCheckpoint checkpoint() {
    return checkpoint;
  }

  /**
   * Checks the proof.
   *
   * @param leaf the entry's leaf hash
   * @param key the log's public key, from a place that is trusted
   * @return true only if the log signed a tree that has this leaf at {@link #index()}
   */
  public boolean verify(TreeHash leaf, NoteKey key) {
    return checkpoint.isSignedBy(key)
        && inclusion.verify(leaf, checkpoint.checkpoint().root());
  }

  /** Prints the whole proof in its canonical form. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
    text.append(INDEX).append(inclusion.index()).append('\n');
    inclusion
        .path()
        .forEach(hash -> text.append(Base64Text.encode(hash.bytes())).append('\n'));
    return text.append('\n').append(checkpoint).toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EntryProof that && toString().equals(that.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }
}
