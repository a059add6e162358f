package org.openhipaa.core.access.quota.jdbc;

import static org.openhipaa.core.internal.Statements.all;
import static org.openhipaa.core.internal.Statements.first;
import static org.openhipaa.core.internal.Statements.update;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One budget within one transaction, whose row is locked. {@link #counted} is the sum of the
 * amounts after {@link #horizon}.
 *
 * <p>Where patients are counted, each sighting is a row, and the amount is 1 in the last row of a
 * patient and 0 in those before: the sum is then the number of patients, and to take back a sighting
 * means to delete its row and let the one before count.
 */
final class Account {
  static final String COLUMNS = "budget, latest, last_number, longest_window, horizon, counted";

  /** How many sightings of one patient may be taken back; at twice as many the rest is cleared. */
  static final int EARLIER = 32;

  /** After how many charges those are deleted that no window reaches; a trip that not each makes. */
  private static final int BETWEEN_DROPS = 16;

  private final Connection connection;
  private final String budget;
  private long latest;
  private long number;
  private long longest;
  private long horizon;
  private long counted;
  private boolean movedOn;
  private boolean dropIsDue;
  private List<Charge> sightings = List.of();
  private final List<Object[]> charges = new ArrayList<>();

  /** From a row of {@link #COLUMNS}. */
  Account(Connection connection, ResultSet row) throws SQLException {
    this.connection = connection;
    this.budget = row.getString(1);
    this.latest = row.getLong(2);
    this.number = row.getLong(3);
    this.longest = row.getLong(4);
    this.horizon = row.getLong(5);
    this.counted = row.getLong(6);
  }

  /** A charge as it stands in its row. */
  private record Charge(long number, long at, long amount) {}

  /** Makes the row to lock. Somebody else may do it at the same moment. */
  static void open(Connection connection, String budget) throws SQLException {
    update(
        connection,
        "insert into openhipaa_quota_budget (" + COLUMNS + ") values (?, ?, 0, 0, ?, 0)",
        budget,
        Long.MIN_VALUE / 2,
        Long.MIN_VALUE / 2);
  }

  String budget() {
    return budget;
  }

  long latest() {
    return latest;
  }

  long longest() {
    return longest;
  }

  long horizon() {
    return horizon;
  }

  long counted() {
    return counted;
  }

  /**
   * Sets the latest time, which does not go back, and the window that is looked at. If that moves
   * the horizon, {@link #passed} says what lies between.
   */
  void moveTo(long now, long window) {
    latest = Math.max(latest, now);
    longest = Math.max(longest, window);
    movedOn = latest - window > horizon;
    horizon = latest - window;
  }

  /** The sum of the amounts that the horizon passed on its way. */
  void passed(long amount) {
    counted += movedOn ? -amount : amount;
  }

  /** Deletes what no window reaches any more; how much. */
  int drop() throws SQLException {
    return update(
        connection,
        "delete from openhipaa_quota_charge where budget = ? and charged_at <= ?",
        budget,
        latest - longest);
  }

  void dropIfDue() throws SQLException {
    if (dropIsDue) {
      drop();
    }
  }

  /** Whether the patient counts already. To be asked before {@link #see}. */
  boolean counts(String token) throws SQLException {
    sightings = sightings(token, 2 * EARLIER);
    return !sightings.isEmpty() && sightings.get(0).at() > horizon;
  }

  /** One more sighting of the patient who was asked for; its number. */
  long see(String token) throws SQLException {
    if (!sightings.isEmpty()) {
      setAmount(sightings.get(0), 0);
    }
    if (sightings.size() == 2 * EARLIER) {
      fix(token, sightings.get(EARLIER));
    }
    return charge(token, 1);
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
  long charge(String token, long amount) {
    number++;
    dropIsDue |= number % BETWEEN_DROPS == 0;
    charge(number, token, amount);
    return number;
  }

  private void charge(long as, String token, long amount) {
    charges.add(new Object[] {budget, as, token, latest, amount});
    counted += amount;
  }

  /** The rows to insert. */
  List<Object[]> charges() {
    return charges;
  }

  /** The values of the row of the budget. */
  Object[] counters() {
    return new Object[] {latest, number, longest, horizon, counted, budget};
  }

  /** Takes a charge back; does nothing if it is gone already. */
  void remove(long charge, String token, boolean distinct) throws SQLException {
    Optional<Charge> row = find(charge);
    if (row.isEmpty()) {
      return;
    }
    update(
        connection,
        "delete from openhipaa_quota_charge where budget = ? and number = ?",
        budget,
        charge);
    counted -= countedOf(row.get());
    if (distinct && row.get().amount() > 0) {
      for (Charge before : sightings(token, 1)) {
        setAmount(before, 1);
      }
    }
  }

  /** Puts another amount in the place of a charge, at the latest time. */
  void replace(long charge, String token, long amount) throws SQLException {
    counted -= countedOf(charge);
    int rows = update(
        connection,
        "update openhipaa_quota_charge set charged_at = ?, amount = ?"
            + " where budget = ? and number = ?",
        latest,
        amount,
        budget,
        charge);
    if (rows == 0) {
      charge(charge, token, amount);
    } else {
      counted += amount;
    }
  }

  /** How much of what is counted comes from this charge. */
  long countedOf(long charge) throws SQLException {
    return find(charge).map(this::countedOf).orElse(0L);
  }

  private long countedOf(Charge charge) {
    return charge.at() > horizon ? charge.amount() : 0;
  }

  private Optional<Charge> find(long charge) throws SQLException {
    return first(
        connection,
        Account::read,
        "select number, charged_at, amount from openhipaa_quota_charge"
            + " where budget = ? and number = ?",
        budget,
        charge);
  }

  /**
   * The last sightings of a patient, the last first. One with a negative number was fixed and is
   * the first.
   */
  private List<Charge> sightings(String token, int most) throws SQLException {
    return all(
        connection,
        Account::read,
        0,
        "select number, charged_at, amount from openhipaa_quota_charge"
            + " where budget = ? and token = ? order by number desc limit "
            + most,
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

  private static Charge read(ResultSet row) throws SQLException {
    return new Charge(row.getLong(1), row.getLong(2), row.getLong(3));
  }
}
