package org.openhipaa.core.access.rows;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The databases that row filters are written for. Texts are compared exactly, as Java does, even
 * where the column's collation is not exact on MySQL, MariaDB and SQLite; on PostgreSQL and H2 use
 * no column that ignores case ({@code citext}, a nondeterministic collation, {@code
 * VARCHAR_IGNORECASE}) or pads ({@code CHAR(n)}).
 */
public enum Dialect {
  /** PostgreSQL 12 and later. */
  POSTGRESQL {
    @Override
    SqlText contains(SqlText texts, SqlText part) {
      return SqlText.of("strpos(").add(texts).add(", ").add(part).add(") > 0");
    }

    @Override
    SqlText in(SqlText text, List<String> set) {
      // A subquery, since only that is hashed whatever the plan.
      return SqlText.of("")
          .add(text)
          .add(" IN (SELECT unnest(CAST(")
          .value(set)
          .add(" AS text[])))");
    }

    @Override
    SqlText overlap(SqlText one, SqlText other) {
      return SqlText.of("array_remove(string_to_array(")
          .add(one)
          .add(", ','), '') && array_remove(string_to_array(")
          .add(other)
          .add(", ','), '')");
    }

    @Override
    void bind(PreparedStatement statement, int index, List<?> texts) throws SQLException {
      statement.setArray(index, statement.getConnection().createArrayOf("text", texts.toArray()));
    }
  },
  /** MySQL 8.0.17 and later, MariaDB 10.6 and later; the connection's character set is utf8mb4. */
  MYSQL {
    @Override
    SqlText exact(SqlText text) {
      // Bytes know no case, accents or padding, which most collations pass over.
      return SqlText.of("CAST(CONVERT(").add(text).add(" USING utf8mb4) AS BINARY)");
    }

    @Override
    SqlText contains(SqlText texts, SqlText part) {
      return SqlText.of("LOCATE(").add(exact(part)).add(", ").add(exact(texts)).add(") > 0");
    }

    @Override
    SqlText in(SqlText text, List<String> set) {
      // No longer than an identifier of a patient: MariaDB hashes no longer keys.
      return exact(text)
          .add(" IN (SELECT ")
          .add(exact(SqlText.of("j.v")))
          .add(" FROM JSON_TABLE(")
          .value(set)
          .add(", '$[*]' COLUMNS (v VARCHAR(128) PATH '$')) j)");
    }

    @Override
    SqlText overlap(SqlText one, SqlText other) {
      return SqlText.of("CONVERT(CONCAT(")
          .add(one)
          .add(", ")
          .add(other)
          .add(") USING utf8mb4) COLLATE utf8mb4_bin REGEXP ")
          .value(OVERLAP);
    }

    @Override
    boolean sendsListsWhole() {
      return false;
    }

    @Override
    SqlText concat(List<SqlText> parts) {
      return SqlText.of("CONCAT(").add(SqlText.join(", ", parts)).add(")");
    }

    @Override
    SqlText flag(SqlText column) {
      return SqlText.of("").add(column).add(" <> 0");
    }

    @Override
    String unknown() {
      return "NULL";
    }

    @Override
    String quote(String identifier) {
      return "`" + identifier.replace("`", "``") + "`";
    }

    @Override
    void bind(PreparedStatement statement, int index, List<?> texts) throws SQLException {
      statement.setString(index, SqlText.json(texts));
    }
  },
  /** H2 2. An array holds 65,536 elements: a larger set is a parameter for each 50,000. */
  H2 {
    @Override
    SqlText contains(SqlText texts, SqlText part) {
      return SqlText.of("LOCATE(").add(part).add(", ").add(texts).add(") > 0");
    }

    @Override
    SqlText in(SqlText text, List<String> set) {
      // Not IN with a subquery, which H2 asks anew for each row.
      List<SqlText> arrays = new ArrayList<>();
      for (int from = 0; from == 0 || from < set.size(); from += LONGEST_ARRAY) {
        List<String> part = set.subList(from, Math.min(from + LONGEST_ARRAY, set.size()));
        arrays.add(SqlText.of("")
            .add(text)
            .add(" = ANY(CAST(")
            .value(List.copyOf(part))
            .add(" AS VARCHAR ARRAY))"));
      }
      return SqlText.of("(").add(SqlText.join(" OR ", arrays)).add(")");
    }

    @Override
    SqlText overlap(SqlText one, SqlText other) {
      return SqlText.of("REGEXP_LIKE(")
          .add(concat(List.of(one, other)))
          .add(", ")
          .value(OVERLAP)
          .add(")");
    }

    @Override
    void bind(PreparedStatement statement, int index, List<?> texts) throws SQLException {
      statement.setArray(
          index, statement.getConnection().createArrayOf("VARCHAR", texts.toArray()));
    }
  },
  /** SQLite 3.38 and later. */
  SQLITE {
    @Override
    SqlText exact(SqlText text) {
      return SqlText.of("").add(text).add(" COLLATE BINARY");
    }

    @Override
    SqlText contains(SqlText texts, SqlText part) {
      return SqlText.of("instr(").add(texts).add(", ").add(part).add(") > 0");
    }

    @Override
    SqlText in(SqlText text, List<String> set) {
      return exact(text).add(" IN (SELECT value FROM json_each(").value(set).add("))");
    }

    @Override
    SqlText overlap(SqlText one, SqlText other) {
      // ",a,b," becomes ["","a","b",""]; no set holds the empty text as it is.
      return SqlText.of("EXISTS (SELECT 1 FROM json_each('[' || replace(json_quote(")
          .add(one)
          .add("), ',', '\",\"') || ']') e WHERE e.value <> '' AND ")
          .add(contains(other, SqlText.of("',' || e.value || ','")))
          .add(")");
    }

    @Override
    SqlText flag(SqlText column) {
      return SqlText.of("").add(column).add(" <> 0");
    }

    @Override
    String unknown() {
      return "NULL";
    }

    @Override
    void bind(PreparedStatement statement, int index, List<?> texts) throws SQLException {
      statement.setString(index, SqlText.json(texts));
    }
  };

  /**
   * Two delimited sets one after the other, which meet in a double comma, have a text in common.
   * What is possessive needs no way back, nor the memory for one.
   */
  private static final String OVERLAP = ",([^,]+),(?:[^,]++,)*+(?=,)(?s:.*),\\1,";

  /** Compares as Java does. */
  SqlText exact(SqlText text) {
    return SqlText.of("").add(text);
  }

  /** Whether a text holds another. */
  abstract SqlText contains(SqlText texts, SqlText part);

  /** Whether a set, sent as one parameter, has a text. */
  abstract SqlText in(SqlText text, List<String> set);

  /** Whether two well-formed delimited sets have a text in common. */
  abstract SqlText overlap(SqlText one, SqlText other);

  /** Sets a set. */
  abstract void bind(PreparedStatement statement, int index, List<?> texts) throws SQLException;

  SqlText concat(List<SqlText> parts) {
    return SqlText.join(" || ", parts);
  }

  /** A flag as a truth value. */
  SqlText flag(SqlText column) {
    return column;
  }

  /** The unknown truth value. */
  String unknown() {
    return "CAST(NULL AS BOOLEAN)";
  }

  /** A name as it is, whatever it holds. */
  String quote(String identifier) {
    return "\"" + identifier.replace("\"", "\"\"") + "\"";
  }

  /** Whether a list of texts of any length can be one parameter. */
  boolean sendsListsWhole() {
    return true;
  }

  /** Whether the text is one of these. */
  SqlText oneOf(SqlText text, List<String> values) {
    if (values.size() > MANY && sendsListsWhole()) {
      return in(text, values);
    }
    List<SqlText> parts = new ArrayList<>();
    values.forEach(value -> parts.add(exact(SqlText.text(value))));
    return SqlText.of("")
        .add(exact(text))
        .add(" IN (")
        .add(SqlText.join(", ", parts))
        .add(")");
  }

  private static final int LONGEST_ARRAY = 50_000;

  /** From here on a list is sent as one parameter. */
  static final int MANY = 100;
}
