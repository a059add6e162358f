package org.openhipaa.audit.store.file;

import java.util.OptionalLong;
import java.util.function.Function;
import org.openhipaa.audit.checkpoint.LogOrigin;
import org.openhipaa.audit.tree.TreeHash;

/** What {@link AuditLogVerifier} found. Names files and positions, never content. Immutable and thread-safe. */
public sealed interface LogVerification {
  /**
   * Handles both cases.
   *
   * @param intact what to do if every byte verifies
   * @param damaged what to do if one does not
   * @param <R> the type of the result
   * @return what the chosen function returned
   */
  <R> R fold(
      Function<? super Intact, ? extends R> intact, Function<? super Damaged, ? extends R> damaged);

  /**
   * Every byte is what the owner of the key wrote.
   *
   * @param origin which log
   * @param size the number of entries
   * @param root the Merkle tree hash over them
   * @param signedSize how many of them the checkpoint covers; the others could be missing without anybody noticing
   * @param tornBytes how many bytes at the end belong to a write that was cut short and that nobody got a receipt for; the
   *     next opening removes them
   */
  record Intact(LogOrigin origin, long size, TreeHash root, long signedSize, long tornBytes)
      implements LogVerification {
    @Override
    public <R> R fold(
        Function<? super Intact, ? extends R> intact,
        Function<? super Damaged, ? extends R> damaged) {
      return intact.apply(this);
    }
  }

  /**
   * The first thing that is not what the owner of the key wrote.
   *
   * @param file the name of the file in the log's folder
   * @param offset where the damage is, or where the part begins that holds it, in bytes from the file's beginning
   * @param entryIndex the first entry that the damage touches, or empty if it touches none
   * @param reason what is wrong, in one clause
   */
  record Damaged(String file, long offset, OptionalLong entryIndex, String reason)
      implements LogVerification {
    @Override
    public <R> R fold(
        Function<? super Intact, ? extends R> intact,
        Function<? super Damaged, ? extends R> damaged) {
      return damaged.apply(this);
    }
  }
}
