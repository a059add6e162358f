package org.openhipaa.testkit.quota;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.openhipaa.core.access.quota.QuotaCharge;
import org.openhipaa.core.access.quota.QuotaNotCheckedException;
import org.openhipaa.core.access.quota.QuotaReservation;
import org.openhipaa.core.access.quota.QuotaReservation.Exceeded;
import org.openhipaa.core.access.quota.QuotaReservation.Granted;
import org.openhipaa.core.access.quota.QuotaStore;
import org.openhipaa.core.access.quota.jdbc.JdbcQuotaStore;
import org.openhipaa.testkit.database.EmbeddedDatabases;
import org.openhipaa.testkit.database.Pool;

/**
 * One of the processes that reserve without pause, until its standard input ends or it is killed.
 * What it was answered goes line by line to the operating system, which survives a kill:
 *
 * <pre>
 * B id now                            a reservation begins
 * G id                                granted
 * D id now place counted from to      denied, by the charge at that place of the list; between two
 *                                     entries of the record that the database keeps
 * s id bytes                          settling begins
 * S id                                settled
 * X id place counted from to          settling is denied, by the charge at that place
 * r id                                a release begins
 * R id to                             released, before that entry
 * E id                                nobody knows
 * </pre>
 */
final class QuotaHammer {
  private static final Instant BASE = Instant.parse("2026-01-01T00:00:00Z");

  private static final long JUMP_MILLIS = HammerOp.WINDOW.toMillis();
  private static final int CALLS_BETWEEN_JUMPS = 1000;

  private final QuotaStore store;
  private final DataSource database;
  private final FileOutputStream out;
  private final AtomicLong jump = new AtomicLong();
  private volatile boolean stop;

  private QuotaHammer(DataSource database, FileOutputStream out) {
    this.database = database;
    this.store = new JdbcQuotaStore(database);
    this.out = out;
  }

  public static void main(String[] args) throws Exception {
    String name = args[1];
    int threads = Integer.parseInt(args[3]);
    long seed = Long.parseLong(args[4]);
    try (FileOutputStream out = new FileOutputStream(args[2])) {
      QuotaHammer hammer =
          new QuotaHammer(new Pool(EmbeddedDatabases.connecting(args[0])).source(), out);
      List<Thread> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        String prefix = name + "-" + i + "-";
        Random chance = new Random(seed * 1000 + i);
        Thread thread = new Thread(() -> hammer.work(prefix, chance));
        thread.start();
        all.add(thread);
      }
      while (System.in.read() >= 0) {
        // Wait for the end of the input.
      }
      hammer.stop = true;
      for (Thread thread : all) {
        thread.join();
      }
    }
  }

  private void work(String prefix, Random chance) {
    for (int i = 0; !stop; i++) {
      if (chance.nextInt(CALLS_BETWEEN_JUMPS) == 0) {
        jump.set(chance.nextBoolean() ? 0 : chance.nextLong(-JUMP_MILLIS, JUMP_MILLIS));
      }
      HammerOp op = HammerOp.of(prefix + i, chance);
      try {
        once(op, chance);
      } catch (QuotaNotCheckedException | SQLException e) {
        write("E " + op.id());
        awaitDatabase();
      }
    }
  }

  private void once(HammerOp op, Random chance) throws SQLException {
    long[] place =
        query("select coalesce((select max(id) from quota_record), 0), nextval('quota_clock')", 2);
    long from = place[0];
    Instant now = BASE.plusMillis(place[1] * HammerOp.STEP_MILLIS + jump.get());
    write("B " + op.id() + " " + now.toEpochMilli());
    QuotaReservation answer = store.reserve(op.charges(), now);
    if (answer instanceof Exceeded exceeded) {
      write("D " + op.id() + " " + now.toEpochMilli() + " " + told(op, exceeded, from));
      return;
    }
    write("G " + op.id());
    Granted granted = (Granted) answer;
    if (chance.nextInt(4) > 0) {
      long bytes = chance.nextInt(300);
      write("s " + op.id() + " " + bytes);
      Optional<Exceeded> tooMuch = granted.settle(bytes);
      write(
          tooMuch.isEmpty()
              ? "S " + op.id()
              : "X " + op.id() + " " + told(op, tooMuch.get(), from));
    }
    if (chance.nextInt(6) == 0) {
      write("r " + op.id());
      granted.release();
      write("R " + op.id() + " " + position());
    }
  }

  private String told(HammerOp op, Exceeded exceeded, long from) throws SQLException {
    List<String> keys = op.charges().stream().map(QuotaCharge::key).toList();
    return keys.indexOf(exceeded.charge().key()) + " " + exceeded.counted() + " " + from + " "
        + position();
  }

  private long position() throws SQLException {
    return query("select max(id) from quota_record", 1)[0];
  }

  private long[] query(String sql, int columns) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      long[] values = new long[columns];
      for (int i = 0; i < columns; i++) {
        values[i] = rows.getLong(i + 1);
      }
      return values;
    }
  }

  /** Leaves a server that is recovering to itself. */
  private void awaitDatabase() {
    while (!stop) {
      try {
        query("select 1", 1);
        return;
      } catch (SQLException e) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
  }

  private void write(String line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
