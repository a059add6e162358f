package org.openhipaa.testkit.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
import org.openhipaa.testkit.database.EmbeddedDatabases;
import org.openhipaa.testkit.quota.QuotaJudge.Entry;

/**
 * Three processes of 22 threads reserve from the same budgets on one PostgreSQL, with clocks that
 * jump, while they are killed at random and started again and their connections are broken. Says
 * {@code -Dquota.operations=1000000} how often.
 *
 * <p>A trigger keeps a record of each row that is charged or taken back, in the order in which it
 * took effect; {@link QuotaJudge} goes through it.
 */
class HammeredQuotasTest {
  private static final int OPERATIONS = Integer.getInteger("quota.operations", 1_000);
  private static final long SEED = Long.getLong("test.seed", 20261124L);
  private static final int PROCESSES = 3;
  private static final int THREADS = 22;
  private static final int ROUND_MILLIS = 250;

  @TempDir
  private Path folder;

  private final String url = EmbeddedDatabases.postgresUrl();
  private final DataSource database = EmbeddedDatabases.connecting(url);
  private final Random chance = new Random(SEED);
  private final long started = System.currentTimeMillis();
  private final List<Path> files = new ArrayList<>();
  private final Map<Path, Long> read = new HashMap<>();
  private int kills;

  @Test
  void threeProcesses_killedAndWithJumpingClocks_neverAdmitTooMuchNorDenyWhatFits()
      throws Exception {
    new JdbcQuotaStore(database).createSchema();
    keepARecord();
    Process[] processes = new Process[PROCESSES];
    try {
      for (int i = 0; i < PROCESSES; i++) {
        processes[i] = start();
      }
      long answered = 0;
      while (answered < OPERATIONS) {
        int victim = chance.nextInt(PROCESSES);
        boolean ended = processes[victim].waitFor(ROUND_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(ended).as("a process ended by itself").isFalse();
        answered = answered();
        if (chance.nextInt(20) == 0 && answered > 0) {
          processes[victim].destroyForcibly().waitFor();
          processes[victim] = start();
          kills++;
        } else if (chance.nextInt(10) == 0) {
          breakAConnection();
        }
      }
      processes[0].destroyForcibly().waitFor();
      kills++;
      for (int i = 1; i < PROCESSES; i++) {
        processes[i].getOutputStream().close();
        assertThat(processes[i].waitFor()).isZero();
      }
    } finally {
      for (Process process : processes) {
        if (process != null) {
          process.destroyForcibly().waitFor();
        }
      }
    }
    judge();
  }

  private void judge() throws IOException, SQLException {
    QuotaJudge judge = new QuotaJudge();
    for (Path file : files) {
      String text = Files.readString(file);
      text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(judge::line);
    }
    List<Entry> record = record();
    List<String> faults = judge.judge(record);
    System.out.printf(
        "quota: %,d admitted, %,d denied, %,d unknown, %,d entries, %d kills, seed %d, %d s%n",
        judge.grants(),
        judge.denials(),
        judge.unknown(),
        record.size(),
        kills,
        SEED,
        (System.currentTimeMillis() - started) / 1000);
    assertThat(faults.stream().limit(10)).as("%d faults", faults.size()).isEmpty();
    assertThat(judge.grants()).isGreaterThan(OPERATIONS / 20);
    assertThat(judge.denials()).isPositive();
  }

  private Process start() throws IOException {
    Path file = folder.resolve("answers" + files.size());
    files.add(file);
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            QuotaHammer.class.getName(),
            url,
            "p" + files.size(),
            file.toString(),
            String.valueOf(THREADS),
            String.valueOf(SEED + files.size()),
            String.valueOf(started))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** How many reservations were granted or denied. */
  private long answered() throws IOException {
    long sum = 0;
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      if (Files.exists(file) && (i >= files.size() - 2 * PROCESSES || !read.containsKey(file))) {
        try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
          read.put(
              file, lines.filter(l -> l.startsWith("G") || l.startsWith("D")).count());
        }
      }
      sum += read.getOrDefault(file, 0L);
    }
    return sum;
  }

  private void keepARecord() throws SQLException {
    execute(
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
              values (txid_current(), case tg_op when 'INSERT' then 'I' else 'U' end, new.budget,
                new.number, new.token, new.charged_at, new.amount);
          end if;
          return null;
        end $$ language plpgsql""",
        "create trigger record after insert or delete or update of number"
            + " on openhipaa_quota_charge for each row execute function keep_record()");
  }

  private void breakAConnection() throws SQLException {
    execute("select pg_terminate_backend(pid) from pg_stat_activity"
        + " where datname = current_database() and pid <> pg_backend_pid() limit 1 offset "
        + chance.nextInt(PROCESSES * THREADS));
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
              rows.getString(6),
              rows.getLong(7),
              rows.getLong(8)));
        }
      }
    }
    return record;
  }
}
