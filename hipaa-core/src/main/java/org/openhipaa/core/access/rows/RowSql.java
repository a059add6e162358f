package org.openhipaa.core.access.rows;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * A piece of SQL with its parameters. The text holds only what the library and the developer wrote,
 * names of columns and question marks; every value of a policy or a request is a parameter. A set of
 * patients is one parameter, however large (on H2, one for each 50,000). The parameters may identify patients, so it prints only
 * the text.
 *
 * <p>Immutable and thread-safe.
 */
public final class RowSql {
  private final Dialect dialect;
  private final String text;
  private final List<Object> values;

  RowSql(Dialect dialect, String text, List<Object> values) {
    this.dialect = dialect;
    this.text = text;
    this.values = List.copyOf(values);
  }

  /**
   * The SQL.
   *
   * @return with a question mark for each parameter
   */
  public String text() {
    return text;
  }

  /**
   * The number of parameters.
   *
   * @return how many
   */
  public int size() {
    return values.size();
  }

  /**
   * The parameters: each a {@link String}, a {@link Long}, or, for a set, a list of strings. They may
   * identify patients: never log them.
   *
   * @return unmodifiable, in order
   */
  public List<Object> revealParameters() {
    return values;
  }

  /**
   * Sets the parameters.
   *
   * @param statement a statement whose text holds this text
   * @param first the number of this text's first question mark, from 1
   * @return the number of the next question mark behind this text
   * @throws SQLException if the driver refuses
   */
  public int bind(PreparedStatement statement, int first) throws SQLException {
    int next = first;
    for (Object value : values) {
      if (value instanceof String string) {
        statement.setString(next, string);
      } else if (value instanceof Long number) {
        statement.setLong(next, number);
      } else {
        dialect.bind(statement, next, (List<?>) value);
      }
      next++;
    }
    return next;
  }

  /** Prints the text, never a parameter. */
  @Override
  public String toString() {
    return text;
  }
}
