package org.openhipaa.audit.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.openhipaa.audit.checkpoint.Checkpoint;
import org.openhipaa.audit.checkpoint.LogOrigin;
import org.openhipaa.audit.checkpoint.SignedCheckpoint;
import org.openhipaa.audit.tree.RollingTree;
import org.openhipaa.core.crypto.SigningKey;

/**
 * Writes batches as frames and checkpoints at their time. One frame is in flight at a time: written, flushed, and only then
 * are its callers released. Used by one thread.
 */
final class LogWriter {
  private final LogDisk disk;
  private final Path directory;
  private final LogOrigin origin;
  private final SigningKey key;
  private final long segmentSize;
  private final long checkpointNanos;
  private final RollingTree tree;
  private final ByteBuffer frame = ByteBuffer.allocateDirect(
      FrameHeader.SIZE + Batch.MAX_BYTES + Layout.ALIGNMENT + FrameHeader.TRAILER);

  private LogDisk.SegmentFile segment;
  private long position;
  private boolean framesInSegment;
  private byte[] link;
  private volatile SignedCheckpoint checkpoint;
  private long checkpointWrittenAt;
  private volatile long size;

  /** Goes on where a cursor ended that read the log to its end. */
  LogWriter(
      LogDisk disk,
      LogDirectory log,
      SigningKey key,
      long segmentSize,
      Duration checkpointInterval,
      LogCursor end,
      LogDisk.SegmentFile segment) {
    this.disk = disk;
    this.directory = log.path();
    this.origin = log.origin();
    this.key = key;
    this.segmentSize = segmentSize;
    this.checkpointNanos = checkpointInterval.toNanos();
    this.checkpoint = log.checkpoint();
    this.checkpointWrittenAt = System.nanoTime() - checkpointNanos;
    this.tree = end.tree();
    this.link = end.link();
    this.position = end.position();
    this.framesInSegment = end.hasFramesInSegment();
    this.segment = segment;
    this.size = tree.size();
  }

  void write(Batch batch) throws IOException {
    if (framesInSegment && position >= segmentSize) {
      roll();
    }
    long firstIndex = tree.size();
    byte[] header = new FrameHeader(firstIndex, batch.count(), batch.bytes(), link).encode();
    batch.leaves().forEach(tree::append);
    byte[] root = tree.root().bytes();
    byte[] signature = key.sign(Layout.frameStatement(header, root));
    frame.clear();
    frame.put(header);
    batch.putEntries(frame);
    frame.put(new byte[Layout.padding(batch.bytes())]).put(root).put(signature).flip();
    int frameSize = frame.remaining();
    segment.write(frame, position);
    segment.force();
    position += frameSize;
    framesInSegment = true;
    link = Layout.frameLink(header, root, signature);
    size = tree.size();
    batch.complete(firstIndex);
  }

  /** A segment appears whole or not at all, so a short header is never a torn write. */
  private void roll() throws IOException {
    LogDirectory.Segment next = LogDirectory.Segment.at(directory, tree.size());
    byte[] header = new SegmentHeader(origin, tree.size(), link, tree.frontier()).encode();
    segment.close();
    disk.create(next.file(), header);
    segment = disk.open(next.file());
    position = header.length;
    framesInSegment = false;
    link = SegmentHeader.link(header);
  }

  private long checkpointed() {
    return checkpoint.checkpoint().size();
  }

  /** How long the writer may sleep. */
  long nanosUntilCheckpoint() {
    if (checkpointed() == tree.size()) {
      return BatchQueue.FOREVER;
    }
    return Math.max(0, checkpointNanos - (System.nanoTime() - checkpointWrittenAt));
  }

  void writeCheckpoint() throws IOException {
    if (checkpointed() == tree.size()) {
      return;
    }
    SignedCheckpoint next =
        SignedCheckpoint.sign(new Checkpoint(origin, tree.size(), tree.root()), key);
    disk.replace(directory.resolve(LogDirectory.CHECKPOINT_FILE), next.toBytes());
    checkpoint = next;
    checkpointWrittenAt = System.nanoTime();
  }

  /** How many entries are on disk; from any thread. */
  long size() {
    return size;
  }

  /** The newest checkpoint; from any thread. */
  SignedCheckpoint checkpoint() {
    return checkpoint;
  }

  void close() throws IOException {
    segment.close();
  }
}
