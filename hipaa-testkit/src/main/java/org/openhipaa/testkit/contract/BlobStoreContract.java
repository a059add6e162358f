package org.openhipaa.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openhipaa.backup.store.BlobStore;

/** What every {@link BlobStore} must do. Subclass it and say how to open one. */
public abstract class BlobStoreContract {
  private static final int PLENTY = 1024;

  /** For subclasses. */
  protected BlobStoreContract() {}

  /**
   * Opens the store. Called again within one test it must open the same content anew.
   *
   * @return the store
   */
  protected abstract BlobStore open();

  @Test
  void newStore_holdsNothing() {
    assertThat(open().read("config", PLENTY)).isEmpty();
    assertThat(open().size("config")).isEmpty();
    assertThat(names(open())).isEmpty();
  }

  @Test
  void createdObject_isReadListedAndSized_alsoAfterReopening() {
    assertThat(open().create("chunks/ab/one", bytes("content"))).isTrue();
    assertThat(open().create("empty", new byte[0])).isTrue();

    assertRead(open(), "chunks/ab/one", PLENTY, "content");
    assertRead(open(), "empty", 1, "");
    assertThat(open().size("chunks/ab/one")).hasValue(7);
    assertThat(names(open())).containsExactly("chunks/ab/one", "empty");
  }

  @Test
  void longerObject_isReadUpToTheLimit() {
    open().create("long", bytes("0123456789"));

    assertRead(open(), "long", 10, "0123456789");
    assertRead(open(), "long", 9, "012345678");
    assertRead(open(), "long", 1, "0");
  }

  @Test
  void takenName_isRefusedAndKeepsItsContent() {
    BlobStore store = open();
    store.create("one", bytes("first"));

    assertThat(store.create("one", bytes("second"))).isFalse();

    assertRead(store, "one", PLENTY, "first");
  }

  @Test
  void replace_needsTheRightExpectation() {
    BlobStore store = open();
    store.create("head", bytes("1"));

    assertThat(store.replace("head", bytes("0"), bytes("2"))).isFalse();
    assertThat(store.replace("absent", bytes("0"), bytes("2"))).isFalse();
    assertThat(store.replace("head", bytes("1"), bytes("2"))).isTrue();

    assertRead(open(), "head", PLENTY, "2");
    assertThat(store.read("absent", PLENTY)).isEmpty();
  }

  @Test
  void concurrentCreations_exactlyOneWinsAndItsContentStays() {
    BlobStore store = open();

    List<Boolean> won = Race.run(32, i -> store.create("raced", bytes("content " + i)));

    assertThat(won.stream().filter(w -> w)).hasSize(1);
    assertRead(open(), "raced", PLENTY, "content " + won.indexOf(true));
  }

  @Test
  void concurrentReplacements_exactlyOneWinsAndItsContentStays() {
    BlobStore store = open();
    store.create("head", bytes("before"));

    List<Boolean> won =
        Race.run(32, i -> store.replace("head", bytes("before"), bytes("after " + i)));

    assertThat(won.stream().filter(w -> w)).hasSize(1);
    assertRead(open(), "head", PLENTY, "after " + won.indexOf(true));
  }

  @Test
  void removingLeftovers_keepsObjects() {
    BlobStore store = open();
    store.create("chunks/ab/one", bytes("content"));

    store.removeLeftovers();

    assertRead(open(), "chunks/ab/one", PLENTY, "content");
  }

  @Test
  void namesThatLeaveTheStore_areRefused() {
    BlobStore store = open();

    for (String name : List.of(
        "",
        "/",
        "/etc",
        "..",
        "../x",
        "a/../b",
        "a//b",
        "a/",
        "a/b/c/d/e",
        "A",
        "a b",
        "-a",
        "a\u0000",
        "a\\b",
        "é")) {
      assertThatThrownBy(() -> store.create(name, bytes("x")))
          .as("create '%s'", name)
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.read(name, PLENTY))
          .as("read '%s'", name)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(names(open())).isEmpty();
  }

  private static void assertRead(BlobStore store, String name, int limit, String expected) {
    assertThat(store.read(name, limit))
        .hasValueSatisfying(read -> assertThat(read).isEqualTo(bytes(expected)));
  }

  private static SortedSet<String> names(BlobStore store) {
    SortedSet<String> names = new TreeSet<>();
    store.list(blob -> names.add(blob.name()));
    return names;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
