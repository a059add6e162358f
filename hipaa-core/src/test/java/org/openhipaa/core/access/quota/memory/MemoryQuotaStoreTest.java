package org.openhipaa.core.access.quota.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.quota.QuotaCharge;
import org.openhipaa.core.access.quota.QuotaReservation;
import org.openhipaa.core.access.quota.QuotaReservation.Exceeded;
import org.openhipaa.core.access.quota.QuotaReservation.Granted;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.access.rules.QuotaMeasure;
import org.openhipaa.core.access.rules.QuotaScope;

/** What is particular to counters in memory; the rest is in the contract that all stores keep. */
class MemoryQuotaStoreTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Instant START = Instant.parse("2026-11-24T08:00:00Z");

  private final AtomicLong nanos = new AtomicLong();
  private final MemoryQuotaStore store = new MemoryQuotaStore(nanos::get);

  @Test
  void budgetInUse_isNeverLetGo_howeverManyOthersAreOpened() {
    grant(patient("kept", "a"), START);
    for (int i = 0; i < 20_000; i++) {
      grant(patient("other" + i, "a"), START);
    }

    assertThat(reserve(patient("kept", "b"), START)).isInstanceOf(Exceeded.class);
  }

  @Test
  void idleBudget_isLetGo_onlyAfterItsWindow() {
    grant(patient("kept", "a"), START);

    pass(MINUTE.minusNanos(1));
    grant(patient("other", "a"), START);
    assertThat(reserve(patient("kept", "b"), START)).isInstanceOf(Exceeded.class);

    letIdleGo();
    // The caller's clock stands still, so only a budget that was let go admits another patient.
    grant(patient("kept", "b"), START);
  }

  @Test
  void budgetThatIsUsedAgainAndAgain_isKept() {
    grant(patient("kept", "a"), START);
    for (int i = 0; i < 10; i++) {
      pass(MINUTE.dividedBy(2));
      grant(patient("kept", "a"), START);
      grant(patient("other" + i, "a"), START);
    }

    assertThat(reserve(patient("kept", "b"), START)).isInstanceOf(Exceeded.class);
  }

  @Test
  void reservationOfABudgetThatWasLetGo_releasesNothingOfItsSuccessor() {
    Granted old = grant(patient("kept", "a"), START);
    letIdleGo();
    grant(patient("kept", "b"), START);

    old.release();

    assertThat(reserve(patient("kept", "c"), START)).isInstanceOf(Exceeded.class);
  }

  @Test
  void bytes_areSettledInMemory_andWarnedOfWhenTheyReachTheSoftLimit() {
    QuotaLimit limit = new QuotaLimit(
        QuotaMeasure.BYTES, QuotaScope.USER, 100, OptionalLong.of(50), MINUTE, new TreeSet<>());
    QuotaCharge charge = new QuotaCharge("b", limit, "t", 0);

    Granted granted = grant(charge, START);
    assertThat(granted.warnings()).isEmpty();
    assertThat(granted.settle(60)).isEmpty();
    assertThat(granted.warnings()).containsExactly(charge);
    assertThat(grant(charge, START).settle(41)).isPresent();
    assertThat(grant(charge, START).settle(40)).isEmpty();
  }

  /** An idle budget is looked at when its window has passed once, and let go at the latest then. */
  private void letIdleGo() {
    for (int i = 0; i < 3; i++) {
      pass(MINUTE.multipliedBy(2));
      grant(patient("passing" + i, "a"), START);
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static QuotaCharge patient(String key, String patient) {
    return new QuotaCharge(key, QuotaLimit.patients(1, MINUTE), patient, 1);
  }

  private QuotaReservation reserve(QuotaCharge charge, Instant now) {
    return store.reserve(List.of(charge), now);
  }

  private Granted grant(QuotaCharge charge, Instant now) {
    QuotaReservation answer = reserve(charge, now);
    assertThat(answer).isInstanceOf(Granted.class);
    return (Granted) answer;
  }
}
