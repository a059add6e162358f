package org.openhipaa.core.access.consent.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.openhipaa.core.access.consent.ConsentEntry;
import org.openhipaa.core.access.consent.ConsentNotKeptException;
import org.openhipaa.core.access.consent.ConsentStore;
import org.openhipaa.core.internal.Statements;
import org.openhipaa.core.internal.Transactions;

/**
 * Directives and restrictions in the SQL table {@code openhipaa_consent}: pseudonyms and sealed
 * bytes. Written in SQL that PostgreSQL, MySQL and MariaDB understand too. Thread-safe if the data
 * source is.
 */
public final class JdbcConsentStore implements ConsentStore {
  private final Transactions transactions;

  /**
   * Uses a database.
   *
   * @param dataSource gives connections; each is closed after the call that asked for it
   */
  public JdbcConsentStore(DataSource dataSource) {
    this.transactions = new Transactions(dataSource);
  }

  /**
   * Makes the table if it does not exist.
   *
   * @throws ConsentNotKeptException if the database refuses
   */
  public void createSchema() {
    run("make the consent table", connection -> {
      try (Statement statement = connection.createStatement()) {
        return statement.execute("create table if not exists openhipaa_consent ("
            + "id char(36) not null primary key, patient_token char(64) not null,"
            + " sealed_content text not null, added_at bigint not null, ended_at bigint,"
            + " unique (patient_token, added_at, id))");
      }
    });
  }

  @Override
  public void add(ConsentEntry entry) {
    run(
        "store a directive",
        connection -> Statements.update(
            connection,
            "insert into openhipaa_consent (id, patient_token, sealed_content, added_at)"
                + " values (?, ?, ?, ?)",
            entry.id().toString(),
            entry.patientToken(),
            Base64.getEncoder().encodeToString(entry.sealed()),
            entry.addedAt()));
  }

  @Override
  public List<ConsentEntry> find(String patientToken) {
    return run(
        "read the directives",
        connection -> List.copyOf(Statements.all(
            connection,
            row -> entry(patientToken, row),
            0,
            "select id, sealed_content, added_at, ended_at"
                + " from openhipaa_consent where patient_token = ? order by added_at, id",
            patientToken)));
  }

  private static ConsentEntry entry(String patientToken, ResultSet row) throws SQLException {
    long endedAt = row.getLong(4);
    boolean ended = !row.wasNull();
    return new ConsentEntry(
        UUID.fromString(row.getString(1)),
        patientToken,
        Base64.getDecoder().decode(row.getString(2)),
        Instant.ofEpochMilli(row.getLong(3)),
        ended ? Instant.ofEpochMilli(endedAt) : null);
  }

  @Override
  public boolean end(String patientToken, UUID id, Instant at) {
    return run(
            "end a directive",
            connection -> Statements.update(
                connection,
                "update openhipaa_consent set ended_at = ?"
                    + " where id = ? and patient_token = ? and ended_at is null",
                at,
                id.toString(),
                patientToken))
        == 1;
  }

  private <T> T run(String what, Transactions.Work<T> work) {
    try {
      return transactions.run(work);
    } catch (SQLException e) {
      throw new ConsentNotKeptException(
          "cannot " + what + "; is the database up, and is the schema made?", e);
    } catch (IllegalArgumentException e) {
      throw new ConsentNotKeptException("cannot " + what + ": an entry is damaged", e);
    }
  }
}
