package org.openhipaa.core.access.quota.jdbc;

import static org.openhipaa.core.internal.Statements.all;
import static org.openhipaa.core.internal.Statements.first;
import static org.openhipaa.core.internal.Statements.update;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * One budget within one transaction, whose row is locked from {@link #lock} to the end of the
 * transaction. {@link #counted} is the sum of the amounts after {@link #horizon}.
 *
 * <p>Where patients are counted, each sighting is a row, and the amount is 1 in the last row of a
 * patient and 0 in those before: the sum is then the number of patients, and to take back a sighting
 * means to delete its row and let the one before count.
 */
final class Account {
  /** How many sightings of one patient may be taken back; at twice as many the rest is cleared. */
  static final int EARLIER = 32;

  private final Connection connection;
  private final String budget;
  private long latest;
  private long number;
  private long longest;
  private long horizon;
  private long counted;
  private boolean somethingToDrop;

  private Account(Connection connection, String budget, Counters counters) {
    this.connection = connection;
    this.budget = budget;
    this.latest = counters.latest();
    this.number = counters.number();
    this.longest = counters.longest();
    this.horizon = counters.horizon();
    this.counted = counters.counted();
  }

  private record Counters(long latest, long number, long longest, long horizon, long counted) {}

  /** A charge as it stands in its row. */
  private record Charge(long number, long at, long amount) {}

  /** How many rows, and the sum of their amounts. */
  private record Sum(long rows, long amount) {}

  /** Empty if nothing was ever charged to this budget. */
  static Optional<Account> lock(Connection connection, String budget) throws SQLException {
    return first(
            connection,
            row -> new Counters(
                row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)),
            "select latest, last_number, longest_window, horizon, counted"
                + " from openhipaa_quota_budget where budget = ? for update",
            budget)
        .map(counters -> new Account(connection, budget, counters));
  }

  /** Makes the row to lock. Somebody else may do it at the same moment. */
  static void open(Connection connection, String budget) throws SQLException {
    update(
        connection,
        "insert into openhipaa_quota_budget"
            + " (budget, latest, last_number, longest_window, horizon, counted)"
            + " values (?, ?, 0, 0, ?, 0)",
        budget,
        Long.MIN_VALUE / 2,
        Long.MIN_VALUE / 2);
  }

  long latest() {
    return latest;
  }

  long counted() {
    return counted;
  }

  /** Sets the latest time, which does not go back, and the window that is looked at. */
  void moveTo(long now, long window) throws SQLException {
    latest = Math.max(latest, now);
    longest = Math.max(longest, window);
    long next = latest - window;
    if (next > horizon) {
      Sum gone = sum(horizon, next);
      counted -= gone.amount();
      somethingToDrop |= gone.rows() > 0;
    } else if (next < horizon) {
      counted += sum(next, horizon).amount();
    }
    horizon = next;
  }

  private Sum sum(long after, long upTo) throws SQLException {
    return first(
            connection,
            row -> new Sum(row.getLong(1), row.getLong(2)),
            "select count(*), coalesce(sum(amount), 0) from openhipaa_quota_charge"
                + " where budget = ? and charged_at > ? and charged_at <= ?",
            budget,
            after,
            upTo)
        .orElseThrow();
  }

  /** Deletes what no window reaches any more. */
  private int drop() throws SQLException {
    return update(
        connection,
        "delete from openhipaa_quota_charge where budget = ? and charged_at <= ?",
        budget,
        latest - longest);
  }

  /** Looks at the budget at that time and deletes what is out of its longest window; how much. */
  int expire(long now) throws SQLException {
    moveTo(now, longest);
    somethingToDrop = false;
    int deleted = drop();
    save();
    return deleted;
  }

  /** Whether the patient counts already. */
  boolean counts(String token) throws SQLException {
    return last(token).filter(last -> last.at() > horizon).isPresent();
  }

  /** One more sighting of a patient; its number. */
  long see(String token) throws SQLException {
    List<Charge> before = all(
        connection,
        Account::charge,
        0,
        "select number, charged_at, amount from openhipaa_quota_charge"
            + " where budget = ? and token = ? order by number desc limit "
            + 2 * EARLIER,
        budget,
        token);
    if (!before.isEmpty()) {
      setAmount(before.get(0), 0);
    }
    if (before.size() == 2 * EARLIER) {
      fix(token, before.get(EARLIER));
    }
    return insert(token, 1);
  }

  /**
   * Makes an early sighting the first that is known, and one that cannot be taken back, because
   * nobody finds it by its number any more. It stands for those before it, longer than they did.
   */
  private void fix(String token, Charge early) throws SQLException {
    update(
        connection,
        "delete from openhipaa_quota_charge where budget = ? and token = ? and number < ?",
        budget,
        token,
        early.number());
    update(
        connection,
        "update openhipaa_quota_charge set number = ? where budget = ? and number = ?",
        -early.number(),
        budget,
        early.number());
  }

  /** Charges an amount now; the number of the charge. */
  long insert(String token, long amount) throws SQLException {
    number++;
    insert(number, token, amount);
    return number;
  }

  private void insert(long as, String token, long amount) throws SQLException {
    update(
        connection,
        "insert into openhipaa_quota_charge (budget, number, token, charged_at, amount)"
            + " values (?, ?, ?, ?, ?)",
        budget,
        as,
        token,
        latest,
        amount);
    counted += amount;
  }

  /** Takes a charge back; does nothing if it is gone already. */
  void remove(long charge, String token, boolean distinct) throws SQLException {
    Optional<Charge> row = find(charge);
    if (row.isEmpty()) {
      return;
    }
    setAmount(row.get(), 0);
    update(
        connection,
        "delete from openhipaa_quota_charge where budget = ? and number = ?",
        budget,
        charge);
    if (distinct && row.get().amount() > 0) {
      Optional<Charge> before = last(token);
      if (before.isPresent()) {
        setAmount(before.get(), 1);
      }
    }
  }

  /** Puts another amount in the place of a charge, at the latest time. */
  void replace(long charge, String token, long amount) throws SQLException {
    remove(charge, token, false);
    insert(charge, token, amount);
  }

  /** How much of what is counted comes from this charge. */
  long countedOf(long charge) throws SQLException {
    return find(charge).filter(row -> row.at() > horizon).map(Charge::amount).orElse(0L);
  }

  /** Keeps the counters. What is not saved was only looked at, and must not have changed a row. */
  void save() throws SQLException {
    if (somethingToDrop) {
      drop();
    }
    update(
        connection,
        "update openhipaa_quota_budget set latest = ?, last_number = ?, longest_window = ?,"
            + " horizon = ?, counted = ? where budget = ?",
        latest,
        number,
        longest,
        horizon,
        counted,
        budget);
  }

  private Optional<Charge> find(long charge) throws SQLException {
    return first(
        connection,
        Account::charge,
        "select number, charged_at, amount from openhipaa_quota_charge"
            + " where budget = ? and number = ?",
        budget,
        charge);
  }

  /**
   * The last sighting of a patient. One with a negative number was fixed and is the first.
   */
  private Optional<Charge> last(String token) throws SQLException {
    return first(
        connection,
        Account::charge,
        "select number, charged_at, amount from openhipaa_quota_charge"
            + " where budget = ? and token = ? order by number desc limit 1",
        budget,
        token);
  }

  private void setAmount(Charge row, long amount) throws SQLException {
    if (row.amount() == amount) {
      return;
    }
    update(
        connection,
        "update openhipaa_quota_charge set amount = ? where budget = ? and number = ?",
        amount,
        budget,
        row.number());
    if (row.at() > horizon) {
      counted += amount - row.amount();
    }
  }

  private static Charge charge(ResultSet row) throws SQLException {
    return new Charge(row.getLong(1), row.getLong(2), row.getLong(3));
  }
}
