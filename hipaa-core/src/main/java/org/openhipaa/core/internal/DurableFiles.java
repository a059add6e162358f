package org.openhipaa.core.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes small files so that after a crash there is the old content or the new, never a mixture.
 * Thread-safe.
 */
public final class DurableFiles {
  /** Ending of files that were being written; whoever finds one after a crash may delete it. */
  public static final String TEMPORARY_SUFFIX = ".tmp";

  private DurableFiles() {}

  /**
   * Replaces or makes a file: temporary file, flush, rename, flush of the directory.
   *
   * @param file the file
   * @param content its new content
   * @throws IOException if the new content is not surely in place; the old content, if any, still
   *     is
   */
  public static void replace(Path file, byte[] content) throws IOException {
    Path temporary = writeTemporary(file, content);
    try {
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    syncDirectory(parent(file));
  }

  /**
   * Makes a file that must not exist yet.
   *
   * @param file the file
   * @param content its content
   * @return false if the file exists already (then nothing changes)
   * @throws IOException if the content is not surely in place
   */
  public static boolean create(Path file, byte[] content) throws IOException {
    if (Files.exists(file)) {
      return false;
    }
    Path temporary = writeTemporary(file, content);
    try {
      // A hard link fails when the name is taken, where a rename would silently replace.
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException e) {
      throw new IOException("the file system of " + file.getFileName() + " has no hard links", e);
    } finally {
      Files.deleteIfExists(temporary);
    }
    syncDirectory(parent(file));
    return true;
  }

  /**
   * Reads a file of which nobody knows how large it is.
   *
   * @param file the file
   * @param limit how many bytes to read at most
   * @return the file's content, or its first {@code limit} bytes
   * @throws IOException if it cannot be read
   */
  public static byte[] readAtMost(Path file, int limit) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(limit);
    }
  }

  /**
   * Flushes a directory, so that names made or removed in it survive a power failure.
   *
   * @param directory the directory
   * @throws IOException if it cannot be flushed
   */
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static Path writeTemporary(Path file, byte[] content) throws IOException {
    Path temporary = Files.createTempFile(parent(file), ".", TEMPORARY_SUFFIX);
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    return temporary;
  }

  private static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("a file system root is not a file");
    }
    return parent;
  }
}
