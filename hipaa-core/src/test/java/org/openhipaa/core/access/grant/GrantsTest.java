package org.openhipaa.core.access.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openhipaa.core.access.desk.Office.actor;
import static org.openhipaa.core.access.desk.Office.done;
import static org.openhipaa.core.access.desk.Office.groups;
import static org.openhipaa.core.access.desk.Office.race;
import static org.openhipaa.core.access.desk.Office.refusal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.desk.Desk;
import org.openhipaa.core.access.desk.DeskResult;
import org.openhipaa.core.access.desk.Office;
import org.openhipaa.core.access.grant.jdbc.JdbcGrantStore;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.Outcome;

/** 45 CFR 164.308(a)(3), (a)(4): access is given by two, for a time, confirmed, and ended in one call. */
class GrantsTest {
  private static final String WHY = "covers the night shift, canary";
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Group PHARMACY = Group.of("pharmacy");
  private static final Group PRESCRIBER = Group.of("prescriber");
  private static final Group CHIEF = Group.of("chief");
  private static final Group NURSE = Group.of("nurse");

  private static final Actor LEAD = actor("lea", "lead");
  private static final Actor ADMIN = actor("ada", "admin");
  private static final Actor OTHER_ADMIN = actor("alf", "admin");
  private static final Actor BOTH = actor("bob", "lead", "admin");
  private static final Actor NOBODY = actor("nina", "nurse");
  private static final ActorId PAT = ActorId.of("pat");

  private final Office office = new Office();
  private final Map<ActorId, Set<Group>> directory = new ConcurrentHashMap<>();
  private final List<String> ended = Collections.synchronizedList(new ArrayList<>());
  private final AccessPolicy policy = AccessPolicy.builder("clinic")
      .groups("lead", "admin", "nurse", "pharmacy", "prescriber", "chief")
      .memberOf("chief", "prescriber")
      .separateDuties("pharmacy", "prescriber")
      .recordType("grant")
      .permit(
          "lead-asks",
          r -> r.groups("lead")
              .actions(Action.CREATE)
              .recordType("grant")
              .purposes(Purpose.SYSTEM_ADMINISTRATION))
      .permit(
          "admin-decides",
          r -> r.groups("admin")
              .actions(Action.ADMINISTER)
              .recordType("grant")
              .purposes(Purpose.SYSTEM_ADMINISTRATION))
      .build();
  private JdbcGrantStore store;
  private Grants grants;

  @BeforeEach
  void setUp() {
    store = new JdbcGrantStore(office.database, office.keyring);
    store.createSchema();
    grants = builder().build();
  }

  private GrantsBuilder builder() {
    return Grants.builder()
        .policy(policy)
        .model(policy::model)
        .baseGroups(person -> directory.getOrDefault(person, Set.of()))
        .store(store)
        .audit(office)
        .alarms(office.alarms::add)
        .clock(office.clock)
        .random(office.random);
  }

  private UUID asked(ActorId person, Group group) {
    return done(grants.request(LEAD, person, group, WHY, WEEK)).id();
  }

  private UUID granted(ActorId person, Group group) {
    UUID id = asked(person, group);
    done(grants.approve(ADMIN, id));
    return id;
  }

  private Set<Group> groupsNow(ActorId person) {
    return grants.groupsOf(
        person, directory.getOrDefault(person, Set.of()), office.clock.instant());
  }

  @Test
  void grant_givesItsGroup_fromApprovalUntilItsEnd() {
    directory.put(PAT, groups("nurse"));
    UUID id = asked(PAT, PRESCRIBER);
    assertThat(groupsNow(PAT)).containsExactly(NURSE);

    Grant grant = done(grants.approve(ADMIN, id));

    assertThat(grant.until()).hasValue(office.clock.instant().plus(WEEK));
    assertThat(groupsNow(PAT)).containsExactly(NURSE, PRESCRIBER);
    office.clock.advance(WEEK.minusMillis(1));
    assertThat(groupsNow(PAT)).contains(PRESCRIBER);
    office.clock.advance(Duration.ofMillis(1));
    assertThat(groupsNow(PAT)).containsExactly(NURSE);
  }

  @Test
  void effectiveGroups_openWhatThePolicyGivesThem() {
    Actor pat = actor("pat");
    granted(PAT, Group.of("lead"));
    Actor now = pat.in(grants.groupsOf(PAT, pat.groups(), office.clock.instant()));

    assertThat(refusal(grants.request(pat, PAT, PRESCRIBER, WHY, WEEK)))
        .isEqualTo("NO_MATCHING_RULE");
    done(grants.request(now, PAT, PRESCRIBER, WHY, WEEK));
  }

  @Test
  void whoMayAskAndWhoMayDecide_isForThePolicyToSay_andRecorded() {
    assertThat(refusal(grants.request(NOBODY, PAT, PRESCRIBER, WHY, WEEK)))
        .isEqualTo("NO_MATCHING_RULE");
    UUID id = asked(PAT, PRESCRIBER);
    assertThat(refusal(grants.approve(LEAD, id))).isEqualTo("NO_MATCHING_RULE");
    assertThat(refusal(grants.reject(LEAD, id))).isEqualTo("NO_MATCHING_RULE");
    assertThat(refusal(grants.revoke(LEAD, id))).isEqualTo("NO_MATCHING_RULE");
    assertThat(refusal(grants.recertify(LEAD, id))).isEqualTo("NO_MATCHING_RULE");
    assertThat(refusal(grants.due(LEAD, WEEK))).isEqualTo("NO_MATCHING_RULE");
    assertThat(refusal(grants.requests(LEAD))).isEqualTo("NO_MATCHING_RULE");
    assertThat(refusal(grants.terminate(LEAD, PAT, ""))).isEqualTo("NO_MATCHING_RULE");
    assertThat(office.events.stream().filter(e -> e.outcome() == Outcome.REFUSED))
        .hasSize(8);
    assertThat(groupsNow(PAT)).isEmpty();
  }

  @Test
  void approver_isNeitherRequesterNorThePersonConcerned() {
    UUID own = done(grants.request(BOTH, PAT, PRESCRIBER, WHY, WEEK)).id();
    UUID forMe = asked(BOTH.id(), PRESCRIBER);

    assertThat(refusal(grants.approve(BOTH, own))).isEqualTo(Grants.OWN_GRANT);
    assertThat(refusal(grants.approve(BOTH, forMe))).isEqualTo(Grants.OWN_GRANT);
    assertThat(office.last().action()).isEqualTo(AuditAction.GRANT_APPROVE);
    assertThat(office.last().outcome()).isEqualTo(Outcome.REFUSED);
    done(grants.approve(ADMIN, own));
    done(grants.approve(ADMIN, forMe));
  }

  @Test
  void request_needsReasonBoundedTimeAndAKnownGroup() {
    assertThat(refusal(grants.request(LEAD, PAT, PRESCRIBER, "short", WEEK)))
        .isEqualTo("REASON_NEEDED");
    assertThat(refusal(grants.request(LEAD, PAT, PRESCRIBER, " ".repeat(20), WEEK)))
        .isEqualTo("REASON_NEEDED");
    assertThat(refusal(grants.request(LEAD, PAT, PRESCRIBER, WHY, Duration.ofDays(366))))
        .isEqualTo(Grants.DURATION_NOT_ALLOWED);
    assertThat(refusal(grants.request(LEAD, PAT, PRESCRIBER, WHY, Duration.ZERO)))
        .isEqualTo(Grants.DURATION_NOT_ALLOWED);
    assertThat(refusal(grants.request(LEAD, PAT, Group.of("kings"), WHY, WEEK)))
        .isEqualTo(Grants.UNKNOWN_GROUP);
    assertThat(done(grants.requests(ADMIN))).isEmpty();
  }

  @Test
  void decidedOrStaleRequests_areNotApproved() {
    UUID approved = granted(PAT, PRESCRIBER);
    UUID rejected = asked(PAT, NURSE);
    assertThat(done(grants.requests(ADMIN))).hasSize(1);
    done(grants.reject(ADMIN, rejected));
    UUID stale = asked(PAT, NURSE);
    office.clock.advance(Duration.ofDays(30).plusMillis(1));

    for (UUID id : List.of(approved, rejected, stale)) {
      assertThat(refusal(grants.approve(ADMIN, id))).isEqualTo(Grants.NOT_IN_STATE);
    }
    assertThat(refusal(grants.reject(ADMIN, rejected))).isEqualTo(Grants.NOT_IN_STATE);
    assertThat(refusal(grants.approve(ADMIN, UUID.randomUUID()))).isEqualTo(Grants.UNKNOWN_GRANT);
    assertThat(refusal(grants.revoke(ADMIN, UUID.randomUUID()))).isEqualTo(Grants.UNKNOWN_GRANT);
  }

  @Test
  void separateDuties_areKeptApart_atRequest_alsoThroughWhatAGroupImplies() {
    directory.put(PAT, groups("pharmacy"));
    assertThat(refusal(grants.request(LEAD, PAT, PRESCRIBER, WHY, WEEK)))
        .isEqualTo("DUTIES_NOT_SEPARATED");
    assertThat(refusal(grants.request(LEAD, PAT, CHIEF, WHY, WEEK)))
        .isEqualTo("DUTIES_NOT_SEPARATED");
    asked(PAT, NURSE);

    ActorId quinn = ActorId.of("quinn");
    granted(quinn, CHIEF);
    assertThat(refusal(grants.request(LEAD, quinn, PHARMACY, WHY, WEEK)))
        .isEqualTo("DUTIES_NOT_SEPARATED");
    office.clock.advance(WEEK);
    asked(quinn, PHARMACY);
  }

  @Test
  void separateDuties_areKeptApart_atApprovalAndRecertification() {
    UUID one = asked(PAT, PHARMACY);
    UUID other = asked(PAT, PRESCRIBER);
    done(grants.approve(ADMIN, one));
    assertThat(refusal(grants.approve(ADMIN, other))).isEqualTo("DUTIES_NOT_SEPARATED");

    directory.put(PAT, groups("prescriber"));
    assertThat(refusal(grants.recertify(ADMIN, one))).isEqualTo("DUTIES_NOT_SEPARATED");
    directory.put(PAT, groups());
    done(grants.recertify(ADMIN, one));
  }

  @Test
  void directoryThatCannotAnswer_nothingIsGranted() {
    UUID id = asked(PAT, PRESCRIBER);
    Grants blind = builder()
        .baseGroups(person -> Office.failing(() -> new IllegalStateException("directory down")))
        .build();

    assertThatThrownBy(() -> blind.approve(ADMIN, id)).isInstanceOf(IllegalStateException.class);
    assertThat(groupsNow(PAT)).isEmpty();
  }

  @Test
  void grantThatIsNotRecertifiedInTime_lapses_forGood() {
    Grants yearly = builder()
        .limits(new GrantLimits(Duration.ofDays(365), Duration.ofDays(90), Duration.ofDays(30)))
        .build();
    UUID id =
        done(yearly.request(LEAD, PAT, PRESCRIBER, WHY, Duration.ofDays(365))).id();
    done(yearly.approve(ADMIN, id));

    office.clock.advance(Duration.ofDays(80));
    assertThat(done(yearly.due(ADMIN, Duration.ofDays(9)))).isEmpty();
    assertThat(done(yearly.due(ADMIN, Duration.ofDays(10))).get(0).id()).isEqualTo(id);
    Grant confirmed = done(yearly.recertify(OTHER_ADMIN, id));
    assertThat(confirmed.certifiedBy()).hasValue(OTHER_ADMIN.id());
    office.clock.advance(Duration.ofDays(90).minusMillis(1));
    assertThat(groupsNow(PAT)).containsExactly(PRESCRIBER);
    office.clock.advance(Duration.ofMillis(1));
    assertThat(groupsNow(PAT)).isEmpty();
    assertThat(refusal(yearly.recertify(ADMIN, id))).isEqualTo(Grants.NOT_IN_STATE);
    assertThat(done(yearly.due(ADMIN, Duration.ofDays(365)))).isEmpty();
  }

  @Test
  void recertification_neverOutlivesTheGrant_andIsNotForThePersonConcerned() {
    UUID id = granted(BOTH.id(), PRESCRIBER);
    office.clock.advance(Duration.ofDays(6));

    assertThat(refusal(grants.recertify(BOTH, id))).isEqualTo(Grants.OWN_GRANT);
    Grant confirmed = done(grants.recertify(ADMIN, id));

    assertThat(confirmed.recertifyBy()).isEqualTo(confirmed.until());
    office.clock.advance(Duration.ofDays(1));
    assertThat(groupsNow(BOTH.id())).isEmpty();
  }

  @Test
  void revocation_takesEffectAtOnce_evenIfItCannotBeRecorded() {
    UUID id = granted(PAT, PRESCRIBER);
    UUID waiting = asked(PAT, NURSE);
    office.failAfter(0);
    assertThatThrownBy(() -> grants.revoke(ADMIN, id))
        .isInstanceOf(AuditNotRecordedException.class);
    assertThat(groupsNow(PAT)).isEmpty();
    office.recover();

    assertThat(refusal(grants.revoke(ADMIN, id))).isEqualTo(Grants.NOT_IN_STATE);
    done(grants.revoke(ADMIN, waiting));
    assertThat(office.last().detail()).contains("person=pat").contains("group=nurse");
    assertThat(refusal(grants.approve(OTHER_ADMIN, waiting))).isEqualTo(Grants.NOT_IN_STATE);
  }

  @Test
  void approvalThatIsNotRecorded_grantsNothing() {
    UUID id = asked(PAT, PRESCRIBER);
    office.failAfter(0);

    assertThatThrownBy(() -> grants.approve(ADMIN, id))
        .isInstanceOf(AuditNotRecordedException.class);
    assertThatThrownBy(() -> grants.request(LEAD, PAT, NURSE, WHY, WEEK))
        .isInstanceOf(AuditNotRecordedException.class);

    assertThat(groupsNow(PAT)).isEmpty();
    assertThat(store.requested(9)).hasSize(1);
  }

  @Test
  void approvalThatIsNotStored_isRecordedAsFailed() {
    UUID id = asked(PAT, PRESCRIBER);
    Grants broken = builder().store(failing("replace")).build();

    assertThatThrownBy(() -> broken.approve(ADMIN, id)).isInstanceOf(GrantNotKeptException.class);

    assertThat(office.last().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(office.last().reason()).isEqualTo("GRANT_NOT_KEPT");
    assertThat(groupsNow(PAT)).isEmpty();
  }

  @Test
  void groupsThatCannotBeKnown_areNotGuessed() {
    Grants blind = builder().store(failing("find")).build();

    assertThatThrownBy(() -> blind.groupsOf(PAT, groups("nurse"), office.clock.instant()))
        .isInstanceOf(GrantNotKeptException.class);
  }

  @Test
  void termination_endsEverything_andIsRecordedStepByStep() {
    directory.put(PAT, groups("nurse"));
    UUID active = granted(PAT, PRESCRIBER);
    UUID waiting = asked(PAT, CHIEF);
    Grants all = builder()
        .onTermination("sessions", person -> ended.add("sessions of " + person))
        .onTermination("credentials", person -> ended.add("credentials of " + person))
        .build();
    office.events.clear();

    TerminationReport report = done(all.terminate(ADMIN, PAT, "canary left"));

    assertThat(report.complete()).isTrue();
    assertThat(report.revoked()).containsExactlyInAnyOrder(active, waiting);
    assertThat(report.done()).containsExactly("sessions", "credentials");
    assertThat(ended).containsExactly("sessions of pat", "credentials of pat");
    assertThat(groupsNow(PAT)).isEmpty();
    assertThat(office.events.stream().map(AuditEvent::action))
        .containsExactly(
            AuditAction.GRANT_REVOKE,
            AuditAction.GRANT_REVOKE,
            AuditAction.TERMINATE,
            AuditAction.TERMINATE,
            AuditAction.TERMINATE);
    assertThat(office.clearText()).doesNotContain("canary");
    assertThat(store.find(PAT).termination().revealReason()).isEqualTo("canary left");

    // For good: nothing can be asked or approved any more, neither for them nor by them.
    assertThat(refusal(grants.request(LEAD, PAT, NURSE, WHY, WEEK))).isEqualTo(Grants.TERMINATED);
    assertThat(refusal(grants.approve(OTHER_ADMIN, waiting))).isEqualTo(Grants.NOT_IN_STATE);
    assertThat(done(all.terminate(ADMIN, PAT, "again")).revoked()).isEmpty();
    assertThat(store.find(PAT).termination().revealReason()).isEqualTo("canary left");
  }

  @Test
  void terminatedApprover_approvesNothing() {
    UUID id = asked(PAT, PRESCRIBER);
    done(grants.terminate(ADMIN, OTHER_ADMIN.id(), ""));

    assertThat(refusal(grants.approve(OTHER_ADMIN, id))).isEqualTo(Grants.TERMINATED);
  }

  @Test
  void failingHook_isReportedAndAlarmed_andSkipsNoOther() {
    Grants all = builder()
        .onTermination("first", person -> ended.add("first"))
        .onTermination(
            "broken", person -> Office.failing(() -> new IllegalStateException("canary")))
        .onTermination("last", person -> ended.add("last"))
        .build();

    TerminationReport report = done(all.terminate(ADMIN, PAT, ""));

    assertThat(report.complete()).isFalse();
    assertThat(report.failed()).containsExactly("broken");
    assertThat(ended).containsExactly("first", "last");
    assertThat(office.alarms).hasSize(1);
    assertThat(office.alarms.get(0).location()).contains("broken").contains("pat");
    assertThat(office.events(AuditAction.TERMINATE, Outcome.FAILED).get(0).detail())
        .contains("hook=broken");
    assertThat(office.clearText()).doesNotContain("canary");
  }

  @Test
  void terminationThatIsNotRecorded_hasHappenedNevertheless() {
    granted(PAT, PRESCRIBER);
    Grants all =
        builder().onTermination("sessions", person -> ended.add("sessions")).build();
    office.failAfter(0);

    assertThatThrownBy(() -> all.terminate(ADMIN, PAT, ""))
        .isInstanceOf(AuditNotRecordedException.class);

    assertThat(groupsNow(PAT)).isEmpty();
    assertThat(ended).containsExactly("sessions");
    assertThat(office.alarms).hasSize(1);
  }

  @Test
  void terminationWithoutAStore_stillCallsEveryHook() {
    Grants all = builder()
        .store(failing("replace"))
        .onTermination("sessions", person -> ended.add("sessions"))
        .build();

    assertThatThrownBy(() -> all.terminate(ADMIN, PAT, ""))
        .isInstanceOf(GrantNotKeptException.class);

    assertThat(ended).containsExactly("sessions");
    assertThat(office.alarms).hasSize(1);
    assertThat(office.last().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(office.last().reason()).isEqualTo("GRANT_NOT_KEPT");
  }

  @Test
  void approvalsAtOnce_oneWins() {
    UUID id = asked(PAT, PRESCRIBER);

    List<DeskResult<Grant>> answers =
        race(8, i -> grants.approve(actor("admin-" + i, "admin"), id));

    assertThat(answers.stream().filter(Office::isDone)).hasSize(1);
    assertThat(answers.stream().filter(a -> !Office.isDone(a)).map(Office::refusal))
        .containsAnyOf(Grants.CHANGED_MEANWHILE, Grants.NOT_IN_STATE)
        .allMatch(r -> r.equals(Grants.CHANGED_MEANWHILE) || r.equals(Grants.NOT_IN_STATE));
  }

  @Test
  void conflictingApprovalsAtOnce_neverGiveBoth() {
    for (int round = 0; round < 10; round++) {
      ActorId person = ActorId.of("pat-" + round);
      UUID one = asked(person, PHARMACY);
      UUID other = asked(person, CHIEF);

      race(2, i -> grants.approve(ADMIN, i == 0 ? one : other));

      assertThat(Duties.separate(policy.model(), groupsNow(person))).isTrue();
    }
  }

  @Test
  void approvalWhileTerminating_leavesNothing() {
    SplittableRandom random = new SplittableRandom(Long.getLong("test.seed", 20261124L));
    for (int round = 0; round < 15; round++) {
      ActorId person = ActorId.of("pat-" + round);
      UUID id = asked(person, PRESCRIBER);
      int terminator = random.nextInt(4);

      race(
          4,
          i -> i == terminator
              ? (Object) done(grants.terminate(OTHER_ADMIN, person, ""))
              : grants.approve(actor("admin-" + i, "admin"), id));

      assertThat(groupsNow(person)).isEmpty();
      assertThat(store.find(person).grants())
          .allMatch(grant -> grant.state() == GrantState.REVOKED);
    }
  }

  @Test
  void personsWhoseIdsDifferByCase_areTwo() {
    granted(PAT, PRESCRIBER);

    assertThat(groupsNow(ActorId.of("PAT"))).isEmpty();
    done(grants.terminate(ADMIN, ActorId.of("Pat"), ""));
    assertThat(groupsNow(PAT)).containsExactly(PRESCRIBER);
  }

  @Test
  void reasons_areNeitherInTheLogNorInClearInTheDatabase() throws Exception {
    UUID id = granted(PAT, PRESCRIBER);

    assertThat(office.clearText()).doesNotContain("canary");
    assertThat(store.find(PAT).find(id).orElseThrow().revealReason()).isEqualTo(WHY);
    assertThat(store.find(PAT).toString()).doesNotContain("canary");
    StringBuilder dump = new StringBuilder();
    try (Connection connection = office.database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("script")) {
      while (rows.next()) {
        dump.append(rows.getString(1));
      }
    }
    assertThat(dump.toString()).contains(id.toString()).doesNotContain("canary");
  }

  @Test
  void alteredRow_isNotBelieved() throws Exception {
    granted(PAT, NURSE);
    UUID other = granted(ActorId.of("quinn"), PRESCRIBER);
    try (Connection connection = office.database.getConnection();
        Statement statement = connection.createStatement()) {
      // Swaps the sealed reasons: each is bound to its row.
      statement.executeUpdate(
          "update openhipaa_grant set sealed_reason = (select sealed_reason from"
              + " openhipaa_grant where id = '" + other + "')");
    }

    assertThatThrownBy(() -> groupsNow(PAT)).isInstanceOf(GrantNotKeptException.class);
  }

  @Test
  void permitWithAnObligationThatADeskCannotKeep_isRefused() {
    AccessPolicy limited = AccessPolicy.builder("clinic")
        .groups("lead", "nurse")
        .recordType("grant")
        .permit(
            "lead-asks",
            r -> r.groups("lead")
                .actions(Action.CREATE)
                .recordType("grant")
                .purposes(Purpose.SYSTEM_ADMINISTRATION)
                .watermark("secret"))
        .build();
    Grants strict = builder().policy(limited).model(limited::model).build();

    assertThat(refusal(strict.request(LEAD, PAT, NURSE, WHY, WEEK)))
        .isEqualTo(Desk.OBLIGATION_NOT_SUPPORTED);
  }

  @Test
  void missingParts_areNamed() {
    assertThatThrownBy(() -> Grants.builder().model(policy::model).build())
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("baseGroups");
    assertThatThrownBy(() -> builder().onTermination("a", p -> {}).onTermination("a", p -> {}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new GrantLimits(Duration.ZERO, WEEK, WEEK))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> grants.terminate(ADMIN, PAT, "x".repeat(1001)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The store, but one method of it fails. */
  private GrantStore failing(String method) {
    return (GrantStore) Proxy.newProxyInstance(
        getClass().getClassLoader(), new Class<?>[] {GrantStore.class}, (p, m, args) -> {
          if (m.getName().equals(method)) {
            throw new GrantNotKeptException("told to fail", null);
          }
          try {
            return m.invoke(store, args);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }
}
