package org.openhipaa.core.crypto.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openhipaa.core.crypto.KeyNotAvailableException;
import org.openhipaa.core.crypto.WrappedKeyStore;
import org.openhipaa.core.internal.DurableFiles;

/**
 * Wrapped keys as files of one directory, one file per key, flushed before {@link #create} returns.
 * Keep it apart from the data that the keys open. Thread-safe, and safe for several processes on
 * one file system with hard links.
 */
public final class FileWrappedKeyStore implements WrappedKeyStore {
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,100}");
  private static final String SUFFIX = ".key";
  private static final int MAX_SIZE = 64 * 1024;

  private final Path directory;

  /**
   * Opens or makes the directory.
   *
   * @param directory where the files are
   * @throws KeyNotAvailableException if the directory cannot be made
   */
  public FileWrappedKeyStore(Path directory) {
    this.directory = directory;
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new KeyNotAvailableException("cannot make the key folder " + directory, e);
    }
  }

  @Override
  public Optional<byte[]> find(String name) {
    Path file = file(name);
    try {
      byte[] wrapped = DurableFiles.readAtMost(file, MAX_SIZE + 1);
      if (wrapped.length > MAX_SIZE) {
        throw new KeyNotAvailableException("key file "
            + file.getFileName()
            + " is larger than any wrapped key; restore it from a copy");
      }
      return Optional.of(wrapped);
    } catch (NoSuchFileException e) {
      if (!Files.isDirectory(directory)) {
        // A volume that is not mounted must not look like one without keys.
        throw new KeyNotAvailableException("the key folder " + directory + " is gone", e);
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new KeyNotAvailableException("cannot read key file " + file.getFileName(), e);
    }
  }

  @Override
  public boolean create(String name, byte[] wrapped) {
    Path file = file(name);
    try {
      return DurableFiles.create(file, wrapped);
    } catch (IOException e) {
      throw new KeyNotAvailableException(
          "cannot store key file " + file.getFileName() + "; is the disk full or read-only?", e);
    }
  }

  private Path file(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("a key name is 1-100 characters a-z, 0-9 or '-'");
    }
    return directory.resolve(name + SUFFIX);
  }
}
