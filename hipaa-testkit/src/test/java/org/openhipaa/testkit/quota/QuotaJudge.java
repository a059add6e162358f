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
import java.util.Set;
import org.openhipaa.core.access.quota.QuotaCharge;
import org.openhipaa.core.access.rules.QuotaMeasure;

/**
 * Goes through the record that the database kept, entry by entry, and through what the processes
 * wrote, and says what is wrong. Knows nothing of the store's code: only its two tables.
 */
final class QuotaJudge {
  private final Map<String, Budget> budgets = new HashMap<>();
  private final Map<String, Long> grantedAt = new HashMap<>();
  private final Set<String> mayBeTakenBack = new HashSet<>();
  private final List<Denial> denials = new ArrayList<>();
  private final Map<String, HammerOp> byToken = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private final Map<String, String> names = new HashMap<>();
  private long unknown;

  /** A change of a row of charges, in the order in which they took place for a budget. */
  record Entry(
      long id,
      long transaction,
      char what,
      String budget,
      long number,
      String token,
      long at,
      long amount) {}

  private record Row(String token, long at, long amount, String op) {}

  private record Denial(
      HammerOp op, long now, QuotaCharge charge, long counted, long from, long to) {}

  /** The rows of one budget as the record says. */
  private static final class Budget {
    long latest = Long.MIN_VALUE;
    final Map<Long, Row> rows = new LinkedHashMap<>();

    long counted(QuotaCharge charge, long after) {
      boolean distinct = charge.limit().measure().distinct();
      Set<String> tokens = new HashSet<>();
      long sum = 0;
      for (Row row : rows.values()) {
        if (row.at() > after && (!distinct || tokens.add(row.token()))) {
          sum += distinct ? 1 : row.amount();
        }
      }
      return sum;
    }
  }

  /** Takes a line of a process. */
  void line(String line) {
    String[] parts = line.split(" ");
    HammerOp op = new HammerOp(parts[1]);
    switch (parts[0]) {
      case "G" -> grantedAt.put(op.id(), Long.parseLong(parts[2]));
      case "D" ->
        denials.add(new Denial(
            op,
            Long.parseLong(parts[2]),
            op.charges().get(Integer.parseInt(parts[3])),
            Long.parseLong(parts[4]),
            Long.parseLong(parts[5]),
            Long.parseLong(parts[6])));
      case "B" -> byToken.put(sha256(op.id()), op);
      case "r", "s" -> mayBeTakenBack.add(op.id());
      default -> unknown++;
    }
  }

  /** Judges all, given the record from the first entry to the last, and the tokens that occur. */
  List<String> judge(List<Entry> record) {
    Map<Long, List<Entry>> inserts = new HashMap<>();
    Set<String> recorded = new HashSet<>();
    for (Entry entry : record) {
      if (entry.what() == 'I') {
        inserts.computeIfAbsent(entry.transaction(), t -> new ArrayList<>()).add(entry);
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
      replay(entry, inserts, recorded);
      List<Denial> here = open.get(entry.budget());
      if (here != null) {
        here.removeIf(denial -> entry.id() <= denial.to() && explained(denial));
        here.removeIf(denial -> {
          boolean late = entry.id() > denial.to();
          if (late) {
            faults.add("false denial " + denial);
          }
          return late;
        });
      }
    }
    while (next != null) {
      if (!explained(next)) {
        faults.add("false denial at the end " + next);
      }
      next = coming.hasNext() ? coming.next() : null;
    }
    open.values().forEach(list -> list.forEach(d -> faults.add("false denial " + d)));
    for (String id : grantedAt.keySet()) {
      if (!recorded.contains(id)) {
        faults.add("granted, but not in the record: " + id);
      }
    }
    return faults;
  }

  /** Whether the store was right to deny, the budgets being as they are at this entry. */
  private boolean explained(Denial denial) {
    QuotaCharge charge = denial.charge();
    Budget budget = budget(name(charge));
    long after = Math.max(denial.now(), budget.latest) - HammerOp.WINDOW.toMillis();
    long counted = budget.counted(charge, after);
    boolean distinct = charge.limit().measure().distinct();
    String token = distinct ? names.computeIfAbsent(charge.token(), QuotaJudge::sha256) : "";
    boolean known = distinct
        && budget.rows.values().stream()
            .anyMatch(row -> row.at() > after && row.token().equals(token));
    return !known
        && counted == denial.counted()
        && charge.amount() > 0
        && counted + charge.amount() > charge.limit().hard();
  }

  private void replay(Entry entry, Map<Long, List<Entry>> inserts, Set<String> recorded) {
    Budget budget = budget(entry.budget());
    switch (entry.what()) {
      case 'I' -> insert(entry, budget, inserts, recorded);
      case 'D' -> {
        Row row = budget.rows.remove(entry.number());
        boolean expired = row != null && row.at() <= budget.latest - HammerOp.WINDOW.toMillis();
        if (row == null || (!expired && entry.number() > 0 && !mayBeTakenBack.contains(row.op()))) {
          faults.add("taken back, but nobody asked for it: " + entry);
        }
      }
      default -> {
        // A sighting that so many have followed that it can no longer be taken back.
        Row row = budget.rows.remove(-entry.number());
        if (row == null) {
          faults.add("a row that was never charged has changed: " + entry);
        } else {
          budget.rows.put(entry.number(), row);
        }
      }
    }
  }

  private void insert(
      Entry entry, Budget budget, Map<Long, List<Entry>> inserts, Set<String> recorded) {
    List<Entry> together = inserts.get(entry.transaction());
    HammerOp op = together.stream()
        .map(e -> byToken.get(e.token()))
        .filter(o -> o != null)
        .findFirst()
        .orElse(null);
    if (op == null) {
      faults.add("charged by nobody: " + entry);
      return;
    }
    QuotaCharge charge = op.charges().stream()
        .filter(c -> name(c).equals(entry.budget()))
        .findFirst()
        .orElseThrow();
    if (settlesOf(op, charge, together, recorded)) {
      if (entry.at() != budget.latest) {
        faults.add("settled at another time than the latest: " + entry);
      }
    } else {
      if (together.get(0).equals(entry) && recorded.contains(op.id())) {
        faults.add("charged twice: " + entry);
      }
      if (together.size() != op.charges().size()) {
        faults.add("not all budgets were charged: " + together);
      }
      Long now = grantedAt.get(op.id());
      if (now != null && entry.at() != Math.max(now, budget.latest)) {
        faults.add("counted at another time than " + now + ": " + entry);
      }
      recorded.add(op.id());
    }
    if (entry.at() < budget.latest) {
      faults.add("time went back: " + entry);
    }
    budget.latest = entry.at();
    long after = entry.at() - HammerOp.WINDOW.toMillis();
    budget.rows.put(entry.number(), new Row(entry.token(), entry.at(), entry.amount(), op.id()));
    if (budget.counted(charge, after) > charge.limit().hard()) {
      faults.add("more than the limit: " + budget.counted(charge, after) + " after " + entry);
    }
  }

  private boolean settlesOf(
      HammerOp op, QuotaCharge charge, List<Entry> together, Set<String> recorded) {
    return recorded.contains(op.id())
        && together.size() == 1
        && charge.limit().measure() == QuotaMeasure.BYTES
        && mayBeTakenBack.contains(op.id());
  }

  private Budget budget(String name) {
    return budgets.computeIfAbsent(name, n -> new Budget());
  }

  private String name(QuotaCharge charge) {
    return names.computeIfAbsent(
        charge.limit().measure().label() + " " + charge.key(), QuotaJudge::sha256);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  int denials() {
    return denials.size();
  }

  int grants() {
    return grantedAt.size();
  }

  long unknown() {
    return unknown;
  }
}
