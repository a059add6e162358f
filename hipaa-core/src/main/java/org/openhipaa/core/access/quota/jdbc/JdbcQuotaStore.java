package org.openhipaa.core.access.quota.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;
import org.openhipaa.core.access.QuotaLimit;
import org.openhipaa.core.access.quota.QuotaNotCheckedException;
import org.openhipaa.core.access.quota.QuotaReservation;
import org.openhipaa.core.access.quota.QuotaStore;

/**
 * Quota counters in two SQL tables, {@code openhipaa_quota} and {@code openhipaa_quota_owner}. One
 * row per budget is locked while it is counted, so several instances of an application share a
 * budget exactly. Holds pseudonyms, never patient identifiers. Tested on H2. Thread-safe if the
 * data source is.
 */
public final class JdbcQuotaStore implements QuotaStore {
  private static final long LONGEST_WINDOW = Duration.ofDays(366).toMillis();

  private final DataSource dataSource;

  /**
   * Uses a database.
   *
   * @param dataSource gives connections; they are closed after each call
   */
  public JdbcQuotaStore(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Makes the tables if they do not exist.
   *
   * @throws QuotaNotCheckedException if the database refuses
   */
  public void createSchema() {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table if not exists openhipaa_quota_owner ("
              + "quota_key varchar(255) not null primary key, latest bigint not null)");
      statement.execute(
          "create table if not exists openhipaa_quota ("
              + "quota_key varchar(255) not null, patient_token char(64) not null,"
              + " last_seen bigint not null, primary key (quota_key, patient_token))");
    } catch (SQLException e) {
      throw failed("cannot make the quota tables", e);
    }
  }

  @Override
  public QuotaReservation reserve(String key, String patientToken, QuotaLimit limit, Instant now) {
    try (Connection connection = dataSource.getConnection()) {
      ensureOwner(connection, key);
      connection.setAutoCommit(false);
      try {
        QuotaReservation answer = count(connection, key, patientToken, limit, now.toEpochMilli());
        connection.commit();
        return answer;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw failed("cannot count the quota", e);
    }
  }

  private QuotaReservation count(
      Connection connection, String key, String token, QuotaLimit limit, long clock)
      throws SQLException {
    // Time never stands still or goes backwards for a budget: a clock set back opens no window, and
    // every sighting has a
    // time of its own, so that taking one back cannot remove another.
    long now = Math.max(clock, lockOwner(connection, key) + 1);
    long horizon = now - limit.window().toMillis();
    Optional<Long> seen = lastSeen(connection, key, token);
    boolean counted = seen.filter(at -> at > horizon).isPresent();
    if (!counted) {
      int others = countSince(connection, key, horizon);
      if (others >= limit.patients()) {
        return new QuotaReservation.Exceeded(others);
      }
    }
    if (seen.isPresent()) {
      update(
          connection,
          "update openhipaa_quota set last_seen = ? where quota_key = ? and patient_token = ?",
          now,
          key,
          token);
    } else {
      update(
          connection,
          "delete from openhipaa_quota where quota_key = ? and last_seen < ?",
          key,
          now - LONGEST_WINDOW);
      update(
          connection,
          "insert into openhipaa_quota (last_seen, quota_key, patient_token) values (?, ?, ?)",
          now,
          key,
          token);
    }
    update(connection, "update openhipaa_quota_owner set latest = ? where quota_key = ?", now, key);
    return new QuotaReservation.Granted(() -> undo(key, token, now, seen));
  }

  /** Takes back only this sighting: if somebody saw the patient since, theirs stands. */
  private void undo(String key, String token, long at, Optional<Long> before) {
    try (Connection connection = dataSource.getConnection()) {
      if (before.isPresent()) {
        update(
            connection,
            "update openhipaa_quota set last_seen = ? where quota_key = ? and patient_token = ? and last_seen = ?",
            before.get(),
            key,
            token,
            at);
      } else {
        update(
            connection,
            "delete from openhipaa_quota where quota_key = ? and patient_token = ? and last_seen = ?",
            key,
            token,
            at);
      }
    } catch (SQLException e) {
      throw failed("cannot take back a quota count", e);
    }
  }

  /**
   * Makes the row to lock, outside of the counting transaction, where a duplicate key would spoil
   * it on PostgreSQL.
   */
  private static void ensureOwner(Connection connection, String key) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select latest from openhipaa_quota_owner where quota_key = ?")) {
      select.setString(1, key);
      try (ResultSet rows = select.executeQuery()) {
        if (rows.next()) {
          return;
        }
      }
    }
    try {
      update(
          connection,
          "insert into openhipaa_quota_owner (quota_key, latest) values (?, ?)",
          key,
          Long.MIN_VALUE / 2);
    } catch (SQLException e) {
      if (!String.valueOf(e.getSQLState()).startsWith("23")) {
        throw e;
      }
      // Somebody else made the row at the same moment: as good as ours.
    }
  }

  private static long lockOwner(Connection connection, String key) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select latest from openhipaa_quota_owner where quota_key = ? for update")) {
      select.setString(1, key);
      try (ResultSet rows = select.executeQuery()) {
        if (!rows.next()) {
          throw new SQLException("the quota's owner row vanished");
        }
        return rows.getLong(1);
      }
    }
  }

  private static Optional<Long> lastSeen(Connection connection, String key, String token)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select last_seen from openhipaa_quota where quota_key = ? and patient_token = ?")) {
      select.setString(1, key);
      select.setString(2, token);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? Optional.of(rows.getLong(1)) : Optional.empty();
      }
    }
  }

  private static int countSince(Connection connection, String key, long horizon)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select count(*) from openhipaa_quota where quota_key = ? and last_seen > ?")) {
      select.setString(1, key);
      select.setLong(2, horizon);
      try (ResultSet rows = select.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  private static void update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  private static QuotaNotCheckedException failed(String what, SQLException e) {
    return new QuotaNotCheckedException(
        what + "; is the database reachable and its schema made?", e);
  }
}
