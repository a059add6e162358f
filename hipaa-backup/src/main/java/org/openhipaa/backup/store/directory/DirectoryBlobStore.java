package org.openhipaa.backup.store.directory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.openhipaa.backup.store.BlobStore;
import org.openhipaa.backup.store.StoreFailedException;
import org.openhipaa.backup.store.StoredBlob;
import org.openhipaa.core.internal.DurableFiles;

/**
 * Objects as files of one directory, on a local disk, a removable medium or a mounted share with
 * hard links and file locks.
 *
 * <p>Life of an object: its bytes go to a temporary file beside its place, are flushed, get their
 * name by a hard link (which fails where the name is taken), the temporary name goes, and the
 * directory is flushed; only then does {@link #create} return. {@link #replace} holds an exclusive
 * lock on the file {@code .lock} while it compares, writes a temporary file and renames it. Links
 * are never followed below the directory, and nothing but plain files is ever opened.
 *
 * <p>Working files are {@code .lock} and temporary files named {@code .<digits>.tmp};
 * {@link #removeLeftovers} deletes temporary files older than an hour by the medium's own clock.
 * The directory itself is made by the first write; a missing directory reads as an empty store.
 * Thread-safe, and safe for several processes.
 */
public final class DirectoryBlobStore implements BlobStore {
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9][a-z0-9-]{0,127}(/[a-z0-9][a-z0-9-]{0,127}){0,3}");
  private static final String SEPARATOR = FileSystems.getDefault().getSeparator();
  private static final String LOCK = ".lock";
  // What DurableFiles leaves when it is killed.
  private static final Pattern TEMPORARY =
      Pattern.compile("\\.\\d+" + Pattern.quote(DurableFiles.TEMPORARY_SUFFIX));
  private static final Duration LEFTOVER_AGE = Duration.ofHours(1);
  private static final int LOCK_ATTEMPTS = 2_000;
  private static final Duration LOCK_PAUSE = Duration.ofMillis(5);

  private final Path root;

  /**
   * Names the directory; nothing is read or written yet.
   *
   * @param root the directory; it should hold nothing but this store
   */
  public DirectoryBlobStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public boolean create(String name, byte[] content) {
    Path file = file(name);
    try {
      makeFolders(file);
      boolean created = DurableFiles.create(file, content);
      if (!created) {
        // Whoever made it may not have flushed the directory yet, and our caller will rely on it.
        DurableFiles.syncDirectory(parent(file));
      }
      return created;
    } catch (IOException e) {
      throw new StoreFailedException(
          "cannot store " + name + " in " + root + "; is the disk full or read-only?", e);
    }
  }

  @Override
  public boolean replace(String name, byte[] expected, byte[] content) {
    Path file = file(name);
    if (!isPlainFile(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(
            root.resolve(LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
        FileLock lock = lock(channel)) {
      Optional<byte[]> current = read(name, expected.length + 1);
      if (!lock.isValid() || current.isEmpty() || !Arrays.equals(current.get(), expected)) {
        return false;
      }
      DurableFiles.replace(file, content);
      return true;
    } catch (IOException e) {
      throw new StoreFailedException(
          "cannot replace " + name + " in " + root + "; is the disk full or read-only?", e);
    }
  }

  @Override
  public Optional<byte[]> read(String name, int limit) {
    Path file = file(name);
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, not " + limit);
    }
    try {
      if (!attributes(file).isRegularFile()) {
        throw new StoreFailedException(
            name + " in " + root + " is no plain file; find out who put it there");
      }
      try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of(in.readNBytes(limit));
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StoreFailedException(
          "cannot read " + name + " in " + root + "; check the medium and the permissions", e);
    }
  }

  @Override
  public OptionalLong size(String name) {
    Path file = file(name);
    try {
      BasicFileAttributes attributes = attributes(file);
      if (!attributes.isRegularFile()) {
        throw new StoreFailedException(
            name + " in " + root + " is no plain file; find out who put it there");
      }
      return OptionalLong.of(attributes.size());
    } catch (NoSuchFileException | NotDirectoryException e) {
      return OptionalLong.empty();
    } catch (IOException e) {
      throw new StoreFailedException(
          "cannot look at " + name + " in " + root + "; check the medium and the permissions", e);
    }
  }

  @Override
  public void list(Consumer<StoredBlob> visitor) {
    walk((relative, file, attributes) -> {
      boolean emptyLock =
          relative.equals(LOCK) && attributes.isRegularFile() && attributes.size() == 0;
      boolean ours = isTemporary(file) || emptyLock;
      if (!ours) {
        visitor.accept(
            new StoredBlob(relative, attributes.isRegularFile() ? attributes.size() : -1));
      }
    });
  }

  @Override
  public void removeLeftovers() {
    Map<Path, FileTime> temporary = new HashMap<>();
    walk((relative, file, attributes) -> {
      if (isTemporary(file) && attributes.isRegularFile()) {
        temporary.put(file, attributes.lastModifiedTime());
      }
    });
    if (temporary.isEmpty()) {
      return;
    }
    try {
      Instant before = mediumTime().minus(LEFTOVER_AGE);
      for (Map.Entry<Path, FileTime> entry : temporary.entrySet()) {
        if (entry.getValue().toInstant().isBefore(before)) {
          Files.deleteIfExists(entry.getKey());
        }
      }
    } catch (IOException e) {
      throw new StoreFailedException(
          "cannot remove leftovers in " + root + "; is the disk full or read-only?", e);
    }
  }

  /** The clock that files here are dated by, which on a share is not this machine's. */
  private Instant mediumTime() throws IOException {
    Path probe = Files.createTempFile(root, ".", DurableFiles.TEMPORARY_SUFFIX);
    try {
      return Files.getLastModifiedTime(probe).toInstant();
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /** Prints where it is. */
  @Override
  public String toString() {
    return "DirectoryBlobStore(" + root + ")";
  }

  private interface Visit {
    void file(String relative, Path file, BasicFileAttributes attributes) throws IOException;
  }

  private void walk(Visit visit) {
    try {
      // The directory that the user named may be a link; nothing below it is followed.
      Path start = root.toRealPath();
      if (!Files.isDirectory(start)) {
        throw new NotDirectoryException(start.toString());
      }
      Files.walkFileTree(start, new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
            throws IOException {
          String relative = start.relativize(file).toString();
          visit.file(relative.replace(SEPARATOR, "/"), file, attributes);
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
          // Temporary files of another process come and go.
          if (e instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
          }
          throw e;
        }
      });
    } catch (NoSuchFileException e) {
      // Nothing was ever stored here.
    } catch (IOException e) {
      throw new StoreFailedException(
          "cannot list " + root + "; check the medium and the permissions", e);
    }
  }

  private void makeFolders(Path file) throws IOException {
    Path folder = parent(file);
    if (!folder.startsWith(root)) {
      return;
    }
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (folder.equals(root)) {
      // The directory that the user named may be a link; the folders below it may not.
      if (!Files.isDirectory(root)) {
        Files.createDirectories(parent(root));
        makeFolder(root);
      }
      return;
    }
    makeFolders(folder);
    makeFolder(folder);
  }

  private static void makeFolder(Path folder) throws IOException {
    try {
      if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectory(folder);
      }
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
    DurableFiles.syncDirectory(parent(folder));
  }

  /**
   * Other processes make us wait, other threads of this one make the JDK throw: both are waited
   * for.
   */
  private static FileLock lock(FileChannel channel) throws IOException {
    for (int attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return lock;
        }
      } catch (OverlappingFileLockException e) {
        // Another thread holds it; falls through to the pause.
      }
      pause();
    }
    throw new IOException("another process holds the lock file for too long");
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(LOCK_PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the lock file", e);
    }
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isPlainFile(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isTemporary(Path file) {
    Path name = file.getFileName();
    return name != null && TEMPORARY.matcher(name.toString()).matches();
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("a file system root cannot hold a store");
    }
    return parent;
  }

  private Path file(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "an object name is 1-4 parts of a-z, 0-9 and '-' divided by '/'");
    }
    return root.resolve(name);
  }
}
