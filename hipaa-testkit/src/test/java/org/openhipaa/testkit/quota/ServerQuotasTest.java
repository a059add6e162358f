package org.openhipaa.testkit.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.quota.QuotaStore;
import org.openhipaa.core.access.quota.jdbc.JdbcQuotaStore;
import org.openhipaa.testkit.contract.QuotaStoreContract;
import org.openhipaa.testkit.database.EmbeddedDatabases;
import org.openhipaa.testkit.database.Pool;

/** The SQL store passes the contract on real servers. */
class ServerQuotasTest {
  @Nested
  class OnPostgres extends QuotaStoreContract {
    private static DataSource database;
    private static Pool pool;

    @BeforeAll
    static void start() {
      database = EmbeddedDatabases.postgres();
      pool = new Pool(database);
    }

    @AfterAll
    static void stop() throws SQLException {
      pool.close();
    }

    @Override
    protected QuotaStore open() {
      return store(pool);
    }

    @Test
    void schema_canBeMadeByManyAtOnce() {
      makeSchemaAtOnce(EmbeddedDatabases.postgres());
    }

    @Test
    void connections_keepTheirSettings() throws SQLException {
      assertThatSettingsAreKept(database);
    }
  }

  @Nested
  class OnMariaDb extends QuotaStoreContract {
    private static DataSource database;
    private static Pool pool;

    @BeforeAll
    static void start() {
      database = EmbeddedDatabases.mariaDb();
      pool = new Pool(database);
    }

    @AfterAll
    static void stop() throws SQLException {
      pool.close();
    }

    @Override
    protected QuotaStore open() {
      return store(pool);
    }

    @Test
    void schema_canBeMadeByManyAtOnce() {
      makeSchemaAtOnce(EmbeddedDatabases.mariaDb());
    }

    @Test
    void connections_keepTheirSettings() throws SQLException {
      assertThatSettingsAreKept(database);
    }
  }

  private static QuotaStore store(Pool pool) {
    JdbcQuotaStore store = new JdbcQuotaStore(pool.source());
    store.createSchema();
    return store;
  }

  private static void makeSchemaAtOnce(DataSource database) {
    List<JdbcQuotaStore> stores =
        IntStream.range(0, 8).mapToObj(i -> new JdbcQuotaStore(database)).toList();

    stores.parallelStream().forEach(JdbcQuotaStore::createSchema);

    assertThat(stores.get(0).deleteExpired(Instant.EPOCH)).isZero();
  }

  /** Whoever lends the connection may have set it up for something else. */
  private static void assertThatSettingsAreKept(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      connection.setAutoCommit(false);
      Pool one = new Pool(Pool.source(() -> connection));
      QuotaStore store = store(one);

      store.reserve(List.of(), Instant.EPOCH);
      new JdbcQuotaStore(one.source()).deleteExpired(Instant.EPOCH);

      assertThat(connection.getAutoCommit()).isFalse();
      assertThat(connection.getTransactionIsolation())
          .isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
    }
  }
}
