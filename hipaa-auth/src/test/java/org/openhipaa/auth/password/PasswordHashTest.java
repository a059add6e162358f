package org.openhipaa.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
  private static final String SALT = "AAECAwQFBgcICQoLDA0ODw";
  private static final String TAG = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
  private static final String SOUND = "$argon2id$v=19$m=19456,t=2,p=1$" + SALT + "$" + TAG;

  @Test
  void soundText_isReadAndWrittenAlike() {
    PasswordHash hash = PasswordHash.parse(SOUND);

    assertThat(hash.text()).isEqualTo(SOUND);
    assertThat(hash.cost()).isEqualTo(Argon2Cost.DEFAULT);
    assertThat(hash.saltSize()).isEqualTo(16);
    assertThat(hash.tagSize()).isEqualTo(32);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a password in the clear",
        "$2b$12$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234",
        "$argon2i$v=19$m=19456,t=2,p=1$" + SALT + "$" + TAG,
        "$argon2d$v=19$m=19456,t=2,p=1$" + SALT + "$" + TAG,
        "$ARGON2ID$v=19$m=19456,t=2,p=1$" + SALT + "$" + TAG,
        "$argon2id$v=16$m=19456,t=2,p=1$" + SALT + "$" + TAG,
        "$argon2id$v=190$m=19456,t=2,p=1$" + SALT + "$" + TAG,
        "$argon2id$m=19456,t=2,p=1$" + SALT + "$" + TAG,
        "$argon2id$v=19$m=019456,t=2,p=1$" + SALT + "$" + TAG,
        "$argon2id$v=19$m=+19456,t=2,p=1$" + SALT + "$" + TAG,
        "$argon2id$v=19$m=0,t=2,p=1$" + SALT + "$" + TAG,
        "$argon2id$v=19$m=7,t=2,p=1$" + SALT + "$" + TAG,
        "$argon2id$v=19$m=131073,t=2,p=1$" + SALT + "$" + TAG,
        "$argon2id$v=19$m=4294967295,t=2,p=1$" + SALT + "$" + TAG,
        "$argon2id$v=19$m=19456,t=0,p=1$" + SALT + "$" + TAG,
        "$argon2id$v=19$m=19456,t=17,p=1$" + SALT + "$" + TAG,
        "$argon2id$v=19$m=19456,t=2,p=0$" + SALT + "$" + TAG,
        "$argon2id$v=19$m=19456,t=2,p=17$" + SALT + "$" + TAG,
        "$argon2id$v=19$m=15,t=2,p=2$" + SALT + "$" + TAG,
        "$argon2id$v=19$t=2,m=19456,p=1$" + SALT + "$" + TAG,
        "$argon2id$v=19$m=19456,t=2$" + SALT + "$" + TAG,
        "$argon2id$v=19$m=19456,t=2,p=1,keyid=AA$" + SALT + "$" + TAG,
        "$argon2id$v=19$m=19456,t=2,p=1$" + SALT + "==$" + TAG,
        "$argon2id$v=19$m=19456,t=2,p=1$" + SALT + "$" + TAG + "=",
        "$argon2id$v=19$m=19456,t=2,p=1$" + SALT + "$" + TAG + "$",
        "$argon2id$v=19$m=19456,t=2,p=1$" + SALT + "$" + TAG + "\n",
        "$argon2id$v=19$m=19456,t=2,p=1$" + SALT + "$" + TAG + " ",
        " $argon2id$v=19$m=19456,t=2,p=1$" + SALT + "$" + TAG,
        "$argon2id$v=19$m=19456,t=2,p=1$" + SALT + "$",
        "$argon2id$v=19$m=19456,t=2,p=1$$" + TAG,
        "$argon2id$v=19$m=19456,t=2,p=1$AAEC$" + TAG,
        "$argon2id$v=19$m=19456,t=2,p=1$" + SALT + "$AAECAwQFBgcICQoLDA0O",
        "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODx$" + TAG,
        "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0OD-$" + TAG,
        "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0OD$" + TAG,
      })
  void otherText_isRefusedWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> PasswordHash.parse(text))
        .isInstanceOf(PasswordHashNotReadException.class)
        .hasMessageContaining("set a new password")
        .hasMessageNotContaining("in the clear")
        .hasMessageNotContaining("AAEC");
  }

  @Test
  void endlessText_isRefused() {
    assertThatThrownBy(() -> PasswordHash.parse(SOUND + "A".repeat(1_000_000)))
        .isInstanceOf(PasswordHashNotReadException.class);
  }

  @Test
  void everyEditOfOneCharacter_isRefusedOrAnotherHashInItsOnlySpelling() {
    int refused = 0;
    int read = 0;

    for (String edited : editsOf(SOUND)) {
      try {
        assertThat(PasswordHash.parse(edited).text()).isEqualTo(edited);
        read++;
      } catch (PasswordHashNotReadException e) {
        refused++;
      }
    }

    assertThat(refused).isGreaterThan(1_000);
    assertThat(read).isGreaterThan(100);
  }

  @Test
  void text_isNotPrinted() {
    assertThat(PasswordHash.parse(SOUND)).hasToString("PasswordHash");
  }

  private static List<String> editsOf(String text) {
    List<String> edits = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      String before = text.substring(0, i);
      String after = text.substring(i + 1);
      edits.add(before + after);
      for (char c : "$=,+/-_ 0159aAfFgGwWzZ\u0000\u0661\u00e9".toCharArray()) {
        if (c != text.charAt(i)) {
          edits.add(before + c + after);
        }
        edits.add(before + c + text.charAt(i) + after);
      }
    }
    return edits;
  }
}
