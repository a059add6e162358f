package org.openhipaa.testkit.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.access.rows.Dialect;
import org.openhipaa.core.access.rows.RowFilter;
import org.openhipaa.core.access.rows.RowLevelSecurity;
import org.openhipaa.core.access.rows.RowMapping;
import org.openhipaa.core.access.rows.RowSql;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordType;
import org.openhipaa.testkit.database.EmbeddedDatabases;

/** A relation with 100,000 patients is one parameter, and is looked up rather than searched. */
class LargeSetTest {
  private static final int PATIENTS = 100_000;
  private static final int ROWS = 400;
  private static final RecordType VISIT = RecordType.of("visit");

  private final AccessPolicy policy = AccessPolicy.builder("clinic")
      .groups("nurse")
      .relations("treating")
      .recordType("visit", "note")
      .permit(
          "nurse",
          r -> r.groups("nurse")
              .actions(Action.SEARCH)
              .recordType("visit")
              .purposes(Purpose.TREATMENT)
              .when("treating")
              .show("note"))
      .build();
  private final RowMapping mapping =
      RowMapping.table("visits").patient("patient").field("note", "note").build();
  private final AccessRequest request = request(PATIENTS);

  private static AccessRequest request(int patients) {
    return AccessRequest.builder(
            Actor.authenticated(
                ActorId.of("ada"), Set.of(Group.of("nurse")), Assurance.AAL1, Instant.EPOCH),
            Action.SEARCH,
            VISIT,
            Purpose.TREATMENT)
        .relations(new Every(patients))
        .build();
  }

  /** Every second patient, of more than are in the table. */
  private record Every(int count) implements Relations {
    @Override
    public boolean holds(String relation, Actor actor, PatientId patient) {
      return Integer.parseInt(patient.reveal().substring(1)) % 2 == 0;
    }

    @Override
    public Optional<Set<PatientId>> patients(String relation, Actor actor) {
      Set<PatientId> patients = new HashSet<>();
      for (int i = 0; i < count; i++) {
        patients.add(PatientId.of("p" + 2 * i));
      }
      return Optional.of(patients);
    }
  }

  @Test
  void query_onH2_finds() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:" + UUID.randomUUID())) {
      assertFinds(connection, Dialect.H2);
    }
  }

  @Test
  void query_onSqlite_finds() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      assertFinds(connection, Dialect.SQLITE);
    }
  }

  @Test
  void query_onPostgres_finds() throws SQLException {
    try (Connection connection = EmbeddedDatabases.postgres().getConnection()) {
      assertFinds(connection, Dialect.POSTGRESQL);
    }
  }

  @Test
  void query_onMariaDb_finds() throws SQLException {
    try (Connection connection = EmbeddedDatabases.mariaDb().getConnection()) {
      assertFinds(connection, Dialect.MYSQL);
    }
  }

  @Test
  void rowLevelSecurity_finds() throws SQLException {
    try (Connection connection = EmbeddedDatabases.postgres().getConnection();
        Statement statement = connection.createStatement()) {
      fill(connection, Dialect.POSTGRESQL);
      connection.setAutoCommit(false);
      RowLevelSecurity security = RowLevelSecurity.of(policy, VISIT, mapping);
      for (String sql : security.statements()) {
        statement.execute(sql);
      }
      statement.execute(
          "do $$ begin create role clinic; exception when duplicate_object then null; end $$");
      statement.execute("grant select on visits to clinic");
      statement.execute("set local role clinic");
      // A setting is read for each row, so it is for sets of thousands; for larger ones, write SQL.
      RowSql settings = security.session(request(ROWS));
      try (PreparedStatement session = connection.prepareStatement(settings.text())) {
        settings.bind(session, 1);
        session.executeQuery().close();
      }
      try (ResultSet count = statement.executeQuery("select count(*) from visits")) {
        assertThat(count.next()).isTrue();
        assertThat(count.getInt(1)).isEqualTo(ROWS / 2);
      }
    }
  }

  private void assertFinds(Connection connection, Dialect dialect) throws SQLException {
    fill(connection, dialect);
    RowFilter filter = RowFilter.of(policy, request).fold(deny -> null, found -> found);
    RowSql where = filter.where(mapping, dialect);
    // An array of H2 is limited.
    int parameters = dialect == Dialect.H2 ? 2 : 1;
    assertThat(where.size()).isEqualTo(parameters);
    String table = dialect == Dialect.MYSQL ? "`visits`" : "\"visits\"";
    for (RowSql sql : List.of(where, filter.select(mapping, dialect, List.of("patient")))) {
      String text = sql == where
          ? "select count(*) from " + table + " where " + sql.text()
          : "select count(*) from (" + sql.text() + ") s";
      try (PreparedStatement statement = connection.prepareStatement(text)) {
        assertThat(sql.bind(statement, 1)).isEqualTo(1 + parameters);
        try (ResultSet count = statement.executeQuery()) {
          assertThat(count.next()).isTrue();
          assertThat(count.getInt(1)).isEqualTo(ROWS / 2);
        }
      }
    }
  }

  private static void fill(Connection connection, Dialect dialect) throws SQLException {
    String quote = dialect == Dialect.MYSQL ? "`" : "\"";
    String table = "QvisitsQ".replace("Q", quote);
    try (Statement statement = connection.createStatement()) {
      statement.execute("create table " + table
          + " (QpatientQ varchar(50), QnoteQ varchar(50))".replace("Q", quote));
    }
    connection.setAutoCommit(false);
    try (PreparedStatement insert =
        connection.prepareStatement("insert into " + table + " values (?, 'a')")) {
      for (int i = 0; i < ROWS; i++) {
        insert.setString(1, "p" + i);
        insert.addBatch();
      }
      insert.executeBatch();
    }
    connection.commit();
    connection.setAutoCommit(true);
  }
}
