package org.openhipaa.auth.password.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.openhipaa.auth.password.Credential;
import org.openhipaa.auth.password.CredentialStore;
import org.openhipaa.auth.password.CredentialsNotAvailableException;
import org.openhipaa.auth.password.Throttle;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Group;

/**
 * Accounts in one table, {@code hipaa_credential}, of a relational database; several processes may
 * share it.
 *
 * <p>One row is one account, and every change is one statement that names the row version it
 * changes, so no isolation level and no lock held between statements is relied upon. The key is the
 * id in lower case, so ids are compared alike under every collation.
 *
 * <p>The SQL is the part of SQL:2016 that H2, PostgreSQL and MariaDB share. Tested on H2; written
 * for the other two, but not yet tested there.
 *
 * <p>Thread-safe if the data source is. Hand in a data source whose connections are this store's
 * own: one that enlists them in the caller's transaction would undo counted attempts when the
 * caller rolls back.
 */
public final class JdbcCredentialStore implements CredentialStore {
  private static final String NO_CONNECTION = "08001";
  private static final int MAX_GROUPS_TEXT = 4_000;
  private static final int MAX_HASH_TEXT = 255;

  private static final String CREATE_TABLE = "CREATE TABLE IF NOT EXISTS hipaa_credential ("
      + "account_key VARCHAR(64) NOT NULL PRIMARY KEY, "
      + "actor_id VARCHAR(64) NOT NULL, "
      + "group_names VARCHAR(4000) NOT NULL, "
      + "password_hash VARCHAR(255) NOT NULL, "
      + "enabled SMALLINT NOT NULL, "
      + "failures INTEGER NOT NULL, "
      + "not_before_ms BIGINT NOT NULL, "
      + "row_version BIGINT NOT NULL)";
  private static final String PROBE = "SELECT account_key FROM hipaa_credential WHERE 1 = 0";
  private static final String INSERT =
      "INSERT INTO hipaa_credential (actor_id, group_names, password_hash, enabled, failures,"
          + " not_before_ms, account_key, row_version) VALUES (?, ?, ?, ?, ?, ?, ?, 0)";
  private static final String SELECT =
      "SELECT actor_id, group_names, password_hash, enabled, failures, not_before_ms, row_version"
          + " FROM hipaa_credential WHERE account_key = ?";
  private static final String UPDATE =
      "UPDATE hipaa_credential SET actor_id = ?, group_names = ?, password_hash = ?, enabled = ?,"
          + " failures = ?, not_before_ms = ?, row_version = row_version + 1"
          + " WHERE account_key = ? AND row_version = ?";

  private final DataSource dataSource;

  /**
   * Makes a store. Reads and writes nothing yet.
   *
   * @param dataSource gives connections, from a pool for speed
   */
  public JdbcCredentialStore(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Makes the table if it is not there. May be called at every start, and by several processes at
   * once.
   *
   * @throws CredentialsNotAvailableException if the table is not there afterwards
   */
  public void createSchema() {
    inDatabase("the table of accounts was not created", connection -> {
      try (PreparedStatement create = connection.prepareStatement(CREATE_TABLE)) {
        create.executeUpdate();
      } catch (SQLException e) {
        // Of two processes that create it at once, some databases let one fail.
        probe(connection, e);
      }
      return true;
    });
  }

  private static void probe(Connection connection, SQLException failure) throws SQLException {
    try (PreparedStatement probe = connection.prepareStatement(PROBE);
        ResultSet none = probe.executeQuery()) {
      none.next();
    } catch (SQLException e) {
      throw failure;
    }
  }

  @Override
  public boolean create(Credential credential) {
    return inDatabase("an account was not created", connection -> {
      try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
        bind(insert, credential);
        insert.executeUpdate();
        return true;
      } catch (SQLException e) {
        if (isIntegrityViolation(e) && select(connection, credential.id()).isPresent()) {
          return false;
        }
        throw e;
      }
    });
  }

  @Override
  public Optional<Credential> find(ActorId id) {
    return inDatabase("an account was not read", connection -> select(connection, id));
  }

  @Override
  public boolean replace(Credential expected, Credential next) {
    if (!key(expected.id()).equals(key(next.id()))) {
      throw new IllegalArgumentException("the id of an account cannot be changed");
    }
    return inDatabase("an account was not changed", connection -> {
      try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
        bind(update, next);
        update.setLong(8, expected.version());
        return update.executeUpdate() == 1;
      } catch (SQLException e) {
        // Under strict isolation a lost race is an error; to the caller it is a lost race.
        if (isLostRace(e)) {
          return false;
        }
        throw e;
      }
    });
  }

  private static Optional<Credential> select(Connection connection, ActorId id)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SELECT)) {
      select.setString(1, key(id));
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(read(row, id)) : Optional.empty();
      }
    }
  }

  private static Credential read(ResultSet row, ActorId asked) throws SQLException {
    try {
      ActorId id = ActorId.of(row.getString(1));
      if (!key(id).equals(key(asked))) {
        throw new IllegalArgumentException("the id is not that of the key");
      }
      return new Credential(
          id,
          groups(row.getString(2)),
          row.getString(3),
          row.getInt(4) != 0,
          new Throttle(row.getInt(5), Instant.ofEpochMilli(row.getLong(6))),
          row.getLong(7));
    } catch (IllegalArgumentException e) {
      throw new CredentialsNotAvailableException(
          "an account was not read: its row in hipaa_credential is damaged (" + e.getMessage()
              + "); restore it from a backup");
    }
  }

  private static void bind(PreparedStatement statement, Credential credential) throws SQLException {
    statement.setString(1, credential.id().value());
    statement.setString(2, bounded(text(credential.groups()), MAX_GROUPS_TEXT, "all group names"));
    statement.setString(3, bounded(credential.passwordHash(), MAX_HASH_TEXT, "the password hash"));
    statement.setInt(4, credential.enabled() ? 1 : 0);
    statement.setInt(5, credential.throttle().failures());
    statement.setLong(6, roundedUp(credential.throttle().notBefore()));
    statement.setString(7, key(credential.id()));
  }

  // Some databases would cut a text that is too long, rather than refuse it.
  private static String bounded(String text, int max, String what) {
    if (text.length() > max) {
      throw new IllegalArgumentException(what + " must be at most " + max + " characters");
    }
    return text;
  }

  private static String key(ActorId id) {
    return id.value().toLowerCase(Locale.ROOT);
  }

  private static String text(Set<Group> groups) {
    return groups.stream().map(Group::value).collect(Collectors.joining(" "));
  }

  private static Set<Group> groups(String text) {
    return text.isEmpty()
        ? Set.of()
        : Stream.of(text.split(" ", -1))
            .map(Group::of)
            .collect(Collectors.toCollection(TreeSet::new));
  }

  private static long roundedUp(Instant time) {
    long millis = time.toEpochMilli();
    return Instant.ofEpochMilli(millis).isBefore(time) ? millis + 1 : millis;
  }

  private static boolean isIntegrityViolation(SQLException e) {
    return hasStateClass(e, "23");
  }

  private static boolean isLostRace(SQLException e) {
    return hasStateClass(e, "40");
  }

  private static boolean hasStateClass(SQLException e, String stateClass) {
    String state = e.getSQLState();
    return state != null && state.startsWith(stateClass);
  }

  private <T> T inDatabase(String failure, Work<T> work) {
    try (Connection connection = connect()) {
      // Every statement is complete in itself and must be durable when it returns.
      if (!connection.getAutoCommit()) {
        connection.setAutoCommit(true);
      }
      return work.in(connection);
    } catch (SQLException e) {
      throw new CredentialsNotAvailableException(
          failure
              + ": the database answered with SQL state "
              + e.getSQLState()
              + ", code "
              + e.getErrorCode()
              + "; see to the database and try again",
          withoutMessage(e, e.getSQLState(), e.getErrorCode()));
    }
  }

  // Pools that are closed or empty throw what they like.
  private Connection connect() throws SQLException {
    try {
      return dataSource.getConnection();
    } catch (RuntimeException e) {
      throw withoutMessage(e, NO_CONNECTION, 0);
    }
  }

  // Databases quote the row in the message, hash and all, and pools the URL. The place is enough.
  private static SQLException withoutMessage(Exception e, @Nullable String state, int code) {
    SQLException silent = new SQLException(
        e.getClass().getName() + ", message withheld as it may quote the row", state, code);
    silent.setStackTrace(e.getStackTrace());
    return silent;
  }

  @FunctionalInterface
  private interface Work<T> {
    T in(Connection connection) throws SQLException;
  }
}
