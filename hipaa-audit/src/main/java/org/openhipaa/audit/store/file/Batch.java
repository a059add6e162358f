package org.openhipaa.audit.store.file;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.openhipaa.audit.tree.TreeHash;
import org.openhipaa.core.audit.AuditNotRecordedException;

/**
 * Entries that are written and flushed together, and the callers that wait for it. Filled under the lock of {@link
 * BatchQueue}, then handed to the writer; {@link #await} may be called by any thread.
 */
final class Batch {
  static final int MAX_ENTRIES = 1024;
  static final int MAX_BYTES = 1024 * 1024;
  private static final int LENGTH_PREFIX = 2;

  private final List<byte[]> entries = new ArrayList<>();
  private final List<TreeHash> leaves = new ArrayList<>();
  private final CountDownLatch done = new CountDownLatch(1);
  private int bytes;
  private long firstIndex;
  private @Nullable Throwable failure;

  boolean isEmpty() {
    return entries.isEmpty();
  }

  boolean hasRoomFor(byte[] entry) {
    return entries.size() < MAX_ENTRIES && bytes + LENGTH_PREFIX + entry.length <= MAX_BYTES;
  }

  /** Adds an entry and says which one of the batch it is. */
  int add(byte[] entry, TreeHash leaf) {
    entries.add(entry);
    leaves.add(leaf);
    bytes += LENGTH_PREFIX + entry.length;
    return entries.size() - 1;
  }

  int count() {
    return entries.size();
  }

  /** The size of all entries with their lengths. */
  int bytes() {
    return bytes;
  }

  List<TreeHash> leaves() {
    return leaves;
  }

  void putEntries(ByteBuffer out) {
    for (byte[] entry : entries) {
      out.putShort((short) entry.length).put(entry);
    }
  }

  void complete(long index) {
    firstIndex = index;
    done.countDown();
  }

  /** Does nothing to a batch that is on disk already. */
  void fail(Throwable cause) {
    if (done.getCount() > 0) {
      failure = cause;
      done.countDown();
    }
  }

  /**
   * Waits until the batch is on disk. An interrupt does not end the waiting, since the entry may be recorded by then; the
   * thread is interrupted again afterwards.
   *
   * @return the index of the batch's first entry
   * @throws AuditNotRecordedException if the batch is not surely on disk
   */
  long await() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          done.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    if (failure != null) {
      throw BatchQueue.notRecorded(failure);
    }
    return firstIndex;
  }
}
