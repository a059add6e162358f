package org.openhipaa.testkit.quota;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.openhipaa.core.access.quota.QuotaCharge;
import org.openhipaa.core.access.rules.QuotaMeasure;

/**
 * Goes through the record that the database kept, entry by entry, and through what the processes
 * wrote, and says what is wrong. Knows nothing of the store's code: only its table of charges. What
 * it can find, {@link QuotaJudgeTest} shows.
 */
final class QuotaJudge {
  private static final long WINDOW = HammerOp.WINDOW.toMillis();

  /** A sighting may only be fixed, so that it cannot be taken back, if so many followed it. */
  private static final int LATER_SIGHTINGS = 32;

  private final Map<String, Budget> budgets = new HashMap<>();
  private final Map<String, Told> toldById = new HashMap<>();
  private final Map<String, Told> toldByToken = new HashMap<>();
  private final List<Denial> denials = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final Map<String, String> names = new HashMap<>();
  private final Map<QuotaMeasure, Integer> deniedBy = new TreeMap<>();
  private int grants;
  private int settlingsDenied;
  private long unknown;

  /**
   * A change of a row of charges, in the order in which they took place for a budget: {@code I}
   * inserted, {@code A} amended in time and amount, {@code U} given another number, {@code D}
   * deleted.
   */
  record Entry(
      long id,
      long transaction,
      char what,
      String budget,
      long number,
      String token,
      long at,
      long amount) {}

  /** A row of charges, and whose it is. */
  private record Row(String token, long at, long amount, Told told) {}

  /** Without a time if it is settling that was denied, which takes place at the latest time. */
  private record Denial(
      Told told, long now, QuotaCharge charge, long counted, boolean settling, long from, long to) {
    @Override
    public String toString() {
      return (settling ? "settling " : "") + told.op + " at " + now + " by " + charge.key()
          + ", counted " + counted + ", between " + from + " and " + to;
    }
  }

  /** What a process wrote of one reservation, and what the record says of it. */
  private static final class Told {
    final HammerOp op;
    final long now;
    boolean granted;
    boolean denied;
    long settling = -1;
    boolean settled;
    boolean settlingDenied;
    boolean releasing;
    boolean released;

    /** From this entry on nothing of it may be left. */
    long goneBy = Long.MAX_VALUE;

    /** The transaction that charged it; 0 if there is none. */
    long charged;

    boolean settlingCharged;

    Told(HammerOp op, long now) {
      this.op = op;
      this.now = now;
    }

    boolean mayBeTakenBack() {
      return releasing || (settling >= 0 && !settled);
    }
  }

  /** What belongs together. */
  private static final class Transaction {
    final List<Entry> inserts = new ArrayList<>();
    final List<Entry> renumbered = new ArrayList<>();
  }

  /** The rows of one budget as the record says. */
  private static final class Budget {
    long latest = Long.MIN_VALUE;
    final Map<Long, Row> rows = new LinkedHashMap<>();

    long counted(boolean distinct, long after, Optional<Told> without) {
      Set<String> tokens = new HashSet<>();
      long sum = 0;
      for (Row row : rows.values()) {
        if (row.at() > after && (without.isEmpty() || row.told() != without.get())) {
          if (!distinct) {
            sum += row.amount();
          } else if (tokens.add(row.token())) {
            sum++;
          }
        }
      }
      return sum;
    }
  }

  /** Takes a line of a process. */
  void line(String line) {
    String[] parts = line.split(" ");
    String id = parts[1];
    if (parts[0].equals("B")) {
      Told told = new Told(new HammerOp(id), Long.parseLong(parts[2]));
      toldById.put(id, told);
      toldByToken.put(sha256(id), told);
      return;
    }
    if (parts[0].equals("E")) {
      // Also if it was broken off before it began.
      unknown++;
      return;
    }
    Told told = toldById.get(id);
    switch (parts[0]) {
      case "G" -> {
        told.granted = true;
        grants++;
      }
      case "D" -> {
        told.denied = true;
        denied(told, Long.parseLong(parts[2]), parts, 3, false);
      }
      case "s" -> told.settling = Long.parseLong(parts[2]);
      case "S" -> told.settled = true;
      case "X" -> {
        told.settlingDenied = true;
        told.goneBy = Long.parseLong(parts[5]);
        settlingsDenied++;
        denied(told, Long.MIN_VALUE, parts, 2, true);
      }
      case "r" -> told.releasing = true;
      case "R" -> {
        told.released = true;
        told.goneBy = Long.parseLong(parts[2]);
      }
      default -> throw new IllegalArgumentException(line);
    }
  }

  private void denied(Told told, long now, String[] parts, int first, boolean settling) {
    QuotaCharge charge = told.op.charges().get(Integer.parseInt(parts[first]));
    if (settling) {
      charge = new QuotaCharge(charge.key(), charge.limit(), charge.token(), told.settling);
    }
    deniedBy.merge(charge.limit().measure(), 1, Integer::sum);
    denials.add(new Denial(
        told,
        now,
        charge,
        Long.parseLong(parts[first + 1]),
        settling,
        Long.parseLong(parts[first + 2]),
        Long.parseLong(parts[first + 3])));
  }

  /** Judges all, given the record from the first entry to the last. */
  List<String> judge(List<Entry> record) {
    Map<Long, Transaction> transactions = new HashMap<>();
    for (Entry entry : record) {
      Transaction transaction =
          transactions.computeIfAbsent(entry.transaction(), t -> new Transaction());
      if (entry.what() == 'I') {
        transaction.inserts.add(entry);
      } else if (entry.what() == 'U') {
        transaction.renumbered.add(entry);
      }
    }
    denials.sort(Comparator.comparingLong(Denial::from));
    Iterator<Denial> coming = denials.iterator();
    Denial next = coming.hasNext() ? coming.next() : null;
    Map<String, List<Denial>> open = new HashMap<>();
    for (Entry entry : record) {
      while (next != null && next.from() < entry.id()) {
        if (!explained(next)) {
          open.computeIfAbsent(name(next.charge()), b -> new ArrayList<>()).add(next);
        }
        next = coming.hasNext() ? coming.next() : null;
      }
      replay(entry, transactions.get(entry.transaction()));
      List<Denial> here = open.get(entry.budget());
      if (here != null) {
        here.removeIf(denial -> {
          boolean late = entry.id() > denial.to();
          if (late) {
            faults.add("false denial: " + denial);
          }
          return late || explained(denial);
        });
      }
    }
    while (next != null) {
      if (!explained(next)) {
        faults.add("false denial: " + next);
      }
      next = coming.hasNext() ? coming.next() : null;
    }
    open.values().forEach(list -> list.forEach(d -> faults.add("false denial: " + d)));
    toldById.values().forEach(this::end);
    budgets.values().forEach(this::end);
    return faults;
  }

  /** What a process was told must have happened, and nothing else. */
  private void end(Told told) {
    if (told.granted && told.charged == 0) {
      faults.add("granted, but not charged: " + told.op);
    }
    if (told.denied && told.charged != 0) {
      faults.add("denied, but charged: " + told.op);
    }
    if (told.settled && told.op.countsBytes() && !told.settlingCharged) {
      faults.add("settled, but not charged: " + told.op);
    }
  }

  private void end(Budget budget) {
    budget.rows.forEach((number, row) -> {
      // A negative number says that the sighting was fixed.
      if (number > 0 && (row.told().released || row.told().settlingDenied)) {
        faults.add("taken back, but still charged: " + row.told().op);
      }
    });
  }

  /** Whether the store was right to deny, the budgets being as they are at this entry. */
  private boolean explained(Denial denial) {
    QuotaCharge charge = denial.charge();
    Budget budget = budget(name(charge));
    long after = Math.max(denial.now(), budget.latest) - WINDOW;
    boolean distinct = charge.limit().measure().distinct();
    long counted = budget.counted(
        distinct, after, denial.settling() ? Optional.of(denial.told()) : Optional.empty());
    return counted == denial.counted()
        && charge.amount() > 0
        && counted + charge.amount() > charge.limit().hard()
        && !(distinct && sees(budget, hashed(charge.token()), after));
  }

  private static boolean sees(Budget budget, String token, long after) {
    return budget.rows.values().stream()
        .anyMatch(row -> row.at() > after && row.token().equals(token));
  }

  private void replay(Entry entry, Transaction transaction) {
    Budget budget = budget(entry.budget());
    switch (entry.what()) {
      case 'I' -> insert(entry, budget, transaction);
      case 'A' -> amend(entry, budget);
      case 'D' -> delete(entry, budget, transaction);
      case 'U' -> renumber(entry, budget);
      default -> throw new IllegalArgumentException(entry.toString());
    }
  }

  private void insert(Entry entry, Budget budget, Transaction transaction) {
    Optional<Told> somebody = transaction.inserts.stream()
        .map(e -> toldByToken.get(e.token()))
        .filter(t -> t != null)
        .findFirst();
    if (somebody.isEmpty()) {
      faults.add("charged by nobody: " + entry);
      return;
    }
    Told told = somebody.get();
    Optional<QuotaCharge> charge =
        told.op.charges().stream().filter(c -> name(c).equals(entry.budget())).findFirst();
    if (charge.isEmpty()) {
      faults.add("charged to a budget that was not asked for: " + entry);
      return;
    }
    if (told.charged == 0) {
      told.charged = entry.transaction();
      long different =
          transaction.inserts.stream().map(Entry::budget).distinct().count();
      if (different != told.op.charges().size() || different != transaction.inserts.size()) {
        faults.add("not all budgets were charged: " + transaction.inserts);
      }
    }
    if (told.charged != entry.transaction()) {
      settle(entry, budget, told, charge.get());
    } else {
      if (entry.at() != Math.max(told.now, budget.latest)) {
        faults.add("counted at another time than " + told.now + ": " + entry);
      }
      if (entry.amount() != charge.get().amount()) {
        faults.add("another amount was charged: " + entry);
      }
    }
    if (!entry.token().equals(hashed(charge.get().token()))) {
      faults.add("charged for somebody else: " + entry);
    }
    if (budget.rows.containsKey(entry.number())) {
      faults.add("a number was given twice: " + entry);
    }
    put(entry, budget, told, charge.get());
  }

  private void amend(Entry entry, Budget budget) {
    Row row = budget.rows.remove(entry.number());
    if (row == null) {
      faults.add("a row that was never charged has changed: " + entry);
      return;
    }
    QuotaCharge charge = row.told().op.charges().stream()
        .filter(c -> name(c).equals(entry.budget()))
        .findFirst()
        .orElseThrow();
    settle(entry, budget, row.told(), charge);
    put(entry, budget, row.told(), charge);
  }

  /** Checks a charge that comes when the bytes are known. */
  private void settle(Entry entry, Budget budget, Told told, QuotaCharge charge) {
    if (told.settling < 0
        || told.settlingCharged
        || charge.limit().measure() != QuotaMeasure.BYTES) {
      faults.add("charged twice: " + entry);
    } else if (entry.amount() != told.settling) {
      faults.add("settled with another amount than " + told.settling + ": " + entry);
    }
    told.settlingCharged = true;
    if (entry.at() != budget.latest) {
      faults.add("settled at another time than the latest: " + entry);
    }
  }

  private void put(Entry entry, Budget budget, Told told, QuotaCharge charge) {
    if (entry.at() < budget.latest) {
      faults.add("time went back: " + entry);
    }
    budget.latest = entry.at();
    budget.rows.put(entry.number(), new Row(entry.token(), entry.at(), entry.amount(), told));
    boolean distinct = charge.limit().measure().distinct();
    long counted = budget.counted(distinct, entry.at() - WINDOW, Optional.empty());
    if (counted > charge.limit().hard()) {
      faults.add("more than the limit: " + counted + " after " + entry);
    }
  }

  private void delete(Entry entry, Budget budget, Transaction transaction) {
    Row row = budget.rows.remove(entry.number());
    if (row == null) {
      faults.add("a row that was never charged was taken back: " + entry);
      return;
    }
    if (entry.number() > 0 && entry.id() > row.told().goneBy) {
      faults.add("taken back, but still charged: " + entry);
    }
    boolean expired = row.at() <= budget.latest - WINDOW;
    boolean asked = entry.number() > 0 && row.told().mayBeTakenBack();
    // Somebody saw the patient so often since that this sighting makes no difference any more.
    boolean covered = transaction.renumbered.stream()
        .anyMatch(later -> later.budget().equals(entry.budget())
            && later.token().equals(entry.token())
            && -later.number() > Math.abs(entry.number()));
    if (!expired && !asked && !covered) {
      faults.add("taken back, but nobody asked for it: " + entry);
    }
  }

  /** A sighting that so many have followed that it can no longer be taken back. */
  private void renumber(Entry entry, Budget budget) {
    Row row = budget.rows.remove(-entry.number());
    if (row == null || entry.number() >= 0) {
      faults.add("a row that was never charged has changed: " + entry);
      return;
    }
    long later = budget.rows.entrySet().stream()
        .filter(e -> e.getKey() > -entry.number() && e.getValue().token().equals(row.token()))
        .count();
    if (later < LATER_SIGHTINGS) {
      faults.add("fixed after only " + later + " more: " + entry);
    }
    budget.rows.put(entry.number(), row);
  }

  private Budget budget(String name) {
    return budgets.computeIfAbsent(name, n -> new Budget());
  }

  /** The name of the budget in the database. */
  private String name(QuotaCharge charge) {
    return names.computeIfAbsent(budget(charge), QuotaJudge::sha256);
  }

  /** The token in the database; those of patients come again and again. */
  private String hashed(String token) {
    return token.startsWith("patient")
        ? names.computeIfAbsent(token, QuotaJudge::sha256)
        : sha256(token);
  }

  static String budget(QuotaCharge charge) {
    return charge.limit().measure().label() + " " + charge.key();
  }

  static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How many denials, of reservations and of settling, by what is counted. */
  Map<QuotaMeasure, Integer> deniedBy() {
    return deniedBy;
  }

  int denials() {
    return denials.size() - settlingsDenied;
  }

  int settlingsDenied() {
    return settlingsDenied;
  }

  int grants() {
    return grants;
  }

  long unknown() {
    return unknown;
  }
}
