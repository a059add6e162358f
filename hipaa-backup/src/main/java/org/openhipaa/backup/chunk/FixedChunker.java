package org.openhipaa.backup.chunk;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into chunks of 1 MiB, the last one shorter. Readers never rely on the
 * size, so that other ways of cutting can follow without a new format. Not thread-safe.
 */
public final class FixedChunker {
  /** The most content that a chunk has, in bytes; the format's bound. */
  public static final int MAX_SIZE = 1024 * 1024;

  private final Consumer<byte[]> chunks;
  private final byte[] buffer = new byte[MAX_SIZE];
  private int filled;

  /**
   * Starts.
   *
   * @param chunks is given each chunk as soon as it is full
   */
  public FixedChunker(Consumer<byte[]> chunks) {
    this.chunks = chunks;
  }

  /**
   * Takes bytes.
   *
   * @param bytes holds them; not kept
   * @param offset where they begin
   * @param length how many
   */
  public void write(byte[] bytes, int offset, int length) {
    int from = offset;
    int left = length;
    while (left > 0) {
      int part = Math.min(left, MAX_SIZE - filled);
      System.arraycopy(bytes, from, buffer, filled, part);
      filled += part;
      from += part;
      left -= part;
      if (filled == MAX_SIZE) {
        finish();
      }
    }
  }

  /** Ends the stream: gives out what is left, if anything. A next stream may follow. */
  public void finish() {
    if (filled > 0) {
      byte[] chunk = Arrays.copyOf(buffer, filled);
      filled = 0;
      chunks.accept(chunk);
    }
  }

  /** Forgets what has not been given out. */
  public void reset() {
    filled = 0;
  }
}
