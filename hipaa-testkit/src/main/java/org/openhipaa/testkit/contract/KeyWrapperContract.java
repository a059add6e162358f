package org.openhipaa.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.crypto.KeyNotAvailableException;
import org.openhipaa.core.crypto.KeyWrapper;

/** What every {@link KeyWrapper} must do. Subclass it and say how to open one. */
public abstract class KeyWrapperContract {
  private static final byte[] CONTEXT = {1, 2, 3};

  /** For subclasses. */
  protected KeyWrapperContract() {}

  /**
   * Opens the wrapper. Called again within one test it must use the same key.
   *
   * @return the wrapper
   */
  protected abstract KeyWrapper open();

  /**
   * Opens a wrapper with another key.
   *
   * @return the wrapper
   */
  protected abstract KeyWrapper openOther();

  @Test
  void wrappedKey_isUnwrapped_alsoAfterReopening() {
    byte[] key = key();

    KeyWrapper wrapper = open();
    byte[] wrapped = wrapper.wrap(key, CONTEXT);

    assertThat(open().unwrap(wrapper.keyId(), wrapped, CONTEXT)).isEqualTo(key);
    assertThat(wrapped).isNotEqualTo(key);
    assertThat(wrapper.wrap(key, CONTEXT)).as("wrapping is randomised").isNotEqualTo(wrapped);
  }

  @Test
  void otherContext_isRefused() {
    KeyWrapper wrapper = open();
    byte[] wrapped = wrapper.wrap(key(), CONTEXT);

    assertThatThrownBy(() -> wrapper.unwrap(wrapper.keyId(), wrapped, new byte[] {1, 2, 4}))
        .isInstanceOf(KeyNotAvailableException.class);
  }

  @Test
  void otherWrapper_isRefused_alsoUnderItsOwnName() {
    KeyWrapper wrapper = open();
    byte[] wrapped = wrapper.wrap(key(), CONTEXT);
    KeyWrapper other = openOther();

    assertThatThrownBy(() -> other.unwrap(wrapper.keyId(), wrapped, CONTEXT))
        .isInstanceOf(KeyNotAvailableException.class);
    assertThatThrownBy(() -> other.unwrap(other.keyId(), wrapped, CONTEXT))
        .isInstanceOf(KeyNotAvailableException.class);
  }

  @Test
  void everyAlteredByte_isRefused() {
    KeyWrapper wrapper = open();
    byte[] wrapped = wrapper.wrap(key(), CONTEXT);

    for (int i = 0; i < wrapped.length; i++) {
      byte[] altered = wrapped.clone();
      altered[i] ^= 1;
      assertThatThrownBy(() -> wrapper.unwrap(wrapper.keyId(), altered, CONTEXT))
          .as("byte %d", i)
          .isInstanceOf(KeyNotAvailableException.class);
    }
    assertThatThrownBy(() -> wrapper.unwrap(wrapper.keyId(), new byte[0], CONTEXT))
        .isInstanceOf(KeyNotAvailableException.class);
  }

  private static byte[] key() {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 7);
    return key;
  }
}
