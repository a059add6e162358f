package org.openhipaa.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openhipaa.auth.password.PasswordRule.PASSWORD_CONTAINS_CONTEXT_WORD;
import static org.openhipaa.auth.password.PasswordRule.PASSWORD_CONTAINS_USER_ID;
import static org.openhipaa.auth.password.PasswordRule.PASSWORD_REPETITION;
import static org.openhipaa.auth.password.PasswordRule.PASSWORD_SEQUENCE;
import static org.openhipaa.auth.password.PasswordRule.PASSWORD_TOO_LONG;
import static org.openhipaa.auth.password.PasswordRule.PASSWORD_TOO_SHORT;
import static org.openhipaa.auth.password.PasswordRule.PASSWORD_UNSUPPORTED_CHARACTER;
import static org.openhipaa.auth.password.PasswordRule.PASSWORD_WELL_KNOWN;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhipaa.core.actor.ActorId;

class PasswordPolicyTest {
  private static final Set<String> BREACHED = Set.of("my cat Whiskers eats caf\u00e9 au lait");

  private final PasswordPolicy policy = new PasswordPolicy(Set.of("Elsewhere"), BREACHED::contains);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "seven lamps over a quiet river",
        "tuba lemon crater fork",
        "\u4e2d\u6587\u5bc6\u7801\u53ef\u4ee5\u7528\u7684\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03",
        "qzmpwoxneirutyx",
        "                 x y z",
        "\ud83d\udc31\ud83d\udc36\ud83e\udd8a\ud83d\udc3b\ud83d\udc3c\ud83d\udc28\ud83d\udc2f"
            + "\ud83e\udd81\ud83d\udc2e\ud83d\udc37\ud83d\udc38\ud83d\udc35\ud83d\udc14\ud83d\udc27"
            + "\ud83d\udc26",
      })
  void anyKindOfCharacters_isFit(String password) {
    assertThat(judged(password)).isEmpty();
  }

  @Test
  void length_isFifteenTo1024() {
    assertThat(judged("tuba lemon fork")).isEmpty();
    assertThat(judged("tuba lemon for")).contains(PASSWORD_TOO_SHORT);
    assertThat(judged("")).contains(PASSWORD_TOO_SHORT);
    assertThat(judged("tuba lemon fork" + " and spoon".repeat(100) + " and cup."))
        .isEmpty();
    assertThat(judged("tuba lemon fork" + " and spoon".repeat(100) + " and cup..."))
        .contains(PASSWORD_TOO_LONG);
  }

  @Test
  void userId_isRefusedInsideInAnyCase() {
    assertThat(judged("lamps of Nina.Nurse forever")).contains(PASSWORD_CONTAINS_USER_ID);
    assertThat(judged("lamps of \uff2e\uff29\uff2e\uff21.nurse forever"))
        .contains(PASSWORD_CONTAINS_USER_ID);
    assertThat(policy.firstBroken("talent at tennis".toCharArray(), ActorId.of("al")))
        .isEmpty();
  }

  @Test
  void contextWord_isRefusedInsideInAnyCase() {
    assertThat(judged("I work at ELSEWHERE today")).contains(PASSWORD_CONTAINS_CONTEXT_WORD);
    assertThatThrownBy(() -> new PasswordPolicy(Set.of("st."), p -> false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "passwordpassword",
        "Summer19Summer19Summer19",
        "\ud83d\udc31\ud83d\udc31\ud83d\udc31\ud83d\udc31\ud83d\udc31\ud83d\udc31\ud83d\udc31\ud83d\udc31"
            + "\ud83d\udc31\ud83d\udc31\ud83d\udc31\ud83d\udc31\ud83d\udc31\ud83d\udc31\ud83d\udc31",
      })
  void onePieceOverAndOver_isRefused(String password) {
    assertThat(judged(password)).contains(PASSWORD_REPETITION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abcdefghijklmno",
        "zyxwvutsrqponmlk",
        "uvwxyzabcdefghij",
        "123456789012345",
        "098765432109876",
        "QWERTYUIOPASDFGH",
        "1qaz2wsx3edc4rfv",
        "1234567890qwerty",
        "a1b2c3d4e5f6g7h8",
      })
  void walkAlongTheKeyboard_isRefused(String password) {
    assertThat(judged(password)).contains(PASSWORD_SEQUENCE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "correct horse battery staple",
        "CorrectHorseBatteryStaple",
        "May the Force be with you!",
        "password-12345678",
      })
  void whatEverybodyKnows_isRefused(String password) {
    assertThat(judged(password)).contains(PASSWORD_WELL_KNOWN);
  }

  @Test
  void listOfTheOperator_isAskedForTheNormalisedPassword() {
    assertThat(judged("my cat Whiskers eats cafe\u0301 au lait")).contains(PASSWORD_WELL_KNOWN);
    assertThat(judged("my dog Whiskers eats cafe\u0301 au lait")).isEmpty();
  }

  @Test
  void noStableCharacter_isRefused() {
    assertThat(judged("seven lamps \ud83d over a river")).contains(PASSWORD_UNSUPPORTED_CHARACTER);
    assertThat(judged("seven lamps \u0378 over a river")).contains(PASSWORD_UNSUPPORTED_CHARACTER);
  }

  @Test
  void shippedList_isFoldedAndWorthItsPlace() {
    assertThat(WellKnownPasswords.all()).hasSizeGreaterThan(50).allSatisfy(entry -> {
      assertThat(entry).matches("[a-z0-9]{13,64}");
      assertThat(judged(entry.toUpperCase(Locale.ROOT) + "!!"))
          .as(entry)
          .contains(PASSWORD_WELL_KNOWN);
    });
  }

  @Test
  void advice_isThereForEveryRule() {
    for (PasswordRule rule : PasswordRule.values()) {
      assertThat(rule.advice()).isNotBlank();
    }
  }

  @Test
  void longestPassword_isJudgedQuickly() {
    char[] longest = "ab".repeat(511).concat("xy").toCharArray();
    judged(new String(longest));

    long start = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      policy.firstBroken(longest, Clinic.NURSE);
    }
    Duration each = Duration.ofNanos(System.nanoTime() - start).dividedBy(20);

    assertThat(each).isLessThan(Duration.ofMillis(50));
  }

  private Optional<PasswordRule> judged(String password) {
    return policy.firstBroken(password.toCharArray(), Clinic.NURSE);
  }
}
