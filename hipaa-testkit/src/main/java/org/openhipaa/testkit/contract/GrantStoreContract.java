package org.openhipaa.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.grant.Grant;
import org.openhipaa.core.access.grant.GrantFile;
import org.openhipaa.core.access.grant.GrantStore;
import org.openhipaa.core.access.grant.Termination;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Group;

/** What every {@link GrantStore} must do. Subclass it and say how to open one. */
public abstract class GrantStoreContract {
  private static final Instant T0 = Instant.parse("2026-01-01T08:00:00Z");
  private static final Duration WEEK = Duration.ofDays(7);
  private static final int MANY = 10_000;
  private static final ActorId LEAD = ActorId.of("lead");
  private static final ActorId ADMIN = ActorId.of("admin");

  /** New for each test, so that the store need not be empty. */
  private final ActorId person = ActorId.of("pat-" + UUID.randomUUID());

  /** For subclasses. */
  protected GrantStoreContract() {}

  /**
   * Opens the store. Called again within one test it must open the same content anew.
   *
   * @return the store
   */
  protected abstract GrantStore open();

  @Test
  void unknownPerson_hasAnEmptyFile() {
    assertThat(open().find(person)).isEqualTo(GrantFile.empty(person));
    assertThat(open().personOf(UUID.randomUUID())).isEmpty();
  }

  @Test
  void grantsOfEveryState_comeBackAsTheyWere_alsoAfterReopening() {
    Grant requested = request(T0);
    Grant active = approve(request(T0.plusSeconds(1)));
    Grant certified = approve(request(T0.plusSeconds(2))).toBuilder()
        .certified(LEAD, T0.plus(WEEK))
        .build();
    Grant rejected = request(T0.plusSeconds(3)).toBuilder().rejected(ADMIN).build();
    Grant withdrawn =
        request(T0.plusSeconds(4)).toBuilder().revoked(ADMIN, T0.plusSeconds(9)).build();
    Grant revoked = approve(request(T0.plusSeconds(5))).toBuilder()
        .revoked(ADMIN, T0.plusSeconds(9))
        .build();
    List<Grant> all = List.of(requested, active, certified, rejected, withdrawn, revoked);
    all.forEach(this::put);

    assertThat(open().find(person).grants()).containsExactlyElementsOf(all);
    assertThat(open().find(person).version()).isEqualTo(6);
    assertThat(open().personOf(active.id())).hasValue(person);
    assertThat(mine(open().requested(MANY))).containsExactly(requested);
  }

  @Test
  void changedGrant_replacesTheOldOne() {
    Grant before = put(request(T0));
    Grant after = put(approve(before));

    assertThat(open().find(person).grants()).containsExactly(after);
    assertThat(mine(open().requested(MANY))).isEmpty();
  }

  @Test
  void olderVersion_changesNothing() {
    GrantFile empty = open().find(person);
    Grant first = put(request(T0));
    GrantFile stale = open().find(person);
    Grant second = put(request(T0.plusSeconds(1)));

    assertThat(open().replace(stale, stale.with(request(T0.plusSeconds(2))))).isFalse();
    assertThat(open().replace(empty, empty.with(request(T0.plusSeconds(3))))).isFalse();
    assertThat(open().find(person).grants()).containsExactly(first, second);
  }

  @Test
  void concurrentChanges_fromOneVersion_exactlyOneWins_alsoOfTheFirst() {
    GrantStore store = open();
    for (int round = 0; round < 3; round++) {
      GrantFile before = store.find(person);
      int at = round;

      List<Boolean> won = Race.run(
          8, i -> store.replace(before, before.with(request(T0.plusSeconds(100L * at + i)))));

      assertThat(won.stream().filter(w -> w)).hasSize(1);
      assertThat(open().find(person).version()).isEqualTo(round + 1L);
      assertThat(open().find(person).grants()).hasSize(round + 1);
    }
  }

  @Test
  void repeatedChanges_loseNone() {
    GrantStore store = open();
    AtomicInteger second = new AtomicInteger();

    Race.run(24, i -> {
      while (true) {
        GrantFile before = store.find(person);
        Grant next = request(T0.plusSeconds(second.incrementAndGet()));
        if (store.replace(before, before.with(next))) {
          return i;
        }
      }
    });

    assertThat(open().find(person).grants()).hasSize(24);
    assertThat(open().find(person).version()).isEqualTo(24);
  }

  @Test
  void termination_staysWithItsPerson() {
    put(request(T0));
    GrantFile before = open().find(person);
    GrantFile ended = before.ended(Termination.of(ADMIN, T0.plusSeconds(9), "left \u00e9"));

    assertThat(open().replace(before, ended)).isTrue();

    GrantFile found = open().find(person);
    assertThat(found.terminated()).isTrue();
    Termination termination = Objects.requireNonNull(found.termination());
    assertThat(termination.by()).isEqualTo(ADMIN);
    assertThat(termination.at()).isEqualTo(T0.plusSeconds(9));
    assertThat(termination.revealReason()).isEqualTo("left \u00e9");
    assertThat(found.grants()).noneMatch(Grant::pending);
    ActorId other = ActorId.of(person.value().replace("pat", "Pat"));
    assertThat(open().find(other)).isEqualTo(GrantFile.empty(other));
  }

  @Test
  void personWithoutAnyGrant_canBeTerminated() {
    GrantFile empty = open().find(person);

    assertThat(open().replace(empty, empty.ended(Termination.of(ADMIN, T0, ""))))
        .isTrue();

    assertThat(open().find(person).terminated()).isTrue();
  }

  @Test
  void due_listsWhatLapsesInTime_theMostUrgentFirst() {
    Grant later = put(lapsing(T0.plusSeconds(60)));
    Grant sooner = put(lapsing(T0.plusSeconds(30)));
    put(lapsing(T0));
    put(lapsing(T0.plusSeconds(61)));
    put(lapsing(T0.plusSeconds(40)).toBuilder().revoked(ADMIN, T0).build());
    put(request(T0));

    assertThat(mine(open().due(T0, T0.plusSeconds(60), MANY))).containsExactly(sooner, later);
    assertThat(open().due(T0, T0.plusSeconds(60), 1)).hasSize(1);
  }

  private Grant put(Grant grant) {
    GrantStore store = open();
    GrantFile before = store.find(person);
    assertThat(store.replace(before, before.with(grant))).isTrue();
    return grant;
  }

  private List<Grant> mine(List<Grant> grants) {
    return grants.stream().filter(grant -> grant.person().equals(person)).toList();
  }

  private Grant request(Instant at) {
    return Grant.requested(
            UUID.randomUUID(), person, Group.of("nurse"), LEAD, "needed \u00e9", WEEK, at)
        .build();
  }

  private static Grant approve(Grant request) {
    return request.toBuilder()
        .approved(ADMIN, T0, T0.plus(WEEK), T0.plusSeconds(500))
        .build();
  }

  private Grant lapsing(Instant at) {
    return request(T0).toBuilder()
        .approved(ADMIN, T0.minusSeconds(9), T0.plus(WEEK), at)
        .build();
  }
}
