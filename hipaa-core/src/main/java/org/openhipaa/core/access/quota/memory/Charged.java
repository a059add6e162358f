package org.openhipaa.core.access.quota.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.quota.QuotaArithmetic;
import org.openhipaa.core.access.quota.QuotaCharge;
import org.openhipaa.core.access.quota.QuotaReservation.Exceeded;
import org.openhipaa.core.access.quota.QuotaReservation.Granted;
import org.openhipaa.core.access.rules.QuotaMeasure;

/** One charge of a reservation, with a link to the next; the first of them is the reservation. */
final class Charged implements Granted {
  final QuotaCharge charge;

  @Nullable
  Charged next;

  private final MemoryQuotaStore store;
  private Budget budget;
  private long at;
  private long amount;

  /** Of the first charge only: how far the reservation is, and what it says. */
  private State state = State.OPEN;

  private List<QuotaCharge> warnings = List.of();

  private enum State {
    OPEN,
    SETTLED,
    RELEASED
  }

  Charged(MemoryQuotaStore store, QuotaCharge charge, Budget budget) {
    this.store = store;
    this.charge = charge;
    this.budget = budget;
  }

  Budget budget() {
    return budget;
  }

  /** Counts on, in another budget, because the old one was let go, with what it held. */
  void rebind(Budget other) {
    if (other != budget) {
      budget = other;
      amount = 0;
    }
  }

  Window window() {
    return budget.window(charge.limit().measure());
  }

  /**
   * Tells whether the budget holds the charge, under the lock.
   *
   * @return how much is counted if it does not fit, otherwise -1
   */
  long check(long clock) {
    Window window = window();
    // Time never goes backwards for a budget: a clock set back opens no window. Nor is it moved on
    // by being asked: whoever is refused over and over opens no window either.
    at = Math.max(clock, window.latest);
    window.moveTo(at - QuotaArithmetic.window(charge));
    return QuotaArithmetic.fits(charge, window.counted, window.cost(charge)) ? -1 : window.counted;
  }

  /** Charges what was checked, under the same hold of the lock. */
  void apply(Charged first) {
    amount = charge.amount();
    add(first);
  }

  private void add(Charged first) {
    Window window = window();
    long before = window.counted;
    budget.use(QuotaArithmetic.window(charge));
    window.add(charge, amount, at);
    window.drop(at - budget.longest());
    first.warn(charge, before, window.counted);
  }

  private void warn(QuotaCharge about, long before, long after) {
    if (QuotaArithmetic.warns(about, before, after)) {
      List<QuotaCharge> more = new ArrayList<>(warnings);
      more.add(about);
      warnings = List.copyOf(more);
    }
  }

  @Override
  public List<QuotaCharge> warnings() {
    return warnings;
  }

  @Override
  public Optional<Exceeded> settle(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a read does not give out " + bytes + " bytes");
    }
    if (state != State.OPEN) {
      throw new IllegalStateException("the reservation is settled or released already");
    }
    Optional<Exceeded> answer = countsBytes() ? settleBytes(bytes) : Optional.empty();
    state = answer.isEmpty() ? State.SETTLED : State.RELEASED;
    return answer;
  }

  private boolean countsBytes() {
    for (Charged each = this; each != null; each = each.next) {
      if (each.isOfBytes()) {
        return true;
      }
    }
    return false;
  }

  private boolean isOfBytes() {
    return charge.limit().measure() == QuotaMeasure.BYTES;
  }

  private Optional<Exceeded> settleBytes(long bytes) {
    store.lock(this);
    try {
      for (Charged each = this; each != null; each = each.next) {
        long others = each.isOfBytes() ? each.checkSettling(bytes) : -1;
        if (others >= 0) {
          takeBack();
          QuotaCharge tooMuch = each.charge;
          return Optional.of(new Exceeded(
              new QuotaCharge(tooMuch.key(), tooMuch.limit(), tooMuch.token(), bytes), others));
        }
      }
      for (Charged each = this; each != null; each = each.next) {
        if (each.isOfBytes()) {
          each.applySettling(bytes, this);
        }
      }
      return Optional.empty();
    } finally {
      store.unlock(this);
    }
  }

  private long checkSettling(long bytes) {
    Window window = window();
    window.moveTo(Math.max(at, window.latest) - QuotaArithmetic.window(charge));
    long others = window.counted - (at > window.horizon ? amount : 0);
    return QuotaArithmetic.fits(charge, others, bytes) ? -1 : others;
  }

  private void applySettling(long bytes, Charged first) {
    Window window = window();
    long before = window.counted;
    window.remove(charge, amount, at);
    at = Math.max(at, window.latest);
    amount = bytes;
    budget.use(QuotaArithmetic.window(charge));
    window.add(charge, bytes, at);
    window.drop(at - budget.longest());
    first.warn(charge, before, window.counted);
  }

  @Override
  public void release() {
    if (state == State.RELEASED) {
      return;
    }
    store.lock(this);
    try {
      takeBack();
    } finally {
      store.unlock(this);
    }
    state = State.RELEASED;
  }

  private void takeBack() {
    for (Charged each = this; each != null; each = each.next) {
      if (each.amount > 0) {
        each.window().remove(each.charge, each.amount, each.at);
      }
    }
  }

  @Override
  public String toString() {
    return "Granted";
  }
}
