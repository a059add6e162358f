package org.openhipaa.testkit.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.rows.Dialect;
import org.openhipaa.core.access.rows.RowLevelSecurity;
import org.openhipaa.core.access.rows.RowMapping;
import org.openhipaa.core.access.rows.RowNotMappedException;
import org.openhipaa.core.access.rows.RowSql;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.record.Attributes;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordType;
import org.openhipaa.testkit.database.EmbeddedDatabases;
import org.openhipaa.testkit.policy.PolicyText;
import org.openhipaa.testkit.policy.Question;
import org.openhipaa.testkit.policy.RandomPolicies;
import org.openhipaa.testkit.policy.Row;

/**
 * PostgreSQL itself shows the rows that the policy permits, to a role that is neither superuser nor
 * exempt. {@code -Ddifferential.decisions=10000000} compares more, {@code -Dtest.seed} others.
 */
class RowLevelSecurityTest {
  private static final long SEED = Long.getLong("test.seed", 20261124L);
  private static final long ASKED = Long.getLong("differential.decisions", 50_000);
  private static final int ROWS = RowTable.rows(ASKED);

  private static final int QUESTIONS = 15;

  private final Map<String, Integer> counts = new TreeMap<>();
  private Connection connection;

  @BeforeEach
  void connect() throws SQLException {
    connection = EmbeddedDatabases.postgres().getConnection();
    connection.setAutoCommit(false);
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  @Test
  void rows_ofRandomPolicies_areThoseThatThePolicyPermits() throws SQLException {
    RandomPolicies random =
        new RandomPolicies(SEED, RandomPolicies.Inputs.TABLE_WITH_UNDECLARED_LABELS);
    RowTable table = RowTable.create(connection, Dialect.POSTGRESQL, SEED);
    role(table);
    long done = 0;
    for (int number = 0; done < ASKED; number++) {
      AccessPolicy policy = random.policy();
      boolean templates = number % 2 == 0;
      execute("reset role");
      List<Row> rows = table.fill(random, policy.model(), ROWS);
      Map<RecordType, RowLevelSecurity> security = new HashMap<>();
      RecordType inForce = null;
      for (Question question : questions(random, policy)) {
        RowLevelSecurity forType = security.computeIfAbsent(
            question.type(),
            type -> RowLevelSecurity.of(policy, type, table.mapping(policy.model(), templates)));
        execute("reset role");
        table.answer(question, policy.model());
        if (!question.type().equals(inForce)) {
          forType.statements().forEach(this::execute);
          inForce = question.type();
        }
        execute("set local role clinic");
        run(forType.session(
            templates ? question.alone() : RowTable.listing(question, policy.model())));
        assertSame(expected(policy, question, rows), keys(table), policy, question);
        done += rows.size();
      }
      connection.commit();
    }
    System.out.println("row-level security, seed " + SEED + ": " + done + " rows " + counts);
    assertThat(counts.getOrDefault("found", 0)).isGreaterThan((int) Math.min(ASKED / 10, 100_000));
    assertThat(counts.getOrDefault("not found", 0))
        .isGreaterThan((int) Math.min(ASKED / 10, 100_000));
  }

  @Test
  void session_missingOfAPastTransactionOrForged_showsNoRow() throws SQLException {
    RowLevelSecurity security = clinic(",a,");
    assertThat(count()).isZero();
    connection.commit();

    execute("set local role clinic");
    run(security.session(request("nurse").build()));
    assertThat(count()).isEqualTo(1);
    connection.commit();

    execute("set local role clinic");
    assertThat(count()).as("after the transaction").isZero();
    run(security.session(request("stranger").build()));
    assertThat(count()).as("of another group").isZero();
    run(security.session(request("nurse").build()));
    run(security.session(request("stranger").build()));
    assertThat(count()).as("replaced within the transaction").isZero();
    run(security.session(request("nurse", "auditor").build()));
    assertThat(count()).as("two duties").isZero();
    run(security.session(request("nurse").build()));
    assertThat(count()).as("again").isEqualTo(1);
    for (String setting : List.of("groups", "purpose", "action", "assurance", "a_ward")) {
      run(security.session(request("nurse").build()));
      execute("select set_config('openhipaa.visit." + setting + "', '', true)");
      assertThat(count()).as("without " + setting).isZero();
      execute("select set_config('openhipaa.visit." + setting + "', 'nurse', true)");
      assertThat(count()).as("malformed " + setting).isZero();
    }
  }

  @Test
  void otherPermissivePolicies_doNotOpenRows() throws SQLException {
    clinic(",a,");
    execute("reset role");
    execute("create policy everything on visits for select using (true)");
    execute("set local role clinic");

    assertThat(count()).isZero();
  }

  @Test
  void owner_isSubjectToThePolicyToo() throws SQLException {
    RowLevelSecurity security = clinic(",a,");
    execute("reset role");
    execute("alter table visits owner to clinic");
    execute("set local role clinic");

    assertThat(count()).isZero();
    run(security.session(request("nurse").build()));
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void statements_ofHostilePolicy_keepValuesInLiterals() throws SQLException {
    // Both ways of reading backslashes in literals.
    for (String conforming : List.of("on", "off")) {
      execute("set local escape_string_warning = off");
      for (String value : List.of(
          "'); drop table visits; --",
          "\\'); drop table visits; --",
          "$$",
          "\\",
          "é\u2028?",
          "{d}")) {
        execute("set local standard_conforming_strings = on");
        RowLevelSecurity security = clinic(value);
        execute("reset role");
        execute("set local standard_conforming_strings = " + conforming);
        security.statements().forEach(this::execute);
        execute("set local role clinic");
        run(security.session(request("nurse").build()));
        assertThat(count()).as(value).isEqualTo(1);
        connection.rollback();
      }
    }
  }

  @Test
  void session_forAnotherActionTypeOrRow_isRefused() throws SQLException {
    RowLevelSecurity security = clinic("a");
    assertThatThrownBy(() -> security.session(AccessRequest.builder(
                request("nurse").build().actor(),
                Action.EXPORT,
                RecordType.of("visit"),
                Purpose.TREATMENT)
            .build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("read or search 'visit'");
    assertThatThrownBy(
            () -> security.session(request("nurse").patient(PatientId.of("ann")).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("ann");
    assertThat(security.script()).contains("FORCE ROW LEVEL SECURITY;\n");
  }

  @Test
  void of_typeOrColumnThatDoesNotExist_isRefused() {
    AccessPolicy policy = policy("a");
    RowMapping mapping = RowMapping.table("visits").build();
    assertThatThrownBy(() -> RowLevelSecurity.of(policy, RecordType.of("other"), mapping))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RowLevelSecurity.of(policy, RecordType.of("visit"), mapping.as("v")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RowLevelSecurity.of(policy, RecordType.of("visit"), mapping))
        .isInstanceOfSatisfying(
            RowNotMappedException.class,
            e -> assertThat(e.what()).isEqualTo("attribute record.department"));
  }

  private static AccessPolicy policy(String department) {
    return AccessPolicy.builder("clinic")
        .groups("nurse", "auditor", "stranger")
        .separateDuties("nurse", "auditor")
        .attribute("record.department", AttributeType.TEXT)
        .attribute("actor.ward", AttributeType.TEXT)
        .recordType("visit", "note")
        .permit(
            "nurse",
            r -> r.groups("nurse")
                .actions(Action.SEARCH)
                .recordType("visit")
                .purposes(Purpose.TREATMENT)
                .assurance(Assurance.AAL2)
                .when(Condition.oneOf("record.department", department))
                .when(Condition.oneOf("actor.ward", "w'1"))
                .show("note"))
        .build();
  }

  private static AccessRequest.Builder request(String... groups) {
    Set<Group> set = new HashSet<>();
    for (String group : groups) {
      set.add(Group.of(group));
    }
    Actor actor = Actor.authenticated(ActorId.of("ada"), set, Assurance.AAL2, Instant.EPOCH)
        .with(Attributes.none().with("ward", "w'1"));
    return AccessRequest.builder(actor, Action.SEARCH, RecordType.of("visit"), Purpose.TREATMENT);
  }

  /** A table with one row of the department and one of another, under a policy for the first. */
  private RowLevelSecurity clinic(String department) throws SQLException {
    execute("do $$ begin create role clinic; exception when duplicate_object then null; end $$");
    execute("create table visits (department text, note text)");
    execute("grant select on visits to clinic");
    try (PreparedStatement insert =
        connection.prepareStatement("insert into visits values (?, 'a'), ('another', 'b')")) {
      insert.setString(1, department);
      insert.executeUpdate();
    }
    RowLevelSecurity security = RowLevelSecurity.of(
        policy(department),
        RecordType.of("visit"),
        RowMapping.table("visits").attribute("record.department", "department").build());
    security.statements().forEach(this::execute);
    execute("set local role clinic");
    return security;
  }

  private int count() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from visits")) {
      row.next();
      return row.getInt(1);
    }
  }

  /** The questions that row-level security is for, sorted by type. */
  private static List<Question> questions(RandomPolicies random, AccessPolicy policy) {
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < QUESTIONS; i++) {
      Question question = random.question(policy.model());
      if (question.action() != Action.DISCLOSE
          && policy.model().types().containsKey(question.type())) {
        questions.add(question);
      }
    }
    questions.sort((one, other) -> one.type().compareTo(other.type()));
    return questions;
  }

  private SortedSet<Integer> expected(AccessPolicy policy, Question question, List<Row> rows) {
    SortedSet<Integer> expected = new TreeSet<>();
    for (int key = 0; key < rows.size(); key++) {
      boolean permitted = policy.decide(question.on(rows.get(key))).permitted();
      if (permitted) {
        expected.add(key);
      }
      counts.merge(permitted ? "found" : "not found", 1, Integer::sum);
    }
    return expected;
  }

  private void role(RowTable table) throws SQLException {
    // A role belongs to the whole server, which other tests share.
    execute("do $$ begin create role clinic; exception when duplicate_object then null; end $$");
    execute("grant select on " + table.quoted(RowTable.TABLE) + ", facts to clinic");
    connection.commit();
  }

  private SortedSet<Integer> keys(RowTable table) throws SQLException {
    SortedSet<Integer> keys = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select row_key from " + table.quoted(RowTable.TABLE))) {
      while (row.next()) {
        keys.add(row.getInt(1));
      }
    }
    return keys;
  }

  private void run(RowSql sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
      sql.bind(statement, 1);
      statement.executeQuery().close();
    }
  }

  private void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static void assertSame(
      SortedSet<Integer> expected,
      SortedSet<Integer> found,
      AccessPolicy policy,
      Question question) {
    if (!found.equals(expected)) {
      SortedSet<Integer> missed = new TreeSet<>(expected);
      missed.removeAll(found);
      SortedSet<Integer> wrong = new TreeSet<>(found);
      wrong.removeAll(expected);
      fail("seed " + SEED + "\nexpected, but not found: " + missed + "\nfound, but not expected: "
          + wrong + "\n" + question + "\n" + PolicyText.of(policy.model()));
    }
  }
}
