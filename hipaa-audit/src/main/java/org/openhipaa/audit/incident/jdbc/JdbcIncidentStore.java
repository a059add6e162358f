package org.openhipaa.audit.incident.jdbc;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.openhipaa.audit.incident.Incident;
import org.openhipaa.audit.incident.IncidentNotReadException;
import org.openhipaa.audit.incident.IncidentNotStoredException;
import org.openhipaa.audit.incident.IncidentState;
import org.openhipaa.audit.incident.IncidentStep;
import org.openhipaa.audit.incident.IncidentStore;
import org.openhipaa.core.HipaaException;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.crypto.KeyPurpose;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.SealContext;

/**
 * Incidents in three SQL tables whose names begin with {@code openhipaa_incident}. Notes are sealed with the tenant's key.
 * Written in SQL that PostgreSQL and MariaDB should understand too; tested on H2. Thread-safe if the data source is.
 */
public final class JdbcIncidentStore implements IncidentStore {
  private static final int ATTEMPTS = 5;
  private static final String INTEGRITY_VIOLATION = "23";
  private static final String COLUMNS =
      "id, alarm_kind, alarm_source, alarm_location, alarm_message, first_raised, last_raised,"
          + " occurrences";

  private final DataSource dataSource;
  private final Keyring keyring;

  /**
   * Uses a database.
   *
   * @param dataSource gives connections; each is closed after the call that asked for it
   * @param keyring the tenant's keys; seal the notes
   */
  public JdbcIncidentStore(DataSource dataSource, Keyring keyring) {
    this.dataSource = dataSource;
    this.keyring = keyring;
  }

  /**
   * Makes the tables if they do not exist.
   *
   * @throws IncidentNotStoredException if the database refuses
   */
  public void createSchema() {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      // The fingerprint is unique among open incidents: a closed one gives it up, and SQL lets any
      // number of rows have none.
      statement.execute("create table if not exists openhipaa_incident ("
          + "id char(36) not null primary key, open_fingerprint char(64) unique,"
          + " alarm_kind varchar(20) not null, alarm_source varchar(200) not null,"
          + " alarm_location varchar(1000) not null, alarm_message varchar(2000) not null,"
          + " first_raised bigint not null, last_raised bigint not null,"
          + " occurrences bigint not null, incident_state varchar(20) not null)");
      statement.execute("create table if not exists openhipaa_incident_suspect ("
          + "incident_id char(36) not null, actor varchar(64) not null,"
          + " primary key (incident_id, actor))");
      statement.execute("create table if not exists openhipaa_incident_step ("
          + "incident_id char(36) not null, step_number int not null,"
          + " step_state varchar(20) not null, actor varchar(64) not null,"
          + " taken_at bigint not null, sealed_note text not null,"
          + " primary key (incident_id, step_number))");
    } catch (SQLException e) {
      throw new IncidentNotStoredException(
          "cannot make the incident tables; may this user create tables?", e);
    }
  }

  @Override
  public Incident raise(UUID freshId, String fingerprint, Alarm alarm) {
    return change("count the alarm", connection -> {
      if (countUp(connection, fingerprint, alarm) == 0) {
        insert(connection, freshId, fingerprint, alarm);
      }
      UUID id = openId(connection, fingerprint);
      if (alarm.suspect() != null) {
        addSuspect(connection, id, alarm.suspect());
      }
      return find(connection, id).orElseThrow(() -> new SQLException("the row vanished"));
    });
  }

  private static int countUp(Connection connection, String fingerprint, Alarm alarm)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("update openhipaa_incident set occurrences = occurrences + 1,"
            + " last_raised = case when last_raised < ? then ? else last_raised end"
            + " where open_fingerprint = ?")) {
      update.setLong(1, alarm.raisedAt().toEpochMilli());
      update.setLong(2, alarm.raisedAt().toEpochMilli());
      update.setString(3, fingerprint);
      return update.executeUpdate();
    }
  }

  private static void insert(Connection connection, UUID id, String fingerprint, Alarm alarm)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(
        "insert into openhipaa_incident (open_fingerprint, incident_state, "
            + COLUMNS
            + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)")) {
      insert.setString(1, fingerprint);
      insert.setString(2, IncidentState.NEW.name());
      insert.setString(3, id.toString());
      insert.setString(4, alarm.kind().name());
      insert.setString(5, alarm.source());
      insert.setString(6, alarm.location());
      insert.setString(7, alarm.message());
      insert.setLong(8, alarm.raisedAt().toEpochMilli());
      insert.setLong(9, alarm.raisedAt().toEpochMilli());
      insert.executeUpdate();
    }
  }

  private static UUID openId(Connection connection, String fingerprint) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(
        "select id from openhipaa_incident where open_fingerprint = ?")) {
      select.setString(1, fingerprint);
      try (ResultSet rows = select.executeQuery()) {
        if (!rows.next()) {
          throw new SQLException("the row vanished");
        }
        return UUID.fromString(rows.getString(1));
      }
    }
  }

  /** The incident's row is locked by the change before, so nobody adds the same suspect meanwhile. */
  private static void addSuspect(Connection connection, UUID id, ActorId suspect)
      throws SQLException {
    if (suspects(connection, id).contains(suspect)) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement(
        "insert into openhipaa_incident_suspect (incident_id, actor) values (?, ?)")) {
      insert.setString(1, id.toString());
      insert.setString(2, suspect.value());
      insert.executeUpdate();
    }
  }

  @Override
  public Optional<Incident> find(UUID id) {
    return read(connection -> find(connection, id));
  }

  private Optional<Incident> find(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(
        "select " + COLUMNS + " from openhipaa_incident where id = ?")) {
      select.setString(1, id.toString());
      return incidents(connection, select).stream().findFirst();
    }
  }

  @Override
  public List<Incident> newest(int limit) {
    return read(connection -> {
      try (PreparedStatement select = connection.prepareStatement(
          "select " + COLUMNS + " from openhipaa_incident order by last_raised desc, id")) {
        select.setMaxRows(limit);
        return incidents(connection, select);
      }
    });
  }

  @Override
  public boolean advance(UUID id, IncidentState from, IncidentStep step) {
    return change("store the step", connection -> {
      boolean inState = moveState(connection, id, from, step.state());
      if (inState) {
        addStep(connection, id, step);
      }
      return inState;
    });
  }

  private static boolean moveState(
      Connection connection, UUID id, IncidentState from, IncidentState to) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("update openhipaa_incident set incident_state = ?"
            + " where id = ? and incident_state = ?")) {
      update.setString(1, to.name());
      update.setString(2, id.toString());
      update.setString(3, from.name());
      return update.executeUpdate() == 1;
    }
  }

  private void addStep(Connection connection, UUID id, IncidentStep step) throws SQLException {
    int number = steps(connection, id).size() + 1;
    try (PreparedStatement insert = connection.prepareStatement(
        "insert into openhipaa_incident_step (incident_id, step_number, step_state, actor,"
            + " taken_at, sealed_note) values (?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, id.toString());
      insert.setInt(2, number);
      insert.setString(3, step.state().name());
      insert.setString(4, step.actor().value());
      insert.setLong(5, step.time().toEpochMilli());
      insert.setString(6, seal(step.revealNote(), id, number));
      insert.executeUpdate();
    }
  }

  private List<Incident> incidents(Connection connection, PreparedStatement select)
      throws SQLException {
    List<Incident> incidents = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        UUID id = UUID.fromString(rows.getString(1));
        Alarm alarm = new Alarm(
            Alarm.Kind.valueOf(rows.getString(2)),
            rows.getString(3),
            rows.getString(4),
            rows.getString(5),
            Instant.ofEpochMilli(rows.getLong(6)),
            null);
        incidents.add(Incident.of(
            id,
            alarm,
            suspects(connection, id),
            Instant.ofEpochMilli(rows.getLong(7)),
            rows.getLong(8),
            steps(connection, id)));
      }
    }
    return incidents;
  }

  private static Set<ActorId> suspects(Connection connection, UUID id) throws SQLException {
    Set<ActorId> suspects = new TreeSet<>();
    try (PreparedStatement select = connection.prepareStatement(
        "select actor from openhipaa_incident_suspect where incident_id = ?")) {
      select.setString(1, id.toString());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          suspects.add(ActorId.of(rows.getString(1)));
        }
      }
    }
    return suspects;
  }

  private List<IncidentStep> steps(Connection connection, UUID id) throws SQLException {
    List<IncidentStep> steps = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement("select step_number, step_state, actor, taken_at, sealed_note"
            + " from openhipaa_incident_step where incident_id = ? order by step_number")) {
      select.setString(1, id.toString());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          steps.add(IncidentStep.of(
              IncidentState.valueOf(rows.getString(2)),
              ActorId.of(rows.getString(3)),
              Instant.ofEpochMilli(rows.getLong(4)),
              open(rows.getString(5), id, rows.getInt(1))));
        }
      }
    }
    return steps;
  }

  private String seal(String note, UUID id, int number) {
    byte[] sealed =
        keyring.tenantSealer().seal(note.getBytes(StandardCharsets.UTF_8), noteContext(id, number));
    return Base64.getEncoder().encodeToString(sealed);
  }

  private String open(String sealed, UUID id, int number) {
    byte[] note =
        keyring.tenantSealer().open(Base64.getDecoder().decode(sealed), noteContext(id, number));
    return new String(note, StandardCharsets.UTF_8);
  }

  private SealContext noteContext(UUID id, int number) {
    return SealContext.of(
        keyring.tenant(), KeyPurpose.AUDIT, "incident-note", "", id.toString(), "step-" + number);
  }

  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private <T> T read(Work<T> work) {
    try (Connection connection = dataSource.getConnection()) {
      return work.on(connection);
    } catch (SQLException | IllegalArgumentException e) {
      throw new IncidentNotReadException(
          "cannot read the incidents; is the database up, and are they of this release?", e);
    } catch (IncidentNotReadException e) {
      throw e;
    } catch (HipaaException e) {
      throw new IncidentNotReadException("a note of an incident does not open", e);
    }
  }

  /** Runs in one transaction, and again if another one came in between. */
  private <T> T change(String what, Work<T> work) {
    for (int attempt = 1; ; attempt++) {
      try (Connection connection = dataSource.getConnection()) {
        return inTransaction(connection, work);
      } catch (SQLException e) {
        if (attempt == ATTEMPTS || !isConflict(e)) {
          throw new IncidentNotStoredException(
              "cannot " + what + "; is the database up, and may this user write?", e);
        }
      } catch (IllegalArgumentException | HipaaException e) {
        throw new IncidentNotStoredException("cannot " + what + ": the incident is unreadable", e);
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

  /** Two opened the same incident at once (class 23), or the database asks to try again (class 40). */
  private static boolean isConflict(SQLException e) {
    String state = e.getSQLState();
    return state != null && (state.startsWith(INTEGRITY_VIOLATION) || state.startsWith("40"));
  }
}
