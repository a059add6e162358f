package org.openhipaa.core.access.breakglass.jdbc;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.HipaaException;
import org.openhipaa.core.access.breakglass.BreakGlassNotKeptException;
import org.openhipaa.core.access.breakglass.BreakGlassReview;
import org.openhipaa.core.access.breakglass.BreakGlassReview.Verdict;
import org.openhipaa.core.access.breakglass.BreakGlassScope;
import org.openhipaa.core.access.breakglass.BreakGlassStore;
import org.openhipaa.core.access.breakglass.BreakGlassUse;
import org.openhipaa.core.access.breakglass.PatientNotice;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.crypto.KeyPurpose;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.SealContext;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.internal.Statements;
import org.openhipaa.core.internal.Transactions;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.RecordType;

/**
 * Uses of break-glass in two SQL tables, {@code openhipaa_break_glass} and {@code
 * openhipaa_break_glass_review}. Patient, record, session, reason and notes are sealed with the
 * tenant's key, each to its row and column. Written in SQL that PostgreSQL, MySQL and MariaDB
 * understand too. Thread-safe if the data source is.
 */
public final class JdbcBreakGlassStore implements BreakGlassStore {
  private static final String UNREVIEWED = "NONE";
  private static final String COLUMNS =
      "id, actor, use_scope, record_type, purpose, sealed_patient, sealed_record, sealed_session,"
          + " sealed_reason, opened_at, ends_at, closed_at, patient_notice";
  private static final String SELECT = "select " + COLUMNS + " from openhipaa_break_glass ";
  private static final String OLDEST_FIRST = " order by opened_at, id";

  private final Transactions transactions;
  private final Keyring keyring;

  /**
   * Uses a database.
   *
   * @param dataSource gives connections; each is closed after the call that asked for it
   * @param keyring the tenant's keys; seal what may be PHI
   */
  public JdbcBreakGlassStore(DataSource dataSource, Keyring keyring) {
    this.transactions = new Transactions(dataSource);
    this.keyring = keyring;
  }

  /**
   * Makes the tables if they do not exist.
   *
   * @throws BreakGlassNotKeptException if the database refuses
   */
  public void createSchema() {
    run("make the break-glass tables", connection -> {
      execute(
          connection,
          "create table if not exists openhipaa_break_glass ("
              + "id char(36) not null primary key, actor varchar(64) not null,"
              + " use_scope varchar(20) not null, record_type varchar(63) not null,"
              + " purpose varchar(40) not null, sealed_patient text, sealed_record text,"
              + " sealed_session text, sealed_reason text not null,"
              + " opened_at bigint not null, ends_at bigint not null, closed_at bigint,"
              + " patient_notice varchar(20) not null, verdict varchar(20) not null,"
              + " unique (actor, id), unique (verdict, opened_at, id),"
              + " unique (patient_notice, opened_at, id))");
      execute(
          connection,
          "create table if not exists openhipaa_break_glass_review ("
              + "use_id char(36) not null, review_number int not null,"
              + " verdict varchar(20) not null, reviewer varchar(64) not null,"
              + " reviewed_at bigint not null, sealed_note text not null,"
              + " primary key (use_id, review_number))");
      return true;
    });
  }

  @Override
  public void add(BreakGlassUse use) {
    run("store the use", connection -> insert(connection, use));
  }

  private int insert(Connection connection, BreakGlassUse use) throws SQLException {
    if (use.record().filter(ref -> !ref.tenant().equals(keyring.tenant())).isPresent()) {
      throw new IllegalArgumentException("the use is about a record of another tenant");
    }
    try (PreparedStatement insert =
        connection.prepareStatement("insert into openhipaa_break_glass ("
            + COLUMNS
            + ", verdict) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, use.id().toString());
      insert.setString(2, use.actor().value());
      insert.setString(3, use.scope().name());
      insert.setString(4, use.type().value());
      insert.setString(5, use.purpose().name());
      insert.setString(6, seal(use.id(), "patient", use.patient().map(PatientId::reveal)));
      insert.setString(7, seal(use.id(), "record", use.record().map(RecordRef::revealId)));
      insert.setString(8, seal(use.id(), "session", use.session()));
      insert.setString(9, seal(use.id(), "reason", Optional.of(use.revealReason())));
      insert.setLong(10, use.openedAt().toEpochMilli());
      insert.setLong(11, use.until().toEpochMilli());
      if (use.closedAt().isPresent()) {
        insert.setLong(12, use.closedAt().get().toEpochMilli());
      } else {
        insert.setNull(12, Types.BIGINT);
      }
      insert.setString(13, use.notice().name());
      insert.setString(14, UNREVIEWED);
      return insert.executeUpdate();
    }
  }

  @Override
  public Optional<BreakGlassUse> find(UUID id) {
    return select(1, SELECT + "where id = ?", id.toString()).stream().findFirst();
  }

  @Override
  public List<BreakGlassUse> unreviewed(int limit) {
    return select(limit, SELECT + "where verdict = ?" + OLDEST_FIRST, UNREVIEWED);
  }

  @Override
  public List<BreakGlassUse> held(ActorId actor) {
    return ofActor(
        actor,
        select(
            0,
            SELECT + "where actor = ? and verdict in (?, ?)" + OLDEST_FIRST,
            actor.value(),
            UNREVIEWED,
            Verdict.NOT_JUSTIFIED.name()));
  }

  @Override
  public List<BreakGlassUse> open(ActorId actor, Instant now) {
    return ofActor(
        actor,
        select(
            0,
            SELECT + "where actor = ? and closed_at is null and ends_at > ?" + OLDEST_FIRST,
            actor.value(),
            now.toEpochMilli()));
  }

  /** Some databases compare texts without regard to case; ids differ by case. */
  private static List<BreakGlassUse> ofActor(ActorId actor, List<BreakGlassUse> uses) {
    return uses.stream().filter(use -> use.actor().equals(actor)).toList();
  }

  @Override
  public boolean close(UUID id, Instant at) {
    return run("end the use", connection -> close(connection, id, at)) == 1;
  }

  private static int close(Connection connection, UUID id, Instant at) throws SQLException {
    return Statements.update(
        connection,
        "update openhipaa_break_glass set closed_at = ? where id = ? and closed_at is null",
        at.toEpochMilli(),
        id.toString());
  }

  @Override
  public boolean judge(UUID id, Optional<Verdict> from, BreakGlassReview review) {
    return run("store the judgement", connection -> {
      // The change of state is also the lock: whoever comes second finds another verdict.
      int changed = Statements.update(
          connection,
          "update openhipaa_break_glass set verdict = ? where id = ? and verdict = ?",
          review.verdict().name(),
          id.toString(),
          from.map(Enum::name).orElse(UNREVIEWED));
      if (changed == 0) {
        return false;
      }
      addReview(connection, id, review);
      if (review.verdict() == Verdict.NOT_JUSTIFIED) {
        close(connection, id, review.at());
      }
      return true;
    });
  }

  private void addReview(Connection connection, UUID id, BreakGlassReview review)
      throws SQLException {
    int number = reviews(connection, id).size() + 1;
    Statements.update(
        connection,
        "insert into openhipaa_break_glass_review (use_id, review_number, verdict, reviewer,"
            + " reviewed_at, sealed_note) values (?, ?, ?, ?, ?, ?)",
        id.toString(),
        number,
        review.verdict().name(),
        review.reviewer().value(),
        review.at().toEpochMilli(),
        String.valueOf(seal(id, "note-" + number, Optional.of(review.revealNote()))));
  }

  @Override
  public List<BreakGlassUse> noticesDue(int limit) {
    return select(
        limit, SELECT + "where patient_notice = ?" + OLDEST_FIRST, PatientNotice.DUE.name());
  }

  @Override
  public void noticeGiven(UUID id) {
    run(
        "store that the patient was told",
        connection -> Statements.update(
            connection,
            "update openhipaa_break_glass set patient_notice = ? where id = ? and patient_notice = ?",
            PatientNotice.GIVEN.name(),
            id.toString(),
            PatientNotice.DUE.name()));
  }

  /** A limit of 0 is none. */
  private List<BreakGlassUse> select(int limit, String sql, Object... values) {
    return run(
        "read the uses",
        connection -> List.copyOf(
            Statements.all(connection, row -> use(connection, row), limit, sql, values)));
  }

  private BreakGlassUse use(Connection connection, ResultSet row) throws SQLException {
    UUID id = UUID.fromString(row.getString(1));
    RecordType type = RecordType.of(row.getString(4));
    @Nullable
    PatientId patient = open(id, "patient", row.getString(6)).map(PatientId::of).orElse(null);
    @Nullable String record = open(id, "record", row.getString(7)).orElse(null);
    long closedAt = row.getLong(12);
    boolean closed = !row.wasNull();
    BreakGlassUse.Builder use = BreakGlassUse.builder(
            id,
            ActorId.of(row.getString(2)),
            BreakGlassScope.valueOf(row.getString(3)),
            type,
            Purpose.valueOf(row.getString(5)))
        .patient(patient)
        .record(
            record == null || patient == null
                ? null
                : RecordRef.of(keyring.tenant(), type, patient, record))
        .session(open(id, "session", row.getString(8)).orElse(null))
        .reason(open(id, "reason", row.getString(9)).orElse(""))
        .period(Instant.ofEpochMilli(row.getLong(10)), Instant.ofEpochMilli(row.getLong(11)))
        .closed(closed ? Instant.ofEpochMilli(closedAt) : null)
        .notice(PatientNotice.valueOf(row.getString(13)));
    reviews(connection, id).forEach(use::review);
    return use.build();
  }

  private List<BreakGlassReview> reviews(Connection connection, UUID id) throws SQLException {
    return Statements.all(
        connection,
        row -> BreakGlassReview.of(
            Verdict.valueOf(row.getString(2)),
            ActorId.of(row.getString(3)),
            Instant.ofEpochMilli(row.getLong(4)),
            open(id, "note-" + row.getInt(1), row.getString(5)).orElse("")),
        0,
        "select review_number, verdict, reviewer, reviewed_at, sealed_note"
            + " from openhipaa_break_glass_review where use_id = ? order by review_number",
        id.toString());
  }

  private @Nullable String seal(UUID id, String part, Optional<String> text) {
    return text.map(CanonicalWriter::utf8)
        .map(bytes -> keyring.tenantSealer().seal(bytes, context(id, part)))
        .map(Base64.getEncoder()::encodeToString)
        .orElse(null);
  }

  private Optional<String> open(UUID id, String part, @Nullable String sealed) {
    return Optional.ofNullable(sealed)
        .map(Base64.getDecoder()::decode)
        .map(bytes -> keyring.tenantSealer().open(bytes, context(id, part)))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  private SealContext context(UUID id, String part) {
    return SealContext.of(
        keyring.tenant(), KeyPurpose.AUDIT, "break-glass", "", id.toString(), part);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.execute();
    }
  }

  private <T> T run(String what, Transactions.Work<T> work) {
    try {
      return transactions.run(work);
    } catch (SQLException e) {
      throw new BreakGlassNotKeptException(
          "cannot " + what + "; is the database up, and is the schema made?", e);
    } catch (IllegalArgumentException | HipaaException e) {
      throw new BreakGlassNotKeptException(
          "cannot " + what + ": a use is damaged, of a newer release, or of another tenant", e);
    }
  }
}
