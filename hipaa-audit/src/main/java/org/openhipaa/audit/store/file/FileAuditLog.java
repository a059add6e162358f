package org.openhipaa.audit.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openhipaa.audit.checkpoint.Checkpoint;
import org.openhipaa.audit.checkpoint.EntryProof;
import org.openhipaa.audit.checkpoint.LogOrigin;
import org.openhipaa.audit.checkpoint.NoteKey;
import org.openhipaa.audit.checkpoint.SignedCheckpoint;
import org.openhipaa.audit.entry.AuditEntry;
import org.openhipaa.audit.tree.TreeHash;
import org.openhipaa.core.HipaaException;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.alarm.AlarmSink;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.audit.Receipt;
import org.openhipaa.core.crypto.KeyNotAvailableException;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.SigningKey;
import org.openhipaa.core.internal.DurableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An audit log in a folder of its own (45 CFR 164.312(b), (c)(1)). Format: {@code docs/formats/audit-log-v1.md}.
 *
 * <p>The life of an event: the caller's thread seals the subject, encodes and hashes the entry, puts it into the batch that
 * is being filled, and waits. One thread takes the batch, appends its leaves to the tree, signs, writes one frame, flushes,
 * and only then releases all callers with their receipts. While it does, the next batch fills. At most every second it also
 * replaces the checkpoint, which is what shows later that nothing was removed from the end.
 *
 * <p>After a failed write or flush nobody knows what is on the disk, so nothing is tried again: every caller, waiting or
 * later, gets {@link AuditNotRecordedException}, one alarm of kind {@link Alarm.Kind#PIPELINE} is raised, and the log must be
 * closed and opened again. Opening reads the log and cuts a frame that was never completed; whatever else does not verify
 * is an alarm of kind {@link Alarm.Kind#INTEGRITY}, and the log does not open.
 *
 * <p>Thread-safe. An interrupt does not end the waiting for a receipt, because the event may be recorded by then; the thread
 * is interrupted again afterwards.
 */
public final class FileAuditLog implements AuditSink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileAuditLog.class);
  private static final String ALARM_SOURCE = "audit-log";

  private final Path directory;
  private final LogOrigin origin;
  private final NoteKey key;
  private final Keyring keyring;
  private final SecureRandom random;
  private final Clock clock;
  private final AlarmSink alarms;
  private final LogLock lock;
  private final LogWriter writer;
  private final BatchQueue queue = new BatchQueue();
  private final Thread thread;
  private volatile @Nullable Thread pausedBy;

  private FileAuditLog(Builder b, NoteKey key, LogLock lock, LogWriter writer) {
    this.directory = b.directory;
    this.origin = b.origin();
    this.key = key;
    this.keyring = b.keyring;
    this.random = b.random;
    this.clock = b.clock;
    this.alarms = b.alarms;
    this.lock = lock;
    this.writer = writer;
    this.thread = new Thread(this::writeUntilClosed, "audit-log-writer");
    thread.setDaemon(true);
  }

  /**
   * Starts with what every log needs.
   *
   * @param directory the log's folder, which holds nothing else
   * @param keyring the tenant's keys: seal subjects, and sign unless another signing key is given
   * @param alarms hears of damage and of failures; may call back this log, which then refuses at once
   * @param clock tells when an alarm was raised
   * @param random source of entry ids
   * @return a builder
   */
  public static Builder builder(
      Path directory, Keyring keyring, AlarmSink alarms, Clock clock, SecureRandom random) {
    return new Builder(directory, keyring, alarms, clock, random);
  }

  /**
   * Tells whether a folder holds a log, or parts of one that may once have held entries.
   *
   * @param directory the folder; need not exist
   * @return false if {@link Builder#create} is the way to begin, also where it once did not come to its end
   * @throws AuditLogNotReadException if the folder cannot be read
   */
  public static boolean exists(Path directory) {
    try {
      return LogDirectory.exists(directory) && !LogDirectory.isUnfinished(directory);
    } catch (IOException e) {
      throw new AuditLogNotReadException(
          "cannot read folder " + directory + "; is its disk in order?", e);
    }
  }

  @Override
  public Receipt record(AuditEvent event) {
    demandNotPausedByCaller();
    byte[] entry = encode(event);
    TreeHash leaf = TreeHash.leaf(entry);
    BatchQueue.Place place = queue.add(entry, leaf);
    long index = place.batch().await() + place.position();
    return new Receipt(origin.value(), index, leaf.toHex());
  }

  private byte[] encode(AuditEvent event) {
    try {
      return AuditEntry.of(event, keyring, random).encoded();
    } catch (KeyNotAvailableException e) {
      if (e.altered()) {
        alarms.raise(Alarm.integrity(
            ALARM_SOURCE,
            origin.value(),
            "the key that an entry must be sealed with was altered",
            clock.instant()));
      }
      throw new AuditNotRecordedException("the audit event is not recorded: " + e.getMessage(), e);
    } catch (HipaaException e) {
      throw new AuditNotRecordedException("the audit event is not recorded: " + e.getMessage(), e);
    } catch (IllegalStateException e) {
      throw new AuditNotRecordedException(
          "the audit event is not recorded because the keyring is closed; open it again", e);
    }
  }

  private void demandNotPausedByCaller() {
    if (Thread.currentThread() == pausedBy) {
      throw new AuditNotRecordedException(
          "the audit event is not recorded because this thread has paused the log; record it"
              + " before or after");
    }
  }

  /**
   * Which log this is.
   *
   * @return the origin line of its checkpoints
   */
  public LogOrigin origin() {
    return origin;
  }

  /**
   * The key that verifies the log, under the log's name. Keep a copy where an intruder on this machine cannot change it.
   *
   * @return the public key
   */
  public NoteKey key() {
    return key;
  }

  /**
   * How many entries are on disk.
   *
   * @return the number of entries
   */
  public long size() {
    return writer.size();
  }

  /**
   * A reader of this log.
   *
   * @return the reader
   */
  public AuditLogReader reader() {
    return AuditLogReader.of(directory, key.key());
  }

  /**
   * Writes a checkpoint over all entries on disk, if the newest does not cover them.
   *
   * @return the checkpoint
   * @throws AuditLogNotOpenedException if the log is closed or has failed
   */
  public SignedCheckpoint checkpointNow() {
    if (Thread.currentThread() == pausedBy) {
      // The pause began with one, and nothing was written since.
      return writer.checkpoint();
    }
    CompletableFuture<SignedCheckpoint> done = new CompletableFuture<>();
    queue.add(new Step(done) {
      @Override
      public void run() throws IOException {
        writer.writeCheckpoint();
        done.complete(writer.checkpoint());
      }
    });
    return join(done);
  }

  /**
   * Proves that a receipt's entry is in the log, against a checkpoint that covers it. Reads the log from its beginning.
   *
   * @param receipt what {@link #record} returned
   * @return the proof, verified
   * @throws ProofNotMadeException if the receipt is of another log, or the log has another entry at its index
   * @throws AuditLogNotOpenedException if no checkpoint covers it yet and the log is closed or has failed
   * @throws AuditLogDamagedException if the log was altered
   * @throws AuditLogNotReadException if the log cannot be read
   */
  public EntryProof proofOf(Receipt receipt) {
    if (receipt.index() >= writer.checkpoint().checkpoint().size()) {
      checkpointNow();
    }
    return reader().proofOf(receipt);
  }

  /**
   * Lets nothing be written while an action runs, after a checkpoint over everything written, so that the folder can be copied
   * as one consistent whole. Callers of {@link #record} wait meanwhile, so be quick; the action itself must not call it. Do not
   * copy the empty file {@code lock}: on many systems, closing any handle of a locked file gives up the lock.
   *
   * @param action what to do
   * @param <T> the type of its result
   * @return its result
   * @throws AuditLogNotOpenedException if the log is closed or has failed; then the action was not run
   */
  public <T> T withWritesPaused(Supplier<T> action) {
    CompletableFuture<SignedCheckpoint> paused = new CompletableFuture<>();
    CountDownLatch resume = new CountDownLatch(1);
    if (Thread.currentThread() == pausedBy) {
      throw new IllegalStateException("this thread has paused the log already");
    }
    queue.add(new Step(paused) {
      @Override
      public void run() throws IOException {
        writer.writeCheckpoint();
        paused.complete(writer.checkpoint());
        awaitUninterruptibly(resume);
      }
    });
    join(paused);
    pausedBy = Thread.currentThread();
    try {
      return action.get();
    } finally {
      pausedBy = null;
      resume.countDown();
    }
  }

  /**
   * Writes what is waiting and a last checkpoint, and lets go of the folder. Later events are refused. May be called again.
   */
  @Override
  public void close() {
    if (Thread.currentThread() == pausedBy) {
      throw new IllegalStateException("this thread has paused the log; close it afterwards");
    }
    queue.close();
    if (Thread.currentThread() != thread) {
      joinWriter();
    }
    try {
      lock.close();
    } catch (IOException e) {
      LOG.warn("cannot release the lock of audit log {}", origin, e);
    }
  }

  private void joinWriter() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeUntilClosed() {
    try {
      boolean last = false;
      while (!last) {
        last = writeOnce();
      }
      writer.writeCheckpoint();
    } catch (Throwable e) {
      // Whatever it is, callers must not wait for ever.
      fail(e);
    }
    try {
      writer.close();
    } catch (IOException e) {
      LOG.warn("cannot close the newest segment of audit log {}", origin, e);
    }
  }

  private boolean writeOnce() throws IOException, InterruptedException {
    BatchQueue.Work work = queue.take(writer.nanosUntilCheckpoint());
    Batch batch = work.batch();
    BatchQueue.Task task = work.task();
    try {
      if (batch != null) {
        writer.write(batch);
      }
      if (task != null) {
        task.run();
      }
      if (writer.nanosUntilCheckpoint() == 0) {
        writer.writeCheckpoint();
      }
      return work.last();
    } catch (Throwable e) {
      // First the log refuses, then its callers hear of it and may come again.
      queue.fail(e);
      if (batch != null) {
        batch.fail(e);
      }
      if (task != null) {
        task.refuse(BatchQueue.FAILED, e);
      }
      throw e;
    }
  }

  private void fail(Throwable cause) {
    queue.fail(cause);
    LOG.error(
        "audit log {} has failed and records nothing until it is opened again", origin, cause);
    try {
      alarms.raise(new Alarm(
          Alarm.Kind.PIPELINE,
          ALARM_SOURCE,
          origin.value(),
          "the audit log cannot be written ("
              + cause.getClass().getSimpleName()
              + "); no PHI is released until it is opened again",
          clock.instant(),
          null));
    } catch (RuntimeException e) {
      LOG.error("the alarm about audit log {} could not be raised", origin, e);
    }
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof AuditLogNotOpenedException known) {
        throw known;
      }
      throw e;
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean done = false;
    while (!done) {
      try {
        latch.await();
        done = true;
      } catch (InterruptedException e) {
        // Nobody interrupts the writer; if somebody does, the pause still lasts.
        LOG.warn("the audit log's writer was interrupted and goes on waiting");
      }
    }
  }

  /** Prints which log this is and how many entries it has. */
  @Override
  public String toString() {
    return "FileAuditLog(" + origin + ", " + size() + " entries)";
  }

  /** A task whose caller waits for it. */
  private abstract static class Step implements BatchQueue.Task {
    private final CompletableFuture<?> done;

    Step(CompletableFuture<?> done) {
      this.done = done;
    }

    @Override
    public void refuse(String why, @Nullable Throwable cause) {
      done.completeExceptionally(
          cause == null
              ? new AuditLogNotOpenedException(why)
              : new AuditLogNotOpenedException(why, cause));
    }
  }

  /** Collects the settings of a log, then creates or opens it. Not thread-safe. */
  public static final class Builder {
    private static final long DEFAULT_SEGMENT_SIZE = 64L * 1024 * 1024;
    private static final String KEY_USE = "audit-log-v1/";

    private final Path directory;
    private final Keyring keyring;
    private final AlarmSink alarms;
    private final Clock clock;
    private final SecureRandom random;
    private String name = "audit";
    private @Nullable SigningKey signingKey;
    private long segmentSize = DEFAULT_SEGMENT_SIZE;
    private Duration checkpointInterval = Duration.ofSeconds(1);
    private boolean newestOnly;
    private LogDisk disk = LogDisk.REAL;

    private Builder(
        Path directory, Keyring keyring, AlarmSink alarms, Clock clock, SecureRandom random) {
      this.directory = directory;
      this.keyring = keyring;
      this.alarms = alarms;
      this.clock = clock;
      this.random = random;
    }

    /**
     * Names the log among those of its tenant; {@code audit} unless said otherwise.
     *
     * @param value lower-case letters, digits, {@code .} and {@code -}
     * @return this
     */
    public Builder name(String value) {
      this.name = value;
      return this;
    }

    /**
     * Signs with this key instead of one derived from the tenant's key.
     *
     * @param value a key that signs nothing else
     * @return this
     */
    public Builder signingKey(SigningKey value) {
      this.signingKey = value;
      return this;
    }

    /**
     * Begins a new file once the newest has this size; 64 MiB unless said otherwise.
     *
     * @param bytes at least 1
     * @return this
     */
    public Builder segmentSize(long bytes) {
      if (bytes < 1) {
        throw new IllegalArgumentException("a segment has at least 1 byte");
      }
      this.segmentSize = bytes;
      return this;
    }

    /**
     * Writes checkpoints at most this often; every second unless said otherwise. Whoever removes the end of a log between two
     * checkpoints is not found out, so keep it short.
     *
     * @param interval how long at least between two checkpoints
     * @return this
     */
    public Builder checkpointInterval(Duration interval) {
      if (interval.isNegative()) {
        throw new IllegalArgumentException("an interval is not negative");
      }
      this.checkpointInterval = interval;
      return this;
    }

    /**
     * Checks only the newest two segments when opening, instead of all. For logs of many gigabytes, where {@link
     * AuditLogVerifier} runs on a schedule.
     *
     * @return this
     */
    public Builder checkNewestSegmentsOnly() {
      this.newestOnly = true;
      return this;
    }

    Builder disk(LogDisk value) {
      this.disk = value;
      return this;
    }

    private LogOrigin origin() {
      return LogOrigin.of(keyring.tenant(), name);
    }

    private SigningKey key() {
      SigningKey given = signingKey;
      return given == null ? keyring.signingKey(KEY_USE + name) : given;
    }

    /**
     * Makes a new, empty log. Creating and opening are two methods, because a log that silently starts anew when its folder
     * was emptied would hide the loss.
     *
     * @return the log, open
     * @throws AuditLogNotOpenedException if the folder holds a log or something else, is in use, or cannot be written
     */
    public FileAuditLog create() {
      try {
        makeDirectory();
        LogLock lock = LogLock.acquire(directory);
        try {
          createFiles();
          return open(lock);
        } catch (Throwable e) {
          lock.close();
          throw e;
        }
      } catch (IOException e) {
        throw notWritable(e);
      }
    }

    /** A folder whose name never reached the disk would take all entries with it when the power fails. */
    private void makeDirectory() throws IOException {
      Files.createDirectories(directory);
      Path parent = directory.toAbsolutePath().getParent();
      if (parent != null) {
        DurableFiles.syncDirectory(parent);
      }
    }

    /** Each step may be the last before a crash; doing all of them again comes to the same. */
    private void createFiles() throws IOException {
      NoteKey noteKey = new NoteKey(origin().value(), key().verifyingKey());
      LogDirectory.Segment first = LogDirectory.Segment.at(directory, 0);
      byte[] header = new SegmentHeader(origin(), 0, new byte[Layout.HASH], List.of()).encode();
      demandNothingToLose();
      disk.replace(first.file(), header);
      disk.replace(directory.resolve(LogDirectory.KEY_FILE), LogDirectory.keyFile(noteKey));
      disk.replace(
          directory.resolve(LogDirectory.CHECKPOINT_FILE),
          SignedCheckpoint.sign(new Checkpoint(origin(), 0, TreeHash.empty()), key())
              .toBytes());
    }

    private void demandNothingToLose() throws IOException {
      removeLeftovers();
      if (!LogDirectory.isUnfinished(directory)) {
        throw new AuditLogNotOpenedException("folder "
            + directory
            + " is not empty; open the log that is there, or name an empty folder");
      }
    }

    /**
     * Opens a log and goes on where it ends. Reads all of it, or its newest segments if so set.
     *
     * @return the log, open
     * @throws AuditLogNotOpenedException if there is no log, it is in use, or its disk fails
     * @throws AuditLogDamagedException if it was altered; an alarm was raised then
     * @throws org.openhipaa.audit.UnknownFormatVersionException if a newer release wrote it
     */
    public FileAuditLog open() {
      try {
        if (!LogDirectory.exists(directory)) {
          throw new AuditLogNotOpenedException(
              "folder " + directory + " holds no audit log; name the right folder, or create one");
        }
        if (LogDirectory.isUnfinished(directory)) {
          throw new AuditLogNotOpenedException(
              "folder " + directory + " holds a log whose creation broke off; create it again");
        }
        LogLock lock = LogLock.acquire(directory);
        try {
          removeLeftovers();
          return open(lock);
        } catch (Throwable e) {
          lock.close();
          throw e;
        }
      } catch (IOException e) {
        throw notWritable(e);
      }
    }

    private FileAuditLog open(LogLock lock) throws IOException {
      try {
        return openChecked(lock);
      } catch (DamageFound found) {
        alarms.raise(Alarm.integrity(
            ALARM_SOURCE,
            origin() + " " + found.file() + " byte " + found.offset(),
            found.describe(),
            clock.instant()));
        throw new AuditLogDamagedException(found);
      }
    }

    private FileAuditLog openChecked(LogLock lock) throws IOException {
      LogDirectory log = LogDirectory.read(directory, Optional.of(key().verifyingKey()));
      if (!log.origin().equals(origin())) {
        throw new DamageFound(
            LogDirectory.KEY_FILE, 0, DamageFound.NO_ENTRY, "the log has another name");
      }
      int first = newestOnly ? newestSegments(log) : 0;
      try (LogCursor cursor = new LogCursor(log, first, bytes -> {})) {
        while (cursor.next()) {
          // Every step checks a frame.
        }
        LogDirectory.Segment newest = log.segments().get(log.segments().size() - 1);
        LogDisk.SegmentFile segment = disk.open(newest.file());
        try {
          repairEnd(log, cursor, segment);
          FileAuditLog opened = new FileAuditLog(
              this,
              log.key(),
              lock,
              new LogWriter(disk, log, key(), segmentSize, checkpointInterval, cursor, segment));
          opened.start();
          return opened;
        } catch (Throwable e) {
          segment.close();
          throw e;
        }
      }
    }

    /** The newest two segments, or more if the checkpoint is older. */
    private static int newestSegments(LogDirectory log) {
      int last = log.segments().size() - 1;
      return Math.max(
          0, Math.min(last - 1, log.segmentOf(log.checkpoint().checkpoint().size())));
    }

    /**
     * Cuts a torn frame. And writes the last frame once more if no checkpoint covers it: after a failed flush the system may
     * show bytes that never reached the disk.
     */
    private static void repairEnd(LogDirectory log, LogCursor cursor, LogDisk.SegmentFile segment)
        throws IOException {
      if (cursor.tornBytes() > 0) {
        LOG.info(
            "audit log {}: cutting {} bytes that were being written when the power or the process"
                + " failed; nobody got a receipt for them",
            log.origin(),
            cursor.tornBytes());
        segment.truncate(cursor.position());
        segment.force();
      }
      if (cursor.tree().size() > log.checkpoint().checkpoint().size()) {
        int size = (int) (cursor.position() - cursor.lastFrameStart());
        ByteBuffer frame = ByteBuffer.allocate(size);
        segment.read(frame, cursor.lastFrameStart());
        segment.write(frame.flip(), cursor.lastFrameStart());
        segment.force();
      }
    }

    private void removeLeftovers() throws IOException {
      for (Path leftover : LogDirectory.leftovers(directory)) {
        Files.deleteIfExists(leftover);
      }
    }

    private AuditLogNotOpenedException notWritable(IOException e) {
      return new AuditLogNotOpenedException(
          "cannot open the audit log in "
              + directory
              + "; is the disk full or read-only, and may this process write there?",
          e);
    }
  }

  private void start() {
    thread.start();
    LOG.info("audit log {} is open with {} entries", origin, size());
  }
}
