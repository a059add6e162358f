package org.openhipaa.audit.store.file;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.openhipaa.core.internal.CanonicalReader;
import org.openhipaa.core.internal.CanonicalReader.MalformedException;
import org.openhipaa.core.internal.CanonicalWriter;

/**
 * The first 64 bytes of a frame. A hash over themselves tells an altered length from a frame that was never written to its
 * end.
 */
final class FrameHeader {
  static final int SIZE = 64;
  static final int TRAILER = Layout.HASH + Layout.SIGNATURE;
  static final int MAX_ENTRIES = 65_535;
  static final int MAX_BODY = 2 * 1024 * 1024;

  /** No frame is larger. */
  static final int MAX_FRAME = SIZE + MAX_BODY + TRAILER;

  private static final byte[] MAGIC = "OHAF".getBytes(StandardCharsets.US_ASCII);

  /** How many bytes stand before the checksum. */
  static final int CHECKED = 52;

  private final long firstIndex;
  private final int count;
  private final int bodyLength;
  private final byte[] previousLink;

  FrameHeader(long firstIndex, int count, int bodyLength, byte[] previousLink) {
    this.firstIndex = firstIndex;
    this.count = count;
    this.bodyLength = bodyLength;
    this.previousLink = previousLink;
  }

  long firstIndex() {
    return firstIndex;
  }

  int count() {
    return count;
  }

  int bodyLength() {
    return bodyLength;
  }

  byte[] previousLink() {
    return previousLink;
  }

  /** Header, entries, padding and trailer, in bytes. */
  int frameSize() {
    return SIZE + bodyLength + Layout.padding(bodyLength) + TRAILER;
  }

  byte[] encode() {
    CanonicalWriter out = new CanonicalWriter();
    out.raw(MAGIC).raw(Layout.VERSION_BYTES).u16(count);
    out.u64(firstIndex).u32(bodyLength).raw(previousLink);
    return out.raw(checksum(out.toBytes())).toBytes();
  }

  /**
   * Reads a header.
   *
   * @throws MalformedException if there is none, or any bit of it was altered
   * @throws org.openhipaa.audit.UnknownFormatVersionException if it is of a newer version
   */
  static FrameHeader parse(byte[] header, String place) {
    CanonicalReader in = new CanonicalReader(header);
    if (!Arrays.equals(in.raw(MAGIC.length), MAGIC)) {
      throw new MalformedException("no frame begins here");
    }
    Layout.checkVersion(in.u8(), in.u8(), "frame at " + place);
    int count = in.u16();
    long firstIndex = in.u64();
    int bodyLength = in.u32();
    byte[] previousLink = in.raw(Layout.HASH);
    if (!Arrays.equals(in.raw(SIZE - CHECKED), checksum(header))) {
      throw new MalformedException("the frame header was altered");
    }
    if (count == 0 || bodyLength < 0 || bodyLength > MAX_BODY) {
      throw new MalformedException("the frame header has an impossible length");
    }
    return new FrameHeader(firstIndex, count, bodyLength, previousLink);
  }

  /** The last 12 bytes of a header whose first {@link #CHECKED} bytes are these. */
  static byte[] checksum(byte[] header) {
    return Arrays.copyOf(Layout.sha256(Arrays.copyOf(header, CHECKED)), SIZE - CHECKED);
  }
}
