package org.openhipaa.audit.store.file;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.openhipaa.audit.tree.TreeHash;
import org.openhipaa.core.audit.AuditNotRecordedException;

/**
 * Where callers meet the writer. Callers fill one batch while the writer is busy with the one before it; when the batch is
 * full they wait, so a slow disk slows its callers down and never fills the memory. Thread-safe.
 */
final class BatchQueue {
  /** How long a writer waits that has nothing else to do. */
  static final long FOREVER = TimeUnit.DAYS.toNanos(1);

  /** What callers hear after a failure. */
  static final String FAILED = "the audit log has failed; close it and open it again";

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final Deque<Task> tasks = new ArrayDeque<>();
  private Batch filling = new Batch();
  private boolean closed;
  private @Nullable Throwable failure;

  /** Something that the writer does between two batches. */
  interface Task {
    /** Called by the writer. */
    void run() throws java.io.IOException;

    /** Called instead if there is no writer any more. */
    void refuse(String why, @Nullable Throwable cause);
  }

  /** What the writer has to do next: at least one of the two, unless it waited long enough or the queue is closed. */
  record Work(@Nullable Batch batch, @Nullable Task task, boolean last) {}

  /** Where an entry was put. */
  record Place(Batch batch, int position) {}

  Place add(byte[] entry, TreeHash leaf) {
    lock.lock();
    try {
      while (!closed && failure == null && !filling.hasRoomFor(entry)) {
        room.awaitUninterruptibly();
      }
      if (failure != null) {
        throw notRecorded(failure);
      }
      if (closed) {
        throw new AuditNotRecordedException("the audit log is closed; open it again");
      }
      if (filling.isEmpty()) {
        work.signal();
      }
      return new Place(filling, filling.add(entry, leaf));
    } finally {
      lock.unlock();
    }
  }

  void add(Task task) {
    String refusal = null;
    Throwable cause;
    lock.lock();
    try {
      cause = failure;
      if (cause != null) {
        refusal = FAILED;
      } else if (closed) {
        refusal = "the audit log is closed; open it again";
      } else {
        tasks.add(task);
        work.signal();
      }
    } finally {
      lock.unlock();
    }
    if (refusal != null) {
      task.refuse(refusal, cause);
    }
  }

  /** Waits for work, at most so long. */
  Work take(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (filling.isEmpty() && tasks.isEmpty() && !closed && left > 0) {
        left = work.awaitNanos(left);
      }
      Batch batch = null;
      if (!filling.isEmpty()) {
        batch = filling;
        filling = new Batch();
        room.signalAll();
      }
      Task task = tasks.poll();
      return new Work(batch, task, closed && batch == null && task == null);
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      work.signal();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waiting: nothing that is not yet on disk will get there. */
  void fail(Throwable cause) {
    Batch unwritten;
    Deque<Task> undone;
    lock.lock();
    try {
      failure = cause;
      unwritten = filling;
      filling = new Batch();
      undone = new ArrayDeque<>(tasks);
      tasks.clear();
      room.signalAll();
    } finally {
      lock.unlock();
    }
    unwritten.fail(cause);
    undone.forEach(task -> task.refuse(FAILED, cause));
  }

  static AuditNotRecordedException notRecorded(Throwable cause) {
    return new AuditNotRecordedException(
        "the audit event is not surely recorded because the log failed; release nothing, see that"
            + " the disk is writable and not full, then close the log and open it again",
        cause);
  }
}
