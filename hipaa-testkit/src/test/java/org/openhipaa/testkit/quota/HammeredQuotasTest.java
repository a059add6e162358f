package org.openhipaa.testkit.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.core.access.quota.jdbc.JdbcQuotaStore;
import org.openhipaa.core.access.rules.QuotaMeasure;
import org.openhipaa.testkit.database.EmbeddedDatabases;
import org.openhipaa.testkit.quota.QuotaJudge.Entry;

/**
 * Three processes of 22 threads reserve from the same budgets on one PostgreSQL, with clocks that
 * jump, while they are killed and started again, their connections are broken, and the server
 * crashes and recovers. Says {@code -Dquota.operations=1000000} how often.
 *
 * <p>A trigger keeps a record of each row that is charged or taken back, in the order in which it
 * took effect; {@link QuotaJudge} goes through it.
 */
class HammeredQuotasTest {
  private static final int OPERATIONS = Integer.getInteger("quota.operations", 2_000);
  private static final long SEED = Long.getLong("test.seed", 20261124L);
  private static final int PROCESSES = 3;
  private static final int THREADS = 22;

  /** One blow falls after so many answers. */
  private static final int BETWEEN_BLOWS = Math.min(4_000, OPERATIONS / 5);

  private static final int POLL_MILLIS = 50;

  /** So long nobody is answered only if all hang. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir
  private Path folder;

  private final Random chance = new Random(SEED);
  private final List<HammerAnswers> answers = new ArrayList<>();
  private final Process[] processes = new Process[PROCESSES];
  private String url;
  private DataSource database;
  private int blows;
  private int kills;
  private int broken;
  private int crashes;

  @Test
  void threeProcesses_killedAndWithJumpingClocks_neverAdmitTooMuchNorDenyWhatFits()
      throws Exception {
    long started = System.nanoTime();
    try (EmbeddedPostgres server = server()) {
      url = server.getJdbcUrl("postgres", "postgres");
      database = EmbeddedDatabases.connecting(url);
      new JdbcQuotaStore(database).createSchema();
      keepARecord();
      try {
        hammer();
      } finally {
        for (Process process : processes) {
          if (process != null) {
            process.destroyForcibly().waitFor();
          }
        }
      }
      judge(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started));
    }
  }

  /** One of its own, because it is made to crash. What it wrote the operating system keeps. */
  private static EmbeddedPostgres server() throws IOException {
    return EmbeddedPostgres.builder()
        .setServerConfig("fsync", "off")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("restart_after_crash", "on")
        .setServerConfig("checkpoint_timeout", "30s")
        .setServerConfig("max_connections", "200")
        .start();
  }

  private void hammer() throws Exception {
    for (int i = 0; i < PROCESSES; i++) {
      processes[i] = start();
    }
    long answered = 0;
    long since = System.nanoTime();
    while (answered < OPERATIONS) {
      processes[0].waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
      assertThat(processes).as("none ends by itself").allMatch(Process::isAlive);
      long before = answered;
      answered = answered();
      if (answered > before) {
        since = System.nanoTime();
      }
      assertThat(System.nanoTime() - since).isLessThan(PATIENCE.toNanos());
      if (answered / BETWEEN_BLOWS > blows) {
        strike();
      }
    }
    processes[0].destroyForcibly().waitFor();
    kills++;
    for (int i = 1; i < PROCESSES; i++) {
      processes[i].getOutputStream().close();
      assertThat(processes[i].waitFor()).isZero();
    }
  }

  /** Of four blows one kills a process, and now and then the server falls over one. */
  private void strike() throws Exception {
    blows++;
    if (blows % 4 == 2) {
      int victim = chance.nextInt(PROCESSES);
      processes[victim].destroyForcibly().waitFor();
      processes[victim] = start();
      kills++;
    } else if (blows % 8 == 3) {
      crash();
      crashes++;
    } else {
      breakAConnection();
      broken++;
    }
  }

  private void judge(long seconds) throws IOException, SQLException {
    QuotaJudge judge = new QuotaJudge();
    for (HammerAnswers each : answers) {
      each.lines(judge::line);
    }
    List<Entry> record = record();
    List<String> faults = judge.judge(record);
    System.out.printf(
        "quota: %,d admitted, %,d denied (with %,d settlings: %s), %,d unknown, %,d entries,"
            + " %d kills, %d broken connections, %d server crashes, %d faults, seed %d, %d s%n",
        judge.grants(),
        judge.denials(),
        judge.settlingsDenied(),
        judge.deniedBy(),
        judge.unknown(),
        record.size(),
        kills,
        broken,
        crashes,
        faults.size(),
        SEED,
        seconds);
    assertThat(faults.stream().limit(10)).as("%d faults", faults.size()).isEmpty();
    assertThat(crashes).isPositive();
    // Each kind of answer must have its share, or nothing is shown.
    assertThat(judge.grants()).isGreaterThan(OPERATIONS / 4);
    // In a short run the windows are only just full.
    assertThat(judge.denials()).isGreaterThan(OPERATIONS / (OPERATIONS < 100_000 ? 50 : 8));
    assertThat(judge.settlingsDenied()).isPositive();
    assertThat(judge.deniedBy())
        .containsOnlyKeys(QuotaMeasure.PATIENTS, QuotaMeasure.RECORDS, QuotaMeasure.BYTES);
  }

  private Process start() throws IOException {
    Path file = folder.resolve("answers" + answers.size());
    answers.add(new HammerAnswers(file));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            QuotaHammer.class.getName(),
            url,
            "p" + answers.size(),
            file.toString(),
            String.valueOf(THREADS),
            String.valueOf(SEED + answers.size()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private long answered() throws IOException {
    long sum = 0;
    for (HammerAnswers each : answers) {
      sum += each.count();
    }
    return sum;
  }

  private void keepARecord() throws SQLException {
    execute(
        "create sequence quota_clock",
        "create table quota_record (id bigserial primary key, tx bigint, what char(1),"
            + " budget varchar(64), number bigint, token varchar(64), at bigint, amount bigint)",
        """
        create function keep_record() returns trigger as $$
        begin
          if tg_op = 'DELETE' then
            insert into quota_record (tx, what, budget, number, token, at, amount)
              values (txid_current(), 'D', old.budget, old.number, old.token, old.charged_at,
                old.amount);
          else
            insert into quota_record (tx, what, budget, number, token, at, amount)
              values (txid_current(),
                case when tg_op = 'INSERT' then 'I'
                  when new.number = old.number then 'A' else 'U' end,
                new.budget, new.number, new.token, new.charged_at, new.amount);
          end if;
          return null;
        end $$ language plpgsql""",
        "create trigger record"
            + " after insert or delete or update of budget, number, token, charged_at"
            + " on openhipaa_quota_charge for each row execute function keep_record()");
  }

  private void breakAConnection() throws SQLException {
    execute("select pg_terminate_backend(" + someBackend() + ")");
  }

  /**
   * Kills a process of the server, which then throws all others out and recovers from its log. What
   * was not answered may be lost.
   */
  private void crash() throws Exception {
    ProcessHandle backend = ProcessHandle.of(someBackend()).orElseThrow();
    assertThat(backend.destroyForcibly()).isTrue();
    backend.onExit().get();
  }

  /** One that serves the processes. */
  private long someBackend() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select pid from pg_stat_activity"
            + " where backend_type = 'client backend' and pid <> pg_backend_pid()")) {
      List<Long> all = new ArrayList<>();
      while (rows.next()) {
        all.add(rows.getLong(1));
      }
      return all.get(chance.nextInt(all.size()));
    }
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private List<Entry> record() throws SQLException {
    List<Entry> record = new ArrayList<>();
    Map<String, String> same = new HashMap<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.setFetchSize(10_000);
      try (ResultSet rows = statement.executeQuery("select id, tx, what, budget, number, token,"
          + " at, amount from quota_record order by id")) {
        while (rows.next()) {
          record.add(new Entry(
              rows.getLong(1),
              rows.getLong(2),
              rows.getString(3).charAt(0),
              same.computeIfAbsent(rows.getString(4), b -> b),
              rows.getLong(5),
              same.computeIfAbsent(rows.getString(6), t -> t),
              rows.getLong(7),
              rows.getLong(8)));
        }
      }
    }
    return record;
  }
}
