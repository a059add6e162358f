package org.openhipaa.core.crypto.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhipaa.core.crypto.KeyNotAvailableException;

class FileWrappedKeyStoreTest {
  @TempDir
  Path parent;

  private Path folder;
  private FileWrappedKeyStore store;

  @BeforeEach
  void makeStore() {
    folder = parent.resolve("a").resolve("keys");
    store = new FileWrappedKeyStore(folder);
  }

  @Test
  void createdKey_isFoundAgain_alsoByAnotherStore() {
    assertThat(store.find("tenant")).isEmpty();

    assertThat(store.create("tenant", new byte[] {1, 2})).isTrue();

    assertThat(store.find("tenant")).hasValue(new byte[] {1, 2});
    assertThat(new FileWrappedKeyStore(folder).find("tenant")).hasValue(new byte[] {1, 2});
    assertThat(folder).isDirectoryNotContaining(f -> f.toString().endsWith(".tmp"));
  }

  @Test
  void takenName_isRefused_andKeepsItsKey() {
    store.create("tenant", new byte[] {1});

    assertThat(store.create("tenant", new byte[] {2})).isFalse();

    assertThat(store.find("tenant")).hasValue(new byte[] {1});
  }

  @Test
  void manyWhoCreateOneName_haveOneWinner() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 20; round++) {
        String name = "k" + round;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          byte[] content = {(byte) i};
          FileWrappedKeyStore own = i % 2 == 0 ? store : new FileWrappedKeyStore(folder);
          answers.add(threads.submit(() -> {
            start.await();
            return own.create(name, content);
          }));
        }
        start.countDown();

        int winner = -1;
        for (int i = 0; i < 8; i++) {
          if (answers.get(i).get()) {
            assertThat(winner).as("a second winner").isEqualTo(-1);
            winner = i;
          }
        }
        assertThat(store.find(name)).hasValue(new byte[] {(byte) winner});
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "..", "../x", "a/b", "a\\b", "A", "a b", "a\n", "a\0", ".", "é", "a.key"})
  void nameThatIsNone_isRefused(String name) {
    assertThatThrownBy(() -> store.find(name)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.create(name, new byte[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.find("a".repeat(101)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void leftOverTemporaryFile_disturbsNothing() throws IOException {
    Files.write(folder.resolve(".123.tmp"), new byte[] {1});

    assertThat(store.create("k", new byte[] {2})).isTrue();

    assertThat(store.find("k")).hasValue(new byte[] {2});
  }

  @Test
  void hugeFile_isRefused() throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(folder.resolve("k.key").toFile(), "rw")) {
      sparse.setLength(3L << 30);
    }

    assertThatThrownBy(() -> store.find("k"))
        .isInstanceOf(KeyNotAvailableException.class)
        .hasMessageContaining("larger than any wrapped key");
  }

  @Test
  void folderInPlaceOfAFile_isRefused() throws IOException {
    Files.createDirectory(folder.resolve("k.key"));

    assertThatThrownBy(() -> store.find("k")).isInstanceOf(KeyNotAvailableException.class);
    assertThat(store.create("k", new byte[1])).isFalse();
  }

  /** A volume that is not mounted must not look like one without keys. */
  @Test
  void vanishedFolder_isAFailure_notAnAbsentKey() throws IOException {
    store.create("k", new byte[1]);
    Files.delete(folder.resolve("k.key"));
    Files.delete(folder);

    assertThatThrownBy(() -> store.find("k")).isInstanceOf(KeyNotAvailableException.class);
    assertThatThrownBy(() -> store.create("k", new byte[1]))
        .isInstanceOf(KeyNotAvailableException.class);
  }

  @Test
  void fileInPlaceOfTheFolder_isRefused() throws IOException {
    Path plain = Files.createFile(parent.resolve("plain"));

    assertThatThrownBy(() -> new FileWrappedKeyStore(plain))
        .isInstanceOf(KeyNotAvailableException.class);
    assertThatThrownBy(() -> new FileWrappedKeyStore(plain.resolve("keys")))
        .isInstanceOf(KeyNotAvailableException.class);
  }
}
