package org.openhipaa.core.phi.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhipaa.core.crypto.KeyNotAvailableException;
import org.openhipaa.core.crypto.local.FileWrappedKeyStore;
import org.openhipaa.core.phi.RecordNotOpenedException;
import org.openhipaa.core.phi.RecordNotStoredException;
import org.openhipaa.core.phi.SealedRecordStore;

class FileSealedRecordStoreTest {
  private static final String NAME = "ab" + "0".repeat(62);

  @TempDir
  Path parent;

  private Path folder;
  private FileSealedRecordStore store;

  @BeforeEach
  void makeStore() {
    folder = parent.resolve("records");
    store = new FileSealedRecordStore(folder);
  }

  @Test
  void storedRecord_isFoundAgain_alsoByAnotherStore() {
    assertThat(store.find(NAME)).isEmpty();

    assertThat(store.replace(NAME, null, new byte[] {1})).isTrue();
    assertThat(store.replace(NAME, new byte[] {1}, new byte[] {2})).isTrue();

    assertThat(store.find(NAME)).hasValue(new byte[] {2});
    assertThat(new FileSealedRecordStore(folder).find(NAME)).hasValue(new byte[] {2});
    assertThat(folder.resolve("ab").resolve(NAME + ".rec")).hasBinaryContent(new byte[] {2});
  }

  @Test
  void recordThatIsNotWhatTheCallerSaw_isLeftAlone() {
    assertThat(store.replace(NAME, new byte[] {9}, new byte[] {1})).isFalse();
    assertThat(store.find(NAME)).isEmpty();
    store.replace(NAME, null, new byte[] {1});

    assertThat(store.replace(NAME, null, new byte[] {2})).isFalse();
    assertThat(store.replace(NAME, new byte[] {2}, new byte[] {3})).isFalse();

    assertThat(store.find(NAME)).hasValue(new byte[] {1});
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ab", "../../etc/passwd", "AB", "é"})
  void nameThatIsNone_isRefused(String start) {
    for (String name : List.of(
        start,
        start + "0".repeat(Math.max(0, 65 - start.length())),
        "/" + "0".repeat(63),
        "0".repeat(63) + "\n",
        "0".repeat(64) + "\n",
        "0".repeat(63) + "\0",
        "0".repeat(63) + "A")) {
      assertThatThrownBy(() -> store.find(name)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.replace(name, null, new byte[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void leftOverTemporaryFile_disturbsNothing() throws IOException {
    store.replace(NAME, null, new byte[] {1});
    Files.write(folder.resolve("ab").resolve(".123456.tmp"), new byte[] {9, 9});
    Files.write(folder.resolve("ab").resolve(NAME + ".rec.tmp"), new byte[] {9, 9});

    assertThat(store.find(NAME)).hasValue(new byte[] {1});
    assertThat(store.replace(NAME, new byte[] {1}, new byte[] {2})).isTrue();
    assertThat(store.find(NAME)).hasValue(new byte[] {2});
  }

  @Test
  void folderInPlaceOfTheFile_isAFailure_notAnAbsentRecord() throws IOException {
    Files.createDirectories(folder.resolve("ab").resolve(NAME + ".rec"));

    assertThatThrownBy(() -> store.find(NAME))
        .isInstanceOf(RecordNotOpenedException.class)
        .hasMessage(NAME + ": the file cannot be read");
    assertThatThrownBy(() -> store.replace(NAME, null, new byte[1]))
        .isInstanceOf(RecordNotOpenedException.class);
  }

  @Test
  void fileInPlaceOfAShard_isAFailure() throws IOException {
    Files.createFile(folder.resolve("ab"));

    assertThatThrownBy(() -> store.find(NAME)).isInstanceOf(RecordNotOpenedException.class);
    assertThatThrownBy(() -> store.replace(NAME, null, new byte[1]))
        .isInstanceOf(RecordNotOpenedException.class);
  }

  /** A volume that is not mounted must not look like one without records. */
  @Test
  void vanishedFolder_isAFailure_andIsNotMadeAnew() throws IOException {
    Files.delete(folder);

    assertThatThrownBy(() -> store.find(NAME)).isInstanceOf(RecordNotOpenedException.class);
    assertThatThrownBy(() -> store.replace(NAME, null, new byte[1]))
        .isInstanceOf(RecordNotOpenedException.class);

    assertThat(folder).doesNotExist();
  }

  @Test
  void fileInPlaceOfTheFolder_isRefused() throws IOException {
    Path plain = Files.createFile(parent.resolve("plain"));

    assertThatThrownBy(() -> new FileSealedRecordStore(plain))
        .isInstanceOf(RecordNotStoredException.class);
    assertThatThrownBy(() -> new FileSealedRecordStore(plain.resolve("x")))
        .isInstanceOf(RecordNotStoredException.class);
  }

  @Test
  void recordOverTheLimit_isNotStored() {
    assertThat(store.replace(NAME, null, new byte[SealedRecordStore.MAX_SIZE])).isTrue();
    byte[] tooLarge = new byte[SealedRecordStore.MAX_SIZE + 1];

    assertThatThrownBy(() -> store.replace(NAME, new byte[SealedRecordStore.MAX_SIZE], tooLarge))
        .isInstanceOf(RecordNotStoredException.class);

    assertThat(store.find(NAME).orElseThrow()).hasSize(SealedRecordStore.MAX_SIZE);
  }

  @Test
  void manyWhoReplaceTheSameVersion_haveOneWinner() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    byte[] current = {0};
    store.replace(NAME, null, current);
    try {
      for (int round = 1; round <= 20; round++) {
        byte[] seen = current;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<byte[]>> winners = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          byte[] mine = {(byte) round, (byte) i};
          winners.add(threads.submit(() -> {
            start.await();
            return store.replace(NAME, seen, mine) ? mine : null;
          }));
        }
        start.countDown();
        List<byte[]> won = new ArrayList<>();
        for (Future<byte[]> winner : winners) {
          if (winner.get() != null) {
            won.add(winner.get());
          }
        }

        assertThat(won).hasSize(1);
        current = won.get(0);
        assertThat(store.find(NAME)).hasValue(current);
      }
    } finally {
      threads.shutdownNow();
    }
    try (Stream<Path> files = Files.list(folder.resolve("ab"))) {
      assertThat(files).hasSize(1);
    }
  }

  /**
   * A process that may write no file larger than 64 KiB stands for a full disk: writing fails in
   * the middle, with some bytes on the disk already.
   */
  @Test
  void fullDisk_isAFailure_andLeavesWhatWasThere() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no shell to limit the size of files with");
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c"));
    command.add("ulimit -f 128; exec \"$0\" -XX:-UsePerfData -Xshare:auto -XX:TieredStopAtLevel=1"
        + " -cp \"$1\" \"$2\" \"$3\"");
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(FullDisk.class.getName());
    command.add(folder.toString());

    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(said).isEqualToNormalizingNewlines("record refused\nkey refused\n");
    assertThat(process.exitValue()).isZero();
    assertThat(store.find(NAME)).hasValue(new byte[] {1});
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile))
          .as("no half-written file stays")
          .containsExactly(folder.resolve("ab").resolve(NAME + ".rec"));
    }
  }

  /** Runs in a process of its own. */
  static final class FullDisk {
    private FullDisk() {}

    public static void main(String[] args) {
      Path folder = Path.of(args[0]);
      byte[] large = new byte[1024 * 1024];
      Arrays.fill(large, (byte) 7);
      FileSealedRecordStore records = new FileSealedRecordStore(folder);
      records.replace(NAME, null, new byte[] {1});
      try {
        records.replace(NAME, new byte[] {1}, large);
      } catch (RecordNotStoredException e) {
        System.out.println("record refused");
      }
      try {
        new FileWrappedKeyStore(folder).create("large", large);
      } catch (KeyNotAvailableException e) {
        System.out.println("key refused");
      }
    }
  }
}
