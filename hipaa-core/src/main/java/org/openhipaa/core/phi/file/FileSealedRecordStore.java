package org.openhipaa.core.phi.file;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
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
 * flushed. Thread-safe; use one instance per directory, in one process: two would not see each
 * other's updates in time and could lose one.
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
      // One byte more than any record has is enough to show that this is none.
      return Optional.of(DurableFiles.readAtMost(file(name), MAX_SIZE + 1));
    } catch (NoSuchFileException e) {
      if (!Files.isDirectory(directory)) {
        // A volume that is not mounted must not look like one without records.
        throw new RecordNotOpenedException(name + ": the record folder is gone", e);
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new RecordNotOpenedException(name + ": the file cannot be read", e);
    }
  }

  @Override
  public boolean replace(String name, byte @Nullable [] expected, byte[] sealed) {
    Path file = file(name);
    if (sealed.length > MAX_SIZE) {
      throw new RecordNotStoredException(name + ": a sealed record has at most 16 MiB");
    }
    synchronized (locks[Math.floorMod(name.hashCode(), LOCKS)]) {
      if (!Arrays.equals(find(name).orElse(null), expected)) {
        return false;
      }
      try {
        Path shard = file.getParent();
        if (shard != null && !Files.isDirectory(shard)) {
          makeShard(shard);
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

  private static void makeShard(Path shard) throws IOException {
    try {
      Files.createDirectory(shard);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(shard)) {
        throw e;
      }
      // Another record of the same shard came first.
    }
  }

  private Path file(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("a record name is 64 lower-case hexadecimal digits");
    }
    return directory.resolve(name.substring(0, 2)).resolve(name + SUFFIX);
  }
}
