package org.openhipaa.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.backup.Fixture;
import org.openhipaa.backup.Progress;
import org.openhipaa.backup.repository.BackupReport;
import org.openhipaa.backup.restore.RestoreFailedException.Reason;
import org.openhipaa.backup.snapshot.Snapshot;
import org.openhipaa.backup.snapshot.TreeDigest;
import org.openhipaa.backup.source.FileTreeSource;
import org.openhipaa.backup.source.SourceName;
import org.openhipaa.backup.store.InMemoryBlobStore;
import org.openhipaa.backup.store.directory.DirectoryBlobStore;
import org.openhipaa.backup.verify.VerifyResult.Intact;

class BackupAndRestoreTest {
  private static final int MIB = 1024 * 1024;

  @TempDir
  Path disk;

  private Path temp;
  private final Fixture fixture = new Fixture();
  private Path records;
  private Path keys;
  private Path target;

  @BeforeEach
  void begin() {
    temp = Fixture.scratch(disk);
    records = temp.resolve("records");
    keys = temp.resolve("keys");
    target = temp.resolve("restored");
    Fixture.write(records.resolve("one"), "sealed record 1");
    Fixture.write(keys.resolve("tenant.key"), "wrapped key");
    fixture.create();
  }

  @AfterEach
  void clean() {
    Fixture.delete(temp);
  }

  private BackupReport backup() {
    return fixture.backup(FileTreeSource.of("records", records), FileTreeSource.of("keys", keys));
  }

  @Test
  void treeOfEverySort_comesBackEqual() throws IOException {
    long seed = 42;
    SplittableRandom random = new SplittableRandom(seed);
    Fixture.write(records.resolve("empty"), "");
    Fixture.write(records.resolve("one-byte"), "x");
    Fixture.write(records.resolve("mib-less-1"), Fixture.bytes(random, MIB - 1));
    Fixture.write(records.resolve("mib"), Fixture.bytes(random, MIB));
    Fixture.write(records.resolve("mib-plus-1"), Fixture.bytes(random, MIB + 1));
    Fixture.write(records.resolve("three-mib"), Fixture.bytes(random, 3 * MIB + 17));
    Fixture.write(records.resolve("zeros"), new byte[2 * MIB]);
    Fixture.write(records.resolve("Пациент/患者 ä.txt"), "unicode");
    Fixture.write(records.resolve("deep/er/and/deeper/still"), "d");
    Files.createDirectories(records.resolve("empty-folder/in/folder"));
    for (int i = 0; i < 300; i++) {
      Fixture.write(records.resolve("many/" + i % 7 + "/" + i), Fixture.bytes(random, i));
    }

    Snapshot snapshot = backup().snapshot();
    RestoreReport report = fixture.restore(1, target);

    TreeDigest original = TreeDigest.of(records);
    assertThat(TreeDigest.of(target.resolve("records"))).as("seed " + seed).isEqualTo(original);
    assertThat(report.source("records").orElseThrow().digest()).isEqualTo(original);
    assertThat(snapshot.source("records").orElseThrow().digest()).isEqualTo(original);
    assertThat(TreeDigest.of(target.resolve("keys"))).isEqualTo(TreeDigest.of(keys));
    assertThat(content(target.resolve("records"))).isEqualTo(content(records));
    assertThat(snapshot.source("records").orElseThrow().files()).isEqualTo(309 + 1);
    assertThat(fixture.verify()).isInstanceOf(Intact.class);
    assertThat(fixture.alarms).isEmpty();
  }

  @Test
  void timesAndPermissions_comeBackAlsoWhereTheyForbidReading() throws IOException {
    Path file = records.resolve("sub/file");
    Fixture.write(file, "x");
    Fixture.write(records.resolve("sub/write-only"), "y");
    setMode(file, "r--r-----");
    setMode(records.resolve("sub/write-only"), "-w-------");
    setMode(records.resolve("sub"), "r-xr-x---");
    FileTime fileTime = FileTime.from(Instant.parse("1999-12-31T23:59:59.123456789Z"));
    FileTime folderTime = FileTime.from(Instant.parse("2000-01-01T00:00:00Z"));
    Files.setLastModifiedTime(file, fileTime);
    Files.setLastModifiedTime(records.resolve("sub"), folderTime);
    setMode(keys, "rwx------");

    backup();
    fixture.restore(1, target);

    Path restored = target.resolve("records/sub");
    assertThat(mode(restored.resolve("file"))).isEqualTo("r--r-----");
    assertThat(mode(restored.resolve("write-only"))).isEqualTo("-w-------");
    assertThat(mode(restored)).isEqualTo("r-xr-x---");
    assertThat(mode(target.resolve("keys"))).isEqualTo("rwx------");
    assertThat(Files.getLastModifiedTime(restored.resolve("file"))).isEqualTo(fileTime);
    assertThat(Files.getLastModifiedTime(restored)).isEqualTo(folderTime);
    setMode(records.resolve("sub"), "rwx------");
    setMode(restored, "rwx------");
  }

  @Test
  void secondBackup_writesOnlyNewChunks() {
    SplittableRandom random = new SplittableRandom(1);
    Fixture.write(records.resolve("big"), Fixture.bytes(random, 3 * MIB));
    BackupReport first = backup();
    Fixture.write(records.resolve("new"), "new content");

    BackupReport second = backup();
    BackupReport third = backup();

    assertThat(first.chunksWritten()).isEqualTo(3 + 2 + 2);
    // The new file, and the list that names it.
    assertThat(second.chunksWritten()).isEqualTo(2);
    assertThat(second.bytesWritten()).isLessThan(2_000);
    assertThat(third.chunksWritten()).isZero();
    assertThat(third.chunksReused()).isEqualTo(3 + 3 + 2);
    assertThat(fixture.open().snapshots())
        .extracting(Snapshot::sequence)
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void equalContent_isStoredOnce() {
    SplittableRandom random = new SplittableRandom(1);
    byte[] content = Fixture.bytes(random, MIB);
    Fixture.write(records.resolve("a"), content);
    Fixture.write(records.resolve("b"), content);
    Fixture.write(keys.resolve("c"), content);

    BackupReport report = backup();

    assertThat(report.chunksWritten()).isEqualTo(1 + 2 + 2);
  }

  @Test
  void everySnapshot_comesBackAsItWas() {
    backup();
    TreeDigest first = TreeDigest.of(records);
    Fixture.write(records.resolve("one"), "changed");
    backup();
    TreeDigest second = TreeDigest.of(records);

    fixture.restore(1, temp.resolve("r1"));
    fixture.restore(2, temp.resolve("r2"));

    assertThat(TreeDigest.of(temp.resolve("r1/records"))).isEqualTo(first).isNotEqualTo(second);
    assertThat(TreeDigest.of(temp.resolve("r2/records"))).isEqualTo(second);
  }

  @Test
  void oneSource_takesTheTargetsPlace() {
    backup();

    RestoreReport report = fixture
        .restorer()
        .restoreSource(Fixture.OPERATOR, 1, SourceName.of("keys"), target, Progress.NONE);

    assertThat(content(target)).isEqualTo(content(keys));
    assertThat(report.sources()).hasSize(1);
  }

  @Test
  void emptyTarget_isFilledAndAnyOtherRefused() throws IOException {
    backup();
    Files.createDirectory(target);
    fixture.restore(1, target);
    assertThat(TreeDigest.of(target.resolve("records"))).isEqualTo(TreeDigest.of(records));

    assertThatThrownBy(() -> fixture.restore(1, target))
        .satisfies(refused(Reason.TARGET_NOT_EMPTY));
    Path file = Files.writeString(temp.resolve("file"), "x");
    assertThatThrownBy(() -> fixture.restore(1, file)).satisfies(refused(Reason.TARGET_NOT_EMPTY));
    Path link =
        Files.createSymbolicLink(temp.resolve("link"), Files.createDirectory(temp.resolve("d")));
    assertThatThrownBy(() -> fixture.restore(1, link)).satisfies(refused(Reason.TARGET_NOT_EMPTY));
    assertThatThrownBy(() -> fixture.restore(1, temp.resolve("no/parent")))
        .satisfies(refused(Reason.TARGET_NOT_EMPTY));
    assertThat(fixture.alarms).isEmpty();
    assertThat(content(target.resolve("records"))).isEqualTo(content(records));
    assertThat(file).hasContent("x");
    assertNoStaging();
  }

  @Test
  void unknownSnapshotOrSource_isAClearAnswerWithoutAlarm() {
    backup();

    assertThatThrownBy(() -> fixture.restore(2, target))
        .satisfies(refused(Reason.NO_SUCH_SNAPSHOT))
        .hasMessageContaining("the newest is 1");
    assertThatThrownBy(() -> fixture.restore(0, target))
        .satisfies(refused(Reason.NO_SUCH_SNAPSHOT));
    assertThatThrownBy(() -> fixture
            .restorer()
            .restoreSource(Fixture.OPERATOR, 1, SourceName.of("audit"), target, Progress.NONE))
        .satisfies(refused(Reason.NO_SUCH_SNAPSHOT))
        .hasMessageContaining("[records, keys]");
    assertThat(fixture.alarms).isEmpty();
    assertThat(target).doesNotExist();
  }

  @Test
  void damagedChunk_leavesNothingBehindAndNamesIt() {
    backup();
    InMemoryBlobStore store = (InMemoryBlobStore) fixture.store;
    String chunk = store.content().keySet().stream()
        .filter(n -> n.startsWith("chunks/"))
        .findFirst()
        .get();
    byte[] altered = store.content().get(chunk);
    altered[altered.length / 2] ^= 1;
    store.tamper(chunk, altered);

    assertThatThrownBy(() -> fixture.restore(1, target))
        .satisfies(refused(Reason.DAMAGED))
        .hasMessageContaining(chunk);

    assertThat(target).doesNotExist();
    assertNoStaging();
    assertThat(fixture.alarms).hasSize(1);
    assertThat(fixture.alarms.get(0).location()).isEqualTo(chunk);
  }

  @Test
  void damagedHead_stopsARestoreUnlessSalvaging() {
    backup();
    InMemoryBlobStore store = (InMemoryBlobStore) fixture.store;
    store.remove("head");
    assertThatThrownBy(() -> fixture.restore(1, target)).satisfies(refused(Reason.DAMAGED));
    store.remove("config");
    assertThatThrownBy(() -> fixture.restore(1, target)).satisfies(refused(Reason.DAMAGED));
    assertThat(target).doesNotExist();
    fixture.alarms.clear();

    fixture.restorer().salvaging().restore(Fixture.OPERATOR, 1, target, Progress.NONE);

    assertThat(TreeDigest.of(target.resolve("records"))).isEqualTo(TreeDigest.of(records));
    assertThat(fixture.alarms).hasSize(2);
  }

  @Test
  void progress_countsUpToTheTotal() {
    Fixture.write(records.resolve("big"), new byte[3 * MIB]);
    List<Long> done = new ArrayList<>();
    Progress progress = (bytes, total) -> {
      done.add(bytes);
      assertThat(total).isGreaterThan(3 * MIB);
    };
    long expected = 3 * MIB + "sealed record 1".length();

    fixture
        .writer()
        .backup(Fixture.OPERATOR, List.of(FileTreeSource.of("records", records)), progress);
    assertThat(done).isSorted().endsWith(expected);
    done.clear();
    fixture.restorer().restore(Fixture.OPERATOR, 1, target, progress);
    assertThat(done).isSorted().endsWith(expected);
    done.clear();
    List<Long> totals = new ArrayList<>();
    fixture.verifier().verify(Fixture.OPERATOR, (bytes, total) -> {
      done.add(bytes);
      totals.add(total);
    });
    assertThat(done).isSorted();
    assertThat(done.get(done.size() - 1)).isEqualTo(totals.get(0));
  }

  @Test
  void sealedRepository_showsNoNameAndNoContent() {
    Fixture.write(records.resolve("smith-john/ssn.txt"), "078-05-1120 John Smith");
    backup();

    ((InMemoryBlobStore) fixture.store).content().forEach((name, bytes) -> {
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      assertThat(name + text)
          .doesNotContain("smith", "Smith", "078-05", "ssn", "records", "tenant.key");
    });
  }

  @Test
  void directoryStore_holdsARepositoryToo() {
    Fixture onDisk = fixture.over(new DirectoryBlobStore(disk.resolve("repository")));
    onDisk.create();
    onDisk.backup(FileTreeSource.of("records", records));
    Fixture.write(records.resolve("two"), "2");
    onDisk.backup(FileTreeSource.of("records", records));

    onDisk.restore(2, target);

    assertThat(TreeDigest.of(target.resolve("records"))).isEqualTo(TreeDigest.of(records));
    assertThat(onDisk.verify()).isInstanceOf(Intact.class);
  }

  private void assertNoStaging() {
    try (var paths = Files.list(temp)) {
      assertThat(paths.map(p -> p.getFileName().toString()))
          .noneMatch(name -> name.contains(".restoring-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Consumer<Throwable> refused(Reason reason) {
    return e -> assertThat(e)
        .isInstanceOfSatisfying(
            RestoreFailedException.class, r -> assertThat(r.reason()).isEqualTo(reason));
  }

  private static Map<String, String> content(Path root) {
    Map<String, String> content = new TreeMap<>();
    try (var paths = Files.walk(root)) {
      for (Path path : paths.toList()) {
        content.put(
            root.relativize(path).toString(),
            Files.isDirectory(path)
                ? "<folder>"
                : new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return content;
  }

  private static void setMode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
