package org.openhipaa.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhipaa.auth.password.AuthenticationResult.Authenticated;
import org.openhipaa.auth.password.AuthenticationResult.Refused;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditNotRecordedException;

@DisplayName("45 CFR 164.312(d): verify that a person is the one claimed")
class PasswordAuthenticatorTest {
  private final Clinic clinic = new Clinic().withNurse();
  private final PasswordAuthenticator authenticator = clinic.authenticator();

  @AfterEach
  void close() {
    clinic.close();
  }

  @Test
  void rightPassword_givesAnActorAndARecord() {
    Actor actor = actor(attempt("nina.nurse", Clinic.PASSWORD));

    assertThat(actor.id()).isEqualTo(Clinic.NURSE);
    assertThat(actor.groups()).containsExactly(Clinic.NURSES);
    assertThat(actor.assurance()).isEqualTo(Assurance.AAL1);
    assertThat(actor.authenticatedAt()).isEqualTo(clinic.clock.instant());
    AuditEvent event = clinic.audit.only();
    assertThat(RecordingAudit.summary(event)).isEqualTo("LOGIN SUCCESS nina.nurse");
    assertThat(event.time()).isEqualTo(clinic.clock.instant());
  }

  @Test
  void userIdInAnotherCase_isTheSameAccountUnderItsOwnName() {
    assertThat(actor(attempt("NINA.Nurse", Clinic.PASSWORD)).id()).isEqualTo(Clinic.NURSE);
    assertThat(clinic.audit.summaries()).containsExactly("LOGIN SUCCESS nina.nurse");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "nine lamps over a quiet river", "seven lamps over a quiet rive", "\ud83d"
      })
  void wrongPassword_isRefused(String wrong) {
    assertRefused(attempt("nina.nurse", wrong), "LOGIN REFUSED nina.nurse WRONG_PASSWORD");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nobody",
        "",
        " ",
        "nina.nurse ",
        "unknown",
        "system",
        "\u0000",
        "' OR '1'='1",
        "seven lamps over a quiet river",
      })
  void noSuchUser_isRefusedAsUnknown(String user) {
    assertRefused(attempt(user, Clinic.PASSWORD), "LOGIN REFUSED unknown UNKNOWN_USER");
  }

  @Test
  void endlessUserId_isRefusedAsUnknown() {
    assertRefused(
        attempt("n".repeat(10_000_000), Clinic.PASSWORD), "LOGIN REFUSED unknown UNKNOWN_USER");
  }

  @Test
  void accountUnderAReservedId_isNobodys() {
    String hash = clinic.store.find(Clinic.NURSE).orElseThrow().passwordHash();
    clinic.store.create(new Credential(AuditEvent.UNKNOWN, Set.of(), hash, true, Throttle.NONE, 0));

    assertRefused(attempt("not an id", Clinic.PASSWORD), "LOGIN REFUSED unknown UNKNOWN_USER");
  }

  @Test
  void disabledAccount_isRefusedWithTheRightPassword() {
    clinic.accounts().disable(clinic.admin, Clinic.NURSE);
    clinic.audit.forget();

    assertRefused(attempt("nina.nurse", Clinic.PASSWORD), "LOGIN REFUSED nina.nurse DISABLED");
  }

  @Test
  void tooLongPassword_isRefusedNotCut() {
    String longest = "tuba lemon fork" + "x".repeat(1_008) + "z";
    clinic.accounts().changePassword(clinic.admin, Clinic.NURSE, longest.toCharArray());
    clinic.audit.forget();

    assertRefused(
        attempt("nina.nurse", longest + "z"), "LOGIN REFUSED nina.nurse PASSWORD_TOO_LONG");
    assertThat(actor(attempt("nina.nurse", longest)).id()).isEqualTo(Clinic.NURSE);
    assertThat(attempt("nina.nurse", longest.substring(0, 1_023) + "y"))
        .isInstanceOf(Refused.class);
  }

  @Test
  @DisplayName("NIST SP 800-63B-4 3.1.1.2: Unicode passwords are normalised")
  void passwordInAnotherSpellingOfUnicode_isTheSame() {
    String composed = "caf\u00e9 cr\u00e8me \u00e0 la fa\u00e7on";
    String decomposed = "cafe\u0301 cre\u0300me a\u0300 la fac\u0327on";
    clinic.accounts().changePassword(clinic.admin, Clinic.NURSE, composed.toCharArray());

    assertThat(attempt("nina.nurse", composed)).isInstanceOf(Authenticated.class);
    assertThat(attempt("nina.nurse", decomposed)).isInstanceOf(Authenticated.class);
    assertThat(attempt("nina.nurse", "cafe creme a la facon")).isInstanceOf(Refused.class);
  }

  @Test
  void callersPassword_isLeftAsItIs() {
    char[] typed = Clinic.PASSWORD.toCharArray();

    authenticator.authenticate("nina.nurse", typed);

    assertThat(typed).isEqualTo(Clinic.PASSWORD.toCharArray());
  }

  @Test
  void everyRefusal_looksTheSame() {
    AuthenticationResult wrong = attempt("nina.nurse", Clinic.WRONG);
    AuthenticationResult unknown = attempt("nobody", Clinic.WRONG);
    AuthenticationResult tooLong = attempt("nina.nurse", "x".repeat(2_000));

    assertThat(wrong).isEqualTo(unknown).isEqualTo(tooLong).hasToString(unknown.toString());
    String message = wrong.fold(a -> "", Refused::message);
    assertThat(message).startsWith("The user name or the password is not accepted");
  }

  @Test
  void failingAudit_logsNobodyIn() {
    clinic.audit.fail(true);

    assertThatThrownBy(() -> attempt("nina.nurse", Clinic.PASSWORD))
        .isInstanceOf(AuditNotRecordedException.class);
    assertThatThrownBy(() -> attempt("nina.nurse", Clinic.WRONG))
        .isInstanceOf(AuditNotRecordedException.class);
    assertThatThrownBy(() -> attempt("nobody", Clinic.PASSWORD))
        .isInstanceOf(AuditNotRecordedException.class);
  }

  @Test
  void auditThatFailsForAWhile_leavesTheAccountUsable() {
    clinic.audit.fail(true);
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> attempt("nina.nurse", Clinic.PASSWORD))
          .isInstanceOf(AuditNotRecordedException.class);
    }

    clinic.audit.fail(false);

    assertThat(attempt("nina.nurse", Clinic.PASSWORD)).isInstanceOf(Authenticated.class);
  }

  @Test
  void overload_isAFailureThatCostsNobodyAnAttempt() {
    PasswordHasher oneAtATime =
        PasswordHasher.ofAnyCost(new SecureRandom(), Clinic.QUICK, 1, Duration.ofMillis(1));
    PasswordAuthenticator busy =
        new PasswordAuthenticator(clinic.store, oneAtATime, clinic.audit, clinic.clock);

    try (PasswordHasher.Turn turn = oneAtATime.awaitTurn()) {
      assertThat(turn).isNotNull();
      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(() -> busy.authenticate("nina.nurse", Clinic.PASSWORD.toCharArray()))
            .isInstanceOf(PasswordNotHashedException.class);
      }
    }

    assertThat(clinic.audit.summaries())
        .hasSize(20)
        .containsOnly("LOGIN FAILED unknown OVERLOADED");
    assertThat(clinic.throttle()).isEqualTo(Throttle.NONE);
    assertThat(busy.authenticate("nina.nurse", Clinic.PASSWORD.toCharArray()))
        .isInstanceOf(Authenticated.class);
  }

  @Test
  void everyTurn_isGivenBack() {
    PasswordHasher oneAtATime =
        PasswordHasher.ofAnyCost(new SecureRandom(), Clinic.QUICK, 1, Duration.ofMillis(1));
    PasswordAuthenticator single =
        new PasswordAuthenticator(clinic.store, oneAtATime, clinic.audit, clinic.clock);

    single.authenticate("nina.nurse", Clinic.PASSWORD.toCharArray());
    single.authenticate("nina.nurse", Clinic.WRONG.toCharArray());
    single.authenticate("nobody", Clinic.WRONG.toCharArray());
    clinic.audit.fail(true);
    assertThatThrownBy(() -> single.authenticate("nobody", Clinic.WRONG.toCharArray()))
        .isInstanceOf(AuditNotRecordedException.class);

    oneAtATime.awaitTurn().close();
  }

  @Test
  void unreadableHash_isAFailureWithItsOwnReason() {
    storeHash("$2b$12$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234");

    assertThatThrownBy(() -> attempt("nina.nurse", Clinic.PASSWORD))
        .isInstanceOf(PasswordHashNotReadException.class)
        .hasMessageContaining("not of the kind argon2id");

    assertThat(clinic.audit.summaries())
        .containsExactly("LOGIN FAILED nina.nurse CREDENTIAL_UNREADABLE");
  }

  @Test
  void failingStore_isRecordedAndLogsNobodyIn() {
    clinic.database.dispose();

    assertThatThrownBy(() -> attempt("nina.nurse", Clinic.PASSWORD))
        .isInstanceOf(CredentialsNotAvailableException.class);

    assertThat(clinic.audit.summaries()).containsExactly("LOGIN FAILED unknown STORE_FAILED");
  }

  @Test
  void failingStoreAndFailingAudit_tellOfBoth() {
    clinic.database.dispose();
    clinic.audit.fail(true);

    assertThatThrownBy(() -> attempt("nina.nurse", Clinic.PASSWORD))
        .isInstanceOf(AuditNotRecordedException.class)
        .satisfies(e -> assertThat(e.getSuppressed())
            .singleElement()
            .isInstanceOf(CredentialsNotAvailableException.class));
  }

  @Test
  void weakHash_isRenewedAtLogInOnly() {
    PasswordHasher weaker = Clinic.hasher(new Argon2Cost(32, 1, 1));
    String old;
    try (PasswordHasher.Turn turn = weaker.awaitTurn();
        TypedPassword typed = TypedPassword.of(Clinic.PASSWORD.toCharArray())) {
      old = turn.hash(typed.utf8()).text();
    }
    storeHash(old);

    attempt("nina.nurse", Clinic.WRONG);
    assertThat(storedHash()).isEqualTo(old);

    assertThat(attempt("nina.nurse", Clinic.PASSWORD)).isInstanceOf(Authenticated.class);
    String renewed = storedHash();
    assertThat(renewed).startsWith("$argon2id$v=19$m=64,t=1,p=1$");

    assertThat(attempt("nina.nurse", Clinic.PASSWORD)).isInstanceOf(Authenticated.class);
    assertThat(storedHash()).isEqualTo(renewed);
    assertThat(clinic.audit.events())
        .extracting(AuditEvent::detail)
        .containsExactly("password", "password; hash renewed", "password");
  }

  @Test
  void accountDisabledWhileThePasswordIsVerified_isRefused() {
    CredentialStore store = new HookedStore(
        clinic.store, 2, () -> clinic.accounts().disable(clinic.admin, Clinic.NURSE));

    AuthenticationResult result =
        clinic.authenticator(store).authenticate("nina.nurse", Clinic.PASSWORD.toCharArray());

    assertThat(result).isInstanceOf(Refused.class);
    assertThat(clinic.audit.summaries())
        .containsExactly("ADMINISTER SUCCESS ada.admin", "LOGIN REFUSED nina.nurse DISABLED");
  }

  @Test
  void passwordChangedWhileTheOldOneIsVerified_isRefused() {
    CredentialStore store = new HookedStore(
        clinic.store,
        2,
        () -> clinic
            .accounts()
            .changePassword(clinic.admin, Clinic.NURSE, "tuba lemon crater fork".toCharArray()));

    AuthenticationResult result =
        clinic.authenticator(store).authenticate("nina.nurse", Clinic.PASSWORD.toCharArray());

    assertThat(result).isInstanceOf(Refused.class);
    assertThat(clinic.logsIn("nina.nurse", "tuba lemon crater fork")).isTrue();
  }

  @Test
  void groupsChangedWhileThePasswordIsVerified_areTheNewOnes() {
    Group billing = Group.of("billing");
    CredentialStore store = new HookedStore(
        clinic.store,
        2,
        () -> clinic.accounts().setGroups(clinic.admin, Clinic.NURSE, Set.of(billing)));

    AuthenticationResult result =
        clinic.authenticator(store).authenticate("nina.nurse", Clinic.PASSWORD.toCharArray());

    assertThat(actor(result).groups()).containsExactly(billing);
  }

  private AuthenticationResult attempt(String user, String password) {
    return authenticator.authenticate(user, password.toCharArray());
  }

  private void assertRefused(AuthenticationResult result, String summary) {
    assertThat(result).isInstanceOf(Refused.class);
    assertThat(clinic.audit.summaries()).containsExactly(summary);
    clinic.audit.forget();
  }

  private static Actor actor(AuthenticationResult result) {
    return result.fold(Authenticated::actor, refused -> {
      throw new AssertionError("refused");
    });
  }

  private void storeHash(String hash) {
    Credential was = clinic.store.find(ActorId.of("nina.nurse")).orElseThrow();
    assertThat(clinic.store.replace(was, was.withPasswordHash(hash))).isTrue();
  }

  private String storedHash() {
    return clinic.store.find(ActorId.of("nina.nurse")).orElseThrow().passwordHash();
  }
}
