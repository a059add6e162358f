package org.openhipaa.testkit.contract;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openhipaa.core.access.quota.QuotaCharge;
import org.openhipaa.core.access.quota.QuotaReservation.Exceeded;
import org.openhipaa.core.access.rules.QuotaMeasure;

/**
 * The simplest program that could be right: a list of all charges, looked through from the first to
 * the last each time. Says null where a store grants.
 */
final class QuotaModel {
  private final Map<String, Budget> budgets = new HashMap<>();

  private static final class Budget {
    long latest = Long.MIN_VALUE;
    final List<Entry> entries = new ArrayList<>();
  }

  private static final class Entry {
    final QuotaCharge charge;
    final Budget budget;
    long at;
    long amount;

    Entry(QuotaCharge charge, Budget budget, long at) {
      this.charge = charge;
      this.budget = budget;
      this.at = at;
      this.amount = charge.amount();
    }
  }

  /** A granted reservation. */
  static final class Reservation {
    private final List<Entry> entries = new ArrayList<>();
    final List<QuotaCharge> warnings = new ArrayList<>();
    Exceeded exceeded;
  }

  Reservation reserve(List<QuotaCharge> charges, Instant now) {
    Reservation answer = new Reservation();
    for (QuotaCharge charge : charges) {
      Budget budget = budget(charge);
      long at = Math.max(budget.latest, now.toEpochMilli());
      long horizon = at - charge.limit().window().toMillis();
      long counted = counted(budget, charge, horizon);
      boolean known = charge.limit().measure().distinct()
          && budget.entries.stream()
              .anyMatch(e -> e.at > horizon && e.charge.token().equals(charge.token()));
      if (!known
          && charge.amount() > 0
          && counted + charge.amount() > charge.limit().hard()) {
        answer.exceeded = new Exceeded(charge, counted);
        return answer;
      }
    }
    for (QuotaCharge charge : charges) {
      Budget budget = budget(charge);
      budget.latest = Math.max(budget.latest, now.toEpochMilli());
      long horizon = budget.latest - charge.limit().window().toMillis();
      long before = counted(budget, charge, horizon);
      Entry entry = new Entry(charge, budget, budget.latest);
      budget.entries.add(entry);
      answer.entries.add(entry);
      warn(answer, charge, before, counted(budget, charge, horizon));
    }
    return answer;
  }

  /** What is exceeded, or null. */
  Exceeded settle(Reservation reservation, long bytes) {
    for (Entry entry : reservation.entries) {
      if (entry.charge.limit().measure() == QuotaMeasure.BYTES) {
        long others = counted(entry.budget, entry.charge, horizon(entry))
            - (entry.at > horizon(entry) && entry.budget.entries.contains(entry)
                ? entry.amount
                : 0);
        if (bytes > 0 && others + bytes > entry.charge.limit().hard()) {
          release(reservation);
          QuotaCharge charge = entry.charge;
          return new Exceeded(
              new QuotaCharge(charge.key(), charge.limit(), charge.token(), bytes), others);
        }
      }
    }
    for (Entry entry : reservation.entries) {
      if (entry.charge.limit().measure() == QuotaMeasure.BYTES) {
        long before = counted(entry.budget, entry.charge, horizon(entry));
        entry.at = entry.budget.latest;
        entry.amount = bytes;
        warn(
            reservation, entry.charge, before, counted(entry.budget, entry.charge, horizon(entry)));
      }
    }
    return null;
  }

  void release(Reservation reservation) {
    reservation.entries.forEach(entry -> entry.budget.entries.remove(entry));
  }

  private static long horizon(Entry entry) {
    return entry.budget.latest - entry.charge.limit().window().toMillis();
  }

  private static void warn(Reservation answer, QuotaCharge charge, long before, long after) {
    long soft = charge.limit().soft().orElse(Long.MAX_VALUE);
    if (before < soft && after >= soft) {
      answer.warnings.add(charge);
    }
  }

  private static long counted(Budget budget, QuotaCharge charge, long horizon) {
    Set<String> patients = new HashSet<>();
    long sum = 0;
    for (Entry entry : budget.entries) {
      if (entry.at > horizon) {
        patients.add(entry.charge.token());
        sum += entry.amount;
      }
    }
    return charge.limit().measure().distinct() ? patients.size() : sum;
  }

  private Budget budget(QuotaCharge charge) {
    return budgets.computeIfAbsent(
        charge.limit().measure() + " " + charge.key(), key -> new Budget());
  }
}
