package org.openhipaa.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {
  @TempDir
  Path folder;

  @Test
  void replace_makesAndReplacesAndLeavesNothingElse() throws IOException {
    Path file = folder.resolve("f");

    DurableFiles.replace(file, new byte[] {1});
    DurableFiles.replace(file, new byte[0]);
    DurableFiles.replace(file, new byte[] {2, 3});

    assertThat(file).hasBinaryContent(new byte[] {2, 3});
    assertOnly("f");
  }

  @Test
  void create_ofATakenName_changesNothing() throws IOException {
    Path file = folder.resolve("f");

    assertThat(DurableFiles.create(file, new byte[] {1})).isTrue();
    assertThat(DurableFiles.create(file, new byte[] {2})).isFalse();

    assertThat(file).hasBinaryContent(new byte[] {1});
    assertOnly("f");
  }

  @Test
  void create_whereALinkLeadsNowhere_isTaken() throws IOException {
    Path file = Files.createSymbolicLink(folder.resolve("f"), folder.resolve("absent"));

    assertThat(DurableFiles.create(file, new byte[] {1})).isFalse();

    assertOnly("f");
    assertThat(folder.resolve("absent")).doesNotExist();
  }

  @Test
  void folderInTheWay_isAFailure_andLeavesNothing() throws IOException {
    Path file = Files.createDirectory(folder.resolve("f"));
    Files.createFile(file.resolve("content"));

    assertThatThrownBy(() -> DurableFiles.replace(file, new byte[] {1}))
        .isInstanceOf(IOException.class);
    assertThat(DurableFiles.create(file, new byte[] {1})).isFalse();

    assertThat(file).isDirectoryContaining("glob:**/content");
    assertOnly("f");
  }

  @Test
  void missingFolder_isAFailure() {
    Path file = folder.resolve("absent").resolve("f");

    assertThatThrownBy(() -> DurableFiles.replace(file, new byte[1]))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> DurableFiles.create(file, new byte[1]))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> DurableFiles.syncDirectory(file)).isInstanceOf(IOException.class);
  }

  @Test
  void readerBesideAReplacingWriter_seesTheOldContentOrTheNew() throws Exception {
    Path file = folder.resolve("f");
    byte[] ones = new byte[5000];
    byte[] twos = new byte[7000];
    java.util.Arrays.fill(ones, (byte) 1);
    java.util.Arrays.fill(twos, (byte) 2);
    DurableFiles.replace(file, ones);
    ExecutorService thread = Executors.newSingleThreadExecutor();

    Future<?> writer = thread.submit(() -> {
      for (int i = 0; i < 100; i++) {
        DurableFiles.replace(file, i % 2 == 0 ? twos : ones);
      }
      return null;
    });

    try {
      do {
        assertThat(Files.readAllBytes(file)).isIn(ones, twos);
      } while (!writer.isDone());
      writer.get();
    } finally {
      thread.shutdownNow();
    }
    assertOnly("f");
  }

  private void assertOnly(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve(name));
    }
  }
}
