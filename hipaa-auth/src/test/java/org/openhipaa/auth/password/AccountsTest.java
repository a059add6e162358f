package org.openhipaa.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.openhipaa.auth.password.AccountResult.Done;
import org.openhipaa.auth.password.AccountResult.PasswordRefused;
import org.openhipaa.auth.password.AccountResult.Reason;
import org.openhipaa.auth.password.AccountResult.Refused;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditNotRecordedException;

class AccountsTest {
  private static final ActorId NEW = ActorId.of("Bob.Billing");
  private static final String FIT = "tuba lemon crater fork";

  private final Clinic clinic = new Clinic().withNurse();
  private final Accounts accounts = clinic.accounts();

  @AfterEach
  void close() {
    clinic.close();
  }

  @Test
  void newAccount_isStoredHashedAndRecorded() {
    AccountResult result = create(NEW, FIT, Group.of("billing"), Group.of("night-shift"));

    assertThat(result).isEqualTo(new Done());
    Credential stored = clinic.store.find(NEW).orElseThrow();
    assertThat(stored.passwordHash()).startsWith("$argon2id$v=19$");
    assertThat(stored.enabled()).isTrue();
    assertThat(stored.throttle()).isEqualTo(Throttle.NONE);
    assertRecorded(
        "ADMINISTER SUCCESS ada.admin",
        "create account: Bob.Billing, groups [billing night-shift]");
    assertThat(clinic.logsIn("bob.billing", FIT)).isTrue();
  }

  @Test
  @DisplayName("45 CFR 164.312(a)(2)(i): an id is unique")
  void takenId_isRefusedInAnyCase() {
    String before = clinic.store.find(Clinic.NURSE).orElseThrow().passwordHash();

    assertThat(create(Clinic.NURSE, FIT)).isEqualTo(new Refused(Reason.ID_TAKEN));
    assertRecorded("ADMINISTER REFUSED ada.admin ID_TAKEN", "create account: nina.nurse");
    assertThat(create(ActorId.of("NINA.NURSE"), FIT)).isEqualTo(new Refused(Reason.ID_TAKEN));

    assertThat(clinic.store.find(Clinic.NURSE).orElseThrow().passwordHash()).isEqualTo(before);
  }

  @Test
  @DisplayName("45 CFR 164.312(a)(2)(i): an id is never reused")
  void idOfADisabledAccount_staysTaken() {
    accounts.disable(clinic.admin, Clinic.NURSE);

    assertThat(create(Clinic.NURSE, FIT)).isEqualTo(new Refused(Reason.ID_TAKEN));
    assertThat(clinic.logsIn("nina.nurse", FIT)).isFalse();
  }

  @Test
  void idTakenWhileThePasswordIsHashed_isRefusedAndSaidSo() {
    CredentialStore store = new HookedStore(
        clinic.store,
        1,
        () -> clinic.store.create(new Credential(NEW, Set.of(), "theirs", true, Throttle.NONE, 0)));
    Accounts racing = new Accounts(
        store, clinic.hasher, new PasswordPolicy(Set.of(), p -> false), clinic.audit, clinic.clock);

    AccountResult result = racing.create(clinic.admin, NEW, Set.of(), FIT.toCharArray());

    assertThat(result).isEqualTo(new Refused(Reason.ID_TAKEN));
    assertThat(clinic.store.find(NEW).orElseThrow().passwordHash()).isEqualTo("theirs");
    assertThat(clinic.audit.summaries())
        .containsExactly("ADMINISTER SUCCESS ada.admin", "ADMINISTER REFUSED ada.admin ID_TAKEN");
  }

  @Test
  void reservedId_isRefused() {
    assertThat(create(AuditEvent.SYSTEM, FIT)).isEqualTo(new Refused(Reason.ID_RESERVED));
    assertThat(create(ActorId.of("Unknown"), FIT)).isEqualTo(new Refused(Reason.ID_RESERVED));
    assertThat(clinic.store.find(ActorId.of("unknown"))).isEmpty();
  }

  @Test
  void unfitPassword_isRefusedByItsRuleAndNamesNobody() {
    assertThat(create(NEW, "too short"))
        .isEqualTo(new PasswordRefused(PasswordRule.PASSWORD_TOO_SHORT));

    assertRecorded("ADMINISTER REFUSED ada.admin PASSWORD_TOO_SHORT", "create account");
    assertThat(create(NEW, "everybody at St. Elsewhere"))
        .isEqualTo(new PasswordRefused(PasswordRule.PASSWORD_CONTAINS_CONTEXT_WORD));
    assertThat(clinic.store.find(NEW)).isEmpty();
  }

  @Test
  void changedPassword_isTheOnlyOneAndGivesAttemptsBack() {
    for (int i = 0; i < 6; i++) {
      clinic.logsIn("nina.nurse", Clinic.WRONG);
    }
    clinic.audit.forget();

    assertThat(accounts.changePassword(clinic.admin, Clinic.NURSE, FIT.toCharArray()))
        .isEqualTo(new Done());

    assertRecorded("ADMINISTER SUCCESS ada.admin", "change password: nina.nurse");
    assertThat(clinic.logsIn("nina.nurse", Clinic.PASSWORD)).isFalse();
    assertThat(clinic.logsIn("nina.nurse", FIT)).isTrue();
  }

  @Test
  void changeToAnUnfitPassword_changesNothing() {
    assertThat(accounts.changePassword(
            clinic.admin, ActorId.of("NINA.NURSE"), "I am nina.nurse herself".toCharArray()))
        .isEqualTo(new PasswordRefused(PasswordRule.PASSWORD_CONTAINS_USER_ID));

    assertThat(clinic.logsIn("nina.nurse", Clinic.PASSWORD)).isTrue();
  }

  @Test
  void passwordOfADisabledAccount_opensNothing() {
    accounts.disable(clinic.admin, Clinic.NURSE);
    assertRecorded("ADMINISTER SUCCESS ada.admin", "disable account: nina.nurse");

    assertThat(accounts.changePassword(clinic.admin, Clinic.NURSE, FIT.toCharArray()))
        .isEqualTo(new Done());

    assertThat(clinic.logsIn("nina.nurse", FIT)).isFalse();
  }

  @Test
  void newGroups_areThoseOfTheNextLogIn() {
    assertThat(accounts.setGroups(clinic.admin, Clinic.NURSE, Set.of(Group.of("billing"))))
        .isEqualTo(new Done());

    assertRecorded("ADMINISTER SUCCESS ada.admin", "set groups: nina.nurse, groups [billing]");
    assertThat(clinic.store.find(Clinic.NURSE).orElseThrow().groups())
        .containsExactly(Group.of("billing"));
    assertThat(clinic.logsIn("nina.nurse", Clinic.PASSWORD)).isTrue();
  }

  @Test
  void noSuchAccount_isRefusedWithoutItsName() {
    Refused refused = new Refused(Reason.NO_SUCH_ACCOUNT);

    assertThat(accounts.disable(clinic.admin, NEW)).isEqualTo(refused);
    assertRecorded("ADMINISTER REFUSED ada.admin NO_SUCH_ACCOUNT", "disable account");
    assertThat(accounts.setGroups(clinic.admin, NEW, Set.of())).isEqualTo(refused);
    assertThat(accounts.changePassword(clinic.admin, NEW, FIT.toCharArray())).isEqualTo(refused);
  }

  @Test
  void failingAudit_changesNothing() {
    Credential before = clinic.store.find(Clinic.NURSE).orElseThrow();
    clinic.audit.fail(true);

    assertThatThrownBy(() -> create(NEW, FIT)).isInstanceOf(AuditNotRecordedException.class);
    assertThatThrownBy(() -> accounts.disable(clinic.admin, Clinic.NURSE))
        .isInstanceOf(AuditNotRecordedException.class);
    assertThatThrownBy(() -> accounts.setGroups(clinic.admin, Clinic.NURSE, Set.of()))
        .isInstanceOf(AuditNotRecordedException.class);
    assertThatThrownBy(() -> accounts.changePassword(clinic.admin, Clinic.NURSE, FIT.toCharArray()))
        .isInstanceOf(AuditNotRecordedException.class);

    assertThat(clinic.store.find(NEW)).isEmpty();
    assertThat(clinic.store.find(Clinic.NURSE).orElseThrow().version()).isEqualTo(before.version());
  }

  @Test
  void failingStore_isRecorded() {
    clinic.database.dispose();

    assertThatThrownBy(() -> accounts.disable(clinic.admin, Clinic.NURSE))
        .isInstanceOf(CredentialsNotAvailableException.class);

    assertRecorded(
        "ADMINISTER FAILED ada.admin CredentialsNotAvailableException", "disable account");
  }

  @Test
  void overload_isAFailureThatChangesNothing() {
    PasswordHasher busy =
        PasswordHasher.ofAnyCost(new SecureRandom(), Clinic.QUICK, 1, Duration.ofMillis(1));
    Accounts waiting = new Accounts(
        clinic.store, busy, new PasswordPolicy(Set.of(), p -> false), clinic.audit, clinic.clock);

    try (PasswordHasher.Turn turn = busy.awaitTurn()) {
      assertThat(turn).isNotNull();
      assertThatThrownBy(() -> waiting.create(clinic.admin, NEW, Set.of(), FIT.toCharArray()))
          .isInstanceOf(PasswordNotHashedException.class);
    }

    assertThat(clinic.store.find(NEW)).isEmpty();
    assertThat(clinic.audit.summaries())
        .containsExactly("ADMINISTER FAILED ada.admin PasswordNotHashedException");
  }

  @Test
  void callersPassword_isLeftAsItIs() {
    char[] typed = FIT.toCharArray();

    accounts.create(clinic.admin, NEW, Set.of(), typed);

    assertThat(typed).isEqualTo(FIT.toCharArray());
  }

  private AccountResult create(ActorId id, String password, Group... groups) {
    return accounts.create(clinic.admin, id, Set.of(groups), password.toCharArray());
  }

  private void assertRecorded(String summary, String detail) {
    AuditEvent event = clinic.audit.only();
    assertThat(RecordingAudit.summary(event)).isEqualTo(summary);
    assertThat(event.detail()).isEqualTo(detail);
    clinic.audit.forget();
  }
}
