package org.openhipaa.audit.store.file;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.openhipaa.audit.checkpoint.Checkpoint;
import org.openhipaa.audit.tree.RollingTree;
import org.openhipaa.audit.tree.TreeHash;
import org.openhipaa.core.internal.CanonicalReader.MalformedException;

/**
 * Walks a log frame by frame and checks every byte on the way.
 *
 * <p>Why one signature suffices: each frame's header holds the link of what stands before it, and a link is a hash over a
 * whole header, root and signature; a root stands for the entries. So what the last frame signs, its header and its root,
 * fixes every byte before it, and only its own signature is left, which either verifies or does not. Where a link does not
 * fit, the signature before it tells which side was altered.
 *
 * <p>Not thread-safe. Memory does not grow with the log.
 */
final class LogCursor implements Closeable {
  private final LogDirectory log;
  private final LongConsumer progress;

  private int segment;
  private @Nullable SegmentInput input;
  private boolean framesInSegment;
  private byte[] link = new byte[Layout.HASH];
  private RollingTree tree = new RollingTree();
  private boolean started;
  private boolean checkpointSeen;
  private @Nullable SignedFrame last;
  private final List<LoadedEntry> entries = new ArrayList<>();
  private long frameFirst;
  private long bytesBefore;
  private long previousEnd;
  private long tornBytes;
  private boolean atEnd;

  /** Where an entry of the current frame is in {@link #array()}, and its leaf hash. */
  record LoadedEntry(int offset, int length, TreeHash leaf) {}

  /** What is needed to verify a frame's signature later, and to find the frame again. */
  private static final class SignedFrame {
    private final LogDirectory.Segment segment;
    private final long position;
    private final int size;
    private final long firstIndex;
    private final byte[] statement;
    private final byte[] signature;
    private boolean verified;

    SignedFrame(
        LogDirectory.Segment segment,
        long position,
        int size,
        long firstIndex,
        byte[] statement,
        byte[] signature) {
      this.segment = segment;
      this.position = position;
      this.size = size;
      this.firstIndex = firstIndex;
      this.statement = statement;
      this.signature = signature;
    }
  }

  /**
   * Starts at a segment. From a later one than the first, what that segment's header says of the past is believed until the
   * signature of the last frame confirms it.
   */
  LogCursor(LogDirectory log, int firstSegment, LongConsumer progress) {
    this.log = log;
    this.segment = firstSegment;
    this.progress = progress;
  }

  /**
   * Goes to the next frame, all of which is then checked but its signature.
   *
   * @return false at the end of the log; then its last signature and its checkpoint are checked too
   * @throws DamageFound at the first thing that does not verify
   */
  boolean next() throws IOException {
    while (!atEnd) {
      SegmentInput in = input == null ? openSegment() : input;
      if (in.remaining() > 0) {
        if (loadFrame(in)) {
          return true;
        }
        finish();
      } else if (!isLastSegment()) {
        leaveSegment(in);
      } else {
        finish();
      }
    }
    return false;
  }

  private SegmentInput openSegment() throws IOException {
    LogDirectory.Segment current = log.segments().get(segment);
    SegmentInput in = new SegmentInput(current.file());
    input = in;
    framesInSegment = false;
    int length = in.ensure(SegmentHeader.MAX_SIZE);
    SegmentHeader header;
    byte[] encoded;
    try {
      header = SegmentHeader.parse(in.copy(0, length), current.name());
      encoded = header.encode();
    } catch (MalformedException e) {
      throw damage(0, String.valueOf(e.getMessage()));
    }
    if (!header.origin().equals(log.origin())) {
      throw damage(0, "the segment is of another log");
    }
    if (header.firstIndex() != current.firstIndex()) {
      throw damage(0, "the segment's name and its header do not agree");
    }
    if (started) {
      demandContinuation(header);
    } else {
      start(header);
    }
    link = SegmentHeader.link(encoded);
    in.skip(encoded.length);
    return in;
  }

  private void start(SegmentHeader header) {
    started = true;
    if (segment == 0 && !Arrays.equals(header.previousLink(), new byte[Layout.HASH])) {
      throw damage(0, "the first segment follows something");
    }
    tree = RollingTree.resume(header.firstIndex(), header.frontier());
    // A cursor that starts behind the checkpoint can say nothing about it.
    checkpointSeen = tree.size() > log.checkpoint().checkpoint().size();
    checkCheckpoint(0);
  }

  private void demandContinuation(SegmentHeader header) {
    if (header.firstIndex() > tree.size()) {
      throw new DamageFound(
          log.segments().get(segment - 1).name(),
          previousEnd,
          tree.size(),
          "entries "
              + tree.size()
              + " to "
              + (header.firstIndex() - 1)
              + " are missing: this file was cut, or the one behind it removed");
    }
    if (header.firstIndex() < tree.size()) {
      throw damage(0, "the segment repeats entries of the one before it");
    }
    if (!Arrays.equals(header.previousLink(), link)) {
      blameLastSignature();
      throw damage(0, "the segment does not follow the one before it");
    }
    if (!header.frontier().equals(tree.frontier())) {
      throw damage(0, "the segment header and the entries before it do not agree");
    }
  }

  private void leaveSegment(SegmentInput in) throws IOException {
    previousEnd = in.position();
    bytesBefore += previousEnd;
    in.close();
    input = null;
    segment++;
  }

  /** Loads one frame, or finds that the log ends in a torn one. */
  private boolean loadFrame(SegmentInput in) throws IOException {
    long size = tree.size();
    List<TreeHash> frontier = tree.frontier();
    try {
      readFrame(in);
    } catch (DamageFound found) {
      if (!isLastSegment() || !isTorn(in, size)) {
        throw found;
      }
      tree = RollingTree.resume(size, frontier);
      tornBytes = in.remaining();
      return false;
    }
    framesInSegment = true;
    checkCheckpoint(in.position());
    progress.accept(bytesBefore + in.position());
    return true;
  }

  private boolean isTorn(SegmentInput in, long firstIndex) throws IOException {
    if (in.remaining() > FrameHeader.MAX_FRAME) {
      return false;
    }
    int length = in.ensure((int) in.remaining());
    return TornTail.isTorn(in.copy(0, length), in.position(), firstIndex, link);
  }

  private void readFrame(SegmentInput in) throws IOException {
    final long at = in.position();
    FrameHeader header = readHeader(in);
    int size = header.frameSize();
    if (in.ensure(size) < size) {
      throw damage(at, "the file ends within a frame");
    }
    readEntries(in, header);
    int bodyEnd = FrameHeader.SIZE + header.bodyLength();
    int trailer = size - FrameHeader.TRAILER;
    for (int i = bodyEnd; i < trailer; i++) {
      if (in.array()[in.offset() + i] != 0) {
        throw damage(at + i, header.firstIndex(), "the padding of a frame was altered");
      }
    }
    byte[] root = in.copy(trailer, Layout.HASH);
    if (!Arrays.equals(root, tree.root().bytes())) {
      throw damage(
          at,
          header.firstIndex(),
          "entries "
              + header.firstIndex()
              + " to "
              + (tree.size() - 1)
              + " do not hash to the root in their frame");
    }
    byte[] signature = in.copy(trailer + Layout.HASH, Layout.SIGNATURE);
    byte[] encoded = in.copy(0, FrameHeader.SIZE);
    SignedFrame frame = new SignedFrame(
        log.segments().get(segment),
        at,
        size,
        header.firstIndex(),
        Layout.frameStatement(encoded, root),
        signature);
    if (in.remaining() == size && isLastSegment()) {
      // Checked here and not only at the end, because a torn frame may lack nothing but this.
      verify(frame);
    }
    last = frame;
    link = Layout.frameLink(encoded, root, signature);
    in.skip(size);
  }

  private boolean isLastSegment() {
    return segment == log.segments().size() - 1;
  }

  private FrameHeader readHeader(SegmentInput in) throws IOException {
    long at = in.position();
    if (in.ensure(FrameHeader.SIZE) < FrameHeader.SIZE) {
      throw damage(at, "the file ends within a frame header");
    }
    FrameHeader header;
    try {
      header = FrameHeader.parse(
          in.copy(0, FrameHeader.SIZE), log.segments().get(segment).name() + " byte " + at);
    } catch (MalformedException e) {
      throw damage(at, String.valueOf(e.getMessage()));
    }
    if (header.firstIndex() != tree.size()) {
      throw damage(at, "the frame is not the next one");
    }
    if (!Arrays.equals(header.previousLink(), link)) {
      blameLastSignature();
      throw damage(at, "the frame does not follow the one before it");
    }
    return header;
  }

  private void readEntries(SegmentInput in, FrameHeader header) {
    frameFirst = header.firstIndex();
    entries.clear();
    byte[] array = in.array();
    int next = in.offset() + FrameHeader.SIZE;
    int end = next + header.bodyLength();
    while (end - next >= 2 && entries.size() < header.count()) {
      int length = Byte.toUnsignedInt(array[next]) << 8 | Byte.toUnsignedInt(array[next + 1]);
      next += 2;
      if (length == 0 || length > end - next) {
        break;
      }
      entries.add(new LoadedEntry(next, length, tree.append(array, next, length)));
      next += length;
    }
    if (next != end || entries.size() != header.count()) {
      throw damage(in.position(), frameFirst, "the lengths of a frame's entries do not add up");
    }
  }

  /** When a link does not fit and the signature before it fails too, the damage is there. */
  private void blameLastSignature() {
    SignedFrame frame = last;
    if (frame != null) {
      verify(frame);
    }
  }

  private void verify(SignedFrame frame) {
    if (frame.verified) {
      return;
    }
    if (!log.key().key().verify(frame.statement, frame.signature)) {
      throw new DamageFound(
          frame.segment.name(),
          frame.position + frame.size - Layout.SIGNATURE,
          frame.firstIndex,
          "the signature of a frame does not verify");
    }
    frame.verified = true;
  }

  private void checkCheckpoint(long at) {
    Checkpoint checkpoint = log.checkpoint().checkpoint();
    if (tree.size() == checkpoint.size()) {
      checkpointSeen = true;
      if (!tree.root().equals(checkpoint.root())) {
        throw damage(at, "the log and its checkpoint have different roots");
      }
    } else if (tree.size() > checkpoint.size() && !checkpointSeen) {
      throw damage(at, "the checkpoint does not fall between two frames");
    }
  }

  private void finish() {
    atEnd = true;
    blameLastSignature();
    long signed = log.checkpoint().checkpoint().size();
    if (tree.size() < signed) {
      throw damage(
          input == null ? 0 : input.position(),
          "entries "
              + tree.size()
              + " to "
              + (signed - 1)
              + " are missing from the end, the checkpoint covers them");
    }
  }

  private DamageFound damage(long offset, String reason) {
    return damage(offset, tree.size(), reason);
  }

  private DamageFound damage(long offset, long entryIndex, String reason) {
    return new DamageFound(log.segments().get(segment).name(), offset, entryIndex, reason);
  }

  /** The index of the current frame's first entry. */
  long frameFirst() {
    return frameFirst;
  }

  /** The entries of the current frame; valid until the next call of {@link #next()}. */
  List<LoadedEntry> entries() {
    return entries;
  }

  /** What the offsets of {@link #entries()} point into. */
  byte[] array() {
    return input == null ? new byte[0] : input.array();
  }

  /** All entries so far. */
  RollingTree tree() {
    return tree;
  }

  /** What the next header must hold. */
  byte[] link() {
    return link;
  }

  /** Where the last complete frame of the current segment ends. */
  long position() {
    return input == null ? 0 : input.position();
  }

  boolean hasFramesInSegment() {
    return framesInSegment;
  }

  /** At the end: how many bytes follow that never became a frame. */
  long tornBytes() {
    return tornBytes;
  }

  /** Where the last complete frame of the current segment begins. */
  long lastFrameStart() {
    SegmentInput in = input;
    SignedFrame frame = last;
    return in == null || frame == null || !framesInSegment ? position() : frame.position;
  }

  @Override
  public void close() throws IOException {
    if (input != null) {
      input.close();
    }
  }
}
