package org.openhipaa.core.access.quota.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.core.access.quota.QuotaCharge;
import org.openhipaa.core.access.quota.QuotaNotCheckedException;
import org.openhipaa.core.access.quota.QuotaReservation;
import org.openhipaa.core.access.quota.QuotaReservation.Exceeded;
import org.openhipaa.core.access.quota.QuotaReservation.Granted;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.internal.Bits;

class JdbcQuotaStoreTest {
  private static final String KEY = "clinic/nurse-reads/ann";
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final QuotaLimit ONE = QuotaLimit.patients(1, TEN_SECONDS);
  private static final QuotaLimit TWO = QuotaLimit.patients(2, TEN_SECONDS);

  @TempDir
  Path folder;

  private String url;
  private JdbcQuotaStore store;

  @BeforeEach
  void makeStore() {
    url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    store = new JdbcQuotaStore(h2());
    store.createSchema();
  }

  @Test
  void thirdPatient_exceedsALimitOfTwo_andCountedOnesDoNot() {
    assertGranted(reserve("a", TWO, 0));
    assertGranted(reserve("b", TWO, 1));

    assertThat(counted(reserve("c", TWO, 2))).isEqualTo(2);

    assertGranted(reserve("a", TWO, 3));
    assertGranted(reserve("b", TWO, 4));
    assertThat(counted(reserve("c", TWO, 5))).isEqualTo(2);
  }

  @Test
  void budgets_areIndependent() {
    assertGranted(reserve("a", ONE, 0));

    assertGranted(reserve(store, "clinic/nurse-reads/ben", "b", ONE, at(0)));
    assertGranted(reserve(store, "clinic/other-rule/ann", "b", ONE, at(0)));
    assertGranted(reserve(store, "clinic2/nurse-reads/ann", "b", ONE, at(0)));
    assertThat(reserve("b", ONE, 0)).isInstanceOf(Exceeded.class);
  }

  @Test
  void window_slidesToTheMillisecond() {
    assertGranted(reserve("a", ONE, 1000));

    assertThat(counted(reserve("b", ONE, 10_999))).isEqualTo(1);
    assertGranted(reserve("b", ONE, 11_000));
    assertThat(counted(reserve("a", ONE, 11_000))).isEqualTo(1);
    assertThat(counted(reserve("a", ONE, 11_001))).isEqualTo(1);
    assertThat(counted(reserve("a", ONE, 20_999))).isEqualTo(1);
    assertGranted(reserve("a", ONE, 21_000));
  }

  @Test
  void readingAgain_keepsThePatientInTheWindow() {
    assertGranted(reserve("a", ONE, 0));
    assertGranted(reserve("a", ONE, 5_000));

    assertThat(counted(reserve("b", ONE, 10_000))).isEqualTo(1);
    assertThat(counted(reserve("b", ONE, 14_999))).isEqualTo(1);
    assertGranted(reserve("b", ONE, 15_000));
  }

  /** Otherwise a program that reads one patient over and over would make time pass. */
  @Test
  void readingAgainManyTimesInOneMoment_doesNotOpenTheWindow() {
    QuotaLimit limit = QuotaLimit.patients(2, Duration.ofSeconds(1));
    assertGranted(reserve("a", limit, 0));
    assertGranted(reserve("b", limit, 0));

    for (int i = 0; i < 1_500; i++) {
      assertGranted(reserve("a", limit, 0));
    }

    assertThat(counted(reserve("c", limit, 0))).isEqualTo(2);
    assertThat(counted(reserve("c", limit, 999))).isEqualTo(2);
    assertGranted(reserve("c", limit, 1000));
  }

  @Test
  void clockThatGoesBackwards_neverOpensTheWindow() {
    assertGranted(reserve("a", ONE, 100_000));

    assertThat(counted(reserve("b", ONE, 50_000))).isEqualTo(1);
    assertThat(counted(reserve("b", ONE, 0))).isEqualTo(1);
    assertGranted(reserve("a", ONE, 50_000));
    assertThat(counted(reserve("b", ONE, 109_999))).isEqualTo(1);
    assertGranted(reserve("b", ONE, 110_000));
  }

  @Test
  void refusal_countsNothing() {
    assertGranted(reserve("a", ONE, 0));
    for (int i = 1; i < 10; i++) {
      assertThat(reserve("b", ONE, i * 1000)).isInstanceOf(Exceeded.class);
    }

    assertGranted(reserve("b", ONE, 10_000));
  }

  @Test
  void undo_takesTheCountBack() {
    Granted granted = assertGranted(reserve("a", ONE, 0));
    assertThat(reserve("b", ONE, 1)).isInstanceOf(Exceeded.class);

    granted.release();

    assertGranted(reserve("b", ONE, 2));
    granted.release();
    assertThat(reserve("c", ONE, 3)).as("a second undo takes nothing").isInstanceOf(Exceeded.class);
  }

  @Test
  void undoOfASecondSighting_restoresTheFirst() {
    assertGranted(reserve("a", ONE, 0));
    Granted second = assertGranted(reserve("a", ONE, 9_000));

    second.release();

    assertThat(reserve("b", ONE, 9_999)).isInstanceOf(Exceeded.class);
    assertGranted(reserve("b", ONE, 10_000));
  }

  @Test
  void undoOfAFirstSighting_leavesTheSecond_alsoWithinOneMillisecond() {
    Granted first = assertGranted(reserve("a", ONE, 0));
    assertGranted(reserve("a", ONE, 0));

    first.release();

    assertThat(reserve("b", ONE, 0)).isInstanceOf(Exceeded.class);
    assertThat(reserve("b", ONE, 9_999)).isInstanceOf(Exceeded.class);
  }

  @Test
  void undoAfterThePatientWasCountedAnew_takesNothing() {
    Granted old = assertGranted(reserve("a", ONE, 0));
    assertGranted(reserve("a", ONE, 20_000));

    old.release();

    assertThat(reserve("b", ONE, 20_001)).isInstanceOf(Exceeded.class);
  }

  @Test
  void manyThreads_neverPassTheLimit_andNeverRefuseACountedPatient() throws Exception {
    int limit = 7;
    QuotaLimit quota = QuotaLimit.patients(limit, Duration.ofHours(1));
    long seed = new SecureRandom().nextLong();
    SplittableRandom chance = new SplittableRandom(seed);
    Set<String> released = ConcurrentHashMap.newKeySet();
    JdbcQuotaStore second = new JdbcQuotaStore(h2());
    ExecutorService threads = Executors.newFixedThreadPool(32);
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Integer>> refusals = new ArrayList<>();
    try {
      for (int t = 0; t < 32; t++) {
        SplittableRandom own = chance.split();
        JdbcQuotaStore through = t % 2 == 0 ? store : second;
        refusals.add(threads.submit(() -> {
          start.await();
          int refused = 0;
          for (int i = 0; i < 40; i++) {
            String patient = "p" + own.nextInt(40);
            boolean counted = released.contains(patient);
            QuotaReservation answer = reserve(through, KEY, patient, quota, at(own.nextInt(1000)));
            if (answer instanceof Granted) {
              released.add(patient);
            } else {
              assertThat(counted).as("%s is counted; seed %d", patient, seed).isFalse();
              refused++;
            }
          }
          return refused;
        }));
      }
      start.countDown();
      int refused = 0;
      for (Future<Integer> count : refusals) {
        refused += count.get();
      }

      assertThat(released).as("seed %d", seed).hasSize(limit);
      assertThat(refused).isPositive();
    } finally {
      threads.shutdownNow();
    }
  }

  /** Random requests with a moving clock, beside the simplest program that could be right. */
  @Test
  void randomRequests_areAnsweredAsByAPlainModel() {
    long seed = new SecureRandom().nextLong();
    SplittableRandom chance = new SplittableRandom(seed);
    QuotaLimit limit = QuotaLimit.patients(3, Duration.ofSeconds(1));
    Map<String, Long> model = new HashMap<>();
    long now = 0;
    long latest = 0;

    for (int i = 0; i < 1_200; i++) {
      now += chance.nextInt(-50, 150);
      String patient = "p" + chance.nextInt(8);
      long horizon = Math.max(now, latest) - 1000;
      boolean counted = model.getOrDefault(patient, Long.MIN_VALUE) > horizon;
      long others = model.values().stream().filter(at -> at > horizon).count();
      boolean expected = counted || others < 3;

      QuotaReservation answer = reserve(store, KEY, patient, limit, at(now));

      assertThat(answer instanceof Granted).as("request %d, seed %d", i, seed).isEqualTo(expected);
      if (expected) {
        latest = Math.max(now, latest);
        if (chance.nextInt(5) == 0) {
          ((Granted) answer).release();
        } else {
          model.put(patient, latest);
        }
      }
    }
  }

  @Test
  void restart_doesNotOpenTheWindow() {
    url = "jdbc:h2:file:" + folder.resolve("quota");
    JdbcQuotaStore before = new JdbcQuotaStore(h2());
    before.createSchema();
    assertGranted(reserve(before, KEY, "a", ONE, at(0)));

    JdbcQuotaStore after = new JdbcQuotaStore(h2());
    after.createSchema();

    assertThat(counted(reserve(after, KEY, "b", ONE, at(1)))).isEqualTo(1);
    assertGranted(reserve(after, KEY, "a", ONE, at(2)));
    assertThat(folder).isNotEmptyDirectory();
  }

  @Test
  void databaseThatIsDown_isNoPermission() throws SQLException {
    Granted granted = assertGranted(reserve("a", ONE, 0));
    DataSource dead = source(() -> {
      throw new SQLException("connection refused");
    });
    JdbcQuotaStore cutOff = new JdbcQuotaStore(dead);

    assertThatThrownBy(() -> reserve(cutOff, KEY, "a", ONE, at(0)))
        .isInstanceOf(QuotaNotCheckedException.class)
        .hasMessageContaining("is the database reachable");
    assertThatThrownBy(cutOff::createSchema).isInstanceOf(QuotaNotCheckedException.class);

    try (Connection connection = h2().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("shutdown");
    }
    assertThatThrownBy(() -> reserve("a", ONE, 1))
        .as("an empty database took its place")
        .isInstanceOf(QuotaNotCheckedException.class);
    assertThatThrownBy(granted::release).isInstanceOf(QuotaNotCheckedException.class);
  }

  @Test
  void databaseThatDiesInTheMiddle_isNoPermission_andCountsNothing() throws SQLException {
    reserve("z", QuotaLimit.patients(9, TEN_SECONDS), 0);
    for (int fatal = 1; fatal < 12; fatal++) {
      AtomicInteger statements = new AtomicInteger();
      int dies = fatal;
      JdbcQuotaStore dying = new JdbcQuotaStore(source(() -> spy(h2().getConnection(), method -> {
        if (method.equals("prepareStatement") || method.equals("commit")) {
          if (statements.incrementAndGet() == dies) {
            throw new SQLException("connection reset");
          }
        }
      })));
      String patient = "p" + fatal;
      QuotaLimit limit = QuotaLimit.patients(2, TEN_SECONDS);
      try {
        assertGranted(reserve(dying, KEY, patient, limit, at(fatal)));
        assertThat(fatal).as("statements of one reservation").isGreaterThan(5);
        return;
      } catch (QuotaNotCheckedException e) {
        Granted free = assertGranted(reserve("probe" + fatal, limit, fatal));
        free.release();
      }
    }
    throw new AssertionError("a reservation never succeeded");
  }

  /** It may stand already; doing it again would count it twice. */
  @Test
  void commitThatMayHaveHappened_isNotRepeated() {
    assertGranted(reserve("a", TWO, 0));
    AtomicInteger commits = new AtomicInteger();
    JdbcQuotaStore unsure = new JdbcQuotaStore(source(() -> spy(h2().getConnection(), method -> {
      if (method.equals("commit")) {
        commits.incrementAndGet();
        throw new SQLException("statement completion unknown", "40003");
      }
    })));

    assertThatThrownBy(() -> reserve(unsure, KEY, "b", TWO, at(0)))
        .isInstanceOf(QuotaNotCheckedException.class);

    assertThat(commits).hasValue(1);
  }

  @Test
  void connections_areAlwaysClosed_andWorkWithAnyAutoCommit() throws SQLException {
    AtomicInteger open = new AtomicInteger();
    JdbcQuotaStore counting = new JdbcQuotaStore(source(() -> {
      Connection connection = h2().getConnection();
      connection.setAutoCommit(false);
      open.incrementAndGet();
      return spy(connection, method -> {
        if (method.equals("close")) {
          open.decrementAndGet();
        }
      });
    }));
    counting.createSchema();

    Granted granted = assertGranted(reserve(counting, KEY, "a", ONE, at(0)));
    assertThat(reserve(counting, KEY, "b", ONE, at(1))).isInstanceOf(Exceeded.class);
    granted.release();

    assertGranted(reserve(counting, KEY, "b", ONE, at(2)));
    assertThat(counted(reserve("c", ONE, 3))).as("seen by another connection").isEqualTo(1);
    assertThat(open).hasValue(0);
  }

  @Test
  void schemaMadeTwice_keepsTheCounts() {
    assertGranted(reserve("a", ONE, 0));

    store.createSchema();

    assertThat(reserve("b", ONE, 1)).isInstanceOf(Exceeded.class);
  }

  @Test
  void names_areValues_notSql() {
    String evil = "x'; drop table openhipaa_quota; --";

    assertGranted(reserve(store, evil, "a", ONE, at(0)));

    assertThat(counted(reserve(store, evil, "b", ONE, at(0)))).isEqualTo(1);
  }

  private QuotaReservation reserve(String patient, QuotaLimit limit, long millis) {
    return reserve(store, KEY, patient, limit, at(millis));
  }

  private static QuotaReservation reserve(
      JdbcQuotaStore through, String key, String patient, QuotaLimit limit, Instant at) {
    return through.reserve(List.of(new QuotaCharge(key, limit, token(patient), 1)), at);
  }

  private static long counted(QuotaReservation answer) {
    assertThat(answer).isInstanceOf(Exceeded.class);
    return ((Exceeded) answer).counted();
  }

  private static Granted assertGranted(QuotaReservation answer) {
    assertThat(answer).isInstanceOf(Granted.class);
    return (Granted) answer;
  }

  private static String token(String patient) {
    byte[] name = patient.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return "0".repeat(64 - 2 * name.length) + Bits.hex(name);
  }

  private static Instant at(long millis) {
    return Instant.ofEpochMilli(1_800_000_000_000L + millis);
  }

  private JdbcDataSource h2() {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL(url);
    return source;
  }

  private interface Connections {
    Connection next() throws SQLException;
  }

  private interface Watch {
    void before(String method) throws SQLException;
  }

  private static DataSource source(Connections connections) {
    return (DataSource) Proxy.newProxyInstance(
        JdbcQuotaStoreTest.class.getClassLoader(),
        new Class<?>[] {DataSource.class},
        (proxy, method, args) -> connections.next());
  }

  private static Connection spy(Connection real, Watch watch) {
    return (Connection) Proxy.newProxyInstance(
        JdbcQuotaStoreTest.class.getClassLoader(),
        new Class<?>[] {Connection.class},
        (proxy, method, args) -> {
          watch.before(method.getName());
          try {
            return method.invoke(real, args);
          } catch (java.lang.reflect.InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }
}
