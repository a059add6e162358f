package org.openhipaa.backup.format;

import java.util.List;
import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.snapshot.SourceSummary;

/**
 * One source in a snapshot's sealed part: its summary, and the chunks that hold the list of its
 * entries.
 *
 * @param summary what is in it
 * @param treeSize the size of the list of entries, in bytes
 * @param treeChunks the chunks of the list, in order
 */
public record SourceTree(SourceSummary summary, long treeSize, List<ChunkId> treeChunks) {
  /**
   * Takes a copy of the list.
   *
   * @param summary see {@link #summary()}
   * @param treeSize see {@link #treeSize()}
   * @param treeChunks see {@link #treeChunks()}
   */
  public SourceTree {
    treeChunks = List.copyOf(treeChunks);
  }
}
