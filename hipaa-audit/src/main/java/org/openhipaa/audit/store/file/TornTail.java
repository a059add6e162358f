package org.openhipaa.audit.store.file;

import java.util.Arrays;
import java.util.BitSet;
import org.openhipaa.core.internal.CanonicalReader.MalformedException;

/**
 * Tells a frame that the power failed in from one that somebody altered.
 *
 * <p>One frame at a time is written and flushed, and nobody gets a receipt before the flush, so only the last frame of the
 * last segment can be incomplete. It can be incomplete in two ways: the file ends before the frame does, or the file has its
 * full size but some sectors never reached the disk and read as zeros. In both, every byte that did reach the disk is right
 * as far as it can be foretold: the header's beginning always can.
 *
 * <p>A complete frame with an altered byte is never taken for a torn one. A lost sector shows as at least 16 zero bytes,
 * because every part of a segment begins at a multiple of 16, and a whole frame holds no such run at a sector's beginning
 * that fills the sector's share: entries hold no long runs of zeros, and header and signature do not either.
 */
final class TornTail {
  private final byte[] bytes;
  private final BitSet lost;

  private TornTail(byte[] bytes, BitSet lost) {
    this.bytes = bytes;
    this.lost = lost;
  }

  /**
   * Decides about the end of the last segment.
   *
   * @param tail all bytes from where a frame should begin to the end of the file
   * @param position where they begin in the file
   * @param firstIndex the index of the first entry that was not read before
   * @param link what the frame's header must link to
   */
  static boolean isTorn(byte[] tail, long position, long firstIndex, byte[] link) {
    TornTail torn = new TornTail(tail, lostBytes(tail, position));
    return tail.length <= FrameHeader.MAX_FRAME
        && torn.couldBegin(firstIndex, link)
        && torn.isIncomplete();
  }

  private static BitSet lostBytes(byte[] tail, long position) {
    BitSet lost = new BitSet(tail.length);
    int from = 0;
    while (from < tail.length) {
      long sectorEnd = (position + from) / Layout.SECTOR * Layout.SECTOR + Layout.SECTOR;
      int to = (int) Math.min(tail.length, sectorEnd - position);
      if (to - from >= Layout.ALIGNMENT && isZero(tail, from, to)) {
        lost.set(from, to);
      }
      from = to;
    }
    return lost;
  }

  private static boolean isZero(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Compares what is there of the header with the header that had to come; only count and length are not known. */
  private boolean couldBegin(long firstIndex, byte[] link) {
    byte[] expected = new FrameHeader(firstIndex, 0, 0, link).encode();
    for (int i = 0; i < Math.min(bytes.length, FrameHeader.CHECKED); i++) {
      boolean known = i < 6 || (i >= 8 && i < 16) || i >= 20;
      if (known && !lost.get(i) && bytes[i] != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private boolean isIncomplete() {
    if (bytes.length < FrameHeader.SIZE || isLost(0, FrameHeader.SIZE)) {
      return true;
    }
    try {
      int size = FrameHeader.parse(Arrays.copyOf(bytes, FrameHeader.SIZE), "").frameSize();
      return bytes.length < size || (bytes.length == size && isLost(FrameHeader.SIZE, size));
    } catch (MalformedException e) {
      return false;
    }
  }

  private boolean isLost(int from, int to) {
    int next = lost.nextSetBit(from);
    return next >= 0 && next < to;
  }
}
