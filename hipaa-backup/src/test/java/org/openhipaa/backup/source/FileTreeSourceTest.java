package org.openhipaa.backup.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.backup.Fixture;
import org.openhipaa.backup.source.SourceNotReadableException.Reason;

class FileTreeSourceTest {
  @TempDir
  Path temp;

  @Test
  void tree_isGivenInOrderWithAttributes() throws IOException {
    Fixture.write(temp.resolve("b/two"), "22");
    Fixture.write(temp.resolve("a.txt"), "1");
    Fixture.write(temp.resolve("a/x"), "xxx");
    Files.createDirectories(temp.resolve("empty"));
    Files.setLastModifiedTime(
        temp.resolve("a.txt"), FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
    Files.setPosixFilePermissions(
        temp.resolve("a.txt"), PosixFilePermissions.fromString("rw-r---wx"));

    RecordingSink sink = new RecordingSink();
    FileTreeSource.of("records", temp).read(sink);

    assertThat(sink.entries.keySet())
        .containsExactly("", "a", "a/x", "a.txt", "b", "b/two", "empty");
    assertThat(sink.entries).containsEntry("a/x", "xxx").containsEntry("empty", "<folder>");
    EntryAttributes attributes = sink.attributes.get("a.txt");
    assertThat(attributes.modified()).isEqualTo(Instant.parse("2001-02-03T04:05:06Z"));
    assertThat(attributes.mode()).hasValue(0643);
    assertThat(FileTreeSource.of("records", temp).estimatedBytes()).hasValue(6);
  }

  @Test
  void excludedPaths_areLeftOut() throws IOException {
    Fixture.write(temp.resolve("keep.txt"), "1");
    Fixture.write(temp.resolve("writer.lock"), "2");
    Fixture.write(temp.resolve("cache/deep/thing"), "3");
    Files.createSymbolicLink(temp.resolve("link"), temp);

    RecordingSink sink = new RecordingSink();
    FileTreeSource.of("records", temp)
        .excluding("*.lock", "cache")
        .excluding("link")
        .read(sink);

    assertThat(sink.entries.keySet()).containsExactly("", "keep.txt");
  }

  @Test
  void symbolicLink_failsByName() throws IOException {
    Fixture.write(temp.resolve("sub/real"), "1");
    Files.createSymbolicLink(temp.resolve("sub/smith-link"), temp.resolve("sub/real"));

    assertThatThrownBy(() -> FileTreeSource.of("records", temp).read(new RecordingSink()))
        .isInstanceOfSatisfying(SourceNotReadableException.class, e -> {
          assertThat(e.reason()).isEqualTo(Reason.NOT_SUPPORTED);
          assertThat(e.revealPath()).isEqualTo("sub/smith-link");
          assertThat(e)
              .hasMessageContaining("records")
              .hasMessageContaining("symbolic link")
              .hasMessageNotContaining("smith");
        });
  }

  @Test
  void pipe_failsByNameInsteadOfWaitingForever() throws Exception {
    Process made = new ProcessBuilder("mkfifo", temp.resolve("pipe").toString()).start();
    assumeThat(made.waitFor()).isZero();

    assertThatThrownBy(() -> FileTreeSource.of("records", temp).read(new RecordingSink()))
        .isInstanceOfSatisfying(
            SourceNotReadableException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.NOT_SUPPORTED));
  }

  @Test
  void nameInAnotherEncoding_failsInsteadOfBeingKeptWrongly() throws Exception {
    // A Latin-1 name, which is not UTF-8; the shell can make it where Java cannot.
    Process made = new ProcessBuilder("sh", "-c", "touch \"$(printf 'M\\374ller')\"")
        .directory(temp.toFile())
        .start();
    assumeThat(made.waitFor()).isZero();

    assertThatThrownBy(() -> FileTreeSource.of("records", temp).read(new RecordingSink()))
        .isInstanceOfSatisfying(
            SourceNotReadableException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.NOT_SUPPORTED));
  }

  @Test
  void missingDirectory_isAClearFailure() {
    assertThatThrownBy(
            () -> FileTreeSource.of("records", temp.resolve("no")).read(new RecordingSink()))
        .isInstanceOfSatisfying(
            SourceNotReadableException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MISSING))
        .hasMessageContaining("does not exist");
    Fixture.write(temp.resolve("file"), "x");
    assertThatThrownBy(
            () -> FileTreeSource.of("records", temp.resolve("file")).read(new RecordingSink()))
        .hasMessageContaining("is no folder");
  }

  @Test
  void fileThatChangesOnce_isReadAgain() {
    Path file = temp.resolve("file");
    Fixture.write(file, "first version");
    RecordingSink sink = new RecordingSink(call -> {
      if (call == 1) {
        Fixture.write(file, "second and longer version");
      }
    });

    FileTreeSource.of("records", temp).read(sink);

    assertThat(sink.entries).containsEntry("file", "second and longer version");
    assertThat(sink.restarts).isPositive();
  }

  @Test
  void fileThatGrowsWhileItIsRead_failsByName() {
    Path file = temp.resolve("growing");
    Fixture.write(file, "x");
    RecordingSink sink = new RecordingSink(call -> append(file));

    assertThatThrownBy(() -> FileTreeSource.of("records", temp).read(sink))
        .isInstanceOfSatisfying(SourceNotReadableException.class, e -> {
          assertThat(e.reason()).isEqualTo(Reason.CHANGING);
          assertThat(e.revealPath()).isEqualTo("growing");
        });
    FileTreeSource.of("records", temp).excluding("growing").read(new RecordingSink());
  }

  @Test
  void fileReplacedBySameSizeAndTime_isNoticedByItsIdentity() throws IOException {
    Path file = temp.resolve("file");
    Fixture.write(file, "aaaa");
    FileTime time = Files.getLastModifiedTime(file);
    RecordingSink sink = new RecordingSink(call -> {
      if (call == 1) {
        Path other = temp.resolveSibling("other");
        Fixture.write(other, "bbbb");
        setTime(other, time);
        move(other, file);
      }
    });

    FileTreeSource.of("records", temp).read(sink);

    assertThat(sink.entries).containsEntry("file", "bbbb");
    assertThat(sink.restarts).isEqualTo(1);
  }

  @Test
  void fileThatVanishes_failsByName() {
    Path file = temp.resolve("a");
    Fixture.write(file, "x");
    Path next = temp.resolve("b");
    Fixture.write(next, "y");
    RecordingSink sink = new RecordingSink(call -> next.toFile().delete());

    assertThatThrownBy(() -> FileTreeSource.of("records", temp).read(sink))
        .isInstanceOfSatisfying(SourceNotReadableException.class, e -> {
          assertThat(e.reason()).isEqualTo(Reason.CHANGING);
          assertThat(e.revealPath()).isEqualTo("b");
        });
  }

  private static void append(Path file) {
    try {
      Files.writeString(file, "more", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void setTime(Path file, FileTime time) {
    try {
      Files.setLastModifiedTime(file, time);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Remembers what it got, and can do something at each write. */
  private static final class RecordingSink implements EntrySink {
    private final Map<String, String> entries = new LinkedHashMap<>();
    private final Map<String, EntryAttributes> attributes = new LinkedHashMap<>();
    private final IntConsumer onWrite;
    private int writes;
    private int restarts;

    RecordingSink() {
      this(call -> {});
    }

    RecordingSink(IntConsumer onWrite) {
      this.onWrite = onWrite;
    }

    @Override
    public void directory(EntryPath path, EntryAttributes given) {
      entries.put(path.reveal(), "<folder>");
      attributes.put(path.reveal(), given);
    }

    @Override
    public ContentSink file(EntryPath path) {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      return new ContentSink() {
        @Override
        public void write(byte[] bytes, int offset, int length) {
          content.write(bytes, offset, length);
          onWrite.accept(++writes);
        }

        @Override
        public void restart() {
          restarts++;
          content.reset();
        }

        @Override
        public void complete(EntryAttributes given) {
          entries.put(path.reveal(), content.toString(StandardCharsets.UTF_8));
          attributes.put(path.reveal(), given);
        }
      };
    }
  }
}
