package org.openhipaa.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.phi.SealedRecordStore;

/** What every {@link SealedRecordStore} must do. Subclass it and say how to open one. */
public abstract class SealedRecordStoreContract {
  private static final String NAME = "0123456789abcdef".repeat(4);
  private static final String OTHER = "fedcba9876543210".repeat(4);

  /** For subclasses. */
  protected SealedRecordStoreContract() {}

  /**
   * Opens the store. Called again within one test it must open the same content anew.
   *
   * @return the store
   */
  protected abstract SealedRecordStore open();

  @Test
  void newStore_holdsNothing() {
    assertThat(open().find(NAME)).isEmpty();
  }

  @Test
  void storedRecord_isFoundByteForByte_alsoAfterReopening() {
    byte[] sealed = bytes("first");

    assertThat(open().replace(NAME, null, sealed)).isTrue();

    assertThat(open().find(NAME)).hasValueSatisfying(found -> assertThat(found).isEqualTo(sealed));
    assertThat(open().find(OTHER)).isEmpty();
  }

  @Test
  void replaceWithWrongExpectation_changesNothing() {
    SealedRecordStore store = open();
    store.replace(NAME, null, bytes("first"));

    assertThat(store.replace(NAME, null, bytes("second"))).isFalse();
    assertThat(store.replace(NAME, bytes("third"), bytes("second"))).isFalse();
    assertThat(store.replace(OTHER, bytes("first"), bytes("second"))).isFalse();

    assertThat(store.find(NAME))
        .hasValueSatisfying(found -> assertThat(found).isEqualTo(bytes("first")));
    assertThat(store.find(OTHER)).isEmpty();
  }

  @Test
  void concurrentReplacements_exactlyOneWins() {
    SealedRecordStore store = open();
    store.replace(NAME, null, bytes("before"));

    List<Boolean> won =
        Race.run(32, i -> store.replace(NAME, bytes("before"), bytes("after " + i)));

    assertThat(won.stream().filter(w -> w)).hasSize(1);
    byte[] winner = bytes("after " + won.indexOf(true));
    assertThat(open().find(NAME)).hasValueSatisfying(found -> assertThat(found).isEqualTo(winner));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
