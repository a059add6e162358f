package org.openhipaa.auth.password;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TypedPasswordTest {
  @Test
  void composedAndDecomposed_areOnePassword() {
    assertThat(utf8("caf\u00e9")).isEqualTo(utf8("cafe\u0301"));
    assertThat(utf8("\uff41\ufb01")).isEqualTo(utf8("afi"));
  }

  @Test
  void differentPasswords_stayDifferent() {
    assertThat(utf8("cafe")).isNotEqualTo(utf8("caf\u00e9"));
    assertThat(utf8("Cafe")).isNotEqualTo(utf8("cafe"));
    assertThat(utf8("cafe ")).isNotEqualTo(utf8("cafe"));
    assertThat(utf8("ca\u0000fe")).isNotEqualTo(utf8("cafe"));
  }

  @Test
  void length_isCountedInCharactersOfUnicodeAfterNormalisation() {
    assertThat(TypedPassword.of("\ud83d\udc31".toCharArray()).length()).isEqualTo(1);
    assertThat(TypedPassword.of("e\u0301".toCharArray()).length()).isEqualTo(1);
    assertThat(TypedPassword.of("\ufb01".toCharArray()).length()).isEqualTo(2);
  }

  @Test
  void limit_isTheSameInEverySpelling() {
    assertThat(TypedPassword.of("a".repeat(1_024).toCharArray()).tooLong()).isFalse();
    assertThat(TypedPassword.of("a".repeat(1_025).toCharArray()).tooLong()).isTrue();
    assertThat(TypedPassword.of("\u00e9".repeat(1_024).toCharArray()).tooLong()).isFalse();
    assertThat(TypedPassword.of("e\u0301".repeat(1_024).toCharArray()).tooLong())
        .isFalse();
    assertThat(TypedPassword.of("e\u0301".repeat(1_025).toCharArray()).tooLong())
        .isTrue();
    assertThat(TypedPassword.of("\ud83d\udc31".repeat(1_024).toCharArray()).tooLong())
        .isFalse();
    assertThat(TypedPassword.of("a".repeat(5_000_000).toCharArray()).tooLong()).isTrue();
  }

  @Test
  void lastCharacterOfTheLongest_counts() {
    String stem = "\u00e9" + "a".repeat(1_022);

    assertThat(utf8(stem + "b")).isNotEqualTo(utf8(stem + "c")).hasSize(1_025);
  }

  @Test
  void halfOfASurrogatePair_isMalformed() {
    TypedPassword half = TypedPassword.of("abc\ud83dabc".toCharArray());

    assertThat(half.malformed()).isTrue();
    assertThat(half.utf8()).isEmpty();
  }

  @Test
  void close_wipesTheBytesAndLeavesTheCallersArray() {
    char[] typed = "caf\u00e9".toCharArray();
    TypedPassword password = TypedPassword.of(typed);
    byte[] held = password.utf8();
    assertThat(new String(held, StandardCharsets.UTF_8)).isEqualTo("caf\u00e9");

    password.close();

    assertThat(held).containsOnly(0);
    assertThat(typed).isEqualTo("caf\u00e9".toCharArray());
    assertThat(password).hasToString("TypedPassword");
  }

  private static byte[] utf8(String typed) {
    return TypedPassword.of(typed.toCharArray()).utf8();
  }
}
