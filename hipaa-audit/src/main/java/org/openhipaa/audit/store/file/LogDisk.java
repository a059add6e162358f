package org.openhipaa.audit.store.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.openhipaa.core.internal.DurableFiles;

/** Everything that a log does to a disk, so that tests can let a disk fail. Used by one thread at a time. */
interface LogDisk {
  /** Makes a whole file appear durably, or fails. */
  void create(Path file, byte[] content) throws IOException;

  /** Replaces a whole file durably: afterwards there is the old content or the new. */
  void replace(Path file, byte[] content) throws IOException;

  /** Opens an existing file for writing. */
  SegmentFile open(Path file) throws IOException;

  /** The segment that is being written. */
  interface SegmentFile extends Closeable {
    /** Writes all of the buffer at a position. */
    void write(ByteBuffer bytes, long position) throws IOException;

    /** Reads bytes back. */
    void read(ByteBuffer bytes, long position) throws IOException;

    /** Cuts what stands behind a position. */
    void truncate(long position) throws IOException;

    /** Returns when everything written is on the disk. */
    void force() throws IOException;
  }

  /** The disk of this machine. */
  LogDisk REAL = new LogDisk() {
    @Override
    public void create(Path file, byte[] content) throws IOException {
      if (!DurableFiles.create(file, content)) {
        throw new IOException(file.getFileName() + " exists already");
      }
    }

    @Override
    public void replace(Path file, byte[] content) throws IOException {
      DurableFiles.replace(file, content);
    }

    @Override
    public SegmentFile open(Path file) throws IOException {
      return new ChannelSegmentFile(
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }
  };

  /** A segment behind a file channel. */
  final class ChannelSegmentFile implements SegmentFile {
    private final FileChannel channel;

    private ChannelSegmentFile(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
      long to = position;
      while (bytes.hasRemaining()) {
        to += channel.write(bytes, to);
      }
    }

    @Override
    public void read(ByteBuffer bytes, long position) throws IOException {
      long from = position;
      while (bytes.hasRemaining()) {
        int read = channel.read(bytes, from);
        if (read < 0) {
          throw new IOException("the segment became shorter while it was read");
        }
        from += read;
      }
    }

    @Override
    public void truncate(long position) throws IOException {
      channel.truncate(position);
    }

    @Override
    public void force() throws IOException {
      // Without metadata still flushes the file's size, which is all that reading needs.
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
