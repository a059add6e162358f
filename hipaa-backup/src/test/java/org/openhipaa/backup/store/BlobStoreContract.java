package org.openhipaa.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link BlobStore} promises. A store's test extends it and gives an empty store. */
public abstract class BlobStoreContract {
  private BlobStore store;

  /** An empty store. */
  protected abstract BlobStore empty() throws Exception;

  @BeforeEach
  void begin() throws Exception {
    store = empty();
  }

  @Test
  void createdObject_isReadBack() {
    boolean created = store.create("chunks/ab/abcd", bytes("content"));

    assertThat(created).isTrue();
    assertThat(store.read("chunks/ab/abcd", 100)).hasValue(bytes("content"));
    assertThat(store.size("chunks/ab/abcd")).hasValue(7);
  }

  @Test
  void emptyObject_isAnObject() {
    store.create("head", new byte[0]);

    assertThat(store.read("head", 1)).hasValue(new byte[0]);
    assertThat(store.size("head")).hasValue(0);
    assertThat(list()).containsExactly(new StoredBlob("head", 0));
  }

  @Test
  void takenName_isRefusedAndNothingChanges() {
    store.create("config", bytes("first"));

    boolean created = store.create("config", bytes("second"));

    assertThat(created).isFalse();
    assertThat(store.read("config", 100)).hasValue(bytes("first"));
  }

  @Test
  void missingObject_isAbsent() {
    assertThat(store.read("head", 100)).isEmpty();
    assertThat(store.size("chunks/ab/abcd")).isEmpty();
    assertThat(store.replace("head", bytes("old"), bytes("new"))).isFalse();
    assertThat(list()).isEmpty();
  }

  @Test
  void longObject_isReadUpToTheLimit() {
    store.create("config", bytes("0123456789"));

    assertThat(store.read("config", 4)).hasValue(bytes("0123"));
    assertThat(store.read("config", 10)).hasValue(bytes("0123456789"));
    assertThatThrownBy(() -> store.read("config", 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void expectedObject_isReplaced() {
    store.create("head", bytes("one"));

    assertThat(store.replace("head", bytes("one"), bytes("two and more"))).isTrue();

    assertThat(store.read("head", 100)).hasValue(bytes("two and more"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "on", "onee", "onE", "two"})
  void otherObject_isNotReplaced(String expectation) {
    store.create("head", bytes("one"));

    assertThat(store.replace("head", bytes(expectation), bytes("three"))).isFalse();

    assertThat(store.read("head", 100)).hasValue(bytes("one"));
  }

  @Test
  void everything_isListed() {
    store.create("config", bytes("1"));
    store.create("snapshots/0000000001", bytes("22"));
    store.create("chunks/ab/abcd", bytes("333"));
    store.create("chunks/cd/cdef", bytes("4444"));

    assertThat(list())
        .containsExactlyInAnyOrder(
            new StoredBlob("config", 1),
            new StoredBlob("snapshots/0000000001", 2),
            new StoredBlob("chunks/ab/abcd", 3),
            new StoredBlob("chunks/cd/cdef", 4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc",
        "..",
        "../x",
        "a/../b",
        "a//b",
        "a/",
        ".lock",
        "A",
        "a.b",
        "a\\b",
        "a b",
        "a/b/c/d/e",
        "-a",
        "a/-b",
        "ä",
        "a\0b",
        "C:x"
      })
  void nameThatCouldEscape_isRefused(String name) {
    assertThatThrownBy(() -> store.create(name, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.read(name, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.size(name)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.replace(name, new byte[0], new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(list()).isEmpty();
  }

  @Test
  void leftovers_areNoObjects() {
    store.create("config", bytes("1"));

    store.removeLeftovers();

    assertThat(store.read("config", 10)).hasValue(bytes("1"));
  }

  @Test
  void manyCreatorsOfOneName_oneWins() throws Exception {
    for (int round = 0; round < 10; round++) {
      String name = "snapshots/" + round;

      List<Integer> winners = race(i -> store.create(name, bytes("writer " + i)));

      assertThat(winners).hasSize(1);
      assertThat(store.read(name, 100)).hasValue(bytes("writer " + winners.get(0)));
    }
  }

  @Test
  void manyReplacersWithOneExpectation_oneWins() throws Exception {
    store.create("head", bytes("begin"));
    byte[] current = bytes("begin");
    for (int round = 0; round < 10; round++) {
      byte[] expected = current;
      String next = "round " + round + " writer ";

      List<Integer> winners = race(i -> store.replace("head", expected, bytes(next + i)));

      assertThat(winners).hasSize(1);
      current = bytes(next + winners.get(0));
      assertThat(store.read("head", 100)).hasValue(current);
    }
  }

  private interface Attempt {
    boolean by(int writer) throws Exception;
  }

  private static List<Integer> race(Attempt attempt) throws Exception {
    int writers = 4;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      CyclicBarrier barrier = new CyclicBarrier(writers);
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        int writer = i;
        Callable<Boolean> task = () -> {
          barrier.await(10, TimeUnit.SECONDS);
          return attempt.by(writer);
        };
        results.add(threads.submit(task));
      }
      List<Integer> winners = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        if (results.get(i).get(10, TimeUnit.SECONDS)) {
          winners.add(i);
        }
      }
      return winners;
    } finally {
      threads.shutdownNow();
    }
  }

  private List<StoredBlob> list() {
    List<StoredBlob> blobs = new ArrayList<>();
    store.list(blobs::add);
    return blobs;
  }

  protected static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
