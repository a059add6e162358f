package org.openhipaa.audit.store.file;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openhipaa.audit.UnknownFormatVersionException;
import org.openhipaa.audit.checkpoint.LogOrigin;
import org.openhipaa.audit.tree.TreeHash;
import org.openhipaa.core.internal.CanonicalReader;
import org.openhipaa.core.internal.CanonicalReader.MalformedException;
import org.openhipaa.core.internal.CanonicalWriter;

/**
 * The first bytes of a segment file: which log, which entries, and what the chain and the tree looked like before them, so
 * that a log can be continued from its newest segments alone.
 */
final class SegmentHeader {
  private static final byte[] MAGIC = "OHAL".getBytes(StandardCharsets.US_ASCII);
  private static final int FIXED = 4 + 2 + 2 + 8 + Layout.HASH + Layout.HASH;
  private static final int MAX_ORIGIN = 200;

  /** No segment header is larger. */
  static final int MAX_SIZE = FIXED + MAX_ORIGIN + Long.SIZE * Layout.HASH + Layout.ALIGNMENT;

  private final LogOrigin origin;
  private final long firstIndex;
  private final byte[] previousLink;
  private final List<TreeHash> frontier;

  SegmentHeader(LogOrigin origin, long firstIndex, byte[] previousLink, List<TreeHash> frontier) {
    this.origin = origin;
    this.firstIndex = firstIndex;
    this.previousLink = previousLink;
    this.frontier = List.copyOf(frontier);
  }

  LogOrigin origin() {
    return origin;
  }

  long firstIndex() {
    return firstIndex;
  }

  byte[] previousLink() {
    return previousLink;
  }

  List<TreeHash> frontier() {
    return frontier;
  }

  byte[] encode() {
    byte[] name = origin.value().getBytes(StandardCharsets.US_ASCII);
    CanonicalWriter out = new CanonicalWriter();
    out.raw(MAGIC).raw(Layout.VERSION_BYTES).u16(name.length).raw(name);
    out.u64(firstIndex).raw(previousLink);
    frontier.forEach(hash -> out.raw(hash.bytes()));
    out.raw(new byte[Layout.padding(out.size() + Layout.HASH)]);
    return out.raw(Layout.sha256(out.toBytes())).toBytes();
  }

  /** What the first frame's header links to. */
  static byte[] link(byte[] encoded) {
    return Arrays.copyOfRange(encoded, encoded.length - Layout.HASH, encoded.length);
  }

  /**
   * Reads a header from the beginning of {@code bytes}.
   *
   * @throws MalformedException if there is none, or any bit of it was altered
   * @throws UnknownFormatVersionException if it is of a newer version
   */
  static SegmentHeader parse(byte[] bytes, String file) {
    CanonicalReader in = new CanonicalReader(bytes);
    if (!Arrays.equals(in.raw(MAGIC.length), MAGIC)) {
      throw new MalformedException("no segment of an audit log begins here");
    }
    Layout.checkVersion(in.u8(), in.u8(), "segment " + file);
    int nameLength = in.u16();
    if (nameLength == 0 || nameLength > MAX_ORIGIN) {
      throw new MalformedException("the segment header has an impossible origin");
    }
    byte[] name = in.raw(nameLength);
    long firstIndex = in.u64();
    byte[] previousLink = in.raw(Layout.HASH);
    List<TreeHash> frontier = new ArrayList<>();
    for (int i = 0; i < Long.bitCount(firstIndex); i++) {
      frontier.add(TreeHash.of(in.raw(Layout.HASH)));
    }
    byte[] padding = in.raw(Layout.padding(in.position() + Layout.HASH));
    byte[] expected = Layout.sha256(Arrays.copyOf(bytes, in.position()));
    if (!MessageDigest.isEqual(in.raw(Layout.HASH), expected)) {
      throw new MalformedException("the segment header was altered");
    }
    if (firstIndex < 0 || !Arrays.equals(padding, new byte[padding.length])) {
      throw new MalformedException("the segment header is not in its canonical form");
    }
    return new SegmentHeader(origin(name), firstIndex, previousLink, frontier);
  }

  private static LogOrigin origin(byte[] name) {
    try {
      return new LogOrigin(new String(name, StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("the segment header has an impossible origin");
    }
  }
}
