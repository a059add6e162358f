package org.openhipaa.audit.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A disk that fails when it is told to, and from then on at everything. */
final class FaultyDisk implements LogDisk {
  enum Fault {
    NONE,
    WRITE,
    SHORT_WRITE,
    FORCE,
    CREATE,
    REPLACE
  }

  private volatile Fault next = Fault.NONE;
  private volatile int after;
  private volatile boolean broken;

  /** Fails at the operation after so many good ones of its kind. */
  void failAt(Fault fault, int goodOnes) {
    after = goodOnes;
    next = fault;
  }

  private synchronized void step(Fault kind) throws IOException {
    if (broken) {
      throw new IOException("disk is broken");
    }
    if (next == kind && after-- <= 0) {
      broken = true;
      throw new IOException("No space left on device");
    }
  }

  @Override
  public void create(Path file, byte[] content) throws IOException {
    step(Fault.CREATE);
    LogDisk.REAL.create(file, content);
  }

  @Override
  public void replace(Path file, byte[] content) throws IOException {
    step(Fault.REPLACE);
    LogDisk.REAL.replace(file, content);
  }

  @Override
  public SegmentFile open(Path file) throws IOException {
    SegmentFile real = LogDisk.REAL.open(file);
    return new SegmentFile() {
      @Override
      public void write(ByteBuffer bytes, long position) throws IOException {
        step(Fault.WRITE);
        try {
          step(Fault.SHORT_WRITE);
        } catch (IOException e) {
          ByteBuffer half = bytes.slice(bytes.position(), bytes.remaining() / 2);
          real.write(half, position);
          throw e;
        }
        real.write(bytes, position);
      }

      @Override
      public void read(ByteBuffer bytes, long position) throws IOException {
        real.read(bytes, position);
      }

      @Override
      public void truncate(long position) throws IOException {
        step(Fault.WRITE);
        real.truncate(position);
      }

      @Override
      public void force() throws IOException {
        step(Fault.FORCE);
        real.force();
      }

      @Override
      public void close() throws IOException {
        real.close();
      }
    };
  }
}
