package org.openhipaa.core.internal;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Runs work against a database in one transaction, and again if another transaction came in
 * between. Thread-safe if the data source is.
 */
public final class Transactions {
  private static final int ATTEMPTS = 20;
  private static final String INTEGRITY_VIOLATION = "23";
  private static final String ROLLED_BACK = "40";
  /** H2 reports a lock that it waited for in vain under its own class. */
  private static final String H2_LOCK_TIMEOUT = "HYT00";

  private final DataSource dataSource;

  /**
   * Uses a database.
   *
   * @param dataSource gives connections; each is closed after the call that asked for it
   */
  public Transactions(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * What is done in a transaction; may run more than once.
   *
   * @param <T> the type of the result
   */
  @FunctionalInterface
  public interface Work<T> {
    /**
     * Does the work.
     *
     * @param connection a connection in the transaction; not to be kept
     * @return the result
     * @throws SQLException if the database refuses
     */
    T on(Connection connection) throws SQLException;
  }

  /**
   * Runs work in one transaction. A conflict with another transaction, that is a key that somebody
   * else made at the same moment or a roll-back that the database asked for, runs it again.
   *
   * @param work what to do; must have no effect but on the connection
   * @param <T> the type of the result
   * @return what the work returned; committed
   * @throws SQLException if the database refuses, or the conflicts do not end; nothing is changed
   */
  public <T> T run(Work<T> work) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try (Connection connection = dataSource.getConnection()) {
        return inTransaction(connection, work);
      } catch (SQLException e) {
        if (attempt == ATTEMPTS || !isConflict(e)) {
          throw e;
        }
      }
    }
  }

  private static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      T result = work.on(connection);
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static boolean isConflict(SQLException e) {
    String state = e.getSQLState();
    return state != null
        && (state.startsWith(INTEGRITY_VIOLATION)
            || state.startsWith(ROLLED_BACK)
            || state.equals(H2_LOCK_TIMEOUT));
  }
}
