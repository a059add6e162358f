package org.openhipaa.core.access.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.BreakGlassTicket;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.PolicyBuilder;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.Attributes;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.RecordType;
import org.openhipaa.core.record.TenantId;

class RowFilterTest {
  private static final RecordType VISIT = RecordType.of("visit");
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final TenantId TENANT = TenantId.of("north");
  private static final Relations TREATS_ANN = new Relations() {
    @Override
    public boolean holds(String relation, Actor actor, PatientId patient) {
      return patient.reveal().equals("ann");
    }

    @Override
    public Optional<Set<PatientId>> patients(String relation, Actor actor) {
      return Optional.of(Set.of(PatientId.of("ann")));
    }
  };

  private final AccessPolicy policy = AccessPolicy.builder("clinic")
      .groups("nurse", "ward", "guard", "rescue", "writer", "approved", "chief")
      .relations("treating")
      .labels("vip", "hiv")
      .attribute("record.department", AttributeType.TEXT)
      .attribute("record.units", AttributeType.TEXTS)
      .attribute("actor.department", AttributeType.TEXT)
      .predicate("author", "actor.id", "record.author")
      .predicate("on-shift", "actor.id")
      .recordType("visit", "name", "ssn", "born")
      .recordType("incident")
      .permit(
          "nurse", r -> search(r, "nurse").when("treating").show("name").mask(Mask.YEAR, "born"))
      .permit(
          "ward",
          r -> search(r, "ward")
              .when(Condition.same("actor.department", "record.department"))
              .show("name", "ssn"))
      .permit("guard", r -> search(r, "guard").when(Condition.label("vip")).show("name"))
      .permit("rescue", r -> search(r, "rescue").breakGlass().show("name"))
      .permit(
          "writer", r -> search(r, "writer").when(Condition.predicate("author")).show("name"))
      .permit(
          "approved",
          r -> search(r, "approved")
              .when("treating")
              .show("name")
              .reasonRequired()
              .approvers("chief"))
      .deny("vip", r -> r.groups("nurse").actions(Action.SEARCH).when(Condition.label("vip")))
      .deny(
          "off-shift",
          r -> r.groups("guard")
              .actions(Action.SEARCH)
              .when(Condition.not(Condition.predicate("on-shift"))))
      .build();
  private final RowMapping mapping = RowMapping.table("VISITS")
      .patient("PATIENT")
      .recordId("ID", TENANT)
      .labels("LABELS")
      .attribute("record.department", "DEPARTMENT")
      .attribute("record.units", "UNITS")
      .field("name", "NAME")
      .field("ssn", "SSN")
      .field("born", "BORN")
      .predicate("author", "{row}.AUTHOR = {actor}")
      .build();
  private Connection connection;

  private static PolicyBuilder.RuleBuilder search(PolicyBuilder.RuleBuilder rule, String group) {
    return rule.groups(group)
        .actions(Action.SEARCH)
        .recordType("visit")
        .purposes(Purpose.TREATMENT);
  }

  @BeforeEach
  void makeTable() throws SQLException {
    connection = DriverManager.getConnection("jdbc:h2:mem:" + UUID.randomUUID());
    try (Statement statement = connection.createStatement()) {
      statement.execute("create table visits (id varchar(20) primary key, patient varchar(20),"
          + " labels varchar(100), department varchar(20), units varchar(100), author varchar(20),"
          + " name varchar(50), ssn varchar(20), born varchar(20))");
      statement.execute("insert into visits values"
          + " ('1', 'ann', ',', 'icu', ',a,', 'ada', 'Ann', '1', '1990-01-02'),"
          + " ('2', 'ann', ',vip,', 'icu', ',a,', 'ben', 'Ann', '1', '1990-01-02'),"
          + " ('3', 'ann', null, 'lab', ',', null, 'Ann', '1', '1990-01-02'),"
          + " ('4', 'bob', ',', 'lab', null, 'ada', 'Bob', '2', '1980-01-02'),"
          + " ('5', null, ',hiv,', null, 'a', 'ada', 'Eve', '3', null),"
          + " ('6', 'ann', 'hiv', 'icu', ',a,', 'ada', 'Ann', '1', '1990-01-02')");
    }
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void of_requestThatNamesARow_isRefused() {
    for (UnaryOperator<AccessRequest.Builder> named : List.<UnaryOperator<AccessRequest.Builder>>of(
        r -> r.patient(PatientId.of("ann")),
        r -> r.record(RecordRef.of(TENANT, VISIT, PatientId.of("ann"), "1")),
        r -> r.labels(Set.of()),
        r -> r.attributes(Attributes.none().with("department", "icu")))) {
      AccessRequest request = named.apply(request("nurse")).build();
      assertThatThrownBy(() -> RowFilter.of(policy, request))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("ann")
          .hasMessageContaining("leave it out");
    }
  }

  @Test
  void of_whatNoRowCanPermit_isDeniedWithoutADatabase() {
    assertThat(denied(request("chief"))).isEqualTo(DenyReason.NO_MATCHING_RULE);
    assertThat(denied(request("nurse").fields(Set.of(FieldPath.of("shoe-size")))))
        .isEqualTo(DenyReason.UNKNOWN_FIELD);
    assertThat(denied(request("nurse").fields(Set.of(FieldPath.of("ssn")))))
        .isEqualTo(DenyReason.NO_PERMITTED_FIELD);
    assertThat(denied(request("nurse").filterFields(Set.of(FieldPath.of("born")))))
        .isEqualTo(DenyReason.FIELD_NOT_FOR_FILTER);
    assertThat(denied(request("approved").relations(TREATS_ANN)))
        .isEqualTo(DenyReason.REASON_NEEDED);
    assertThat(denied(request("approved").relations(TREATS_ANN).reason("asked to")))
        .isEqualTo(DenyReason.APPROVAL_NEEDED);
    assertThat(denied(request("rescue"))).isEqualTo(DenyReason.BREAK_GLASS_NEEDED);
    // A denial that is unknown applies: nobody knows who is on shift.
    assertThat(denied(request("guard"))).isEqualTo(DenyReason.DENIED_BY_RULE);
  }

  @Test
  void of_approvedWithReason_isFiltered() throws SQLException {
    Actor chief =
        Actor.authenticated(ActorId.of("cleo"), Set.of(Group.of("chief")), Assurance.AAL1, NOW);
    RowFilter filter = filter(request("approved")
        .relations(TREATS_ANN)
        .reason("asked to")
        .approver(chief)
        .build());

    assertThat(select(filter).keySet()).containsExactly("1", "2", "3", "6");
  }

  @Test
  void select_denialThatIsUnknown_keepsRowsWithoutOrWithMalformedLabelsOut() throws SQLException {
    Map<String, Map<FieldPath, String>> found =
        select(filter(request("nurse").relations(TREATS_ANN).build()));

    assertThat(found)
        .containsOnly(
            Map.entry("1", Map.of(FieldPath.of("name"), "Ann", FieldPath.of("born"), "1990")));
  }

  @Test
  void select_twoGroups_masksEachRowByTheRulesThatApplyToIt() throws SQLException {
    AccessRequest.Builder request = request("nurse", "ward").relations(TREATS_ANN);
    Map<String, Map<FieldPath, String>> found = select(filter(request.build()));

    // Row 1 matches both rules, each of which hides what the other shows besides the name.
    assertThat(found).containsOnly(Map.entry("1", Map.of(FieldPath.of("name"), "Ann")));
  }

  @Test
  void select_ownDepartment_showsItsRows() throws SQLException {
    Map<String, Map<FieldPath, String>> found = select(filter(request("ward").build()));

    assertThat(found.keySet()).containsExactly("1", "2", "6");
    assertThat(found.get("2"))
        .isEqualTo(Map.of(FieldPath.of("name"), "Ann", FieldPath.of("ssn"), "1"));
  }

  @Test
  void select_predicateOfRowsInSql_isAskedOfTheDatabase() throws SQLException {
    assertThat(select(filter(request("writer").build())).keySet())
        .containsExactly("1", "4", "5", "6");
  }

  @Test
  void of_predicateOfTheRequest_isAskedOnceForAllRows() throws SQLException {
    AtomicInteger asked = new AtomicInteger();
    AccessRequest request =
        request("guard").predicates((name, r) -> asked.incrementAndGet() > 0).build();
    RowFilter filter = filter(request);
    int before = asked.get();

    assertThat(select(filter).keySet()).containsExactly("2");
    assertThat(asked.get()).isEqualTo(before).isLessThanOrEqualTo(2);
  }

  @Test
  void select_ticketForPatientRecordOrSession_findsTheirRows() throws SQLException {
    ActorId ada = ActorId.of("ada");
    Instant end = NOW.plusSeconds(60);
    PatientId ann = PatientId.of("ann");
    BreakGlassTicket forAnn = BreakGlassTicket.forPatient("t", ada, ann, NOW, end);
    BreakGlassTicket forRow =
        BreakGlassTicket.forRecord("t", ada, RecordRef.of(TENANT, VISIT, ann, "2"), NOW, end);
    BreakGlassTicket forOther = BreakGlassTicket.forRecord(
        "t", ada, RecordRef.of(TenantId.of("south"), VISIT, ann, "2"), NOW, end);
    BreakGlassTicket forSession = BreakGlassTicket.forSession("t", ada, "s", NOW, end);

    assertThat(select(filter(request("rescue").ticket(forAnn).build())).keySet())
        .containsExactly("1", "2", "3", "6");
    assertThat(select(filter(request("rescue").ticket(forRow).build())).keySet())
        .containsExactly("2");
    assertThat(select(filter(request("rescue").ticket(forOther).build()))).isEmpty();
    assertThat(select(filter(request("rescue").ticket(forSession).session("s").build())))
        .hasSize(6);
    assertThat(denied(request("rescue").ticket(forSession).session("another")))
        .isEqualTo(DenyReason.BREAK_GLASS_NEEDED);
    assertThat(denied(request("rescue").ticket(forAnn).at(end)))
        .isEqualTo(DenyReason.BREAK_GLASS_NEEDED);
    assertThat(denied(request("rescue")
            .ticket(BreakGlassTicket.forRecord(
                "t", ada, RecordRef.of(TENANT, RecordType.of("incident"), ann, "2"), NOW, end))))
        .isEqualTo(DenyReason.BREAK_GLASS_NEEDED);
  }

  @Test
  void decide_row_isThePolicysDecision() {
    RowFilter filter = filter(request("nurse").relations(TREATS_ANN).build());
    Row row = Row.unknown()
        .record(RecordRef.of(TENANT, VISIT, PatientId.of("ann"), "1"))
        .attributes(Attributes.none().with("department", "icu"));

    assertThat(filter.decide(row.labels(Set.of())).permitted()).isTrue();
    assertThat(filter.decide(row.labels(Set.of("vip"))).permitted()).isFalse();
    assertThat(filter.decide(row).permitted()).isFalse();
    assertThat(filter.decide(Row.unknown().labels(Set.of())).permitted()).isFalse();
    assertThat(row.toString() + filter).doesNotContain("ann").doesNotContain("icu");
  }

  @Test
  void where_inAQueryOfTheApplication_bindsFromAnyNumber() throws SQLException {
    RowFilter filter = filter(request("ward").build());
    RowMapping alias = mapping.as("v");
    RowSql mask = filter.maskOf(FieldPath.of("ssn"), alias, Dialect.H2);
    RowSql where = filter.where(alias, Dialect.H2);
    try (PreparedStatement statement = connection.prepareStatement("select \"v\".id, " + mask.text()
        + " from visits as \"v\" where name = ? and " + where.text() + " and id < ? order by id")) {
      int next = mask.bind(statement, 1);
      statement.setString(next, "Ann");
      next = where.bind(statement, next + 1);
      assertThat(next).isEqualTo(mask.size() + where.size() + 2);
      statement.setString(next, "6");
      try (ResultSet rows = statement.executeQuery()) {
        List<String> found = new ArrayList<>();
        while (rows.next()) {
          found.add(rows.getString(1) + " " + rows.getString(2));
        }
        assertThat(found).containsExactly("1 show", "2 show");
      }
    }
  }

  @Test
  void where_hostileValues_areParametersAndNeverText() throws SQLException {
    String hostile = "x' or 1=1; drop table visits; --";
    AccessRequest request = AccessRequest.builder(
            Actor.authenticated(ActorId.of("ada"), Set.of(Group.of("ward")), Assurance.AAL1, NOW)
                .with(Attributes.none().with("department", hostile)),
            Action.SEARCH,
            VISIT,
            Purpose.TREATMENT)
        .build();
    for (Dialect dialect : Dialect.values()) {
      RowSql sql = filter(request).select(mapping, dialect, List.of("ID"));
      assertThat(sql.text()).doesNotContain("drop").doesNotContain("x'");
      assertThat(sql.toString()).isEqualTo(sql.text());
      assertThat(sql.revealParameters()).contains(hostile);
    }
    assertThat(select(filter(request))).isEmpty();
  }

  @Test
  void where_namesOfColumns_areQuoted() {
    RowMapping odd = RowMapping.table("t\"; drop table `x")
        .attribute("record.department", "c\"`'; --")
        .build();
    RowFilter filter = filter(request("ward").build());

    assertThat(filter.where(odd, Dialect.POSTGRESQL).text())
        .contains("\"t\"\"; drop table `x\".\"c\"\"`'; --\"");
    assertThat(filter.where(odd, Dialect.MYSQL).text())
        .contains("`t\"; drop table ``x`.`c\"``'; --`");
  }

  @Test
  void where_whatNothingAnswers_isRefusedByName() {
    RowMapping bare = RowMapping.table("VISITS").build();
    Map<String, RowFilter> filters = Map.of(
        "the patient", filter(request("nurse").relations(TREATS_ANN).build()),
        "attribute record.department", filter(request("ward").build()),
        "predicate author", filter(request("writer").build()),
        "labels", filter(request("guard").predicates((name, r) -> true).build()));
    filters.forEach((what, filter) -> assertThatThrownBy(() -> filter.where(bare, Dialect.H2))
        .isInstanceOfSatisfying(
            RowNotMappedException.class, e -> assertThat(e.what()).isEqualTo(what))
        .hasMessageContaining(what)
        .hasMessageContaining("RowMapping.Builder"));

    assertThatThrownBy(
            () -> filter(request("nurse").relations((r, a, p) -> true).build())
                .where(mapping, Dialect.H2))
        .isInstanceOfSatisfying(
            RowNotMappedException.class, e -> assertThat(e.what()).isEqualTo("relation treating"));
    RowMapping withoutFields =
        RowMapping.table("VISITS").attribute("record.department", "DEPARTMENT").build();
    assertThatThrownBy(
            () -> filter(request("ward").build()).select(withoutFields, Dialect.H2, List.of("ID")))
        .isInstanceOfSatisfying(
            RowNotMappedException.class, e -> assertThat(e.what()).isEqualTo("field born"));
  }

  @Test
  void select_listThatFails_findsNothing() throws SQLException {
    Relations failing = new Relations() {
      @Override
      public boolean holds(String relation, Actor actor, PatientId patient) {
        throw new IllegalStateException("no directory");
      }

      @Override
      public Optional<Set<PatientId>> patients(String relation, Actor actor) {
        throw new IllegalStateException("no directory");
      }
    };
    assertThat(select(filter(request("nurse").relations(failing).build()))).isEmpty();
  }

  @Test
  void mask_labelAndValue_areAppliedOrWithheld() {
    assertThat(RowFilter.mask("year", "1990-01-02")).contains("1990");
    assertThat(RowFilter.mask("show", "x")).contains("x");
    assertThat(RowFilter.mask("hide", "x")).isEmpty();
    assertThat(RowFilter.mask("no such mask", "x")).isEmpty();
    assertThat(RowFilter.mask(null, "x")).isEmpty();
    assertThat(RowFilter.mask("show", null)).isEmpty();
  }

  private AccessRequest.Builder request(String... groups) {
    Set<Group> set = new HashSet<>();
    for (String group : groups) {
      set.add(Group.of(group));
    }
    Actor actor = Actor.authenticated(ActorId.of("ada"), set, Assurance.AAL1, NOW)
        .with(Attributes.none().with("department", "icu"));
    return AccessRequest.builder(actor, Action.SEARCH, VISIT, Purpose.TREATMENT).at(NOW);
  }

  private DenyReason denied(AccessRequest.Builder request) {
    return RowFilter.of(policy, request.build())
        .fold(Decision.Deny::why, filter -> DenyReason.SAFEGUARD_FAILED);
  }

  private RowFilter filter(AccessRequest request) {
    return RowFilter.of(policy, request)
        .fold(
            deny -> {
              throw new AssertionError(deny.toString());
            },
            filter -> filter);
  }

  private Map<String, Map<FieldPath, String>> select(RowFilter filter) throws SQLException {
    RowSql sql = filter.select(mapping, Dialect.H2, List.of("ID"));
    Map<String, Map<FieldPath, String>> found = new TreeMap<>();
    try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
      assertThat(sql.bind(statement, 1)).isEqualTo(sql.size() + 1);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          found.put(row.getString(1), filter.read(row, 2).reveal());
        }
      }
    }
    return found;
  }
}
