package org.openhipaa.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openhipaa.auth.password.Credential;
import org.openhipaa.auth.password.CredentialStore;
import org.openhipaa.auth.password.Throttle;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Group;

/** What every {@link CredentialStore} must do. Subclass it and say how to open one. */
public abstract class CredentialStoreContract {
  private static final ActorId NORA = ActorId.of("nora.nurse");

  /** For subclasses. */
  protected CredentialStoreContract() {}

  /**
   * Opens the store. Called again within one test it must open the same content anew.
   *
   * @return the store
   */
  protected abstract CredentialStore open();

  @Test
  void newStore_knowsNobody() {
    assertThat(open().find(NORA)).isEmpty();
  }

  @Test
  void createdAccount_isFoundAsItWas_alsoAfterReopening() {
    assertThat(open().create(account("hash-1", 3))).isTrue();

    Credential found = open().find(NORA).orElseThrow();

    assertThat(found.id()).isEqualTo(NORA);
    assertThat(found.groups()).containsExactly(Group.of("nurse"), Group.of("trainee"));
    assertThat(found.passwordHash()).isEqualTo("hash-1");
    assertThat(found.enabled()).isTrue();
    assertThat(found.throttle().failures()).isEqualTo(3);
    assertThat(found.throttle().notBefore()).isEqualTo(Instant.parse("2026-01-01T08:00:00Z"));
  }

  @Test
  void takenId_isRefused_whateverItsCase() {
    CredentialStore store = open();
    store.create(account("hash-1", 0));

    assertThat(store.create(account("hash-2", 0))).isFalse();
    assertThat(store.create(account(ActorId.of("Nora.NURSE"), "hash-3", 0, 0))).isFalse();

    assertThat(store.find(ActorId.of("NORA.nurse")).orElseThrow().passwordHash())
        .isEqualTo("hash-1");
  }

  @Test
  void replace_worksOnceOnWhatWasFound() {
    CredentialStore store = open();
    store.create(account("hash-1", 0));
    Credential found = store.find(NORA).orElseThrow();

    assertThat(store.replace(found, account("hash-2", 1))).isTrue();
    assertThat(store.replace(found, account("hash-3", 2))).isFalse();

    Credential now = open().find(NORA).orElseThrow();
    assertThat(now.passwordHash()).isEqualTo("hash-2");
    assertThat(store.replace(now, account("hash-2", 0))).isTrue();
  }

  @Test
  void replaceOfAnUnknownAccount_isRefused() {
    CredentialStore store = open();

    assertThat(store.replace(account("hash-1", 0), account("hash-2", 0))).isFalse();

    assertThat(store.find(NORA)).isEmpty();
  }

  @Test
  void concurrentReplacements_exactlyOneWins() {
    CredentialStore store = open();
    store.create(account("before", 0));
    Credential found = store.find(NORA).orElseThrow();

    List<Boolean> won = Race.run(32, i -> store.replace(found, account("after " + i, i)));

    assertThat(won.stream().filter(w -> w)).hasSize(1);
    assertThat(open().find(NORA).orElseThrow().passwordHash())
        .isEqualTo("after " + won.indexOf(true));
  }

  private static Credential account(String hash, int failures) {
    return account(NORA, hash, failures, 0);
  }

  private static Credential account(ActorId id, String hash, int failures, long version) {
    return new Credential(
        id,
        Set.of(Group.of("nurse"), Group.of("trainee")),
        hash,
        true,
        new Throttle(failures, Instant.parse("2026-01-01T08:00:00Z")),
        version);
  }
}
