package org.openhipaa.core.access.quota.jdbc;

import static org.openhipaa.core.internal.Statements.all;
import static org.openhipaa.core.internal.Statements.updateEach;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.openhipaa.core.access.quota.QuotaArithmetic;

/**
 * The budgets of one reservation within one transaction, whose rows are locked from {@link #lock}
 * to its end. Others wait for them meanwhile, so each way to the database and back counts: what is
 * done to all budgets goes in one.
 */
final class Accounts {
  private final Connection connection;
  private final Map<String, Account> accounts;

  private Accounts(Connection connection, Map<String, Account> accounts) {
    this.connection = connection;
    this.accounts = accounts;
  }

  /**
   * Locks budgets in the order of their names, so that two who want the same do not wait for each
   * other; empty if one has no row yet. The order is kept by the database: PostgreSQL sorts before
   * it locks, MariaDB and H2 go along the primary key.
   */
  static Optional<Accounts> lock(Connection connection, SortedSet<String> budgets)
      throws SQLException {
    Map<String, Account> accounts = new HashMap<>();
    for (Account account : all(
        connection,
        row -> new Account(connection, row),
        0,
        "select " + Account.COLUMNS + " from openhipaa_quota_budget where budget in ("
            + "?, ".repeat(budgets.size() - 1) + "?) order by budget for update",
        budgets.toArray())) {
      accounts.put(account.budget(), account);
    }
    return accounts.size() == budgets.size()
        ? Optional.of(new Accounts(connection, accounts))
        : Optional.empty();
  }

  /** The one that is charged. */
  Account of(Target target) {
    return Optional.ofNullable(accounts.get(target.budget())).orElseThrow();
  }

  /** Moves each that is charged on to a time, and to the window that its charge looks at. */
  void moveTo(long now, List<Target> targets) throws SQLException {
    Map<Account, Long> windows = new LinkedHashMap<>();
    for (Target target : targets) {
      windows.put(of(target), QuotaArithmetic.window(target.charge()));
    }
    moveTo(now, windows);
  }

  private void moveTo(long now, Map<Account, Long> windows) throws SQLException {
    List<Account> moved = new ArrayList<>();
    List<String> selects = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    windows.forEach((account, window) -> {
      long before = account.horizon();
      account.moveTo(now, window);
      long after = account.horizon();
      if (before != after) {
        selects.add("select " + moved.size()
            + ", coalesce(sum(amount), 0) from openhipaa_quota_charge"
            + " where budget = ? and charged_at > ? and charged_at <= ?");
        values.addAll(List.of(account.budget(), Math.min(before, after), Math.max(before, after)));
        moved.add(account);
      }
    });
    if (moved.isEmpty()) {
      return;
    }
    record Sum(int account, long amount) {}

    for (Sum sum : all(
        connection,
        row -> new Sum(row.getInt(1), row.getLong(2)),
        0,
        String.join(" union all ", selects),
        values.toArray())) {
      moved.get(sum.account()).passed(sum.amount());
    }
  }

  /** Looks at all at that time and deletes what is out of their longest windows; how much. */
  int expire(long now) throws SQLException {
    Map<Account, Long> windows = new LinkedHashMap<>();
    accounts.values().forEach(account -> windows.put(account, account.longest()));
    moveTo(now, windows);
    int deleted = 0;
    for (Account account : accounts.values()) {
      deleted += account.drop();
    }
    save();
    return deleted;
  }

  /** Keeps the charges and the counters of all. */
  void save() throws SQLException {
    List<Object[]> charges = new ArrayList<>();
    List<Object[]> counters = new ArrayList<>();
    for (Account account : accounts.values()) {
      charges.addAll(account.charges());
      counters.add(account.counters());
    }
    updateEach(
        connection,
        "insert into openhipaa_quota_charge (budget, number, token, charged_at, amount)"
            + " values (?, ?, ?, ?, ?)",
        charges);
    updateEach(
        connection,
        "update openhipaa_quota_budget set latest = ?, last_number = ?, longest_window = ?,"
            + " horizon = ?, counted = ? where budget = ?",
        counters);
    for (Account account : accounts.values()) {
      account.dropIfDue();
    }
  }
}
