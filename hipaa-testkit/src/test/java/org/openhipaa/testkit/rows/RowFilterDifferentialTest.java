package org.openhipaa.testkit.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.rows.Dialect;
import org.openhipaa.core.access.rows.RowAccess;
import org.openhipaa.core.access.rows.RowFilter;
import org.openhipaa.core.access.rows.RowMapping;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.testkit.database.EmbeddedDatabases;
import org.openhipaa.testkit.policy.PolicyText;
import org.openhipaa.testkit.policy.Question;
import org.openhipaa.testkit.policy.RandomPolicies;
import org.openhipaa.testkit.policy.Row;

/**
 * A query with a row filter finds the rows that the policy permits one by one, and masks them as the
 * policy does. {@code -Ddifferential.decisions=10000000} compares more, {@code -Dtest.seed} others.
 */
class RowFilterDifferentialTest {
  private static final long SEED = Long.getLong("test.seed", 20261124L);
  private static final long ASKED = Long.getLong("differential.decisions", 0);
  private static final int ROWS = RowTable.rows(ASKED);

  private static final int QUESTIONS = 10;

  @TempDir
  Path folder;

  private final Map<String, Integer> counts = new TreeMap<>();

  @Test
  void query_onH2_findsAndMasksWhatThePolicyPermits() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:" + UUID.randomUUID())) {
      compare(connection, Dialect.H2, ASKED > 0 ? ASKED : 100_000);
    }
  }

  @Test
  void query_onSqlite_findsAndMasksWhatThePolicyPermits() throws SQLException {
    try (Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("rows.db"))) {
      connection.setAutoCommit(false);
      compare(connection, Dialect.SQLITE, ASKED > 0 ? ASKED : 50_000);
    }
  }

  @Test
  void query_onPostgres_findsAndMasksWhatThePolicyPermits() throws SQLException {
    try (Connection connection = EmbeddedDatabases.postgres().getConnection()) {
      connection.setAutoCommit(false);
      compare(connection, Dialect.POSTGRESQL, ASKED > 0 ? ASKED : 50_000);
    }
  }

  @Test
  void query_onMariaDb_findsAndMasksWhatThePolicyPermits() throws SQLException {
    try (Connection connection = EmbeddedDatabases.mariaDb().getConnection()) {
      connection.setAutoCommit(false);
      compare(connection, Dialect.MYSQL, ASKED > 0 ? ASKED : 50_000);
    }
  }

  private void compare(Connection connection, Dialect dialect, long decisions) throws SQLException {
    RandomPolicies random =
        new RandomPolicies(SEED, RandomPolicies.Inputs.TABLE_WITH_UNDECLARED_LABELS);
    RowTable table = RowTable.create(connection, dialect, SEED);
    long done = 0;
    while (done < decisions) {
      AccessPolicy policy = random.policy();
      List<Row> rows = table.fill(random, policy.model(), ROWS);
      for (int i = 0; i < QUESTIONS; i++) {
        Question question = random.question(policy.model());
        table.answer(question, policy.model());
        boolean templates = i % 2 == 0;
        AccessRequest request =
            templates ? question.alone() : RowTable.listing(question, policy.model());
        RowMapping mapping = table.mapping(policy.model(), templates);
        SortedMap<Integer, SortedMap<FieldPath, String>> expected =
            expected(policy, question, request, rows);
        RowAccess access = RowFilter.of(policy, request);
        if (access instanceof RowAccess.Filtered filtered) {
          assertSame(expected, table.select(filtered.filter(), mapping), policy, question);
          if (i % 5 < 3) {
            assertSame(expected, table.where(filtered.filter(), mapping), policy, question);
            count("where");
          }
          count("filtered");
        } else {
          assertSame(expected, new TreeMap<>(), policy, question);
          count(access.fold(deny -> deny.why().name(), filter -> ""));
        }
        done += rows.size();
      }
    }
    System.out.println(dialect + ", seed " + SEED + ": " + done + " rows " + counts);
    // A comparison that never meets a case says nothing about it.
    for (String often :
        List.of("found", "not found", "show", "hide", "year", "filtered", "where")) {
      assertThat(counts.getOrDefault(often, 0)).as(often).isGreaterThan(50);
    }
  }

  private SortedMap<Integer, SortedMap<FieldPath, String>> expected(
      AccessPolicy policy, Question question, AccessRequest request, List<Row> rows) {
    SortedMap<Integer, SortedMap<FieldPath, String>> expected = new TreeMap<>();
    for (int key = 0; key < rows.size(); key++) {
      Decision decision = policy.decide(question.on(rows.get(key)));
      if (decision instanceof Decision.Permit permit) {
        SortedMap<FieldPath, String> masks = new TreeMap<>();
        (request.fields().isEmpty() ? policy.model().types().get(request.type()) : request.fields())
            .forEach(field ->
                masks.put(field, permit.fields().getOrDefault(field, Mask.HIDE).label()));
        expected.put(key, masks);
        masks.values().forEach(this::count);
      }
      count(decision.permitted() ? "found" : "not found");
    }
    return expected;
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  private static void assertSame(
      SortedMap<Integer, SortedMap<FieldPath, String>> expected,
      SortedMap<Integer, SortedMap<FieldPath, String>> found,
      AccessPolicy policy,
      Question question) {
    if (!found.equals(expected)) {
      SortedMap<Integer, Object> missed = new TreeMap<>(expected);
      missed.entrySet().removeAll(found.entrySet());
      SortedMap<Integer, Object> wrong = new TreeMap<>(found);
      wrong.entrySet().removeAll(expected.entrySet());
      fail("seed " + SEED + "\nexpected, but not found: " + missed + "\nfound, but not expected: "
          + wrong + "\n" + question + "\n" + PolicyText.of(policy.model()));
    }
  }
}
