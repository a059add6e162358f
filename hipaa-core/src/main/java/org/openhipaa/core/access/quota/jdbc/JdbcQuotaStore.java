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
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create table if not exists openhipaa_quota_owner ("
          + "quota_key varchar(255) not null primary key,"
          + " latest bigint not null, sightings bigint not null)");
      statement.execute("create table if not exists openhipaa_quota ("
          + "quota_key varchar(255) not null, patient_token char(64) not null,"
          + " last_seen bigint not null, sighting bigint not null,"
          + " primary key (quota_key, patient_token))");
    } catch (SQLException e) {
      throw failed("cannot make the quota tables", e);
    }
  }

  @Override
  public QuotaReservation reserve(String key, String patientToken, QuotaLimit limit, Instant now) {
    try (Connection connection = connect()) {
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
    Owner owner = lockOwner(connection, key);
    // Time never goes backwards for a budget: a clock set back opens no window. Nor is it moved on
    // by being asked: whoever reads one patient over and over opens no window either.
    long now = Math.max(clock, owner.latest());
    // Numbers, not times, tell sightings apart, so that taking one back cannot remove another.
    long sighting = owner.sightings() + 1;
    long horizon = now - limit.window().toMillis();
    Optional<Sighting> seen = lastSeen(connection, key, token);
    boolean counted = seen.filter(last -> last.at() > horizon).isPresent();
    if (!counted) {
      int others = countSince(connection, key, horizon);
      if (others >= limit.patients()) {
        return new QuotaReservation.Exceeded(others);
      }
    }
    if (seen.isPresent()) {
      update(
          connection,
          "update openhipaa_quota set last_seen = ?, sighting = ?"
              + " where quota_key = ? and patient_token = ?",
          now,
          sighting,
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
          "insert into openhipaa_quota (last_seen, sighting, quota_key, patient_token)"
              + " values (?, ?, ?, ?)",
          now,
          sighting,
          key,
          token);
    }
    update(
        connection,
        "update openhipaa_quota_owner set latest = ?, sightings = ? where quota_key = ?",
        now,
        sighting,
        key);
    return new QuotaReservation.Granted(() -> undo(key, token, sighting, seen));
  }

  /** Takes back only this sighting: if somebody saw the patient since, theirs stands. */
  private void undo(String key, String token, long sighting, Optional<Sighting> before) {
    try (Connection connection = connect()) {
      if (before.isPresent()) {
        update(
            connection,
            "update openhipaa_quota set last_seen = ?, sighting = ?"
                + " where quota_key = ? and patient_token = ? and sighting = ?",
            before.get().at(),
            before.get().number(),
            key,
            token,
            sighting);
      } else {
        update(
            connection,
            "delete from openhipaa_quota"
                + " where quota_key = ? and patient_token = ? and sighting = ?",
            key,
            token,
            sighting);
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
    try (PreparedStatement select = connection.prepareStatement(
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
          "insert into openhipaa_quota_owner (quota_key, latest, sightings) values (?, ?, ?)",
          key,
          Long.MIN_VALUE / 2,
          0L);
    } catch (SQLException e) {
      if (!String.valueOf(e.getSQLState()).startsWith("23")) {
        throw e;
      }
      // Somebody else made the row at the same moment: as good as ours.
    }
  }

  /** What is known of a budget: its latest time, and how many sightings it ever had. */
  private record Owner(long latest, long sightings) {}

  /** When a patient was last seen, and by which sighting. */
  private record Sighting(long at, long number) {}

  /** A connection in which every statement counts at once, whatever the pool's default is. */
  private Connection connect() throws SQLException {
    Connection connection = dataSource.getConnection();
    try {
      connection.setAutoCommit(true);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static Owner lockOwner(Connection connection, String key) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(
        "select latest, sightings from openhipaa_quota_owner where quota_key = ? for update")) {
      select.setString(1, key);
      try (ResultSet rows = select.executeQuery()) {
        if (!rows.next()) {
          throw new SQLException("the quota's owner row vanished");
        }
        return new Owner(rows.getLong(1), rows.getLong(2));
      }
    }
  }

  private static Optional<Sighting> lastSeen(Connection connection, String key, String token)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("select last_seen, sighting from openhipaa_quota"
            + " where quota_key = ? and patient_token = ?")) {
      select.setString(1, key);
      select.setString(2, token);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next()
            ? Optional.of(new Sighting(rows.getLong(1), rows.getLong(2)))
            : Optional.empty();
      }
    }
  }

  private static int countSince(Connection connection, String key, long horizon)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(
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
