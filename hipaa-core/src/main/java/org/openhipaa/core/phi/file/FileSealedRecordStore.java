package org.openhipaa.core.phi.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.internal.DurableFiles;
import org.openhipaa.core.phi.RecordNotOpenedException;
import org.openhipaa.core.phi.RecordNotStoredException;
import org.openhipaa.core.phi.SealedRecordStore;

/**
 * Sealed records as files of one directory, one file per record, each replaced atomically and
 * flushed. For one process; thread-safe within it.
 */
public final class FileSealedRecordStore implements SealedRecordStore {
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");
  private static final String SUFFIX = ".rec";
  private static final int LOCKS = 64;

  private final Path directory;
  private final Object[] locks = new Object[LOCKS];

  /**
   * Opens or makes the directory.
   *
   * @param directory where the files are
   * @throws RecordNotStoredException if the directory cannot be made
   */
  public FileSealedRecordStore(Path directory) {
    this.directory = directory;
    Arrays.setAll(locks, i -> new Object());
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new RecordNotStoredException("cannot make the record folder " + directory, e);
    }
  }

  @Override
  public Optional<byte[]> find(String name) {
    try {
      return Optional.of(Files.readAllBytes(file(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new RecordNotOpenedException(name + ": the file cannot be read", e);
    }
  }

  @Override
  public boolean replace(String name, byte @Nullable [] expected, byte[] sealed) {
    Path file = file(name);
    synchronized (locks[Math.floorMod(name.hashCode(), LOCKS)]) {
      if (!Arrays.equals(find(name).orElse(null), expected)) {
        return false;
      }
      try {
        Path shard = file.getParent();
        if (shard != null && !Files.isDirectory(shard)) {
          Files.createDirectories(shard);
          DurableFiles.syncDirectory(directory);
        }
        DurableFiles.replace(file, sealed);
        return true;
      } catch (IOException e) {
        throw new RecordNotStoredException(
            name + ": the file cannot be written; is the disk full or read-only?", e);
      }
    }
  }

  private Path file(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("a record name is 64 lower-case hexadecimal digits");
    }
    return directory.resolve(name.substring(0, 2)).resolve(name + SUFFIX);
  }
}
