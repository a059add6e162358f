package org.openhipaa.audit.store.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openhipaa.audit.UnknownFormatVersionException;
import org.openhipaa.audit.checkpoint.LogOrigin;
import org.openhipaa.audit.checkpoint.NoteKey;
import org.openhipaa.audit.checkpoint.NoteNotParsedException;
import org.openhipaa.audit.checkpoint.SignedCheckpoint;
import org.openhipaa.core.crypto.VerifyingKey;
import org.openhipaa.core.internal.CanonicalReader.MalformedException;

/** The files of a log: its key, its checkpoint and the names of its segments. */
final class LogDirectory {
  static final String KEY_FILE = "log.pub";
  static final String CHECKPOINT_FILE = "checkpoint";
  static final String LOCK_FILE = "lock";

  private static final Pattern SEGMENT = Pattern.compile("([0-9]{20})\\.seg");

  /** What {@link org.openhipaa.core.internal.DurableFiles} leaves behind when it is killed. */
  private static final Pattern LEFTOVER = Pattern.compile("\\.[0-9]+\\.tmp");

  private static final int MAX_SMALL_FILE = 4096;

  private final Path path;
  private final NoteKey key;
  private final SignedCheckpoint checkpoint;
  private final List<Segment> segments;

  private LogDirectory(
      Path path, NoteKey key, SignedCheckpoint checkpoint, List<Segment> segments) {
    this.path = path;
    this.key = key;
    this.checkpoint = checkpoint;
    this.segments = List.copyOf(segments);
  }

  /** A segment file and the index of its first entry, as its name says. */
  record Segment(Path file, long firstIndex) {
    String name() {
      return fileName(file);
    }

    static Segment at(Path directory, long firstIndex) {
      return new Segment(
          directory.resolve(String.format(Locale.ROOT, "%020d.seg", firstIndex)), firstIndex);
    }
  }

  /**
   * Reads the small files and the list of the large ones. The checkpoint comes before the list, so a log that is being written
   * is never shorter than its checkpoint.
   *
   * @throws DamageFound if a file is missing, altered or none of ours
   */
  static LogDirectory read(Path path, Optional<VerifyingKey> pinned) throws IOException {
    if (!exists(path)) {
      throw new AuditLogNotReadException(
          "folder " + path + " holds no audit log; name the right folder");
    }
    NoteKey key = readKey(path);
    if (pinned.isPresent() && !pinned.get().equals(key.key())) {
      throw small(
          KEY_FILE,
          "the key is not the one that was expected: this is the log of another keyring, or it was"
              + " replaced");
    }
    SignedCheckpoint checkpoint = readCheckpoint(path, key);
    return new LogDirectory(path, key, checkpoint, listSegments(path));
  }

  /** Tells whether a folder holds any part of a log. */
  static boolean exists(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.map(LogDirectory::fileName).anyMatch(LogDirectory::isPart);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return false;
    }
  }

  /**
   * Tells whether there is nothing here but what creating a log leaves behind that did not come to its end: no checkpoint,
   * which comes last, and no entries.
   */
  static boolean isUnfinished(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : files.toList()) {
        String name = fileName(file);
        boolean harmless = name.equals(LOCK_FILE)
            || name.equals(KEY_FILE)
            || LEFTOVER.matcher(name).matches()
            || isBareSegment(path, file);
        if (!harmless) {
          return false;
        }
      }
      return true;
    }
  }

  private static boolean isBareSegment(Path path, Path file) throws IOException {
    if (!file.equals(Segment.at(path, 0).file()) || Files.size(file) > SegmentHeader.MAX_SIZE) {
      return false;
    }
    try {
      byte[] content = Files.readAllBytes(file);
      return SegmentHeader.parse(content, fileName(file)).encode().length == content.length;
    } catch (MalformedException | UnknownFormatVersionException e) {
      return false;
    }
  }

  private static boolean isPart(String name) {
    return name.equals(KEY_FILE)
        || name.equals(CHECKPOINT_FILE)
        || SEGMENT.matcher(name).matches();
  }

  static List<Path> leftovers(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(file -> LEFTOVER.matcher(fileName(file)).matches()).toList();
    }
  }

  static byte[] keyFile(NoteKey key) {
    return (key.encode() + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static NoteKey readKey(Path path) throws IOException {
    byte[] content = readSmall(path, KEY_FILE);
    String text = new String(content, StandardCharsets.ISO_8859_1);
    try {
      NoteKey key = NoteKey.parse(text.endsWith("\n") ? text.substring(0, text.length() - 1) : "");
      // A name that is no origin can sign no checkpoint of ours.
      return new NoteKey(new LogOrigin(key.name()).value(), key.key());
    } catch (NoteNotParsedException e) {
      throw small(KEY_FILE, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw small(KEY_FILE, "the key's name is no origin of a log");
    }
  }

  private static SignedCheckpoint readCheckpoint(Path path, NoteKey key) throws IOException {
    try {
      SignedCheckpoint checkpoint = SignedCheckpoint.parse(readSmall(path, CHECKPOINT_FILE));
      if (checkpoint.note().signatureCount() != 1) {
        throw small(CHECKPOINT_FILE, "there is more than one signature");
      }
      if (!checkpoint.isSignedBy(key)) {
        throw small(CHECKPOINT_FILE, "the signature of the checkpoint does not verify");
      }
      return checkpoint;
    } catch (NoteNotParsedException e) {
      throw small(CHECKPOINT_FILE, String.valueOf(e.getMessage()));
    }
  }

  private static byte[] readSmall(Path path, String name) throws IOException {
    Path file = path.resolve(name);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw small(name, "the file is missing or no regular file");
    }
    if (Files.size(file) > MAX_SMALL_FILE) {
      throw small(name, "the file is larger than any of its kind");
    }
    return Files.readAllBytes(file);
  }

  private static List<Segment> listSegments(Path path) throws IOException {
    TreeMap<Long, Segment> segments = new TreeMap<>();
    List<Path> files;
    try (Stream<Path> all = Files.list(path)) {
      files = all.sorted().toList();
    }
    for (Path file : files) {
      Matcher segment = SEGMENT.matcher(fileName(file));
      if (segment.matches() && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        long firstIndex = firstIndex(file, segment.group(1));
        segments.put(firstIndex, new Segment(file, firstIndex));
      } else if (!isKnown(file)) {
        throw small(printable(fileName(file)), "the file does not belong to the log");
      }
    }
    if (segments.isEmpty() || segments.firstKey() != 0) {
      throw new DamageFound(
          Segment.at(path, 0).name(), 0, 0, "the file is missing or no regular file");
    }
    return new ArrayList<>(segments.values());
  }

  private static long firstIndex(Path file, String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw small(fileName(file), "the file does not belong to the log");
    }
  }

  private static boolean isKnown(Path file) throws IOException {
    String name = fileName(file);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      // One that vanished meanwhile was a temporary file of a log in use.
      return LEFTOVER.matcher(name).matches() && !Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }
    if (name.equals(LOCK_FILE)) {
      return Files.size(file) == 0;
    }
    return name.equals(KEY_FILE)
        || name.equals(CHECKPOINT_FILE)
        || LEFTOVER.matcher(name).matches();
  }

  private static DamageFound small(String file, String reason) {
    return new DamageFound(file, 0, DamageFound.NO_ENTRY, reason);
  }

  /** The name of a foreign file may hold anything, also commands for a terminal. */
  private static String printable(String name) {
    return name.replaceAll("[^\\x20-\\x7e]", "?");
  }

  private static String fileName(Path file) {
    return String.valueOf(file.getFileName());
  }

  Path path() {
    return path;
  }

  NoteKey key() {
    return key;
  }

  LogOrigin origin() {
    return new LogOrigin(key.name());
  }

  SignedCheckpoint checkpoint() {
    return checkpoint;
  }

  List<Segment> segments() {
    return segments;
  }

  /** The position in {@link #segments()} of the segment that holds an entry, or would hold it. */
  int segmentOf(long index) {
    int found = 0;
    for (int i = 1; i < segments.size() && segments.get(i).firstIndex <= index; i++) {
      found = i;
    }
    return found;
  }

  long totalSize() throws IOException {
    long total = 0;
    for (Segment segment : segments) {
      total += Files.size(segment.file);
    }
    return total;
  }
}
