package org.openhipaa.audit.checkpoint;

import java.util.regex.Pattern;
import org.openhipaa.audit.tree.TreeHash;

/**
 * A log at one moment: which log, how many entries, and the root over them (the note text of C2SP tlog-checkpoint).
 *
 * @param origin which log
 * @param size the number of entries
 * @param root the Merkle tree hash over them
 */
public record Checkpoint(LogOrigin origin, long size, TreeHash root) {
  private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,18}");

  /**
   * Checks the size.
   *
   * @param origin see {@link #origin()}
   * @param size see {@link #size()}
   * @param root see {@link #root()}
   * @throws IllegalArgumentException if it is negative
   */
  public Checkpoint {
    if (size < 0) {
      throw new IllegalArgumentException("a log has no negative size");
    }
  }

  /**
   * The checkpoint as the text of a note.
   *
   * @return three lines: origin, size in decimal, root in base64
   */
  public String text() {
    return origin.value() + "\n" + size + "\n" + Base64Text.encode(root.bytes()) + "\n";
  }

  /**
   * Reads a checkpoint. Extension lines, which we never write, are refused.
   *
   * @param text the text of a note
   * @return the checkpoint
   * @throws NoteNotParsedException if the text is not exactly what {@link #text} would print
   */
  public static Checkpoint parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length != 4 || !lines[3].isEmpty()) {
      throw new NoteNotParsedException("a checkpoint has three lines: origin, size, root");
    }
    if (!LogOrigin.isValid(lines[0])) {
      throw new NoteNotParsedException("the origin of the checkpoint is not one of ours");
    }
    byte[] root = Base64Text.decode(lines[2], "the root of the checkpoint");
    if (root.length != TreeHash.SIZE) {
      throw new NoteNotParsedException("the root of the checkpoint has not 32 bytes");
    }
    return new Checkpoint(new LogOrigin(lines[0]), decimal(lines[1]), TreeHash.of(root));
  }

  static long decimal(String digits) {
    try {
      if (DECIMAL.matcher(digits).matches()) {
        return Long.parseLong(digits);
      }
    } catch (NumberFormatException e) {
      // More than 63 bits; answered below.
    }
    throw new NoteNotParsedException("a size or index is not a canonical decimal number");
  }
}
