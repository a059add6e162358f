package org.openhipaa.core.access.quota.memory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.quota.QuotaArithmetic;
import org.openhipaa.core.access.quota.QuotaCharge;
import org.openhipaa.core.access.quota.QuotaReservation;
import org.openhipaa.core.access.quota.QuotaStore;

/**
 * Quota counters in the memory of this process: exact, fast, and gone with it. For one application
 * instance whose quotas may begin anew after a restart, for tests, and for limits with short
 * windows; otherwise use the SQL store.
 *
 * <p>Memory is bounded by use: a budget that nobody charged for its longest window, at most twice, is
 * let go when another is opened; within a window, a patient or a millisecond with a charge is one entry. Thread-safe:
 * every budget has a lock, and several are locked in the order of their keys.
 */
public final class MemoryQuotaStore implements QuotaStore {
  private static final Comparator<Charged> BY_KEY = Comparator.comparing(c -> c.charge.key());

  private final ConcurrentHashMap<String, Budget> budgets = new ConcurrentHashMap<>();

  /** Knows all budgets and when to look whether one is idle; is not asked in order to find one. */
  private final Cache<String, Budget> idle;

  /**
   * Opens an empty store.
   *
   * @param nanoTime a clock that only goes forward and that nobody sets, such as {@code
   *     System::nanoTime}; says when a budget has been idle for long enough to be let go
   */
  public MemoryQuotaStore(LongSupplier nanoTime) {
    this.idle = Caffeine.newBuilder()
        .expireAfter(new AfterItsWindow())
        .ticker(nanoTime::getAsLong)
        // No threads of its own: who opens a budget also clears away old ones.
        .executor(Runnable::run)
        .removalListener(this::look)
        .build();
  }

  @Override
  public QuotaReservation reserve(List<QuotaCharge> charges, Instant now) {
    QuotaArithmetic.requireDifferentKeys(charges);
    long clock = QuotaArithmetic.millis(now);
    Charged first = null;
    Charged last = null;
    for (QuotaCharge charge : charges) {
      Charged charged = new Charged(this, charge, budget(charge));
      if (last == null) {
        first = charged;
      } else {
        last.next = charged;
      }
      last = charged;
    }
    return first == null ? new NothingCharged() : reserve(first, clock);
  }

  private QuotaReservation reserve(Charged first, long clock) {
    lock(first);
    try {
      for (Charged each = first; each != null; each = each.next) {
        long counted = each.check(clock);
        if (counted >= 0) {
          return new QuotaReservation.Exceeded(each.charge, counted);
        }
      }
      for (Charged each = first; each != null; each = each.next) {
        each.apply(first);
      }
      return first;
    } finally {
      unlock(first);
    }
  }

  /** Locks the budgets of a reservation, those that count now if some were let go. */
  void lock(Charged first) {
    if (first.next == null) {
      first.budget().lock.lock();
    } else {
      inOrder(first).forEach(each -> each.budget().lock.lock());
    }
    while (anyGone(first)) {
      // None is looked for under a lock, because clearing away takes the locks of others.
      unlock(first);
      for (Charged each = first; each != null; each = each.next) {
        each.rebind(budget(each.charge));
      }
      inOrder(first).forEach(each -> each.budget().lock.lock());
    }
  }

  void unlock(Charged first) {
    for (Charged each = first; each != null; each = each.next) {
      each.budget().lock.unlock();
    }
  }

  private static boolean anyGone(Charged first) {
    for (Charged each = first; each != null; each = each.next) {
      if (each.budget().isGone()) {
        return true;
      }
    }
    return false;
  }

  private static List<Charged> inOrder(Charged first) {
    List<Charged> ordered = new ArrayList<>();
    for (Charged each = first; each != null; each = each.next) {
      ordered.add(each);
    }
    ordered.sort(BY_KEY);
    return ordered;
  }

  private Budget budget(QuotaCharge charge) {
    Budget budget = budgets.get(charge.key());
    if (budget != null) {
      return budget;
    }
    Budget fresh = new Budget(QuotaArithmetic.window(charge));
    Budget other = budgets.putIfAbsent(charge.key(), fresh);
    if (other != null) {
      return other;
    }
    idle.put(charge.key(), fresh);
    return fresh;
  }

  /** Lets go of a budget that was idle since it was last looked at, which is its window ago. */
  private void look(@Nullable String key, @Nullable Budget budget, RemovalCause cause) {
    if (key == null || budget == null || cause != RemovalCause.EXPIRED) {
      return;
    }
    budget.lock.lock();
    try {
      if (budget.letGoIfIdle()) {
        budgets.remove(key, budget);
        return;
      }
    } finally {
      budget.lock.unlock();
    }
    idle.put(key, budget);
  }

  /** How many budgets are kept, for tests. */
  long size() {
    idle.cleanUp();
    return budgets.size();
  }

  private static final class AfterItsWindow implements Expiry<String, Budget> {
    @Override
    public long expireAfterCreate(String key, Budget budget, long now) {
      return TimeUnit.MILLISECONDS.toNanos(budget.longest());
    }

    @Override
    public long expireAfterUpdate(String key, Budget budget, long now, long left) {
      return TimeUnit.MILLISECONDS.toNanos(budget.longest());
    }

    @Override
    public long expireAfterRead(String key, Budget budget, long now, long left) {
      return left;
    }
  }

  /** The answer to an empty list. */
  private static final class NothingCharged implements QuotaReservation.Granted {
    @Override
    public List<QuotaCharge> warnings() {
      return List.of();
    }

    @Override
    public Optional<QuotaReservation.Exceeded> settle(long bytes) {
      return Optional.empty();
    }

    @Override
    public void release() {
      // Nothing is charged.
    }
  }
}
