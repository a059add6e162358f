package org.openhipaa.core.access.quota.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.openhipaa.core.access.quota.QuotaArithmetic;
import org.openhipaa.core.access.quota.QuotaCharge;
import org.openhipaa.core.access.quota.QuotaNotCheckedException;
import org.openhipaa.core.access.quota.QuotaReservation;
import org.openhipaa.core.access.quota.QuotaReservation.Exceeded;
import org.openhipaa.core.access.quota.QuotaStore;
import org.openhipaa.core.internal.Statements;

/**
 * Quota counters in two SQL tables, {@code openhipaa_quota_budget} with a row per budget and {@code
 * openhipaa_quota_charge} with a row per charge within its longest window. The rows of the budgets
 * are locked, always in the same order, while they are counted, so several instances of an
 * application share a budget exactly. A reservation is one transaction and is committed before it
 * is answered. Tested on PostgreSQL, MariaDB and H2.
 *
 * <p>Holds hashes of keys and of pseudonyms, never patient identifiers. Names of budgets are
 * SHA-256 of the measure, a space and the key. The row of a budget stays for ever, because it knows
 * the latest time; charges go when no window reaches them any more: those of a budget in use by
 * themselves, others with {@link #deleteExpired}.
 *
 * <p>What the database breaks off because of others (deadlock, serialisation, lock timeout) is
 * begun anew up to 20 times. Thread-safe if the data source is; use a pool, because a reservation is
 * several statements over one connection.
 */
public final class JdbcQuotaStore implements QuotaStore {
  private static final int SCHEMA_TRIES = 5;

  private final DataSource dataSource;

  /**
   * Uses a database.
   *
   * @param dataSource gives connections; they are closed after each call, with the settings they
   *     came with
   */
  public JdbcQuotaStore(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Makes the tables if they do not exist. May be called by several instances at once.
   *
   * @throws QuotaNotCheckedException if the database refuses
   */
  public void createSchema() {
    for (int i = 1; ; i++) {
      try (Connection connection = dataSource.getConnection()) {
        createTables(connection);
        return;
      } catch (SQLException e) {
        // PostgreSQL stumbles when two make the same table at the same moment.
        if (i == SCHEMA_TRIES || !Sql.isDuplicate(e)) {
          throw failed("cannot make the quota tables", e);
        }
      }
    }
  }

  private static void createTables(Connection connection) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.execute("create table if not exists openhipaa_quota_budget ("
          + "budget varchar(64) not null primary key,"
          + " latest bigint not null, last_number bigint not null,"
          + " longest_window bigint not null, horizon bigint not null, counted bigint not null)");
      // The unique keys are there to be looked up by; the primary key makes them unique already.
      statement.execute("create table if not exists openhipaa_quota_charge ("
          + "budget varchar(64) not null, number bigint not null, token varchar(64) not null,"
          + " charged_at bigint not null, amount bigint not null,"
          + " primary key (budget, number),"
          + " unique (budget, charged_at, number),"
          + " unique (budget, token, number))");
    } finally {
      connection.setAutoCommit(autoCommit);
    }
  }

  @Override
  public QuotaReservation reserve(List<QuotaCharge> charges, Instant now) {
    QuotaArithmetic.requireDifferentKeys(charges);
    long clock = QuotaArithmetic.millis(now);
    List<Target> targets = charges.stream().map(Target::of).toList();
    if (targets.isEmpty()) {
      return new Reserved(this, targets, List.of(), List.of());
    }
    try {
      Optional<QuotaReservation> answer = tryReserve(targets, clock);
      if (answer.isEmpty()) {
        open(targets);
        answer = tryReserve(targets, clock);
      }
      return answer.orElseThrow(JdbcQuotaStore::vanished);
    } catch (SQLException e) {
      throw failed("cannot count the quota", e);
    }
  }

  /** Empty if a budget has no row yet. */
  private Optional<QuotaReservation> tryReserve(List<Target> targets, long clock)
      throws SQLException {
    return Sql.transaction(dataSource, connection -> {
      Optional<Accounts> accounts = Accounts.lock(connection, budgets(targets));
      return accounts.isEmpty()
          ? Optional.empty()
          : Optional.of(reserve(targets, accounts.get(), clock));
    });
  }

  private QuotaReservation reserve(List<Target> targets, Accounts accounts, long clock)
      throws SQLException {
    // Time never goes backwards for a budget: a clock set back opens no window. Nor is it moved on
    // by being asked, since what is refused is not saved.
    accounts.moveTo(clock, targets);
    for (Target target : targets) {
      Account account = accounts.of(target);
      long cost = target.isOfPatients() && account.counts(target.token())
          ? 0
          : target.charge().amount();
      if (!QuotaArithmetic.fits(target.charge(), account.counted(), cost)) {
        return new Exceeded(target.charge(), account.counted());
      }
    }
    List<Long> numbers = new ArrayList<>();
    List<QuotaCharge> warnings = new ArrayList<>();
    for (Target target : targets) {
      Account account = accounts.of(target);
      long before = account.counted();
      numbers.add(
          target.isOfPatients()
              ? account.see(target.token())
              : account.charge(target.token(), target.charge().amount()));
      if (QuotaArithmetic.warns(target.charge(), before, account.counted())) {
        warnings.add(target.charge());
      }
    }
    accounts.save();
    return new Reserved(this, targets, numbers, warnings);
  }

  /** Locks no more than it needs: all budgets only if all may have to be given back. */
  Optional<Exceeded> settle(Reserved reserved, long bytes) {
    try {
      List<QuotaCharge> warnings = new ArrayList<>();
      List<Target> ofBytes =
          reserved.targets().stream().filter(Target::isOfBytes).toList();
      Optional<Exceeded> answer = settle(reserved, bytes, ofBytes, warnings);
      if (answer.isPresent() && ofBytes.size() < reserved.targets().size()) {
        answer = settle(reserved, bytes, reserved.targets(), warnings);
      }
      reserved.warn(warnings);
      return answer;
    } catch (SQLException e) {
      throw failed("cannot settle a quota count", e);
    }
  }

  private Optional<Exceeded> settle(
      Reserved reserved, long bytes, List<Target> locked, List<QuotaCharge> warnings)
      throws SQLException {
    return Sql.transaction(dataSource, connection -> {
      warnings.clear();
      Accounts accounts = existing(connection, locked);
      Optional<Exceeded> exceeded = exceeded(reserved, bytes, accounts);
      if (exceeded.isEmpty()) {
        replace(reserved, bytes, accounts, warnings);
        accounts.save();
      } else if (locked.size() == reserved.targets().size()) {
        takeBack(reserved, accounts);
        accounts.save();
      }
      return exceeded;
    });
  }

  private static Optional<Exceeded> exceeded(Reserved reserved, long bytes, Accounts accounts)
      throws SQLException {
    List<Target> targets = reserved.targets();
    for (int i = 0; i < targets.size(); i++) {
      QuotaCharge charge = targets.get(i).charge();
      if (targets.get(i).isOfBytes()) {
        Account account = accounts.of(targets.get(i));
        accounts.moveTo(account.latest(), List.of(targets.get(i)));
        long others = account.counted() - account.countedOf(reserved.number(i));
        if (!QuotaArithmetic.fits(charge, others, bytes)) {
          return Optional.of(new Exceeded(
              new QuotaCharge(charge.key(), charge.limit(), charge.token(), bytes), others));
        }
      }
    }
    return Optional.empty();
  }

  private static void replace(
      Reserved reserved, long bytes, Accounts accounts, List<QuotaCharge> warnings)
      throws SQLException {
    List<Target> targets = reserved.targets();
    for (int i = 0; i < targets.size(); i++) {
      Target target = targets.get(i);
      if (target.isOfBytes()) {
        Account account = accounts.of(target);
        long before = account.counted();
        account.replace(reserved.number(i), target.token(), bytes);
        if (QuotaArithmetic.warns(target.charge(), before, account.counted())) {
          warnings.add(target.charge());
        }
      }
    }
  }

  void release(Reserved reserved) {
    try {
      Sql.<Optional<Void>>transaction(dataSource, connection -> {
        Accounts accounts = existing(connection, reserved.targets());
        takeBack(reserved, accounts);
        accounts.save();
        return Optional.empty();
      });
    } catch (SQLException e) {
      throw failed("cannot take back a quota count", e);
    }
  }

  /** Takes back only its own charges: if somebody saw the patient since, theirs stand. */
  private static void takeBack(Reserved reserved, Accounts accounts) throws SQLException {
    List<Target> targets = reserved.targets();
    for (int i = 0; i < targets.size(); i++) {
      Target target = targets.get(i);
      accounts.of(target).remove(reserved.number(i), target.token(), target.isOfPatients());
    }
  }

  /**
   * Deletes charges that no window reaches any more, also of budgets that nobody uses. To be called
   * now and then, for instance daily, by a machine whose clock is right: a budget that is looked at
   * does not go back to an earlier time.
   *
   * @param now the time by the caller's clock
   * @return how many rows were deleted
   * @throws IllegalArgumentException if the time lies outside of the years 1 to 9999
   * @throws QuotaNotCheckedException if the database fails; what was deleted until then is counted
   *     nowhere
   */
  public long deleteExpired(Instant now) {
    long clock = QuotaArithmetic.millis(now);
    try {
      List<String> budgets = Sql.transaction(
          dataSource,
          connection -> Statements.all(
              connection,
              row -> row.getString(1),
              0,
              "select distinct b.budget from openhipaa_quota_budget b"
                  + " join openhipaa_quota_charge c on c.budget = b.budget"
                  + " where c.charged_at <= ? - b.longest_window",
              clock));
      long deleted = 0;
      for (String budget : budgets) {
        deleted += Sql.transaction(dataSource, connection -> {
          Optional<Accounts> accounts = Accounts.lock(connection, new TreeSet<>(List.of(budget)));
          return accounts.isEmpty() ? 0 : accounts.get().expire(clock);
        });
      }
      return deleted;
    } catch (SQLException e) {
      throw failed("cannot delete old quota counts", e);
    }
  }

  private static Accounts existing(Connection connection, List<Target> targets)
      throws SQLException {
    return Accounts.lock(connection, budgets(targets)).orElseThrow(JdbcQuotaStore::vanished);
  }

  private static SortedSet<String> budgets(List<Target> targets) {
    SortedSet<String> budgets = new TreeSet<>();
    targets.forEach(target -> budgets.add(target.budget()));
    return budgets;
  }

  /** Each in a transaction of its own, which a duplicate key spoils on PostgreSQL. */
  private void open(List<Target> targets) throws SQLException {
    for (Target target : targets) {
      try {
        Sql.<Optional<Void>>transaction(dataSource, connection -> {
          Account.open(connection, target.budget());
          return Optional.empty();
        });
      } catch (SQLException e) {
        if (!Sql.isDuplicate(e)) {
          throw e;
        }
        // It is there, perhaps because somebody else made it at the same moment.
      }
    }
  }

  private static SQLException vanished() {
    return new SQLException("the row of a budget vanished");
  }

  private static QuotaNotCheckedException failed(String what, SQLException e) {
    return new QuotaNotCheckedException(
        what + "; is the database reachable and its schema made?", e);
  }
}
