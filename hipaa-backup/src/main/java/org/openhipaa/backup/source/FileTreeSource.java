package org.openhipaa.backup.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.openhipaa.backup.source.SourceNotReadableException.Reason;

/**
 * A directory with everything in it: content, names, times of change, and permission bits where the
 * file system has them. Owners, extended attributes, hard links (kept as separate files) and holes
 * (kept as zeros) are not kept.
 *
 * <p>Nothing is left out in silence. A symbolic link, pipe, socket or device fails the backup by
 * name, as does a name that the process cannot represent; exclude it if it is not wanted. Links are
 * never followed, except that the directory itself may be named through one.
 *
 * <p>Each file is one version of it: if size, time of change or identity differ before and after
 * reading, or if there are more or fewer bytes than the size says, it is read again, four times in
 * all with growing pauses, and then fails the backup. A change that leaves the size as it is and
 * falls within one tick of the file system's clock is not seen. Different files may be seen at
 * different moments, so list sources in the order of their dependence: records before the keys that
 * they need.
 *
 * <p>Immutable and thread-safe.
 */
public final class FileTreeSource implements SnapshotSource {
  private static final int ATTEMPTS = 4;
  private static final long FIRST_PAUSE_MILLIS = 10;
  private static final int BUFFER = 64 * 1024;
  private static final Set<OpenOption> OPEN =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final SourceName name;
  private final Path root;
  private final List<PathMatcher> excluded;

  private FileTreeSource(SourceName name, Path root, List<PathMatcher> excluded) {
    this.name = name;
    this.root = root;
    this.excluded = excluded;
  }

  /**
   * Names a directory; nothing is read yet.
   *
   * @param name what it is called in snapshots, see {@link SourceName}
   * @param root the directory
   * @return the source
   */
  public static FileTreeSource of(String name, Path root) {
    return new FileTreeSource(SourceName.of(name), root.toAbsolutePath(), List.of());
  }

  /**
   * Leaves out what matches, with everything in it.
   *
   * @param globs patterns for paths relative to the root, as
   *     {@link java.nio.file.FileSystem#getPathMatcher} knows them, such as {@code *.lock} or
   *     {@code cache/**}
   * @return a source that leaves it out
   * @throws java.util.regex.PatternSyntaxException if a pattern is malformed
   */
  public FileTreeSource excluding(String... globs) {
    List<PathMatcher> matchers = new ArrayList<>(excluded);
    for (String glob : globs) {
      matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + glob));
    }
    return new FileTreeSource(name, root, List.copyOf(matchers));
  }

  @Override
  public SourceName name() {
    return name;
  }

  @Override
  public OptionalLong estimatedBytes() {
    Path real = realRoot();
    return OptionalLong.of(new Walk(real).size(real, EntryPath.ROOT));
  }

  @Override
  public void read(EntrySink sink) {
    Path real = realRoot();
    new Walk(real).directory(real, EntryPath.ROOT, sink);
  }

  /** Prints name and place. */
  @Override
  public String toString() {
    return "FileTreeSource(" + name.value() + ", " + root + ")";
  }

  private Path realRoot() {
    try {
      Path real = root.toRealPath();
      if (Files.isDirectory(real)) {
        return real;
      }
      throw failure(Reason.MISSING, EntryPath.ROOT, root + " is no folder; name the folder", null);
    } catch (NoSuchFileException e) {
      throw failure(
          Reason.MISSING, EntryPath.ROOT, root + " does not exist; name the right folder", null);
    } catch (IOException e) {
      throw failure(Reason.NOT_READABLE, EntryPath.ROOT, root + " cannot be read", e);
    }
  }

  private SourceNotReadableException failure(
      Reason reason, EntryPath path, String message, @Nullable IOException cause) {
    if (cause == null) {
      return new SourceNotReadableException(name, reason, path, message);
    }
    // Messages of file system failures are paths, so only the kind of failure is passed on.
    return new SourceNotReadableException(
        name, reason, path, message + " (" + cause.getClass().getSimpleName() + ")");
  }

  /** One pass over the tree. */
  private final class Walk {
    private final Path top;
    private final byte[] buffer = new byte[BUFFER];

    Walk(Path top) {
      this.top = top;
    }

    long size(Path directory, EntryPath path) {
      long size = 0;
      for (Map.Entry<EntryPath, Path> child : children(directory, path).entrySet()) {
        BasicFileAttributes attributes = attributes(child.getValue(), child.getKey());
        size += attributes.isDirectory()
            ? size(child.getValue(), child.getKey())
            : attributes.isRegularFile() ? attributes.size() : 0;
      }
      return size;
    }

    void directory(Path directory, EntryPath path, EntrySink sink) {
      sink.directory(path, kept(attributes(directory, path)));
      for (Map.Entry<EntryPath, Path> child : children(directory, path).entrySet()) {
        BasicFileAttributes attributes = attributes(child.getValue(), child.getKey());
        if (attributes.isDirectory()) {
          directory(child.getValue(), child.getKey(), sink);
        } else if (attributes.isRegularFile()) {
          file(child.getValue(), child.getKey(), sink.file(child.getKey()));
        } else {
          throw failure(
              Reason.NOT_SUPPORTED,
              child.getKey(),
              "a "
                  + (attributes.isSymbolicLink() ? "symbolic link" : "special file")
                  + " cannot be backed up; exclude it or replace it by a plain file",
              null);
        }
      }
    }

    private void file(Path file, EntryPath path, ContentSink sink) {
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        BasicFileAttributes before = attributes(file, path);
        if (before.isRegularFile() && copy(file, path, before.size(), sink)) {
          BasicFileAttributes after = attributes(file, path);
          if (same(before, after)) {
            sink.complete(kept(after));
            return;
          }
        }
        sink.restart();
        if (attempt < ATTEMPTS) {
          pause(path, FIRST_PAUSE_MILLIS << (2 * (attempt - 1)));
        }
      }
      throw failure(
          Reason.CHANGING,
          path,
          "a file changed each of the " + ATTEMPTS
              + " times it was read; back up while it rests, or exclude it",
          null);
    }

    /** Copies a file; false if it has not the size that it should have. */
    private boolean copy(Path file, EntryPath path, long size, ContentSink sink) {
      try (SeekableByteChannel channel = Files.newByteChannel(file, OPEN)) {
        long left = size;
        for (int read = read(channel); read > 0; read = read(channel)) {
          if (read > left) {
            return false;
          }
          sink.write(buffer, 0, read);
          left -= read;
        }
        return left == 0;
      } catch (NoSuchFileException e) {
        throw vanished(path);
      } catch (IOException e) {
        throw failure(
            Reason.NOT_READABLE, path, "a file cannot be read; check medium and permissions", e);
      }
    }

    private int read(SeekableByteChannel channel) throws IOException {
      return channel.read(ByteBuffer.wrap(buffer));
    }

    private Map<EntryPath, Path> children(Path directory, EntryPath path) {
      Map<EntryPath, Path> children = new TreeMap<>(Comparator.naturalOrder());
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
        for (Path child : stream) {
          Path relative = top.relativize(child);
          if (excluded.stream().noneMatch(matcher -> matcher.matches(relative))) {
            children.put(path(directory, child, path), child);
          }
        }
      } catch (NoSuchFileException e) {
        throw vanished(path);
      } catch (IOException | DirectoryIteratorException e) {
        throw failure(
            Reason.NOT_READABLE,
            path,
            "a folder cannot be read; check medium and permissions",
            e instanceof IOException io ? io : ((DirectoryIteratorException) e).getCause());
      }
      return children;
    }

    /**
     * A name in another encoding than the process's reads as something else, so it must lead back
     * to the same file.
     */
    private EntryPath path(Path directory, Path child, EntryPath parent) {
      String last = Objects.requireNonNull(child.getFileName()).toString();
      try {
        if (directory.resolve(last).equals(child)) {
          return parent.child(last);
        }
      } catch (IllegalArgumentException e) {
        // Falls through: InvalidPathException is one, and so is a name that EntryPath refuses.
      }
      throw failure(
          Reason.NOT_SUPPORTED,
          parent,
          "the name of something in a folder cannot be kept: "
              + "it is not in the encoding of this process, or the path is too long;"
              + " run in a UTF-8 locale, rename it, or exclude it",
          null);
    }

    private BasicFileAttributes attributes(Path file, EntryPath path) {
      try {
        Class<? extends BasicFileAttributes> kind =
            file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? PosixFileAttributes.class
                : BasicFileAttributes.class;
        return Files.readAttributes(file, kind, LinkOption.NOFOLLOW_LINKS);
      } catch (NoSuchFileException e) {
        throw vanished(path);
      } catch (IOException e) {
        throw failure(
            Reason.NOT_READABLE, path, "something cannot be read; check medium and permissions", e);
      }
    }

    private SourceNotReadableException vanished(EntryPath path) {
      return failure(
          Reason.CHANGING,
          path,
          "something vanished while the source was read; back up while it rests, or exclude it",
          null);
    }

    private void pause(EntryPath path, long millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw failure(Reason.CHANGING, path, "interrupted while waiting for a file to rest", null);
      }
    }
  }

  private static boolean same(BasicFileAttributes before, BasicFileAttributes after) {
    return after.isRegularFile()
        && before.size() == after.size()
        && before.lastModifiedTime().equals(after.lastModifiedTime())
        && Objects.equals(before.fileKey(), after.fileKey());
  }

  private static EntryAttributes kept(BasicFileAttributes attributes) {
    Instant modified = attributes.lastModifiedTime().toInstant();
    return attributes instanceof PosixFileAttributes posix
        ? EntryAttributes.of(modified, posix.permissions())
        : new EntryAttributes(modified, OptionalInt.empty());
  }
}
