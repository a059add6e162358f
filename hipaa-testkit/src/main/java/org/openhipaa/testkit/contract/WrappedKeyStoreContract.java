package org.openhipaa.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.crypto.WrappedKeyStore;

/** What every {@link WrappedKeyStore} must do. Subclass it and say how to open one. */
public abstract class WrappedKeyStoreContract {
  /** For subclasses. */
  protected WrappedKeyStoreContract() {}

  /**
   * Opens the store. Called again within one test it must open the same content anew.
   *
   * @return the store
   */
  protected abstract WrappedKeyStore open();

  @Test
  void newStore_holdsNothing() {
    assertThat(open().find("tenant")).isEmpty();
  }

  @Test
  void createdKey_isFound_alsoAfterReopening() {
    assertThat(open().create("patient-1", new byte[] {1, 2, 3})).isTrue();

    assertThat(open().find("patient-1"))
        .hasValueSatisfying(found -> assertThat(found).containsExactly(1, 2, 3));
  }

  @Test
  void takenName_isRefusedAndKeepsItsKey() {
    WrappedKeyStore store = open();
    store.create("patient-1", new byte[] {1});

    assertThat(store.create("patient-1", new byte[] {2})).isFalse();

    assertThat(store.find("patient-1"))
        .hasValueSatisfying(found -> assertThat(found).containsExactly(1));
  }

  @Test
  void concurrentCreations_exactlyOneWinsAndItsKeyStays() {
    WrappedKeyStore store = open();

    List<Boolean> won = Race.run(32, i -> store.create("key", new byte[] {(byte) i}));

    assertThat(won.stream().filter(w -> w)).hasSize(1);
    byte winner = (byte) won.indexOf(true);
    assertThat(store.find("key"))
        .hasValueSatisfying(found -> assertThat(found).containsExactly(winner));
  }
}
