package org.openhipaa.auth.password;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Argon2idTest {
  @Test
  @DisplayName("RFC 9106 section 5.3: Argon2id test vector")
  void vectorOfTheRfc_isReproduced() {
    Argon2Cost cost = new Argon2Cost(32, 3, 4);

    byte[] tag = Argon2id.hash(
        filled(32, 1), filled(16, 2), filled(8, 3), filled(12, 4), cost, 32, Argon2id.pool(cost));

    assertThat(HexFormat.of().formatHex(tag))
        .isEqualTo("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
  }

  @ParameterizedTest
  @DisplayName("hashes that libargon2 made are verified")
  @CsvSource(
      delimiter = ' ',
      value = {
        "password $argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
            + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "caf\u00e9-cr\u00e8me-tuba $argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg"
            + "$7CyjQjvGJF16xgsR+Zd8PEW3wlUxLqDaRyqRUSlrBeI",
        "'' $argon2id$v=19$m=64,t=1,p=2$MDEyMzQ1Njc4OWFiY2RlZg"
            + "$TY1Ojiq6E+fKcwDKeRs0DmYBcjITB5zi",
      })
  void hashOfLibargon2_isVerified(String password, String hash) {
    try (PasswordHasher.Turn turn = Clinic.hasher(Clinic.QUICK).awaitTurn()) {
      assertThat(turn.matches(utf8(password), PasswordHash.parse(hash))).isTrue();
      assertThat(turn.matches(utf8(password + "x"), PasswordHash.parse(hash))).isFalse();
    }
  }

  @Test
  void poolUsedForOtherCostsInBetween_changesNoHash() {
    Argon2Cost small = new Argon2Cost(64, 1, 1);
    Argon2Cost large = new Argon2Cost(256, 2, 3);
    BlockPool shared = Argon2id.pool(small);

    byte[] first = hash(small, shared);
    byte[] between = hash(large, shared);
    byte[] again = hash(small, shared);

    assertThat(first).isEqualTo(hash(small, Argon2id.pool(small))).isEqualTo(again);
    assertThat(between).isEqualTo(hash(large, Argon2id.pool(large)));
  }

  private static byte[] hash(Argon2Cost cost, BlockPool pool) {
    return Argon2id.hash(utf8("a password"), filled(16, 7), cost, 32, pool);
  }

  private static byte[] filled(int size, int value) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
