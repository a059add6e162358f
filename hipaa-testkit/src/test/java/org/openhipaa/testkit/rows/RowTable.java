package org.openhipaa.testkit.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.access.rows.Dialect;
import org.openhipaa.core.access.rows.RowFilter;
import org.openhipaa.core.access.rows.RowMapping;
import org.openhipaa.core.access.rows.RowSql;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.Truth;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.record.Attributes;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.testkit.policy.Question;
import org.openhipaa.testkit.policy.RandomPolicies;
import org.openhipaa.testkit.policy.Row;

/**
 * A table of random rows in a real database, with another that answers relations and predicates.
 * Names of columns and values are chosen to break careless quoting, comparing and splitting.
 */
final class RowTable {
  static final String TABLE = "visits \"of\" `all`";
  private static final String FACTS = "facts";
  /** What differs from a text of the policies by as little as databases like to overlook. */
  private static final List<String> NEAR = List.of(
      "A",
      "a ",
      "á",
      "",
      "a,b",
      "%",
      "%25",
      "%2C",
      "'",
      "\\",
      "a'; drop table facts; --",
      "é\"",
      "?");

  private final Connection connection;
  private final Dialect dialect;
  private final SplittableRandom random;

  private RowTable(Connection connection, Dialect dialect, SplittableRandom random) {
    this.connection = connection;
    this.dialect = dialect;
    this.random = random;
  }

  /** Makes the tables. */
  static RowTable create(Connection connection, Dialect dialect, long seed) throws SQLException {
    RowTable table = new RowTable(connection, dialect, new SplittableRandom(seed));
    String text = dialect == Dialect.SQLITE ? "text" : "varchar(200)";
    String flag = dialect == Dialect.SQLITE ? "integer" : "boolean";
    try (Statement statement = connection.createStatement()) {
      statement.execute("create table " + table.quoted(TABLE) + " (row_key integer primary key, "
          + table.quoted("Patient") + " " + text + ", " + table.quoted("id") + " " + text
          + ", " + table.quoted("labels") + " " + text
          + ", " + table.quoted("department") + " " + text
          + ", " + table.quoted("area") + " " + text + ", " + table.quoted("un'its") + " " + text
          + ", " + table.quoted("LEVEL \\") + " bigint, "
          + table.quoted("senior") + " " + flag
          + ", " + table.quoted("name") + " " + text + ", " + table.quoted("born") + " " + text
          + ", " + table.quoted("ssn") + " " + text + ", " + table.quoted("note") + " " + text
          + ")");
      // Columns of the same names as the rows', which must not catch what is meant for them.
      statement.execute("create table " + FACTS + " (fact " + text + ", actor " + text + ", "
          + table.quoted("Patient") + " " + text + ", " + table.quoted("department") + " " + text
          + ", holds " + flag + ")");
    }
    return table;
  }

  /** How many rows each policy is asked for, if so many are to be decided. */
  static int rows(long decisions) {
    // A query costs about as much as a thousand rows of it.
    return decisions > 1_000_000 ? 2_000 : 200;
  }

  /** Names the columns. */
  RowMapping mapping(PolicyModel model, boolean templates) {
    RowMapping.Builder mapping = RowMapping.table(TABLE)
        .patient("Patient")
        .recordId("id", Question.TENANT)
        .labels("labels")
        .attribute("record.department", "department")
        .attribute("record.area", "area")
        .attribute("record.units", "un'its")
        .attribute("record.level", "LEVEL \\")
        .attribute("record.senior", "senior")
        .field("name", "name")
        .field("birth-date", "born")
        .field("ssn", "ssn")
        .field("note", "note");
    if (templates) {
      model.relations().forEach(name -> mapping.relation(name, fact(name)));
    }
    model.predicates().keySet().forEach(name -> mapping.predicate(name, fact(name)));
    return mapping.build();
  }

  private String fact(String name) {
    return "SELECT f.holds FROM facts f WHERE f.fact = '" + name + "' AND f.actor = {actor} AND f."
        + quoted("Patient") + " = {patient}";
  }

  /** As an unquoted name is kept. */
  private String key() {
    return dialect == Dialect.H2 ? "ROW_KEY" : "row_key";
  }

  String quoted(String name) {
    return dialect == Dialect.MYSQL
        ? "`" + name.replace("`", "``") + "`"
        : "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /** Replaces all rows. */
  List<Row> fill(RandomPolicies policies, PolicyModel model, int count) throws SQLException {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(twisted(policies.row(model)));
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("delete from " + quoted(TABLE));
    }
    try (PreparedStatement insert = connection.prepareStatement(
        "insert into " + quoted(TABLE)
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'Ada Byron', '1815-12-10', '123-45-6789', 'a note')")) {
      for (int i = 0; i < count; i++) {
        set(insert, i, rows.get(i));
        insert.addBatch();
      }
      insert.executeBatch();
    }
    return rows;
  }

  private void set(PreparedStatement insert, int key, Row row) throws SQLException {
    Attributes attributes = row.attributes();
    insert.setInt(1, key);
    insert.setString(2, row.patient().map(PatientId::reveal).orElse(null));
    insert.setString(3, row.id().orElse(null));
    insert.setString(4, row.labels().map(RowMapping::encode).orElse(null));
    insert.setString(5, attributes.text("department").orElse(null));
    insert.setString(6, attributes.text("area").orElse(null));
    insert.setString(7, attributes.value("units").map(RowTable::encoded).orElse(null));
    Object level = attributes.value("level").orElse(null);
    if (level == null) {
      insert.setNull(8, Types.BIGINT);
    } else {
      insert.setLong(8, (Long) level);
    }
    Object senior = attributes.value("senior").orElse(null);
    if (senior == null) {
      insert.setNull(9, dialect == Dialect.SQLITE ? Types.INTEGER : Types.BOOLEAN);
    } else if (dialect == Dialect.SQLITE) {
      insert.setInt(9, (Boolean) senior ? 1 : 0);
    } else {
      insert.setBoolean(9, (Boolean) senior);
    }
  }

  private static String encoded(Object set) {
    Set<String> texts = new TreeSet<>();
    ((Set<?>) set).forEach(text -> texts.add((String) text));
    return RowMapping.encode(texts);
  }

  /** A row as the other parts of the test kit do not make them. */
  private Row twisted(Row row) {
    Attributes attributes = row.attributes();
    for (String name : List.of("department", "area")) {
      if (attributes.text(name).isPresent() && random.nextInt(8) == 0) {
        attributes = attributes.with(name, near());
      }
    }
    if (attributes.value("units").isPresent() && random.nextInt(8) == 0) {
      Set<String> units = new HashSet<>(List.of(near(), near()));
      if (random.nextBoolean()) {
        units.add("b");
      }
      attributes = attributes.with("units", units);
    }
    Optional<Set<String>> labels = row.labels().map(HashSet::new);
    if (labels.isPresent() && random.nextInt(15) == 0) {
      labels.get().add(random.nextBoolean() ? near() : "VIP");
    }
    boolean known = random.nextInt(12) != 0;
    return new Row(
        row.patient().filter(who -> known),
        // Few ids, so that tickets find their records.
        row.id().filter(id -> known && random.nextInt(8) != 0).map(id -> "r" + random.nextInt(2)),
        attributes,
        labels);
  }

  private String near() {
    return NEAR.get(random.nextInt(NEAR.size()));
  }

  /** Replaces what answers relations and predicates. */
  void answer(Question question, PolicyModel model) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("delete from " + FACTS);
    }
    Set<String> names = new TreeSet<>(model.relations());
    try (PreparedStatement insert =
        connection.prepareStatement("insert into " + FACTS + " values (?, ?, ?, 'b', ?)")) {
      for (PatientId patient : RandomPolicies.PATIENTS) {
        for (String name : names) {
          add(insert, name, question, patient, question.relation(name, patient));
        }
        for (String name : model.predicates().keySet()) {
          add(insert, name, question, patient, question.predicate(name, Optional.of(patient)));
        }
      }
      insert.executeBatch();
    }
  }

  private void add(
      PreparedStatement insert, String name, Question question, PatientId patient, Truth truth)
      throws SQLException {
    if (truth == Truth.UNKNOWN) {
      return;
    }
    insert.setString(1, name);
    insert.setString(2, question.actor().id().value());
    insert.setString(3, patient.reveal());
    if (dialect == Dialect.SQLITE) {
      insert.setInt(4, truth == Truth.TRUE ? 1 : 0);
    } else {
      insert.setBoolean(4, truth == Truth.TRUE);
    }
    insert.addBatch();
  }

  /** The question of no row, with relations that can be listed. */
  static AccessRequest listing(Question question, PolicyModel model) {
    return question.alone().toBuilder()
        .relations(new Relations() {
          @Override
          public boolean holds(String relation, Actor actor, PatientId patient) {
            return question.relation(relation, patient) == Truth.TRUE;
          }

          @Override
          public Optional<Set<PatientId>> patients(String relation, Actor actor) {
            Set<PatientId> patients = new HashSet<>();
            RandomPolicies.PATIENTS.stream()
                .filter(patient -> holds(relation, actor, patient))
                .forEach(patients::add);
            return Optional.of(patients);
          }
        })
        .build();
  }

  /** Runs {@link RowFilter#select}: the key of each row that is found, with the mask of each field. */
  SortedMap<Integer, SortedMap<FieldPath, String>> select(RowFilter filter, RowMapping mapping)
      throws SQLException {
    return found(filter.select(mapping, dialect, List.of(key())), filter);
  }

  /** Runs a query of the test's own with {@link RowFilter#where} and {@link RowFilter#maskOf}. */
  SortedMap<Integer, SortedMap<FieldPath, String>> where(RowFilter filter, RowMapping mapping)
      throws SQLException {
    RowMapping alias = mapping.as("v");
    SortedMap<Integer, SortedMap<FieldPath, String>> found = new TreeMap<>();
    StringBuilder text = new StringBuilder("select row_key");
    List<RowSql> parts = new ArrayList<>();
    for (FieldPath field : filter.fields()) {
      parts.add(filter.maskOf(field, alias, dialect));
      text.append(", ").append(parts.get(parts.size() - 1).text());
    }
    parts.add(filter.where(alias, dialect));
    text.append(" from ").append(quoted(TABLE)).append(" " + quoted("v") + " where ? < 9 and ");
    text.append(parts.get(parts.size() - 1).text());
    try (PreparedStatement statement = connection.prepareStatement(text.toString())) {
      int next = 1;
      for (int i = 0; i < parts.size(); i++) {
        if (i == parts.size() - 1) {
          statement.setInt(next++, 1);
        }
        next = parts.get(i).bind(statement, next);
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          SortedMap<FieldPath, String> masks = new TreeMap<>();
          int column = 2;
          for (FieldPath field : filter.fields()) {
            masks.put(field, row.getString(column++));
          }
          found.put(row.getInt(1), masks);
        }
      }
    }
    return found;
  }

  private SortedMap<Integer, SortedMap<FieldPath, String>> found(RowSql sql, RowFilter filter)
      throws SQLException {
    SortedMap<Integer, SortedMap<FieldPath, String>> found = new TreeMap<>();
    try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
      sql.bind(statement, 1);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          SortedMap<FieldPath, String> masks = new TreeMap<>();
          int column = 2;
          for (FieldPath field : filter.fields()) {
            String value = row.getString(column++);
            String mask = row.getString(column++);
            masks.put(field, mask);
            if ((value == null) != "hide".equals(mask)) {
              masks.put(field, mask + " with " + value);
            }
          }
          found.put(row.getInt(1), masks);
        }
      }
    }
    return found;
  }
}
