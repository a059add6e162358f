package org.openhipaa.testkit.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openhipaa.core.access.quota.QuotaCharge;
import org.openhipaa.core.access.rules.QuotaMeasure;
import org.openhipaa.testkit.quota.QuotaJudge.Entry;

/**
 * The judge finds each kind of fault, if a store makes one only once among many right answers, and
 * nothing where there is none.
 */
class QuotaJudgeTest {
  private static final long SEED = Long.getLong("test.seed", 20261124L);
  private static final int HISTORIES = 1;
  private static final int OPERATIONS = 4_000;

  /** What a store can do wrong, and what the judge is to say. */
  private enum Fault {
    ADMITS_WHAT_DOES_NOT_FIT("more than the limit"),
    ADMITS_WHAT_DOES_NOT_FIT_WHEN_SETTLING("more than the limit"),
    DENIES_WHAT_FITS("false denial"),
    DENIES_WHO_IS_COUNTED("false denial"),
    DENIES_SETTLING_THAT_FITS("false denial"),
    COUNTS_WRONG_IN_A_DENIAL("false denial"),
    CHARGES_TWICE("charged twice"),
    CHARGES_NOTHING("granted, but not charged"),
    CHARGES_ONLY_SOME("not all budgets were charged"),
    CHARGES_ANOTHER_AMOUNT("another amount was charged"),
    CHARGES_SOMEBODY_ELSE("charged for somebody else"),
    CHARGES_A_DENIAL("denied, but charged"),
    TURNS_TIME_BACK("time went back"),
    TURNS_TIME_ON("counted at another time"),
    TAKES_BACK_UNASKED("taken back, but nobody asked for it"),
    TAKES_BACK_WHAT_IS_SETTLED("taken back, but nobody asked for it"),
    TAKES_BACK_ONLY_SOME("taken back, but still charged"),
    TAKES_BACK_NOTHING("taken back, but still charged"),
    SETTLES_NOTHING("settled, but not charged"),
    SETTLES_ANOTHER_AMOUNT("settled with another amount"),
    SETTLES_TWICE("charged twice"),
    FIXES_TOO_EARLY("fixed after only"),
    CHARGES_FOR_NOBODY("charged by nobody");

    private final String says;

    Fault(String says) {
      this.says = says;
    }
  }

  @Test
  void rightHistory_hasNoFault() {
    for (int i = 0; i < HISTORIES; i++) {
      History history = new History(SEED + i, null);
      history.run();

      QuotaJudge judge = new QuotaJudge();
      history.lines.forEach(judge::line);

      assertThat(judge.judge(history.record)).as("seed %d", SEED + i).isEmpty();
      assertThat(judge.deniedBy()).as("each limit denies").hasSize(3);
      assertThat(judge.settlingsDenied()).isPositive();
      assertThat(history.record).extracting(Entry::what).contains('I', 'A', 'U', 'D');
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void oneFaultAmongManyRightAnswers_isFound(Fault fault) {
    for (int i = 0; i < HISTORIES; i++) {
      History history = new History(SEED + i, fault);
      history.run();
      assertThat(history.fault).as("the fault was made; seed %d", SEED + i).isNull();

      QuotaJudge judge = new QuotaJudge();
      history.lines.forEach(judge::line);

      assertThat(judge.judge(history.record))
          .as("seed %d", SEED + i)
          .anyMatch(found -> found.startsWith(fault.says));
    }
  }

  @Test
  void linesThatDoNotSayWhatCame_areNoFault() {
    History history = new History(SEED, null);
    history.run();
    // As if the processes had been killed, or the connection lost, before they were answered.
    history.lines.removeIf(line -> line.matches("[GSRX] .*") && line.hashCode() % 10 == 0);

    QuotaJudge judge = new QuotaJudge();
    history.lines.forEach(judge::line);

    assertThat(judge.judge(history.record)).isEmpty();
  }

  /**
   * A plain store that answers the hammer's reservations one after the other, and makes one fault,
   * after some time, when it next can.
   */
  private static final class History {
    private static final long WINDOW = HammerOp.WINDOW.toMillis();
    private static final long BASE = 1_800_000_000_000L;
    private static final int SIGHTINGS = 64;

    final List<String> lines = new ArrayList<>();
    final List<Entry> record = new ArrayList<>();

    /** Null if it makes none, or has made it. */
    Fault fault;

    private final Random chance;
    private final Map<String, Budget> budgets = new HashMap<>();
    private long transaction = 1000;
    private int operation;

    History(long seed, Fault fault) {
      this.chance = new Random(seed);
      this.fault = fault;
    }

    private static final class Budget {
      final String name;
      final boolean distinct;
      long latest = BASE - WINDOW;
      long number;
      final TreeMap<Long, Entry> rows = new TreeMap<>();

      Budget(QuotaCharge charge) {
        this.name = QuotaJudge.sha256(QuotaJudge.budget(charge));
        this.distinct = charge.limit().measure().distinct();
      }

      long counted(long now, long without) {
        long after = Math.max(now, latest) - WINDOW;
        var inWindow = rows.values().stream().filter(r -> r.at() > after && r.number() != without);
        return distinct
            ? inWindow.map(Entry::token).distinct().count()
            : inWindow.mapToLong(Entry::amount).sum();
      }

      boolean sees(long now, String token) {
        long after = Math.max(now, latest) - WINDOW;
        return rows.values().stream().anyMatch(r -> r.at() > after && r.token().equals(token));
      }
    }

    void run() {
      long jump = 0;
      for (operation = 0; operation < OPERATIONS; operation++) {
        if (chance.nextInt(300) == 0) {
          jump = chance.nextBoolean() ? 0 : chance.nextLong(-WINDOW, WINDOW);
        }
        once(HammerOp.of("t" + operation, chance), BASE + operation * 400L + jump);
      }
    }

    /** Whether the fault is to be made now. */
    private boolean makes(Fault which) {
      if (fault != which || operation < OPERATIONS / 4) {
        return false;
      }
      fault = null;
      return true;
    }

    private void once(HammerOp op, long now) {
      lines.add("B " + op.id() + " " + now);
      transaction++;
      for (QuotaCharge charge : op.charges()) {
        Budget budget = budget(charge);
        boolean known = budget.distinct && budget.sees(now, token(charge));
        long counted = budget.counted(now, 0);
        boolean fits = known
            || charge.amount() == 0
            || counted + charge.amount() <= charge.limit().hard();
        boolean wrong;
        if (fits) {
          wrong = (known && makes(Fault.DENIES_WHO_IS_COUNTED))
              || (!known && makes(Fault.DENIES_WHAT_FITS));
        } else {
          wrong = makes(Fault.ADMITS_WHAT_DOES_NOT_FIT);
        }
        if (fits == wrong) {
          if (makes(Fault.COUNTS_WRONG_IN_A_DENIAL)) {
            counted += 5000;
          }
          lines.add("D " + op.id() + " " + now + " " + place(op, charge, counted));
          if (makes(Fault.CHARGES_A_DENIAL)) {
            charge(op, now);
          }
          return;
        }
        if (wrong) {
          break;
        }
      }
      lines.add("G " + op.id());
      Map<QuotaCharge, Long> numbers = new HashMap<>();
      if (!makes(Fault.CHARGES_NOTHING)) {
        numbers = charge(op, now);
        if (makes(Fault.CHARGES_TWICE)) {
          transaction++;
          charge(op, now);
        }
      }
      transaction++;
      if (!op.countsBytes() && makes(Fault.TAKES_BACK_UNASKED)) {
        takeBack(numbers);
        return;
      }
      boolean gone = chance.nextInt(4) > 0 && !settle(op, numbers);
      if (!gone && chance.nextInt(6) == 0) {
        release(op, numbers);
      }
    }

    private void release(HammerOp op, Map<QuotaCharge, Long> numbers) {
      lines.add("r " + op.id());
      transaction++;
      Map<QuotaCharge, Long> some = new HashMap<>(numbers);
      if (makes(Fault.TAKES_BACK_NOTHING)) {
        some.clear();
      } else if (numbers.size() > 1 && makes(Fault.TAKES_BACK_ONLY_SOME)) {
        some.keySet().remove(op.charges().get(0));
      }
      takeBack(some);
      lines.add("R " + op.id() + " " + record.size());
    }

    private Map<QuotaCharge, Long> charge(HammerOp op, long now) {
      Map<QuotaCharge, Long> numbers = new HashMap<>();
      List<QuotaCharge> charges = op.charges();
      if (charges.size() > 1 && makes(Fault.CHARGES_ONLY_SOME)) {
        // The charge of the group tells whose it is.
        charges.remove(charges.get(0).limit().measure() == QuotaMeasure.RECORDS ? 1 : 0);
      }
      for (QuotaCharge charge : charges) {
        Budget budget = budget(charge);
        long at = Math.max(now, budget.latest);
        if (makes(Fault.TURNS_TIME_BACK)) {
          at = budget.latest - 1;
        } else if (makes(Fault.TURNS_TIME_ON)) {
          at++;
        }
        String token = token(charge);
        if (budget.distinct && makes(Fault.CHARGES_SOMEBODY_ELSE)) {
          token = QuotaJudge.sha256("patient" + HammerOp.PATIENTS);
        }
        fix(budget, token);
        budget.number++;
        long amount = charge.amount() + (makes(Fault.CHARGES_ANOTHER_AMOUNT) ? 1 : 0);
        insert(budget, budget.number, token, at, amount);
        numbers.put(charge, budget.number);
        if (makes(Fault.CHARGES_FOR_NOBODY)) {
          transaction++;
          insert(budget, ++budget.number, QuotaJudge.sha256("nobody"), at, 1);
          transaction--;
        }
        if (budget.number % 16 == 0) {
          expire(budget);
        }
      }
      return numbers;
    }

    private void fix(Budget budget, String token) {
      if (!budget.distinct) {
        return;
      }
      List<Entry> seen =
          budget.rows.values().stream().filter(r -> r.token().equals(token)).toList();
      boolean tooEarly = seen.size() > 8 && makes(Fault.FIXES_TOO_EARLY);
      if (seen.size() < SIGHTINGS && !tooEarly) {
        return;
      }
      int kept = tooEarly ? 4 : SIGHTINGS / 2;
      Entry fixed = seen.get(seen.size() - 1 - kept);
      seen.stream().filter(r -> r.number() < fixed.number()).forEach(r -> delete(budget, r));
      budget.rows.remove(fixed.number());
      Entry row = entry('U', budget, -fixed.number(), token, fixed.at(), 1);
      budget.rows.put(row.number(), row);
    }

    private void expire(Budget budget) {
      List.copyOf(budget.rows.values()).stream()
          .filter(r -> r.at() <= budget.latest - WINDOW)
          .forEach(r -> delete(budget, r));
    }

    /** False if the bytes did not fit, and all was taken back. */
    private boolean settle(HammerOp op, Map<QuotaCharge, Long> numbers) {
      long bytes = chance.nextInt(300);
      lines.add("s " + op.id() + " " + bytes);
      for (QuotaCharge charge : op.charges()) {
        if (charge.limit().measure() == QuotaMeasure.BYTES && numbers.containsKey(charge)) {
          Budget budget = budget(charge);
          long number = numbers.get(charge);
          long others = budget.counted(budget.latest, number);
          boolean fits = bytes == 0 || others + bytes <= charge.limit().hard();
          boolean wrong = makes(
              fits
                  ? Fault.DENIES_SETTLING_THAT_FITS
                  : Fault.ADMITS_WHAT_DOES_NOT_FIT_WHEN_SETTLING);
          if (fits == wrong) {
            String told = op.charges().indexOf(charge) + " " + others + " " + record.size();
            takeBack(numbers);
            lines.add("X " + op.id() + " " + told + " " + record.size());
            return false;
          }
          if (!makes(Fault.SETTLES_NOTHING)) {
            amend(budget, number, charge, bytes + (makes(Fault.SETTLES_ANOTHER_AMOUNT) ? 1 : 0));
            if (makes(Fault.SETTLES_TWICE)) {
              transaction++;
              amend(budget, number, charge, bytes);
            }
          }
        }
      }
      lines.add("S " + op.id());
      if (makes(Fault.TAKES_BACK_WHAT_IS_SETTLED)) {
        transaction++;
        takeBack(numbers);
      }
      return true;
    }

    private void amend(Budget budget, long number, QuotaCharge charge, long bytes) {
      if (budget.rows.containsKey(number)) {
        Entry row = entry('A', budget, number, token(charge), budget.latest, bytes);
        budget.rows.put(number, row);
      } else {
        insert(budget, number, token(charge), budget.latest, bytes);
      }
    }

    private void takeBack(Map<QuotaCharge, Long> numbers) {
      numbers.forEach((charge, number) -> {
        Budget budget = budget(charge);
        Entry row = budget.rows.get(number);
        if (row != null) {
          delete(budget, row);
        }
      });
    }

    private void insert(Budget budget, long number, String token, long at, long amount) {
      Entry row = entry('I', budget, number, token, at, amount);
      budget.rows.put(number, row);
      budget.latest = at;
    }

    private void delete(Budget budget, Entry row) {
      budget.rows.remove(row.number());
      entry('D', budget, row.number(), row.token(), row.at(), row.amount());
    }

    private Entry entry(char what, Budget budget, long number, String token, long at, long amount) {
      Entry entry =
          new Entry(record.size() + 1, transaction, what, budget.name, number, token, at, amount);
      record.add(entry);
      return entry;
    }

    /** As several processes see it, not to the entry. */
    private String place(HammerOp op, QuotaCharge charge, long counted) {
      return op.charges().indexOf(charge) + " " + counted + " "
          + Math.max(0, record.size() - chance.nextInt(40)) + " "
          + (record.size() + chance.nextInt(40));
    }

    private Budget budget(QuotaCharge charge) {
      return budgets.computeIfAbsent(QuotaJudge.budget(charge), b -> new Budget(charge));
    }

    private static String token(QuotaCharge charge) {
      return QuotaJudge.sha256(charge.token());
    }
  }
}
