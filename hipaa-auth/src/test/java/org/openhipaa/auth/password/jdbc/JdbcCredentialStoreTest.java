package org.openhipaa.auth.password.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.auth.password.Credential;
import org.openhipaa.auth.password.CredentialsNotAvailableException;
import org.openhipaa.auth.password.Throttle;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Group;

class JdbcCredentialStoreTest {
  private static final ActorId ANN = ActorId.of("Ann.Admin");
  private static final Instant LATER = Instant.parse("2026-03-01T08:00:00.000000001Z");

  private final DataSource database = database("mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
  private final JdbcCredentialStore store = new JdbcCredentialStore(database);

  @BeforeEach
  void createSchema() {
    store.createSchema();
  }

  @Test
  void account_isFoundAsItWasCreated() {
    assertThat(store.create(credential(ANN, "hash", 3))).isTrue();

    Credential found = store.find(ANN).orElseThrow();
    assertThat(found.id()).isEqualTo(ANN);
    assertThat(found.groups()).containsExactly(Group.of("admin"), Group.of("night-shift"));
    assertThat(found.passwordHash()).isEqualTo("hash");
    assertThat(found.enabled()).isTrue();
    assertThat(found.throttle().failures()).isEqualTo(3);
  }

  @Test
  void waitBetweenMilliseconds_isRoundedUpNotDown() {
    store.create(credential(ANN, "hash", 3));

    assertThat(store.find(ANN).orElseThrow().throttle().notBefore())
        .isEqualTo(Instant.parse("2026-03-01T08:00:00.001Z"));
  }

  @Test
  void noGroups_areNoGroups() {
    store.create(new Credential(ANN, Set.of(), "hash", false, Throttle.NONE, 0));

    assertThat(store.find(ANN).orElseThrow().groups()).isEmpty();
    assertThat(store.find(ANN).orElseThrow().enabled()).isFalse();
  }

  @Test
  void idInAnotherCase_isTheSameAccount() {
    store.create(credential(ANN, "hash", 0));

    assertThat(store.create(credential(ActorId.of("ann.admin"), "other", 0))).isFalse();
    assertThat(store.find(ActorId.of("ANN.ADMIN")).orElseThrow().id()).isEqualTo(ANN);
    assertThat(store.find(ActorId.of("ANN.ADMIN")).orElseThrow().passwordHash()).isEqualTo("hash");
  }

  @Test
  void unknownId_isNotFoundAndNotChanged() {
    assertThat(store.find(ANN)).isEmpty();
    assertThat(store.replace(credential(ANN, "a", 0), credential(ANN, "b", 0))).isFalse();
    assertThat(store.find(ANN)).isEmpty();
  }

  @Test
  void stateThatIsNoLongerSo_isNotReplaced() {
    store.create(credential(ANN, "first", 0));
    Credential first = store.find(ANN).orElseThrow();

    assertThat(store.replace(first, credential(ANN, "second", 1))).isTrue();
    assertThat(store.replace(first, credential(ANN, "third", 2))).isFalse();

    Credential found = store.find(ANN).orElseThrow();
    assertThat(found.passwordHash()).isEqualTo("second");
    assertThat(found.version()).isNotEqualTo(first.version());
  }

  @Test
  void stateReplacedByAnEqualOne_isANewState() {
    store.create(credential(ANN, "hash", 0));
    Credential first = store.find(ANN).orElseThrow();

    assertThat(store.replace(first, first)).isTrue();
    assertThat(store.replace(first, first)).isFalse();
  }

  @Test
  void anotherId_isNoReplacement() {
    Credential ann = credential(ANN, "hash", 0);

    assertThatThrownBy(() -> store.replace(ann, credential(ActorId.of("bob"), "hash", 0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tooManyGroups_areRefusedNotCut() {
    Set<Group> many = IntStream.range(0, 70)
        .mapToObj(i -> Group.of("g".repeat(60) + i))
        .collect(java.util.stream.Collectors.toSet());

    assertThatThrownBy(
            () -> store.create(new Credential(ANN, many, "hash", true, Throttle.NONE, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4000");
    assertThat(store.find(ANN)).isEmpty();
  }

  @Test
  void schemaCreatedTwiceAndAtOnce_isThereOnce() throws Exception {
    DataSource empty = database("mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<?>> all = new ArrayList<>();

    for (int i = 0; i < 8; i++) {
      all.add(threads.submit(() -> new JdbcCredentialStore(empty).createSchema()));
    }
    for (Future<?> each : all) {
      each.get();
    }
    threads.shutdown();

    assertThat(new JdbcCredentialStore(empty).create(credential(ANN, "hash", 0)))
        .isTrue();
    new JdbcCredentialStore(empty).createSchema();
    assertThat(new JdbcCredentialStore(empty).find(ANN)).isPresent();
  }

  @Test
  void manyChangesAtOnce_loseNone() throws Exception {
    store.create(credential(ANN, "hash", 0));
    ExecutorService threads = Executors.newFixedThreadPool(16);
    List<Future<Integer>> all = new ArrayList<>();

    for (int i = 0; i < 16; i++) {
      JdbcCredentialStore own = new JdbcCredentialStore(database);
      all.add(threads.submit(() -> {
        int made = 0;
        for (int round = 0; round < 50; round++) {
          Credential was = own.find(ANN).orElseThrow();
          if (own.replace(was, credential(ANN, "hash", was.throttle().failures() + 1))) {
            made++;
          }
        }
        return made;
      }));
    }
    int made = 0;
    for (Future<Integer> each : all) {
      made += each.get();
    }
    threads.shutdown();

    assertThat(made).isPositive();
    assertThat(store.find(ANN).orElseThrow().throttle().failures()).isEqualTo(made);
  }

  @Test
  void sameIdCreatedAtOnce_isCreatedOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Boolean>> all = new ArrayList<>();

    for (int i = 0; i < 64; i++) {
      all.add(threads.submit(() -> store.create(credential(ANN, "hash", 0))));
    }
    int created = 0;
    for (Future<Boolean> each : all) {
      created += each.get() ? 1 : 0;
    }
    threads.shutdown();

    assertThat(created).isEqualTo(1);
  }

  @Test
  void fileClosedAndOpenedAnew_holdsEverything(@TempDir Path folder) throws Exception {
    String file = "file:" + folder.resolve("accounts");
    JdbcCredentialStore before = new JdbcCredentialStore(database(file));
    before.createSchema();
    before.create(credential(ANN, "first", 0));
    before.replace(before.find(ANN).orElseThrow(), credential(ANN, "second", 7));

    JdbcCredentialStore after = new JdbcCredentialStore(database(file));
    after.createSchema();

    assertThat(after.find(ANN).orElseThrow().passwordHash()).isEqualTo("second");
    assertThat(after.find(ANN).orElseThrow().throttle().failures()).isEqualTo(7);
  }

  @Test
  void connectionsInTransactions_areCommittedAllTheSame() {
    JdbcCredentialStore transactional = new JdbcCredentialStore(withoutAutoCommit(database));

    transactional.create(credential(ANN, "hash", 0));
    transactional.replace(transactional.find(ANN).orElseThrow(), credential(ANN, "second", 1));

    assertThat(store.find(ANN).map(Credential::passwordHash)).isEqualTo(Optional.of("second"));
  }

  @Test
  void missingTable_isATypedFailureWithTheStateOnly() {
    JdbcCredentialStore none =
        new JdbcCredentialStore(database("mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1"));

    assertThatThrownBy(() -> none.find(ANN))
        .isInstanceOf(CredentialsNotAvailableException.class)
        .hasMessageContaining("SQL state 42")
        .rootCause()
        .hasMessageEndingWith("message withheld as it may quote the row");
  }

  @Test
  void damagedRow_isATypedFailure() throws Exception {
    for (String damage : List.of(
        "actor_id = 'not an id'",
        "actor_id = 'somebody.else'",
        "group_names = 'a  b'",
        "group_names = ' '",
        "failures = -1")) {
      JdbcCredentialStore damaged =
          new JdbcCredentialStore(database("mem:damage;DB_CLOSE_DELAY=-1"));
      damaged.createSchema();
      damaged.create(credential(ANN, "hash", 0));
      execute(database("mem:damage;DB_CLOSE_DELAY=-1"), "UPDATE hipaa_credential SET " + damage);

      assertThatThrownBy(() -> damaged.find(ANN))
          .as(damage)
          .isInstanceOf(CredentialsNotAvailableException.class)
          .hasMessageContaining("damaged");
      execute(database("mem:damage;DB_CLOSE_DELAY=-1"), "DROP TABLE hipaa_credential");
    }
  }

  private static Credential credential(ActorId id, String hash, int failures) {
    return new Credential(
        id,
        Set.of(Group.of("night-shift"), Group.of("admin")),
        hash,
        true,
        new Throttle(failures, LATER),
        0);
  }

  private static DataSource database(String name) {
    JdbcDataSource dataSource = new JdbcDataSource();
    dataSource.setURL("jdbc:h2:" + name);
    dataSource.setUser("sa");
    return dataSource;
  }

  private static void execute(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static DataSource withoutAutoCommit(DataSource real) {
    return new DataSource() {
      @Override
      public Connection getConnection() throws SQLException {
        Connection connection = real.getConnection();
        connection.setAutoCommit(false);
        return connection;
      }

      @Override
      public Connection getConnection(String user, String password) {
        throw new UnsupportedOperationException();
      }

      @Override
      public PrintWriter getLogWriter() {
        throw new UnsupportedOperationException();
      }

      @Override
      public void setLogWriter(PrintWriter out) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void setLoginTimeout(int seconds) {
        throw new UnsupportedOperationException();
      }

      @Override
      public int getLoginTimeout() {
        throw new UnsupportedOperationException();
      }

      @Override
      public Logger getParentLogger() {
        throw new UnsupportedOperationException();
      }

      @Override
      public <T> T unwrap(Class<T> type) {
        throw new UnsupportedOperationException();
      }

      @Override
      public boolean isWrapperFor(Class<?> type) {
        return false;
      }
    };
  }
}
