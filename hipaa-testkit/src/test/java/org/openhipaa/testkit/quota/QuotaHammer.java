package org.openhipaa.testkit.quota;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
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
 * B id                                a reservation begins
 * G id now                            granted
 * D id now place counted from to      denied, by the charge at that place of the list; between two
 *                                     positions of the record that the database keeps
 * r id                                a release begins
 * s id bytes                          settling begins
 * E id                                nobody knows
 * </pre>
 */
final class QuotaHammer {
  private static final Instant BASE = Instant.parse("2026-01-01T00:00:00Z");

  /** The clock runs so much faster than time, so that windows slide while the test runs. */
  private static final long SPEED = 600;

  private static final long JUMP_MILLIS = HammerOp.WINDOW.toMillis();
  private static final int CALLS_BETWEEN_JUMPS = 300;

  private final QuotaStore store;
  private final DataSource database;
  private final FileOutputStream out;
  private final AtomicLong jump = new AtomicLong();
  private final long started;
  private volatile boolean stop;

  private QuotaHammer(DataSource database, FileOutputStream out, long started) {
    this.database = database;
    this.store = new JdbcQuotaStore(database);
    this.out = out;
    this.started = started;
  }

  public static void main(String[] args) throws Exception {
    String name = args[1];
    int threads = Integer.parseInt(args[3]);
    long seed = Long.parseLong(args[4]);
    try (FileOutputStream out = new FileOutputStream(args[2])) {
      QuotaHammer hammer = new QuotaHammer(
          new Pool(EmbeddedDatabases.connecting(args[0])).source(), out, Long.parseLong(args[5]));
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
      }
    }
  }

  private void once(HammerOp op, Random chance) throws SQLException {
    Instant now = BASE.plusMillis((System.currentTimeMillis() - started) * SPEED + jump.get());
    long from = position();
    write("B " + op.id());
    QuotaReservation answer = store.reserve(op.charges(), now);
    if (answer instanceof Exceeded exceeded) {
      write("D " + op.id() + " " + now.toEpochMilli() + " "
          + op.charges().indexOf(exceeded.charge()) + " " + exceeded.counted() + " " + from + " "
          + position());
      return;
    }
    write("G " + op.id() + " " + now.toEpochMilli());
    Granted granted = (Granted) answer;
    if (chance.nextInt(4) > 0) {
      long bytes = chance.nextInt(300);
      write("s " + op.id() + " " + bytes);
      granted.settle(bytes);
    }
    if (chance.nextInt(6) == 0) {
      write("r " + op.id());
      granted.release();
    }
  }

  private long position() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select last_value from quota_record_id_seq")) {
      rows.next();
      return rows.getLong(1);
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
