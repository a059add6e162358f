package org.openhipaa.core.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs one statement with its values, which are always parameters. A time is kept as milliseconds
 * since 1970.
 */
public final class Statements {
  private Statements() {}

  /**
   * Reads a row.
   *
   * @param <T> the type of what is read
   */
  @FunctionalInterface
  public interface Row<T> {
    /**
     * Reads the row that the result set stands on.
     *
     * @param row not to be moved or kept
     * @return what it says
     * @throws SQLException if it cannot be read
     */
    T of(ResultSet row) throws SQLException;
  }

  /**
   * Changes rows.
   *
   * @param connection where
   * @param sql the statement
   * @param values its parameters, in order
   * @return how many rows it changed
   * @throws SQLException if the database refuses
   */
  public static int update(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, values)) {
      return statement.executeUpdate();
    }
  }

  /**
   * Changes rows with one statement, many times on one way to the database and back.
   *
   * @param connection where
   * @param sql the statement
   * @param values its parameters, in order, for each time; nothing is done if there are none
   * @throws SQLException if the database refuses
   */
  public static void updateEach(Connection connection, String sql, List<Object[]> values)
      throws SQLException {
    if (values.isEmpty()) {
      return;
    }
    if (values.size() == 1) {
      update(connection, sql, values.get(0));
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (Object[] each : values) {
        set(statement, each);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /**
   * Reads rows.
   *
   * @param connection where
   * @param row reads each
   * @param limit how many at most; 0 for all
   * @param sql the statement
   * @param values its parameters, in order
   * @param <T> the type of what is read
   * @return what the rows say, in order; new
   * @throws SQLException if the database refuses, or a row cannot be read
   */
  public static <T> List<T> all(
      Connection connection, Row<T> row, int limit, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement select = prepare(connection, sql, values)) {
      select.setMaxRows(limit);
      try (ResultSet rows = select.executeQuery()) {
        List<T> answer = new ArrayList<>();
        while (rows.next()) {
          answer.add(row.of(rows));
        }
        return answer;
      }
    }
  }

  /**
   * Reads the first row.
   *
   * @param connection where
   * @param row reads it
   * @param sql the statement
   * @param values its parameters, in order
   * @param <T> the type of what is read
   * @return what the first row says, or empty if there is none
   * @throws SQLException if the database refuses, or the row cannot be read
   */
  public static <T> Optional<T> first(
      Connection connection, Row<T> row, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement select = prepare(connection, sql, values);
        ResultSet rows = select.executeQuery()) {
      return rows.next() ? Optional.of(row.of(rows)) : Optional.empty();
    }
  }

  private static PreparedStatement prepare(
      Connection connection, String sql, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      set(statement, values);
      return statement;
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }

  private static void set(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value instanceof Instant time) {
        statement.setLong(i + 1, time.toEpochMilli());
      } else if (value == null) {
        // The type is a hint only; PostgreSQL wants none for a null.
        statement.setNull(i + 1, Types.NULL);
      } else {
        statement.setObject(i + 1, value);
      }
    }
  }
}
