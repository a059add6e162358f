package org.openhipaa.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KeyHandleTest {
  private static final byte[] SECRET = {
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
  };

  /** Or somebody who seals while another closes would seal with a key of zeros. */
  @Test
  void keyGivenOut_staysWholeWhenTheHandleCloses() {
    KeyHandle handle = new KeyHandle(new byte[16], 1, SECRET);
    byte[] before = handle.sealingKey(KeyPurpose.RECORD).clone();
    byte[] given = handle.sealingKey(KeyPurpose.RECORD);

    handle.close();

    assertThat(given).isEqualTo(before);
  }

  @Test
  void closedHandle_givesNothing() {
    KeyHandle handle = new KeyHandle(new byte[16], 1, SECRET);

    handle.close();

    assertThatThrownBy(() -> handle.sealingKey(KeyPurpose.RECORD))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> handle.derive("x")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void handle_isIndependentOfTheArraysItWasMadeFrom() {
    byte[] id = new byte[16];
    byte[] secret = SECRET.clone();
    KeyHandle handle = new KeyHandle(id, 1, secret);
    byte[] before = handle.derive("x");

    Arrays.fill(id, (byte) 9);
    Arrays.fill(secret, (byte) 9);

    assertThat(handle.derive("x")).isEqualTo(before);
    assertThat(handle.id()).containsOnly(0);
  }

  @Test
  void secretOfAnotherSize_isRefused() {
    assertThatThrownBy(() -> new KeyHandle(new byte[16], 1, new byte[31]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new KeyHandle(new byte[16], 1, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
