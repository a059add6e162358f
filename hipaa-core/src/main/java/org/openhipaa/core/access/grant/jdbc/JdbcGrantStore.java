package org.openhipaa.core.access.grant.jdbc;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.HipaaException;
import org.openhipaa.core.access.grant.Grant;
import org.openhipaa.core.access.grant.GrantFile;
import org.openhipaa.core.access.grant.GrantNotKeptException;
import org.openhipaa.core.access.grant.GrantState;
import org.openhipaa.core.access.grant.GrantStore;
import org.openhipaa.core.access.grant.Termination;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.crypto.KeyPurpose;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.SealContext;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.internal.Statements;
import org.openhipaa.core.internal.Transactions;

/**
 * Grants in two SQL tables, {@code openhipaa_grant} and {@code openhipaa_grant_person}. A person's
 * row carries the version of their file, and every change counts it up first: whoever decided from
 * an older version changes nothing. Reasons are sealed with the tenant's key. Written in SQL that
 * PostgreSQL, MySQL and MariaDB understand too. Thread-safe if the data source is.
 */
public final class JdbcGrantStore implements GrantStore {
  private static final String COLUMNS =
      "id, person, granted_group, requester, sealed_reason, duration_ms, requested_at, grant_state,"
          + " decided_by, starts_at, ends_at, recertify_by, certified_by, ended_by, ended_at";
  private static final String SELECT = "select " + COLUMNS + " from openhipaa_grant ";

  private final Transactions transactions;
  private final Keyring keyring;

  /**
   * Uses a database.
   *
   * @param dataSource gives connections; each is closed after the call that asked for it
   * @param keyring the tenant's keys; seal the reasons
   */
  public JdbcGrantStore(DataSource dataSource, Keyring keyring) {
    this.transactions = new Transactions(dataSource);
    this.keyring = keyring;
  }

  /**
   * Makes the tables if they do not exist.
   *
   * @throws GrantNotKeptException if the database refuses
   */
  public void createSchema() {
    run("make the grant tables", connection -> {
      try (Statement statement = connection.createStatement()) {
        statement.execute("create table if not exists openhipaa_grant_person ("
            + "person_key varchar(128) not null primary key, person varchar(64) not null,"
            + " file_version bigint not null, terminated_by varchar(64), terminated_at bigint,"
            + " sealed_reason text)");
        statement.execute("create table if not exists openhipaa_grant ("
            + "id char(36) not null primary key, person_key varchar(128) not null,"
            + " person varchar(64) not null, granted_group varchar(63) not null,"
            + " requester varchar(64) not null, sealed_reason text not null,"
            + " duration_ms bigint not null, requested_at bigint not null,"
            + " grant_state varchar(20) not null, decided_by varchar(64),"
            + " starts_at bigint, ends_at bigint, recertify_by bigint,"
            + " certified_by varchar(64), ended_by varchar(64), ended_at bigint,"
            + " unique (person_key, requested_at, id),"
            + " unique (grant_state, recertify_by, id))");
      }
      return true;
    });
  }

  @Override
  public GrantFile find(ActorId person) {
    return run("read the grants", connection -> find(connection, person));
  }

  private GrantFile find(Connection connection, ActorId person) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("select file_version, terminated_by, terminated_at,"
            + " sealed_reason from openhipaa_grant_person where person_key = ?")) {
      select.setString(1, key(person));
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return GrantFile.empty(person);
        }
        @Nullable String by = row.getString(2);
        return new GrantFile(
            person,
            row.getLong(1),
            by == null
                ? null
                : Termination.of(
                    ActorId.of(by),
                    Instant.ofEpochMilli(row.getLong(3)),
                    open(row.getString(4), "termination", key(person))),
            Statements.all(
                connection,
                this::grant,
                0,
                SELECT + "where person_key = ? order by requested_at, id",
                key(person)));
      }
    }
  }

  @Override
  public boolean replace(GrantFile before, GrantFile after) {
    if (!before.person().equals(after.person())) {
      throw new IllegalArgumentException("a file stays with its person");
    }
    return run("store the grants", connection -> {
      if (!countUp(connection, before, after)) {
        return false;
      }
      for (Grant grant : after.grants()) {
        if (!before.grants().contains(grant)) {
          put(connection, grant);
        }
      }
      return true;
    });
  }

  /** The change of the version is also the lock: whoever comes second finds another one. */
  private boolean countUp(Connection connection, GrantFile before, GrantFile after)
      throws SQLException {
    Optional<Termination> end = Optional.ofNullable(after.termination());
    @Nullable String by = end.map(Termination::by).map(ActorId::value).orElse(null);
    @Nullable Instant at = end.map(Termination::at).orElse(null);
    @Nullable
    String reason =
        end.map(e -> seal(e.revealReason(), "termination", key(after.person()))).orElse(null);
    if (before.version() == 0 && !exists(connection, after.person())) {
      // Somebody else may insert at the same moment: the retry then finds their row.
      Statements.update(
          connection,
          "insert into openhipaa_grant_person (terminated_by, terminated_at, sealed_reason,"
              + " file_version, person_key, person) values (?, ?, ?, ?, ?, ?)",
          by,
          at,
          reason,
          1L,
          key(after.person()),
          after.person().value());
      return true;
    }
    return Statements.update(
            connection,
            "update openhipaa_grant_person set terminated_by = ?, terminated_at = ?,"
                + " sealed_reason = ?, file_version = ? where person_key = ? and file_version = ?",
            by,
            at,
            reason,
            before.version() + 1,
            key(after.person()),
            before.version())
        == 1;
  }

  private static boolean exists(Connection connection, ActorId person) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(
        "select file_version from openhipaa_grant_person where person_key = ?")) {
      select.setString(1, key(person));
      try (ResultSet rows = select.executeQuery()) {
        return rows.next();
      }
    }
  }

  private void put(Connection connection, Grant grant) throws SQLException {
    Statements.update(
        connection, "delete from openhipaa_grant where id = ?", grant.id().toString());
    Statements.update(
        connection,
        "insert into openhipaa_grant (person_key, "
            + COLUMNS
            + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        key(grant.person()),
        grant.id().toString(),
        grant.person().value(),
        grant.group().value(),
        grant.requester().value(),
        seal(grant.revealReason(), "grant", grant.id().toString()),
        grant.duration().toMillis(),
        grant.requestedAt(),
        grant.state().name(),
        grant.decidedBy().map(ActorId::value).orElse(null),
        grant.from().orElse(null),
        grant.until().orElse(null),
        grant.recertifyBy().orElse(null),
        grant.certifiedBy().map(ActorId::value).orElse(null),
        grant.endedBy().map(ActorId::value).orElse(null),
        grant.endedAt().orElse(null));
  }

  @Override
  public Optional<ActorId> personOf(UUID grant) {
    return run(
        "find the grant",
        connection ->
            Statements.all(connection, this::grant, 1, SELECT + "where id = ?", grant.toString())
                .stream()
                .map(Grant::person)
                .findFirst());
  }

  @Override
  public List<Grant> requested(int limit) {
    return run(
        "read the requests",
        connection -> Statements.all(
            connection,
            this::grant,
            limit,
            SELECT + "where grant_state = ? order by requested_at, id",
            GrantState.REQUESTED.name()));
  }

  @Override
  public List<Grant> due(Instant after, Instant until, int limit) {
    return run(
        "read the grants that are due",
        connection -> Statements.all(
            connection,
            this::grant,
            limit,
            SELECT
                + "where grant_state = ? and recertify_by > ? and recertify_by <= ?"
                + " order by recertify_by, id",
            GrantState.ACTIVE.name(),
            after,
            until));
  }

  private Grant grant(ResultSet row) throws SQLException {
    String id = row.getString(1);
    Grant.Builder grant = Grant.requested(
        UUID.fromString(id),
        ActorId.of(row.getString(2)),
        Group.of(row.getString(3)),
        ActorId.of(row.getString(4)),
        open(row.getString(5), "grant", id),
        Duration.ofMillis(row.getLong(6)),
        Instant.ofEpochMilli(row.getLong(7)));
    GrantState state = GrantState.valueOf(row.getString(8));
    Optional<ActorId> decidedBy = actor(row, 9);
    Optional<Instant> from = time(row, 10);
    Optional<ActorId> certifiedBy = actor(row, 13);
    if (from.isPresent()) {
      Instant confirm = time(row, 12).orElseThrow(() -> new SQLException("a time is missing"));
      grant.approved(
          decidedBy.orElseThrow(() -> new SQLException("an approver is missing")),
          from.get(),
          time(row, 11).orElseThrow(() -> new SQLException("an end is missing")),
          confirm);
      certifiedBy.ifPresent(by -> grant.certified(by, confirm));
    }
    if (state == GrantState.REJECTED) {
      grant.rejected(decidedBy.orElseThrow(() -> new SQLException("an approver is missing")));
    }
    if (state == GrantState.REVOKED) {
      grant.revoked(
          actor(row, 14).orElseThrow(() -> new SQLException("who ended it is missing")),
          time(row, 15).orElseThrow(() -> new SQLException("an end is missing")));
    }
    Grant built = grant.build();
    if (built.state() != state) {
      throw new SQLException("the state of a grant does not fit the rest of it");
    }
    return built;
  }

  private static Optional<ActorId> actor(ResultSet row, int column) throws SQLException {
    return Optional.ofNullable(row.getString(column)).map(ActorId::of);
  }

  private static Optional<Instant> time(ResultSet row, int column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }

  /** Some databases compare texts without regard to case; ids differ by case, digits do not. */
  private static String key(ActorId person) {
    return HexFormat.of().formatHex(person.value().getBytes(StandardCharsets.US_ASCII));
  }

  private String seal(String text, String kind, String id) {
    byte[] sealed = keyring.tenantSealer().seal(CanonicalWriter.utf8(text), context(kind, id));
    return Base64.getEncoder().encodeToString(sealed);
  }

  private String open(@Nullable String sealed, String kind, String id) throws SQLException {
    if (sealed == null) {
      throw new SQLException("a reason is missing");
    }
    byte[] text =
        keyring.tenantSealer().open(Base64.getDecoder().decode(sealed), context(kind, id));
    return new String(text, StandardCharsets.UTF_8);
  }

  private SealContext context(String kind, String id) {
    return SealContext.of(keyring.tenant(), KeyPurpose.AUDIT, "grant-reason", "", id, kind);
  }

  private <T> T run(String what, Transactions.Work<T> work) {
    try {
      return transactions.run(work);
    } catch (SQLException e) {
      throw new GrantNotKeptException(
          "cannot " + what + "; is the database up, and is the schema made?", e);
    } catch (IllegalArgumentException | HipaaException e) {
      throw new GrantNotKeptException(
          "cannot " + what + ": a grant is damaged, or of a newer release", e);
    }
  }
}
