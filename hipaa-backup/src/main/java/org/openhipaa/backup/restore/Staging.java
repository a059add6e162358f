package org.openhipaa.backup.restore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.format.TreeEntry;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;
import org.openhipaa.backup.restore.RestoreFailedException.Reason;
import org.openhipaa.backup.source.EntryAttributes;
import org.openhipaa.backup.source.EntryPath;
import org.openhipaa.backup.source.SourceName;
import org.openhipaa.core.internal.DurableFiles;

/**
 * A folder beside the target that only its owner can enter, in which a restore is built. Closing it
 * removes it, unless it took the target's place. Not thread-safe.
 */
final class Staging implements AutoCloseable {
  private static final Set<OpenOption> NEW_FILE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  private static final int OWNER_MAY_READ = 0400;

  private final Path root;
  private final boolean posix;
  private final List<Attributed> later = new ArrayList<>();
  private boolean moved;

  /** A folder or file whose attributes would be in the way while its content is still worked on. */
  private record Attributed(Path path, EntryAttributes attributes, boolean isFolder) {}

  private Staging(Path root) {
    this.root = root;
    this.posix = Files.getFileAttributeView(root, PosixFileAttributeView.class) != null;
  }

  /** Refuses a target that is anything but absent or an empty folder. */
  static void demandFree(Path target) {
    Path parent = target.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new RestoreFailedException(
          Reason.TARGET_NOT_EMPTY,
          "",
          "the folder of target " + target + " does not exist; make it");
    }
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !isEmptyFolder(target)) {
      throw new RestoreFailedException(
          Reason.TARGET_NOT_EMPTY,
          "",
          "target " + target + " is not empty, and nothing is ever overwritten; name another");
    }
  }

  private static boolean isEmptyFolder(Path target) {
    if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (DirectoryStream<Path> content = Files.newDirectoryStream(target)) {
      return !content.iterator().hasNext();
    } catch (IOException e) {
      throw notWritable("target " + target + " cannot be read", e);
    }
  }

  static Staging beside(Path target, long bytes) {
    try {
      Path parent = parent(target);
      long free = Files.getFileStore(parent).getUsableSpace();
      // Some file systems do not know and say 0; whether that is true, writing will tell.
      if (free > 0 && free < bytes) {
        throw new RestoreFailedException(
            Reason.TARGET_NOT_WRITABLE,
            "",
            "the snapshot needs " + bytes + " bytes, but only " + free + " are free at the target");
      }
      return new Staging(
          Files.createTempDirectory(parent, "." + target.getFileName() + ".restoring-"));
    } catch (IOException e) {
      throw notWritable("nothing can be written beside target " + target, e);
    }
  }

  Path root() {
    return root;
  }

  Path folder(SourceName source) {
    return root.resolve(source.value());
  }

  void directory(Path place, TreeEntry entry) {
    Path folder = resolve(place, entry.path());
    try {
      if (!folder.equals(root)) {
        Files.createDirectory(folder, ownerOnly("rwx------"));
      }
    } catch (IOException e) {
      throw notMade(e);
    }
    later.add(new Attributed(folder, entry.attributes(), true));
  }

  void file(Path place, TreeEntry entry, String object, Function<ChunkId, byte[]> contents) {
    Path file = resolve(place, entry.path());
    MessageDigest digest = Digests.sha256();
    long size = 0;
    try (FileChannel channel = FileChannel.open(file, NEW_FILE, ownerOnly("rw-------"))) {
      for (ChunkId id : entry.chunks()) {
        byte[] content = contents.apply(id);
        digest.update(content);
        size += content.length;
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
      if (size != entry.size() || !Arrays.equals(digest.digest(), entry.digest())) {
        throw new ObjectRejectedException(
            object, Problem.INCONSISTENT, "a file's content is not what its digest says");
      }
      if (entry.attributes().mode().orElse(OWNER_MAY_READ) >= OWNER_MAY_READ) {
        apply(file, entry.attributes());
      } else {
        // It must still be read back.
        later.add(new Attributed(file, entry.attributes(), false));
      }
      channel.force(true);
    } catch (IOException e) {
      throw notMade(e);
    }
  }

  /** Flushes folders and gives them their attributes, the deepest first. */
  void finish() {
    try {
      DurableFiles.syncDirectory(root);
      for (int i = later.size() - 1; i >= 0; i--) {
        Attributed entry = later.get(i);
        if (entry.isFolder()) {
          DurableFiles.syncDirectory(entry.path());
        }
        apply(entry.path(), entry.attributes());
      }
    } catch (IOException e) {
      throw notWritable("what was restored cannot be flushed", e);
    }
  }

  void moveTo(Path target) {
    try {
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        // Fails if it is not empty any more.
        Files.delete(target);
      }
      Files.move(root, target, StandardCopyOption.ATOMIC_MOVE);
      moved = true;
      DurableFiles.syncDirectory(parent(target));
    } catch (IOException e) {
      throw notWritable("what was restored cannot take the place of target " + target, e);
    }
  }

  @Override
  public void close() {
    if (!moved) {
      try {
        remove(root);
      } catch (IOException | UncheckedIOException e) {
        throw notWritable("the staging folder " + root + " cannot be removed; delete it", e);
      }
    }
  }

  /** A path of the repository as a path of this file system, proven to be inside, name by name. */
  private static Path resolve(Path place, EntryPath path) {
    Path resolved = place;
    if (path.isRoot()) {
      return resolved;
    }
    try {
      for (String name : path.reveal().split("/")) {
        Path child = resolved.resolve(name);
        Path last = child.getFileName();
        boolean inside = resolved.equals(child.getParent())
            && last != null
            && last.toString().equals(name);
        if (!inside) {
          throw impossibleName();
        }
        resolved = child;
      }
    } catch (InvalidPathException e) {
      throw impossibleName();
    }
    return resolved;
  }

  private void apply(Path path, EntryAttributes attributes) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(attributes.modified()));
    Optional<Set<PosixFilePermission>> permissions = attributes.permissions();
    if (posix && permissions.isPresent()) {
      Files.setPosixFilePermissions(path, permissions.get());
    }
  }

  private FileAttribute<?>[] ownerOnly(String permissions) {
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** Folders may have got permissions that keep us from emptying them. */
  private void remove(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      if (posix) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
      }
      try (DirectoryStream<Path> content = Files.newDirectoryStream(path)) {
        for (Path child : content) {
          remove(child);
        }
      }
    }
    Files.deleteIfExists(path);
  }

  private static Path parent(Path target) {
    Path parent = target.getParent();
    return parent == null ? target : parent;
  }

  private static RestoreFailedException impossibleName() {
    return new RestoreFailedException(
        Reason.TARGET_NOT_WRITABLE,
        "",
        "the snapshot has a name that this file system or locale cannot keep; "
            + "restore on a system like the source's");
  }

  /** Messages of file system failures are paths, and paths of restored files are not for logs. */
  private static RestoreFailedException notMade(IOException e) {
    if (e instanceof FileAlreadyExistsException) {
      return new RestoreFailedException(
          Reason.TARGET_NOT_WRITABLE,
          "",
          "two names of the snapshot are one name on this file system; "
              + "restore on a system like the source's");
    }
    return new RestoreFailedException(
        Reason.TARGET_NOT_WRITABLE,
        "",
        "a file or folder could not be written ("
            + e.getClass().getSimpleName()
            + "); is the disk full?");
  }

  private static RestoreFailedException notWritable(String what, Exception e) {
    return new RestoreFailedException(
        Reason.TARGET_NOT_WRITABLE, "", what + "; is the disk full or read-only?", e);
  }
}
