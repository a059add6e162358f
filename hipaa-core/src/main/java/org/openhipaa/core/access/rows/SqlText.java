package org.openhipaa.core.access.rows;

import java.util.ArrayList;
import java.util.List;

/**
 * SQL under construction: pieces that the library or the developer wrote, and values between them.
 * What came from a policy or a request is always a value. Not thread-safe.
 */
final class SqlText {
  private final List<Object> pieces = new ArrayList<>();

  /** A piece of SQL. */
  private record Raw(String sql) {}

  static SqlText of(String raw) {
    return new SqlText().add(raw);
  }

  static SqlText text(String value) {
    return new SqlText().value(value);
  }

  SqlText add(String raw) {
    pieces.add(new Raw(raw));
    return this;
  }

  SqlText add(SqlText other) {
    pieces.addAll(other.pieces);
    return this;
  }

  /** Adds a value: a {@link String}, a {@link Long} or a list of strings. */
  SqlText value(Object value) {
    pieces.add(value);
    return this;
  }

  static SqlText join(String between, List<SqlText> parts) {
    SqlText all = new SqlText();
    for (int i = 0; i < parts.size(); i++) {
      all.add(i == 0 ? "" : between).add(parts.get(i));
    }
    return all;
  }

  /** With a parameter for each value. */
  RowSql parameterised(Dialect dialect) {
    StringBuilder sql = new StringBuilder();
    List<Object> values = new ArrayList<>();
    for (Object piece : pieces) {
      if (piece instanceof Raw raw) {
        sql.append(raw.sql());
      } else {
        sql.append('?');
        values.add(piece);
      }
    }
    return new RowSql(dialect, sql.toString(), values);
  }

  /** With the values as literals of PostgreSQL, for statements that take no parameters. */
  String literal() {
    StringBuilder sql = new StringBuilder();
    for (Object piece : pieces) {
      if (piece instanceof Raw raw) {
        sql.append(raw.sql());
      } else if (piece instanceof Long number) {
        // The least number has no literal of its own in SQL; as a text it has.
        sql.append("CAST('").append(number).append("' AS bigint)");
      } else if (piece instanceof String text) {
        sql.append(quoted(text));
      } else {
        sql.append(quoted(arrayText((List<?>) piece)));
      }
    }
    return sql.toString();
  }

  /** A text literal that means the same whatever {@code standard_conforming_strings} says. */
  static String quoted(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a text with a NUL character cannot be written as SQL");
    }
    String doubled = text.replace("'", "''");
    return text.indexOf('\\') < 0
        ? "'" + doubled + "'"
        // The space keeps the E from joining a word before it.
        : " E'" + doubled.replace("\\", "\\\\") + "'";
  }

  /** A list as PostgreSQL writes an array of texts. */
  static String arrayText(List<?> texts) {
    StringBuilder out = new StringBuilder("{");
    for (Object text : texts) {
      out.append(out.length() == 1 ? "\"" : ",\"")
          .append(text.toString().replace("\\", "\\\\").replace("\"", "\\\""))
          .append('"');
    }
    return out.append('}').toString();
  }

  /** A list as JSON. */
  static String json(List<?> texts) {
    StringBuilder out = new StringBuilder("[");
    for (Object text : texts) {
      out.append(out.length() == 1 ? "\"" : ",\"");
      String value = text.toString();
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if (c == '"' || c == '\\') {
          out.append('\\').append(c);
        } else if (c < ' ') {
          out.append(String.format("\\u%04x", (int) c));
        } else {
          out.append(c);
        }
      }
      out.append('"');
    }
    return out.append(']').toString();
  }
}
