package org.openhipaa.audit.store.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Reads one segment from front to back through a window that grows to the largest frame in it. What is appended after the
 * opening is not seen. Not thread-safe.
 */
final class SegmentInput implements Closeable {
  private static final int USUAL_WINDOW = 256 * 1024;

  private final FileChannel channel;
  private byte[] window;
  private long size;
  private long position;
  private int start;
  private int end;

  SegmentInput(Path file) throws IOException {
    this.channel = FileChannel.open(file, StandardOpenOption.READ);
    this.size = channel.size();
    this.window = new byte[(int) Math.min(USUAL_WINDOW, Math.max(SegmentHeader.MAX_SIZE, size))];
  }

  /** Where the window begins in the file. */
  long position() {
    return position;
  }

  /** How much of the file is left from {@link #position()}. */
  long remaining() {
    return size - position;
  }

  /**
   * Loads bytes into the window.
   *
   * @param wanted at most {@link FrameHeader#MAX_FRAME}
   * @return how many are there, fewer than {@code wanted} only at the end of the file
   */
  int ensure(int wanted) throws IOException {
    if (end - start < wanted) {
      byte[] next = window.length < wanted ? new byte[Math.max(wanted, 2 * window.length)] : window;
      System.arraycopy(window, start, next, 0, end - start);
      window = next;
      end -= start;
      start = 0;
      fill(wanted);
    }
    return Math.min(wanted, end - start);
  }

  private void fill(int wanted) throws IOException {
    while (end < wanted) {
      int room = (int) Math.min(window.length - end, remaining() - end);
      if (room <= 0) {
        return;
      }
      int read = channel.read(ByteBuffer.wrap(window, end, room), position + end);
      if (read < 0) {
        // Somebody cut the file meanwhile.
        size = position + end;
        return;
      }
      end += read;
    }
  }

  /** The window's array; valid until the next call. */
  byte[] array() {
    return window;
  }

  /** Where {@link #position()} is in the array. */
  int offset() {
    return start;
  }

  byte[] copy(int from, int length) {
    return Arrays.copyOfRange(window, start + from, start + from + length);
  }

  void skip(int length) {
    start += length;
    position += length;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
