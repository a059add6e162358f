package org.openhipaa.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.quota.QuotaCharge;
import org.openhipaa.core.access.quota.QuotaReservation;
import org.openhipaa.core.access.quota.QuotaReservation.Exceeded;
import org.openhipaa.core.access.quota.QuotaReservation.Granted;
import org.openhipaa.core.access.quota.QuotaStore;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.access.rules.QuotaMeasure;
import org.openhipaa.core.access.rules.QuotaScope;

/** What every {@link QuotaStore} must do. Subclass it and say how to open one. */
public abstract class QuotaStoreContract {
  private static final Instant T0 = Instant.parse("2026-01-01T08:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final long SEED = Long.getLong("test.seed", 20261124L);

  /** New for each test, so that the store need not be empty. */
  private final String prefix = UUID.randomUUID() + "/";

  /** For subclasses. */
  protected QuotaStoreContract() {}

  /**
   * Opens the store. Called again within one test it must open the same content anew.
   *
   * @return the store
   */
  protected abstract QuotaStore open();

  /**
   * How many random requests are compared with a plain model.
   *
   * @return fewer for a slow store, more for a fast one
   */
  protected int randomRequests() {
    return 500;
  }

  @Test
  void patients_areCountedOnceEach_alsoByAStoreThatIsOpenedAnew() {
    granted(open(), patient("k", "a", 2), 0);
    granted(open(), patient("k", "a", 2), 1);
    granted(open(), patient("k", "b", 2), 2);

    QuotaCharge third = patient("k", "c", 2);
    assertThat(reserve(open(), 3, third)).isEqualTo(new Exceeded(third, 2));
    granted(open(), patient("k", "b", 2), 4);
  }

  @Test
  void recordsAndBytes_areCountedEachTime() {
    QuotaStore store = open();
    granted(store, records("r", 10, 6), 0);
    granted(store, records("r", 10, 4), 0);
    granted(store, bytes("b", 1000, 999), 1);

    QuotaCharge record = records("r", 10, 1);
    assertThat(reserve(store, 2, record)).isEqualTo(new Exceeded(record, 10));
    QuotaCharge two = bytes("b", 1000, 2);
    assertThat(reserve(store, 2, two)).isEqualTo(new Exceeded(two, 999));
    granted(store, bytes("b", 1000, 1), 3);
  }

  @Test
  void budgets_areSeparateByKeyAndMeasure_toTheLetter() {
    QuotaStore store = open();
    granted(store, patient("nora", "a", 1), 0);

    for (String other : List.of("Nora", "nora ", "norà", "nora/", "x'; drop table y; --", "😀")) {
      granted(store, patient(other, "b", 1), 0);
    }
    granted(store, charge("nora", QuotaMeasure.SENSITIVE_PATIENTS, "b", 1, 1, 0), 0);
    granted(store, records("nora", 1, 1), 0);
    granted(store, bytes("nora", 1, 1), 0);
    exceeded(store, patient("nora", "b", 1), 0, 1);
    exceeded(store, records("nora", 1, 1), 0, 1);
  }

  @Test
  void tokens_areComparedToTheLetter() {
    QuotaStore store = open();
    granted(store, patient("k", "a", 3), 0);
    granted(store, patient("k", "A", 3), 0);
    granted(store, patient("k", "a ", 3), 0);

    exceeded(store, patient("k", "á", 3), 0, 3);
  }

  @Test
  void keysAndTokensOfFullLength_areKept() {
    QuotaStore store = open();
    String longest = "k".repeat(254 - prefix.length());
    String token = "t".repeat(254);
    granted(store, patient(longest + "1", token + "1", 1), 0);
    granted(store, patient(longest + "2", token + "1", 1), 0);

    exceeded(store, patient(longest + "1", token + "2", 1), 0, 1);
  }

  @Test
  void window_slidesToTheMillisecond() {
    QuotaStore store = open();
    granted(store, patient("k", "a", 1), 1000);
    granted(store, records("r", 5, 5), 1000);
    long hour = HOUR.toMillis();

    exceeded(store, patient("k", "b", 1), 999 + hour, 1);
    exceeded(store, records("r", 5, 1), 999 + hour, 5);
    granted(store, patient("k", "b", 1), 1000 + hour);
    granted(store, records("r", 5, 5), 1000 + hour);
    exceeded(store, patient("k", "a", 1), 1001 + hour, 1);
  }

  @Test
  void readingAgain_keepsThePatientInTheWindow_andDoesNotMakeTimePass() {
    QuotaStore store = open();
    granted(store, patient("k", "a", 1), 0);
    for (int i = 0; i < 200; i++) {
      granted(store, patient("k", "a", 1), 1_800_000);
    }

    exceeded(store, patient("k", "b", 1), 3_600_000, 1);
    exceeded(store, patient("k", "b", 1), 5_399_999, 1);
    granted(store, patient("k", "b", 1), 5_400_000);
  }

  @Test
  void readingAgainAndAgain_countsOnce_andCanBeTakenBack() {
    QuotaStore store = open();
    Granted last = null;
    for (int i = 0; i < 300; i++) {
      last = granted(store, patient("k", "a", 2), i * 10);
    }
    exceeded(store, patient("k", "b", 1), 3000, 1);
    last.release();

    granted(store, patient("k", "b", 1), 3_600_000 + 2980);
  }

  @Test
  void clockSetBack_opensNothing() {
    QuotaStore store = open();
    granted(store, patient("k", "a", 1), 0);
    granted(store, bytes("b", 10, 10), 0);
    long tenDays = Duration.ofDays(10).toMillis();

    exceeded(store, patient("k", "b", 1), -tenDays, 1);
    exceeded(store, bytes("b", 10, 1), -tenDays, 10);
    granted(store, patient("k", "a", 1), -tenDays);
    exceeded(store, patient("k", "b", 1), 3_599_999, 1);
    granted(store, patient("k", "b", 1), 3_600_000);
  }

  @Test
  void refusal_countsNothing_andMovesNoTime() {
    QuotaStore store = open();
    granted(store, patient("k", "a", 1), 0);
    for (int i = 1; i < 10; i++) {
      exceeded(store, patient("k", "b", 1), i * 300_000, 1);
    }
    granted(store, records("r", 1, 1), 0);
    exceeded(store, records("r", 1, 1), 3_599_999, 1);
    Granted far = granted(store, patient("k", "b", 1), 3_600_000);
    far.release();

    granted(store, patient("k", "b", 1), 3_600_000);
    exceeded(store, patient("k", "c", 1), 7_199_999, 1);
  }

  @Test
  void allBudgetsAreCharged_orNone() {
    QuotaStore store = open();
    granted(store, records("full", 3, 3), 0);

    for (List<QuotaCharge> order : List.of(
        List.of(patient("k", "a", 1), records("full", 3, 1), bytes("b", 10, 10)),
        List.of(records("full", 3, 1), bytes("b", 10, 10), patient("k", "a", 1)),
        List.of(bytes("b", 10, 10), patient("k", "a", 1), records("full", 3, 1)))) {
      assertThat(store.reserve(order, T0)).isEqualTo(new Exceeded(records("full", 3, 1), 3));
    }

    granted(store, patient("k", "b", 1), 0);
    granted(store, bytes("b", 10, 10), 0);
  }

  @Test
  void severalThatDoNotFit_theFirstOfTheListIsNamed() {
    QuotaStore store = open();
    granted(store, records("z", 1, 1), 0);
    granted(store, records("a", 1, 1), 0);

    assertThat(reserve(store, 0, records("z", 1, 1), records("a", 1, 1)))
        .isEqualTo(new Exceeded(records("z", 1, 1), 1));
    assertThat(reserve(store, 0, records("a", 1, 1), records("z", 1, 1)))
        .isEqualTo(new Exceeded(records("a", 1, 1), 1));
  }

  @Test
  void sameBudgetTwice_isRefused_andNothingIsCharged() {
    QuotaStore store = open();

    assertThatThrownBy(() -> reserve(store, 0, patient("k", "a", 1), records("k", 9, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");

    granted(store, patient("k", "b", 1), 0);
  }

  @Test
  void emptyReservation_isGranted() {
    Granted nothing = (Granted) open().reserve(List.of(), T0);

    assertThat(nothing.settle(5)).isEmpty();
    assertThat(nothing.warnings()).isEmpty();
    nothing.release();
  }

  @Test
  void timeOutOfRange_isRefused() {
    QuotaStore store = open();
    for (Instant never : List.of(Instant.MIN, Instant.MAX)) {
      assertThatThrownBy(() -> store.reserve(List.of(patient("k", "a", 1)), never))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("clock");
    }
    granted(store, patient("k", "b", 1), 0);
  }

  @Test
  void release_givesBackAllBudgets_once() {
    QuotaStore store = open();
    Granted all =
        (Granted) reserve(store, 0, patient("k", "a", 1), records("r", 2, 1), bytes("b", 10, 10));

    all.release();
    granted(store, patient("k", "b", 1), 1);
    granted(store, records("r", 2, 2), 1);
    granted(store, bytes("b", 10, 10), 1);
    all.release();

    exceeded(store, patient("k", "c", 1), 2, 1);
    exceeded(store, records("r", 2, 1), 2, 2);
    exceeded(store, bytes("b", 10, 1), 2, 10);
  }

  @Test
  void releaseOfASecondSighting_restoresTheFirst() {
    QuotaStore store = open();
    granted(store, patient("k", "a", 1), 0);
    Granted second = granted(store, patient("k", "a", 1), 3_000_000);

    second.release();

    exceeded(store, patient("k", "b", 1), 3_599_999, 1);
    granted(store, patient("k", "b", 1), 3_600_000);
  }

  @Test
  void releaseOfAFirstSighting_leavesTheSecond_alsoWithinOneMillisecond() {
    QuotaStore store = open();
    Granted first = granted(store, patient("k", "a", 1), 0);
    granted(store, patient("k", "a", 1), 0);

    first.release();

    exceeded(store, patient("k", "b", 1), 3_599_999, 1);
  }

  @Test
  void releaseOfAllSightings_inAnyOrder_forgetsThePatient() {
    QuotaStore store = open();
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int[] order : orders) {
      List<Granted> sightings = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        sightings.add(granted(store, patient("k", "a", 1), i * 1000));
      }
      for (int i : order) {
        exceeded(store, patient("k", "b", 1), 3000, 1);
        sightings.get(i).release();
      }
      granted(store, patient("k", "b", 1), 3000).release();
    }
  }

  @Test
  void releaseAfterThePatientWasCountedAnew_takesNothing() {
    QuotaStore store = open();
    Granted old = granted(store, patient("k", "a", 1), 0);
    granted(store, patient("k", "a", 1), 7_200_000);

    old.release();

    exceeded(store, patient("k", "b", 1), 7_200_001, 1);
  }

  @Test
  void settling_countsTheBytesThatItWas_andLeavesPatientsAndRecords() {
    QuotaStore store = open();
    Granted read =
        (Granted) reserve(store, 0, patient("k", "a", 1), bytes("b", 100, 50), records("r", 2, 1));

    assertThat(read.settle(70)).isEmpty();

    exceeded(store, bytes("b", 100, 31), 1, 70);
    granted(store, bytes("b", 100, 30), 1);
    exceeded(store, patient("k", "b", 1), 1, 1);
    granted(store, records("r", 2, 1), 1);
    exceeded(store, records("r", 2, 1), 1, 2);
  }

  @Test
  void settlingForLess_givesTheRestBack() {
    QuotaStore store = open();
    Granted read = granted(store, bytes("b", 100, 100), 0);

    assertThat(read.settle(0)).isEmpty();

    granted(store, bytes("b", 100, 100), 1);
  }

  @Test
  void settlingForTooMuch_releasesAll_andSaysHowMuchOthersHold() {
    QuotaStore store = open();
    granted(store, bytes("b", 100, 40), 0);
    Granted read =
        (Granted) reserve(store, 0, patient("k", "a", 1), bytes("b", 100, 1), records("r", 1, 1));

    assertThat(read.settle(61)).contains(new Exceeded(bytes("b", 100, 61), 40));
    read.release();

    granted(store, patient("k", "b", 1), 1);
    granted(store, records("r", 1, 1), 1);
    granted(store, bytes("b", 100, 60), 1);
  }

  @Test
  void settlingAllThatIsLeft_fits() {
    QuotaStore store = open();
    granted(store, bytes("b", 100, 40), 0);
    Granted read = granted(store, bytes("b", 100, 60), 0);

    assertThat(read.settle(60)).isEmpty();
    exceeded(store, bytes("b", 100, 1), 0, 100);
  }

  @Test
  void settledBytes_countFromTheLatestTime() {
    QuotaStore store = open();
    Granted read = granted(store, bytes("b", 100, 0), 0);
    granted(store, bytes("b", 100, 1), 1_800_000);
    assertThat(read.settle(99)).isEmpty();

    exceeded(store, bytes("b", 100, 1), 5_399_999, 100);
    granted(store, bytes("b", 100, 100), 5_400_000);
  }

  @Test
  void settlingAfterTheWindow_countsTheBytesAnew() {
    QuotaStore store = open();
    Granted slow = granted(store, bytes("b", 100, 10), 0);
    granted(store, bytes("b", 100, 60), 7_200_000);

    assertThat(slow.settle(41)).contains(new Exceeded(bytes("b", 100, 41), 60));
    granted(store, bytes("b", 100, 40), 7_200_000);
  }

  @Test
  void releaseAfterSettling_takesTheSettledBytesBack() {
    QuotaStore store = open();
    Granted read = granted(store, bytes("b", 100, 1), 0);
    assertThat(read.settle(80)).isEmpty();

    read.release();

    granted(store, bytes("b", 100, 100), 0);
  }

  @Test
  void settlingTwice_orAfterARelease_orForNegativeBytes_isAMistake() {
    QuotaStore store = open();
    Granted read = granted(store, bytes("b", 100, 1), 0);
    assertThatThrownBy(() -> read.settle(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(read.settle(80)).isEmpty();

    assertThatThrownBy(() -> read.settle(1)).isInstanceOf(IllegalStateException.class);
    read.release();
    assertThatThrownBy(() -> read.settle(1)).isInstanceOf(IllegalStateException.class);
    granted(store, bytes("b", 100, 100), 0);
  }

  @Test
  void amountsBeyondAllLimits_areRefused_andDoNotOverflow() {
    QuotaStore store = open();
    granted(store, bytes("b", 100, 1), 0);

    exceeded(store, bytes("b", 100, 101), 0, 1);
    exceeded(store, bytes("b", 100, Long.MAX_VALUE), 0, 1);
    Granted read = granted(store, bytes("b", 100, 99), 0);
    assertThat(read.settle(Long.MAX_VALUE))
        .contains(new Exceeded(bytes("b", 100, Long.MAX_VALUE), 1));
    exceeded(store, bytes("new", 100, Long.MAX_VALUE), 0, 0);
    granted(store, bytes("b", 100, 99), 0);
  }

  @Test
  void largestLimit_isCountedExactly() {
    long most = 1_000_000_000_000_000L;
    QuotaStore store = open();
    granted(store, bytes("b", most, most - 1), 0);

    exceeded(store, bytes("b", most, 2), 0, most - 1);
    granted(store, bytes("b", most, 1), 0);
  }

  @Test
  void loweredLimit_keepsWhatIsCounted_andWhatCostsNothingStillFits() {
    QuotaStore store = open();
    granted(store, patient("k", "a", 2), 0);
    granted(store, patient("k", "b", 2), 0);
    granted(store, bytes("b", 100, 100), 0);

    granted(store, patient("k", "a", 1), 1);
    exceeded(store, patient("k", "c", 1), 1, 2);
    granted(store, bytes("b", 50, 0), 1);
    exceeded(store, bytes("b", 50, 1), 1, 100);
    granted(store, patient("k", "c", 3), 1);
  }

  @Test
  void anotherWindowForTheSameBudget_looksAsFarAsItSays() {
    QuotaStore store = open();
    granted(store, patient("k", "a", 9), 0);
    granted(store, records("r", 9, 4), 0);
    granted(store, patient("k", "b", 9), 2_000_000);
    granted(store, records("r", 9, 3), 2_000_000);

    exceeded(store, windowed(patient("k", "c", 1), Duration.ofSeconds(100)), 2_099_999, 1);
    exceeded(store, windowed(records("r", 3, 1), Duration.ofSeconds(100)), 2_099_999, 3);
    granted(store, windowed(patient("k", "c", 1), Duration.ofSeconds(100)), 2_100_000);
    granted(store, windowed(records("r", 3, 1), Duration.ofSeconds(100)), 2_100_000);
    exceeded(store, patient("k", "d", 3), 3_599_999, 3);
    exceeded(store, records("r", 8, 1), 3_599_999, 8);
  }

  @Test
  void windowOfAFractionOfAMillisecond_isRoundedUp() {
    QuotaStore store = open();
    Duration odd = Duration.ofSeconds(1).plusNanos(1);
    granted(store, windowed(patient("k", "a", 1), odd), 0);

    exceeded(store, windowed(patient("k", "b", 1), odd), 1000, 1);
    granted(store, windowed(patient("k", "b", 1), odd), 1001);
  }

  @Test
  void softLimit_isNamedOnceWhenReached_andAgainAfterItWasBelow() {
    QuotaStore store = open();
    QuotaCharge soft = charge("k", QuotaMeasure.RECORDS, "t", 10, 1, 3);
    assertThat(granted(store, soft, 0).warnings()).isEmpty();
    assertThat(granted(store, soft, 0).warnings()).isEmpty();
    Granted third = granted(store, soft, 0);
    assertThat(third.warnings()).containsExactly(soft);
    assertThat(granted(store, soft, 0).warnings()).isEmpty();

    third.release();
    Granted fourth = granted(store, soft, 1);
    assertThat(fourth.warnings()).isEmpty();
    fourth.release();
    third.release();
    granted(store, soft, 1).release();
    assertThat(granted(store, soft, 3_600_000).warnings()).isEmpty();
    granted(store, soft, 3_600_001);
    assertThat(granted(store, soft, 3_600_002).warnings()).containsExactly(soft);
  }

  @Test
  void softLimitOfPatients_isNotNamedForWhoIsCounted() {
    QuotaStore store = open();
    QuotaCharge a = charge("k", QuotaMeasure.PATIENTS, "a", 3, 1, 2);
    QuotaCharge b = charge("k", QuotaMeasure.PATIENTS, "b", 3, 1, 2);
    granted(store, a, 0);
    Granted reached = (Granted) reserve(store, 0, records("r", 9, 1), b);

    assertThat(reached.warnings()).containsExactly(b);
    assertThat(granted(store, a, 1).warnings()).isEmpty();
    assertThat(granted(store, b, 1).warnings()).isEmpty();
  }

  @Test
  void softLimitReachedBySettling_isNamedThen() {
    QuotaStore store = open();
    QuotaCharge soft = charge("b", QuotaMeasure.BYTES, "t", 100, 1, 50);
    Granted read = granted(store, soft, 0);
    assertThat(read.warnings()).isEmpty();

    assertThat(read.settle(50)).isEmpty();

    assertThat(read.warnings()).containsExactly(soft);
  }

  @Test
  void randomRequests_areAnsweredAsByAPlainModel() {
    SplittableRandom chance = new SplittableRandom(SEED);
    QuotaStore store = open();
    QuotaModel model = new QuotaModel();
    List<Granted> held = new ArrayList<>();
    List<QuotaModel.Reservation> modelled = new ArrayList<>();
    long now = 0;
    // Each budget is asked with its longest window once, so that it keeps as much as the model.
    for (QuotaMeasure measure : QuotaMeasure.values()) {
      for (int key = 0; key < 2; key++) {
        QuotaCharge first = windowed(
            charge("k" + measure + key, measure, "first", 1000, 1, 0), Duration.ofSeconds(20));
        granted(store, first, now);
        model.reserve(List.of(first), T0.plusMillis(now));
      }
    }
    for (int i = 0; i < randomRequests(); i++) {
      String where = "request " + i + ", seed " + SEED;
      now += chance.nextInt(20) == 0 ? chance.nextLong(-30_000, 30_000) : chance.nextLong(500);
      int which = held.isEmpty() ? 0 : chance.nextInt(held.size());
      int what = held.isEmpty() ? 0 : chance.nextInt(10);
      if (what < 7) {
        List<QuotaCharge> charges = randomCharges(chance);
        QuotaModel.Reservation expected = model.reserve(charges, T0.plusMillis(now));
        QuotaReservation answer = store.reserve(charges, T0.plusMillis(now));
        if (expected.exceeded != null) {
          assertThat(answer).as(where).isEqualTo(expected.exceeded);
        } else {
          assertThat(answer).as(where).isInstanceOf(Granted.class);
          assertThat(((Granted) answer).warnings()).as(where).isEqualTo(expected.warnings);
          held.add((Granted) answer);
          modelled.add(expected);
        }
      } else {
        // Those that stay in the list were neither settled nor released, as after a crash.
        Granted granted = held.remove(which);
        QuotaModel.Reservation plain = modelled.remove(which);
        if (what > 7) {
          long bytes = chance.nextLong(40);
          Optional<Exceeded> expected = Optional.ofNullable(model.settle(plain, bytes));
          assertThat(granted.settle(bytes)).as(where).isEqualTo(expected);
          assertThat(granted.warnings()).as(where).isEqualTo(plain.warnings);
        }
        if (what < 9) {
          granted.release();
          model.release(plain);
        }
      }
    }
  }

  private List<QuotaCharge> randomCharges(SplittableRandom chance) {
    List<QuotaCharge> charges = new ArrayList<>();
    Set<String> keys = new TreeSet<>();
    int number = chance.nextInt(1, 4);
    while (charges.size() < number) {
      QuotaMeasure measure = QuotaMeasure.values()[chance.nextInt(QuotaMeasure.values().length)];
      String key = "k" + measure + chance.nextInt(2);
      if (keys.add(key)) {
        boolean many = measure == QuotaMeasure.BYTES;
        long hard = many ? chance.nextLong(50, 100) : chance.nextLong(5, 10);
        QuotaCharge charge = charge(
            key,
            measure,
            "p" + chance.nextInt(12),
            hard,
            measure.distinct() ? 1 : chance.nextLong(many ? 30 : 3),
            chance.nextLong(hard));
        charges.add(windowed(charge, Duration.ofSeconds(chance.nextInt(4) == 0 ? 7 : 20)));
      }
    }
    return charges;
  }

  @Test
  void manyThreads_admitExactlyTheLimit_andNeverRefuseWhoIsCounted() {
    int[] patients = new SplittableRandom(SEED).ints(400, 0, 12).toArray();
    QuotaStore store = open();
    Set<Integer> admitted = ConcurrentHashMap.newKeySet();

    List<Boolean> fair = Race.run(patients.length, i -> {
      boolean known = admitted.contains(patients[i]);
      boolean granted =
          reserve(store, i % 7, patient("k", "p" + patients[i], 5)) instanceof Granted;
      if (granted) {
        admitted.add(patients[i]);
      }
      return granted || !known;
    });

    assertThat(fair).as("seed %d", SEED).doesNotContain(false);
    assertThat(admitted).as("seed %d", SEED).hasSize(5);
  }

  @Test
  void manyThreads_withBudgetsInAnyOrder_admitExactlyWhatFits() {
    QuotaStore store = open();

    List<Boolean> granted = Race.run(240, i -> {
      QuotaCharge a = records("a", 60, 1);
      QuotaCharge b = records("b", 80, 1);
      QuotaCharge c = patient("c", "p" + i % 3, 3);
      return switch (i % 3) {
        case 0 -> reserve(store, 0, a, b, c) instanceof Granted;
        case 1 -> reserve(store, 0, b, c, a) instanceof Granted;
        default -> reserve(store, 0, c, a, b) instanceof Granted;
      };
    });

    assertThat(granted.stream().filter(g -> g)).hasSize(60);
    granted(store, records("b", 80, 20), 0);
    exceeded(store, records("b", 80, 1), 0, 80);
    exceeded(store, patient("c", "other", 3), 0, 3);
  }

  @Test
  void manyThreads_thatSettleAndRelease_leaveExactlyWhatStands() {
    QuotaStore store = open();

    List<Boolean> granted = Race.run(200, i -> {
      QuotaReservation answer =
          reserve(store, i % 5, bytes("b", 1_000_000, 7), patient("k", "p" + i % 4, 4));
      if (answer instanceof Granted read) {
        assertThat(read.settle(i)).isEmpty();
        if (i % 4 != 0) {
          read.release();
        }
        return true;
      }
      return false;
    });

    assertThat(granted).doesNotContain(false);
    long stands =
        java.util.stream.IntStream.range(0, 200).filter(i -> i % 4 == 0).sum();
    exceeded(store, bytes("b", 1_000_000, 1_000_001 - stands), 10, stands);
    exceeded(store, patient("k", "new", 1), 10, 1);
    granted(store, patient("k", "p0", 1), 10);
  }

  private QuotaReservation reserve(QuotaStore store, long millis, QuotaCharge... charges) {
    return store.reserve(List.of(charges), T0.plusMillis(millis));
  }

  private Granted granted(QuotaStore store, QuotaCharge charge, long millis) {
    QuotaReservation answer = reserve(store, millis, charge);
    assertThat(answer).isInstanceOf(Granted.class);
    return (Granted) answer;
  }

  private void exceeded(QuotaStore store, QuotaCharge charge, long millis, long counted) {
    assertThat(reserve(store, millis, charge)).isEqualTo(new Exceeded(charge, counted));
  }

  private QuotaCharge patient(String key, String patient, long hard) {
    return charge(key, QuotaMeasure.PATIENTS, patient, hard, 1, 0);
  }

  private QuotaCharge records(String key, long hard, long amount) {
    return charge(key, QuotaMeasure.RECORDS, "any", hard, amount, 0);
  }

  private QuotaCharge bytes(String key, long hard, long amount) {
    return charge(key, QuotaMeasure.BYTES, "any", hard, amount, 0);
  }

  /** A soft limit of 0 stands for none. */
  private QuotaCharge charge(
      String key, QuotaMeasure measure, String token, long hard, long amount, long soft) {
    SortedSet<String> labels = new TreeSet<>();
    if (measure == QuotaMeasure.SENSITIVE_PATIENTS) {
      labels.add("psychotherapy");
    }
    QuotaLimit limit = new QuotaLimit(
        measure,
        QuotaScope.USER,
        hard,
        soft == 0 ? OptionalLong.empty() : OptionalLong.of(soft),
        HOUR,
        labels);
    return new QuotaCharge(prefix + key, limit, token, amount);
  }

  private static QuotaCharge windowed(QuotaCharge charge, Duration window) {
    QuotaLimit limit = charge.limit();
    return new QuotaCharge(
        charge.key(),
        new QuotaLimit(
            limit.measure(), limit.scope(), limit.hard(), limit.soft(), window, limit.labels()),
        charge.token(),
        charge.amount());
  }
}
