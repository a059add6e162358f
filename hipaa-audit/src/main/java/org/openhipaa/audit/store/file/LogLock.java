package org.openhipaa.audit.store.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The right to write a log: of one process at a time, and of one part of this process. */
final class LogLock implements Closeable {
  /**
   * The folders locked by this process. The one piece of static state, because the lock is one of the process: a second
   * attempt must not even open the file, since closing it again would give up the first one's lock (POSIX fcntl).
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private LogLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  static LogLock acquire(Path directory) throws IOException {
    Path folder = directory.toRealPath();
    if (!HELD.add(folder)) {
      throw inUse(directory);
    }
    try {
      return new LogLock(folder, lock(directory));
    } catch (Throwable e) {
      HELD.remove(folder);
      throw e;
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel = FileChannel.open(
        directory.resolve(LogDirectory.LOCK_FILE),
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw inUse(directory);
      }
      return channel;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw inUse(directory);
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  private static AuditLogNotOpenedException inUse(Path directory) {
    return new AuditLogNotOpenedException("the audit log in "
        + directory
        + " is in use by another process or another part of this one; only one may write");
  }

  /** Closing the file gives up the lock. Only the first call does anything: the folder may be another's by the second. */
  @Override
  public synchronized void close() throws IOException {
    if (channel.isOpen()) {
      try {
        channel.close();
      } finally {
        HELD.remove(folder);
      }
    }
  }
}
