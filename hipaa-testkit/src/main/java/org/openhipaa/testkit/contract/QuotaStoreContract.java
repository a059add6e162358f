package org.openhipaa.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.QuotaLimit;
import org.openhipaa.core.access.quota.QuotaReservation;
import org.openhipaa.core.access.quota.QuotaReservation.Exceeded;
import org.openhipaa.core.access.quota.QuotaReservation.Granted;
import org.openhipaa.core.access.quota.QuotaStore;

/** What every {@link QuotaStore} must do. Subclass it and say how to open one. */
public abstract class QuotaStoreContract {
  private static final Instant T0 = Instant.parse("2026-01-01T08:00:00Z");
  private static final QuotaLimit TWO_AN_HOUR = new QuotaLimit(2, Duration.ofHours(1));
  private static final String KEY = "clinic/rule/nora";

  /** For subclasses. */
  protected QuotaStoreContract() {}

  /**
   * Opens the store. Called again within one test it must open the same content anew.
   *
   * @return the store
   */
  protected abstract QuotaStore open();

  @Test
  void limit_countsDistinctPatients_andSurvivesReopening() {
    granted(open(), "a", T0);
    granted(open(), "a", T0.plusSeconds(1));
    granted(open(), "b", T0.plusSeconds(2));

    QuotaReservation third = open().reserve(KEY, token("c"), TWO_AN_HOUR, T0.plusSeconds(3));

    assertThat(third).isEqualTo(new Exceeded(2));
    granted(open(), "b", T0.plusSeconds(4));
  }

  @Test
  void budgets_areSeparate() {
    QuotaStore store = open();
    granted(store, "a", T0);
    granted(store, "b", T0);

    assertThat(store.reserve("clinic/rule/ben", token("c"), TWO_AN_HOUR, T0))
        .isInstanceOf(Granted.class);
  }

  @Test
  void window_slides() {
    QuotaStore store = open();
    granted(store, "a", T0);
    granted(store, "b", T0.plus(Duration.ofMinutes(30)));

    exceeded(store, "c", T0.plus(Duration.ofMinutes(59)));
    granted(store, "c", T0.plus(Duration.ofMinutes(61)));
    exceeded(store, "d", T0.plus(Duration.ofMinutes(62)));
  }

  @Test
  void undo_givesTheBudgetBack_butNotWhatWasCountedBefore() {
    QuotaStore store = open();
    granted(store, "a", T0);
    Granted second = granted(store, "b", T0.plusSeconds(1));

    second.undo().run();
    granted(store, "c", T0.plusSeconds(2));
    Granted again = granted(store, "a", T0.plusSeconds(3));
    again.undo().run();

    exceeded(store, "d", T0.plusSeconds(4));
  }

  @Test
  void clockSetBack_opensNothing() {
    QuotaStore store = open();
    granted(store, "a", T0);
    granted(store, "b", T0);

    exceeded(store, "c", T0.minus(Duration.ofDays(10)));
    exceeded(store, "c", T0.plus(Duration.ofMinutes(1)));
  }

  @Test
  void manyThreads_neverExceedTheLimit_andNeverRefuseWhoIsCounted() {
    long seed = 20260101;
    int[] patients = new SplittableRandom(seed).ints(400, 0, 12).toArray();
    QuotaLimit limit = new QuotaLimit(5, Duration.ofHours(1));
    QuotaStore store = open();
    Set<Integer> admitted = ConcurrentHashMap.newKeySet();

    List<Boolean> fair = Race.run(patients.length, i -> {
      boolean known = admitted.contains(patients[i]);
      boolean granted = store.reserve(KEY, token("p" + patients[i]), limit, T0) instanceof Granted;
      if (granted) {
        admitted.add(patients[i]);
      }
      return granted || !known;
    });

    assertThat(fair).as("seed %d", seed).doesNotContain(false);
    assertThat(admitted).as("seed %d", seed).hasSize(5);
  }

  private static Granted granted(QuotaStore store, String patient, Instant now) {
    QuotaReservation answer = store.reserve(KEY, token(patient), TWO_AN_HOUR, now);
    assertThat(answer).isInstanceOf(Granted.class);
    return (Granted) answer;
  }

  private static void exceeded(QuotaStore store, String patient, Instant now) {
    assertThat(store.reserve(KEY, token(patient), TWO_AN_HOUR, now)).isInstanceOf(Exceeded.class);
  }

  private static String token(String patient) {
    return (patient + "-".repeat(64)).substring(0, 64);
  }
}
