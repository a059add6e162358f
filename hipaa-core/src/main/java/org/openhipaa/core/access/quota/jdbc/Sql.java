package org.openhipaa.core.access.quota.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import javax.sql.DataSource;

/** The little of JDBC that the store needs. */
final class Sql {
  /** How often a transaction is begun anew that the database broke off for the sake of another. */
  private static final int TRIES = 20;

  /** What PostgreSQL says of a table or type that somebody else has made meanwhile. */
  private static final Set<String> POSTGRES_EXISTS = Set.of("42P07", "42710");

  private static final String INTEGRITY = "23";
  private static final String ROLLED_BACK = "40";

  /** The one of those that does not say so: it may have been committed. */
  private static final String UNKNOWN = "40003";

  private static final String LOCK_TIMEOUT = "HYT00";
  private static final String H2_CONCURRENT_UPDATE = "90131";
  private static final int MYSQL_LOCK_TIMEOUT = 1205;
  private static final int MYSQL_DEADLOCK = 1213;

  private Sql() {}

  /** What is done in one transaction. */
  interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  /**
   * Works in one transaction, in which every statement sees what others committed before it; begins
   * anew if the database broke it off, which it says only when nothing of it stands.
   */
  static <T> T transaction(DataSource database, Work<T> work) throws SQLException {
    for (int i = 1; ; i++) {
      try (Connection connection = database.getConnection()) {
        return in(connection, work);
      } catch (SQLException e) {
        if (i == TRIES || !isBrokenOff(e)) {
          throw e;
        }
      }
    }
  }

  private static <T> T in(Connection connection, Work<T> work) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    int isolation = connection.getTransactionIsolation();
    if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }
    connection.setAutoCommit(false);
    boolean done = false;
    try {
      T answer = work.in(connection);
      connection.commit();
      done = true;
      return answer;
    } finally {
      putBack(connection, done, autoCommit, isolation);
    }
  }

  /** Leaves a pool's connection as it was; a connection that cannot be, is of no use to anybody. */
  private static void putBack(
      Connection connection, boolean done, boolean autoCommit, int isolation) {
    try {
      if (!done) {
        connection.rollback();
      }
      connection.setAutoCommit(autoCommit);
      if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
        connection.setTransactionIsolation(isolation);
      }
    } catch (SQLException e) {
      // What the caller gets is the answer, or the failure before this one, which says more.
      abandon(connection);
    }
  }

  private static void abandon(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // It is closed next; more cannot be done.
    }
  }

  static boolean isDuplicate(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith(INTEGRITY) || POSTGRES_EXISTS.contains(state);
  }

  private static boolean isBrokenOff(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return (state.startsWith(ROLLED_BACK) && !state.equals(UNKNOWN))
        || state.equals(LOCK_TIMEOUT)
        || state.equals(H2_CONCURRENT_UPDATE)
        || e.getErrorCode() == MYSQL_LOCK_TIMEOUT
        || e.getErrorCode() == MYSQL_DEADLOCK;
  }
}
