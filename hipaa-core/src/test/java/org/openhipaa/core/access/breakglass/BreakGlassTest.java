package org.openhipaa.core.access.breakglass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openhipaa.core.access.desk.Office.actor;
import static org.openhipaa.core.access.desk.Office.done;
import static org.openhipaa.core.access.desk.Office.race;
import static org.openhipaa.core.access.desk.Office.refusal;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessDecider;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.BreakGlassTicket;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.breakglass.BreakGlassReview.Verdict;
import org.openhipaa.core.access.breakglass.jdbc.JdbcBreakGlassStore;
import org.openhipaa.core.access.desk.DeskResult;
import org.openhipaa.core.access.desk.Office;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.RecordType;

/** 45 CFR 164.312(a)(2)(ii): emergency access for the few, under watch, reviewed, and worthless when forged. */
class BreakGlassTest {
  private static final RecordType CHART = RecordType.of("chart");
  private static final PatientId JANE = PatientId.of("canary-jane");
  private static final RecordRef JANES = RecordRef.of(Office.TENANT, CHART, JANE, "canary-1");
  private static final RecordRef JANES_OTHER = RecordRef.of(Office.TENANT, CHART, JANE, "canary-2");
  private static final RecordRef JOHNS =
      RecordRef.of(Office.TENANT, CHART, PatientId.of("canary-john"), "canary-3");
  private static final String WHY = "unconscious, canary-jane needs her allergies known";

  private static final Actor MEDIC = actor("mia", "medic");
  private static final Actor OTHER_MEDIC = actor("max", "medic");
  private static final Actor CLERK = actor("carl", "clerk");
  private static final Actor OFFICER = actor("olga", "officer");
  private static final Actor MEDIC_OFFICER = actor("mio", "medic", "officer");

  private final Office office = new Office();
  private final List<BreakGlassUse> told = Collections.synchronizedList(new ArrayList<>());
  private final List<PatientId> patientsTold = Collections.synchronizedList(new ArrayList<>());
  private final AccessPolicy policy = AccessPolicy.builder("clinic")
      .groups("medic", "clerk", "officer")
      .relations("treating")
      .labels("sealed")
      .recordType("chart", "text")
      .recordType("break-glass")
      .permit(
          "treating-reads",
          r -> r.groups("medic")
              .actions(Action.READ)
              .recordType("chart")
              .purposes(Purpose.TREATMENT)
              .when("treating")
              .show("text"))
      .permit(
          "medic-breaks-glass",
          r -> r.groups("medic")
              .actions(Action.READ, Action.EXPORT)
              .recordType("chart")
              .purposes(Purpose.EMERGENCY_TREATMENT)
              .breakGlass()
              .reasonRequired()
              .show("text"))
      .deny(
          "sealed-stays-shut",
          r -> r.actions(Action.values()).recordType("chart").when(Condition.label("sealed")))
      .permit(
          "officer-reviews",
          r -> r.groups("officer")
              .actions(Action.ADMINISTER)
              .recordType("break-glass")
              .purposes(Purpose.SYSTEM_ADMINISTRATION))
      .build();
  private JdbcBreakGlassStore store;
  private BreakGlass glass;
  private BreakGlassReviews reviews;

  @BeforeEach
  void setUp() {
    store = new JdbcBreakGlassStore(office.database, office.keyring);
    store.createSchema();
    glass = builder().build();
    reviews = new BreakGlassReviews(policy, store, office, office.clock);
  }

  private BreakGlassBuilder builder() {
    return BreakGlass.builder()
        .policy(policy)
        .store(store)
        .audit(office)
        .alarms(office.alarms::add)
        .notifier(told::add)
        .clock(office.clock)
        .random(office.random);
  }

  private AccessRequest.Builder asks(Actor who, RecordRef what) {
    return AccessRequest.builder(who, Action.READ, CHART, Purpose.EMERGENCY_TREATMENT)
        .record(what)
        .labels(Set.of())
        .session("s-" + who.id().value())
        .at(office.clock.instant());
  }

  private AccessRequest request(Actor who, RecordRef what) {
    return asks(who, what).build();
  }

  private Decision under(BreakGlassTicket ticket, Actor who, RecordRef what) {
    return glass.decider().decide(asks(who, what).reason(WHY).ticket(ticket).build());
  }

  private BreakGlassTicket opened(Actor who, RecordRef what, BreakGlassScope scope) {
    return done(glass.open(request(who, what), scope, WHY));
  }

  private static DenyReason why(Decision decision) {
    return decision.fold(permit -> null, deny -> deny.why());
  }

  @Test
  void eligibleUser_isOfferedAndGivenATicket_whichOpensTheRecord() {
    assertThat(why(glass.decider().decide(asks(MEDIC, JANES).reason(WHY).build())))
        .isEqualTo(DenyReason.BREAK_GLASS_NEEDED);
    assertThat(done(glass.offer(request(MEDIC, JANES)))).isEqualTo(Duration.ofHours(1));

    BreakGlassTicket ticket = opened(MEDIC, JANES, BreakGlassScope.RECORD);

    assertThat(under(ticket, MEDIC, JANES).permitted()).isTrue();
    assertThat(under(ticket, MEDIC, JANES_OTHER).permitted()).isFalse();
    assertThat(office.alarms).isEmpty();
  }

  @Test
  void opening_isRecordedToldAndQueued_withoutTheReasonInClear() {
    BreakGlassTicket ticket = opened(MEDIC, JANES, BreakGlassScope.PATIENT);

    AuditEvent event = office.last();
    assertThat(event.action()).isEqualTo(AuditAction.BREAK_GLASS_OPEN);
    assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(event.patient()).hasValue(JANE);
    assertThat(event.rules()).containsExactly("medic-breaks-glass");
    assertThat(event.detail()).contains("ticket=" + ticket.id()).contains("scope=PATIENT");
    assertThat(told).hasSize(1);
    assertThat(done(reviews.pending(OFFICER)).get(0).revealReason()).isEqualTo(WHY);
    assertThat(office.clearText()).doesNotContain("canary");
    assertThat(told.get(0).toString()).doesNotContain("canary");
  }

  @Test
  void database_holdsNoPhiInClear() throws Exception {
    BreakGlassTicket ticket = opened(MEDIC, JANES, BreakGlassScope.RECORD);
    done(reviews.review(OFFICER, UUID.fromString(ticket.id()), true, "canary note"));

    StringBuilder dump = new StringBuilder();
    try (Connection connection = office.database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("script")) {
      while (rows.next()) {
        dump.append(rows.getString(1));
      }
    }
    assertThat(dump.toString()).contains(ticket.id()).doesNotContain("canary");
  }

  @Test
  void userWhomThePolicyDoesNotLet_isNotOfferedIt_andTheTryIsRecorded() {
    assertThat(refusal(glass.offer(request(CLERK, JANES)))).isEqualTo("NO_MATCHING_RULE");
    assertThat(office.events).isEmpty();

    assertThat(refusal(glass.open(request(CLERK, JANES), BreakGlassScope.RECORD, WHY)))
        .isEqualTo("NO_MATCHING_RULE");

    assertThat(office.last().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(office.last().reason()).isEqualTo("NO_MATCHING_RULE");
    assertThat(told).isEmpty();
    assertThat(store.unreviewed(9)).isEmpty();
  }

  @Test
  void hardDenial_isNotLifted() {
    AccessRequest sealed = asks(MEDIC, JANES).labels(Set.of("sealed")).build();

    assertThat(refusal(glass.offer(sealed))).isEqualTo("DENIED_BY_RULE");
    assertThat(refusal(glass.open(sealed, BreakGlassScope.PATIENT, WHY)))
        .isEqualTo("DENIED_BY_RULE");

    // A ticket from another record of the patient opens it no more.
    BreakGlassTicket ticket = opened(MEDIC, JANES_OTHER, BreakGlassScope.PATIENT);
    assertThat(why(
            glass.decider().decide(sealed.toBuilder().reason(WHY).ticket(ticket).build())))
        .isEqualTo(DenyReason.DENIED_BY_RULE);
  }

  @Test
  void export_isRefused_evenIfThePolicyForgotTo() {
    AccessRequest export = AccessRequest.builder(
            MEDIC, Action.EXPORT, CHART, Purpose.EMERGENCY_TREATMENT)
        .record(JANES)
        .labels(Set.of())
        .at(office.clock.instant())
        .build();

    assertThat(refusal(glass.offer(export))).isEqualTo(BreakGlass.EXPORT_NOT_LIFTED);
    assertThat(refusal(glass.open(export, BreakGlassScope.RECORD, WHY)))
        .isEqualTo(BreakGlass.EXPORT_NOT_LIFTED);
    BreakGlassTicket ticket = opened(MEDIC, JANES, BreakGlassScope.RECORD);
    AccessRequest under = export.toBuilder().reason(WHY).ticket(ticket).build();
    assertThat(policy.decide(under).permitted()).isTrue();
    assertThat(glass.decider().decide(under).permitted()).isFalse();
    assertThat(office.alarms).isEmpty();
  }

  @Test
  void requestThatIsPermittedAnyway_needsNoBrokenGlass() {
    AccessRequest ordinary = AccessRequest.builder(MEDIC, Action.READ, CHART, Purpose.TREATMENT)
        .record(JANES)
        .labels(Set.of())
        .relations((relation, actor, patient) -> true)
        .build();

    assertThat(refusal(glass.offer(ordinary))).isEqualTo(BreakGlass.NOT_NEEDED);
    assertThat(refusal(glass.open(ordinary, BreakGlassScope.RECORD, WHY)))
        .isEqualTo(BreakGlass.NOT_NEEDED);
  }

  @Test
  void reason_isNeeded_withinBounds() {
    AccessRequest request = request(MEDIC, JANES);
    for (String reason :
        List.of("short", " ".repeat(50), "x".repeat(1001), "\ud800 is no text at all")) {
      assertThat(refusal(glass.open(request, BreakGlassScope.RECORD, reason)))
          .isEqualTo("REASON_NEEDED");
    }
    assertThat(told).isEmpty();
    assertThat(refusal(glass.open(request, BreakGlassScope.RECORD, ""))).isEqualTo("REASON_NEEDED");
    done(glass.open(request, BreakGlassScope.RECORD, "x".repeat(10)));
  }

  @Test
  void scopeThatTheRequestDoesNotName_isAMistake() {
    AccessRequest nameless = AccessRequest.builder(
            MEDIC, Action.READ, CHART, Purpose.EMERGENCY_TREATMENT)
        .labels(Set.of())
        .session("s")
        .build();

    assertThatThrownBy(() -> glass.open(nameless, BreakGlassScope.PATIENT, WHY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("patient");
    assertThat(done(glass.open(nameless, BreakGlassScope.SESSION, WHY)).toString())
        .contains("mia");
  }

  @Test
  void auditFailing_noTicket_nothingToldNothingStored() {
    office.failAfter(0);

    assertThatThrownBy(() -> glass.open(request(MEDIC, JANES), BreakGlassScope.RECORD, WHY))
        .isInstanceOf(AuditNotRecordedException.class);

    assertThat(told).isEmpty();
    assertThat(store.held(MEDIC.id())).isEmpty();
  }

  @Test
  void notifierFailing_noTicket_recordedAndAlarmed() {
    BreakGlass deaf = builder()
        .notifier(use -> Office.failing(() -> new IllegalStateException("canary pager down")))
        .build();

    assertThat(refusal(deaf.open(request(MEDIC, JANES), BreakGlassScope.RECORD, WHY)))
        .isEqualTo("NOTIFICATION_FAILED");

    assertThat(office.last().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(office.last().reason()).isEqualTo("NOTIFICATION_FAILED");
    assertThat(office.alarms).hasSize(1);
    assertThat(office.alarms.get(0).message()).doesNotContain("canary");
    assertThat(store.held(MEDIC.id())).isEmpty();
  }

  @Test
  void patientNotTold_noTicket_ifTellingIsForNow() {
    BreakGlass mute = builder()
        .tellPatients((patient, use) -> Office.failing(() -> new IllegalStateException("no mail")))
        .build();
    assertThat(refusal(mute.open(request(MEDIC, JANES), BreakGlassScope.RECORD, WHY)))
        .isEqualTo("NOTIFICATION_FAILED");
    assertThat(store.held(MEDIC.id())).isEmpty();

    BreakGlass telling =
        builder().tellPatients((patient, use) -> patientsTold.add(patient)).build();
    done(telling.open(request(MEDIC, JANES), BreakGlassScope.RECORD, WHY));
    assertThat(patientsTold).containsExactly(JANE);
    assertThat(store.noticesDue(9)).isEmpty();
    assertThat(store.held(MEDIC.id()).get(0).notice()).isEqualTo(PatientNotice.GIVEN);
  }

  @Test
  void deferredNotice_staysQueuedUntilItIsGiven() {
    BreakGlass later = builder().tellPatientsLater().build();
    done(later.open(request(MEDIC, JANES), BreakGlassScope.RECORD, WHY));
    assertThat(patientsTold).isEmpty();

    int first = later.deliverNotices(
        (patient, use) -> Office.failing(() -> new IllegalStateException("no mail")), 9);
    assertThat(first).isZero();
    assertThat(office.last().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(office.alarms).hasSize(1);

    assertThat(later.deliverNotices((patient, use) -> patientsTold.add(patient), 9))
        .isEqualTo(1);
    assertThat(later.deliverNotices((patient, use) -> patientsTold.add(patient), 9))
        .isZero();
    assertThat(patientsTold).containsExactly(JANE);
    assertThat(office.last().action()).isEqualTo(AuditAction.BREAK_GLASS_NOTICE);
    assertThat(office.last().patient()).hasValue(JANE);
  }

  @Test
  void storeFailing_noTicket_recorded() {
    BreakGlass forgetful = builder().store(failing("add")).build();

    assertThatThrownBy(() -> forgetful.open(request(MEDIC, JANES), BreakGlassScope.RECORD, WHY))
        .isInstanceOf(BreakGlassNotKeptException.class);

    assertThat(office.last().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(office.last().reason()).isEqualTo("USE_NOT_KEPT");
  }

  @Test
  void eligibilityThatCannotBeKnown_isNone() {
    BreakGlass blind = builder().store(failing("held")).build();

    assertThatThrownBy(() -> blind.open(request(MEDIC, JANES), BreakGlassScope.RECORD, WHY))
        .isInstanceOf(BreakGlassNotKeptException.class);
    assertThat(office.last().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(told).isEmpty();
  }

  @Test
  void storeThatCannotBeAsked_believesNoTicket() {
    BreakGlassTicket ticket = opened(MEDIC, JANES, BreakGlassScope.RECORD);
    AccessDecider blind =
        policy.guardedBy(new BreakGlassGuard(failing("find"), office.alarms::add, office.clock));

    Decision decision =
        blind.decide(asks(MEDIC, JANES).reason(WHY).ticket(ticket).build());

    assertThat(why(decision)).isEqualTo(DenyReason.SAFEGUARD_FAILED);
  }

  /** The store, but one method of it fails. */
  private BreakGlassStore failing(String method) {
    return (BreakGlassStore) Proxy.newProxyInstance(
        getClass().getClassLoader(), new Class<?>[] {BreakGlassStore.class}, (p, m, args) -> {
          if (m.getName().equals(method)) {
            throw new BreakGlassNotKeptException("told to fail", null);
          }
          return m.invoke(store, args);
        });
  }

  @Test
  void requestThatStatesNoTime_isDecidedNow() {
    BreakGlassTicket ticket = opened(MEDIC, JANES, BreakGlassScope.RECORD);
    AccessRequest request = AccessRequest.builder(
            MEDIC, Action.READ, CHART, Purpose.EMERGENCY_TREATMENT)
        .record(JANES)
        .labels(Set.of())
        .reason(WHY)
        .ticket(ticket)
        .build();
    assertThat(policy.decide(request).permitted()).as("no ticket covers it").isFalse();
    assertThat(glass.decider().decide(request).permitted()).isTrue();
  }

  @Test
  void ticket_endsByItself_whateverTimeTheRequestStates() {
    BreakGlassTicket ticket = opened(MEDIC, JANES, BreakGlassScope.RECORD);
    Instant inTime = office.clock.instant();
    AccessRequest request =
        asks(MEDIC, JANES).reason(WHY).ticket(ticket).at(inTime).build();

    office.clock.advance(Duration.ofHours(1).minusMillis(1));
    assertThat(glass.decider().decide(request).permitted()).isTrue();
    office.clock.advance(Duration.ofMillis(1));
    assertThat(policy.decide(request).permitted()).isTrue();
    assertThat(why(glass.decider().decide(request))).isEqualTo(DenyReason.BREAK_GLASS_NEEDED);
    assertThat(office.alarms).isEmpty();
  }

  @Test
  void close_endsTheTicketEarly_once_andForItsUserOnly() {
    BreakGlassTicket ticket = opened(MEDIC, JANES, BreakGlassScope.RECORD);
    UUID id = UUID.fromString(ticket.id());

    assertThat(refusal(glass.close(OTHER_MEDIC, id))).isEqualTo(BreakGlass.UNKNOWN_TICKET);
    assertThat(under(ticket, MEDIC, JANES).permitted()).isTrue();
    assertThat(done(glass.close(MEDIC, id)).closedAt()).hasValue(office.clock.instant());
    assertThat(office.last().action()).isEqualTo(AuditAction.BREAK_GLASS_CLOSE);
    assertThat(under(ticket, MEDIC, JANES).permitted()).isFalse();
    assertThat(refusal(glass.close(MEDIC, id))).isEqualTo(BreakGlass.UNKNOWN_TICKET);
  }

  @Test
  void closeThatCannotBeRecorded_hasEndedTheTicketNevertheless() {
    BreakGlassTicket ticket = opened(MEDIC, JANES, BreakGlassScope.RECORD);
    office.failAfter(0);

    assertThatThrownBy(() -> glass.close(MEDIC, UUID.fromString(ticket.id())))
        .isInstanceOf(AuditNotRecordedException.class);

    assertThat(under(ticket, MEDIC, JANES).permitted()).isFalse();
  }

  @Test
  void termination_endsAllTicketsOfThePerson() {
    BreakGlassTicket one = opened(MEDIC, JANES, BreakGlassScope.RECORD);
    BreakGlassTicket two = opened(MEDIC, JOHNS, BreakGlassScope.PATIENT);
    BreakGlassTicket others = opened(OTHER_MEDIC, JANES, BreakGlassScope.RECORD);

    assertThat(glass.terminated(MEDIC.id())).isEqualTo(2);
    assertThat(glass.terminated(MEDIC.id())).isZero();

    assertThat(under(one, MEDIC, JANES).permitted()).isFalse();
    assertThat(under(two, MEDIC, JOHNS).permitted()).isFalse();
    assertThat(under(others, OTHER_MEDIC, JANES).permitted()).isTrue();
  }

  @Test
  void terminationThatCannotBeRecorded_endsEveryTicketNevertheless() {
    BreakGlassTicket one = opened(MEDIC, JANES, BreakGlassScope.RECORD);
    BreakGlassTicket two = opened(MEDIC, JOHNS, BreakGlassScope.PATIENT);
    office.failAfter(0);

    assertThatThrownBy(() -> glass.terminated(MEDIC.id()))
        .isInstanceOf(AuditNotRecordedException.class);

    assertThat(under(one, MEDIC, JANES).permitted()).isFalse();
    assertThat(under(two, MEDIC, JOHNS).permitted()).isFalse();
  }

  @Test
  void forgedTickets_areWorthlessAndAlarmed() {
    BreakGlassTicket real = opened(MEDIC, JANES, BreakGlassScope.RECORD);
    Instant from = office.clock.instant();
    Instant until = from.plus(Duration.ofHours(1));
    List<BreakGlassTicket> forged = List.of(
        // Never issued.
        BreakGlassTicket.forRecord(UUID.randomUUID().toString(), MEDIC.id(), JOHNS, from, until),
        BreakGlassTicket.forRecord("made-up", MEDIC.id(), JOHNS, from, until),
        // The id of a real one, stretched to another record, to the session, in time.
        BreakGlassTicket.forRecord(real.id(), MEDIC.id(), JOHNS, from, until),
        BreakGlassTicket.forSession(real.id(), MEDIC.id(), "s-mia", from, until),
        BreakGlassTicket.forRecord(real.id(), MEDIC.id(), JOHNS, from, until.plusSeconds(1)),
        BreakGlassTicket.forRecord(
            real.id().toUpperCase(Locale.ROOT) + " ", MEDIC.id(), JOHNS, from, until));

    for (BreakGlassTicket ticket : forged) {
      office.alarms.clear();
      Decision decision = under(ticket, MEDIC, JOHNS);
      assertThat(why(decision)).as(ticket.toString()).isEqualTo(DenyReason.BREAK_GLASS_NEEDED);
      assertThat(office.alarms).as(ticket.toString()).hasSize(1);
      assertThat(office.alarms.get(0).kind()).isEqualTo(Alarm.Kind.BEHAVIOUR);
      assertThat(office.alarms.get(0).suspected()).hasValue(MEDIC.id());
    }
  }

  @Test
  void ticketOfSomebodyElse_isWorthlessAndAlarmed() {
    BreakGlassTicket real = opened(MEDIC, JANES, BreakGlassScope.RECORD);
    BreakGlassTicket renamed = BreakGlassTicket.forRecord(
        real.id(), OTHER_MEDIC.id(), JANES, office.clock.instant(), real.until());

    assertThat(under(real, OTHER_MEDIC, JANES).permitted()).isFalse();
    assertThat(office.alarms).isEmpty(); // The policy did not believe it: nothing to guard.
    assertThat(under(renamed, OTHER_MEDIC, JANES).permitted()).isFalse();
    assertThat(office.alarms).hasSize(1);
  }

  @Test
  void realTicket_stretchedInTimeOrWrittenForAnother_isWorthlessAndAlarmed() {
    BreakGlassTicket real = opened(MEDIC, JANES, BreakGlassScope.RECORD);
    Instant from = office.clock.instant();
    BreakGlassTicket longer = BreakGlassTicket.forRecord(
        real.id(), MEDIC.id(), JANES, from, real.until().plusSeconds(1));
    BreakGlassTicket forAnother =
        BreakGlassTicket.forRecord(real.id(), OTHER_MEDIC.id(), JANES, from, real.until());
    AccessRequest ordinary = AccessRequest.builder(MEDIC, Action.READ, CHART, Purpose.TREATMENT)
        .record(JANES)
        .labels(Set.of())
        .relations((relation, actor, patient) -> true)
        .at(from)
        .build();

    assertThat(under(longer, MEDIC, JANES).permitted()).isFalse();
    assertThat(office.alarms).hasSize(1);
    assertThat(glass.decider().decide(ordinary).permitted()).isTrue();
    assertThat(glass
            .decider()
            .decide(ordinary.toBuilder().ticket(forAnother).build())
            .permitted())
        .isFalse();
    assertThat(office.alarms).hasSize(2);
    assertThat(under(real, MEDIC, JANES).permitted()).isTrue();
  }

  @Test
  void ticketForSomethingElse_doesNoHarmToAnOrdinaryPermit() {
    BreakGlassTicket ticket = opened(MEDIC, JANES, BreakGlassScope.RECORD);
    AccessRequest ordinary = AccessRequest.builder(MEDIC, Action.READ, CHART, Purpose.TREATMENT)
        .record(JOHNS)
        .labels(Set.of())
        .relations((relation, actor, patient) -> true)
        .at(office.clock.instant())
        .ticket(ticket)
        .build();

    assertThat(glass.decider().decide(ordinary).permitted()).isTrue();
    assertThat(office.alarms).isEmpty();
  }

  @Test
  void reviewer_isAnotherPerson_whomThePolicyNames() {
    UUID id =
        UUID.fromString(opened(MEDIC_OFFICER, JANES, BreakGlassScope.RECORD).id());

    assertThat(refusal(reviews.pending(MEDIC))).isEqualTo("NO_MATCHING_RULE");
    assertThat(refusal(reviews.review(MEDIC, id, true, ""))).isEqualTo("NO_MATCHING_RULE");
    assertThat(refusal(reviews.review(MEDIC_OFFICER, id, true, "")))
        .isEqualTo(BreakGlassReviews.OWN_USE);
    assertThat(done(reviews.pending(MEDIC_OFFICER))).isEmpty();
    assertThat(refusal(reviews.review(OFFICER, UUID.randomUUID(), true, "")))
        .isEqualTo(BreakGlassReviews.UNKNOWN_USE);
    assertThat(done(reviews.pending(OFFICER))).hasSize(1);
    BreakGlassUse judged = done(reviews.review(OFFICER, id, true, "canary note"));

    assertThat(judged.verdict()).hasValue(Verdict.JUSTIFIED);
    assertThat(done(reviews.pending(OFFICER))).isEmpty();
    assertThat(refusal(reviews.review(OFFICER, id, false, "")))
        .isEqualTo(BreakGlassReviews.NOT_IN_STATE);
    assertThat(store.find(id).orElseThrow().reviews().get(0).revealNote()).isEqualTo("canary note");
    assertThat(office.clearText()).doesNotContain("canary");
  }

  @Test
  void everyUseShownToAReviewer_isRecordedWithItsPatient() {
    opened(MEDIC, JANES, BreakGlassScope.RECORD);
    opened(MEDIC, JOHNS, BreakGlassScope.RECORD);
    office.events.clear();

    done(reviews.pending(OFFICER));

    assertThat(office.events.stream().flatMap(event -> event.patient().stream()))
        .containsExactlyInAnyOrder(JANE, JOHNS.patient());

    office.failAfter(1);
    assertThatThrownBy(() -> reviews.pending(OFFICER))
        .isInstanceOf(AuditNotRecordedException.class);
  }

  @Test
  void reviewThatIsNotRecorded_changesNothing() {
    UUID id = UUID.fromString(opened(MEDIC, JANES, BreakGlassScope.RECORD).id());
    office.failAfter(0);

    assertThatThrownBy(() -> reviews.review(OFFICER, id, true, ""))
        .isInstanceOf(AuditNotRecordedException.class);

    assertThat(store.find(id).orElseThrow().verdict()).isEmpty();
  }

  @Test
  void unreviewedUse_costsEligibilityAfterItsTime_untilItIsReviewed() {
    UUID id = UUID.fromString(opened(MEDIC, JANES, BreakGlassScope.RECORD).id());

    office.clock.advance(Duration.ofDays(3));
    opened(MEDIC, JOHNS, BreakGlassScope.RECORD);
    office.clock.advance(Duration.ofMillis(1));
    assertThat(refusal(glass.offer(request(MEDIC, JOHNS)))).isEqualTo(BreakGlass.ELIGIBILITY_LOST);
    assertThat(refusal(glass.open(request(MEDIC, JOHNS), BreakGlassScope.RECORD, WHY)))
        .isEqualTo(BreakGlass.ELIGIBILITY_LOST);
    assertThat(office.last().reason()).isEqualTo(BreakGlass.ELIGIBILITY_LOST);
    done(glass.offer(request(OTHER_MEDIC, JOHNS)));

    done(reviews.review(OFFICER, id, true, ""));

    done(glass.offer(request(MEDIC, JOHNS)));
  }

  @Test
  void unjustifiedUse_endsItsTicket_andCostsEligibilityUntilRestored() {
    BreakGlassTicket ticket = opened(MEDIC, JANES, BreakGlassScope.RECORD);
    UUID id = UUID.fromString(ticket.id());
    assertThat(refusal(reviews.restore(OFFICER, id, ""))).isEqualTo(BreakGlassReviews.NOT_IN_STATE);

    BreakGlassUse judged = done(reviews.review(OFFICER, id, false, "curiosity"));

    assertThat(judged.closedAt()).isPresent();
    assertThat(under(ticket, MEDIC, JANES).permitted()).isFalse();
    assertThat(refusal(glass.offer(request(MEDIC, JOHNS)))).isEqualTo(BreakGlass.ELIGIBILITY_LOST);

    assertThat(refusal(reviews.restore(MEDIC, id, ""))).isEqualTo("NO_MATCHING_RULE");
    BreakGlassUse restored = done(reviews.restore(OFFICER, id, "was trained again"));

    assertThat(restored.verdict()).hasValue(Verdict.RESTORED);
    assertThat(office.last().action()).isEqualTo(AuditAction.BREAK_GLASS_RESTORE);
    done(glass.offer(request(MEDIC, JOHNS)));
    assertThat(under(ticket, MEDIC, JANES).permitted()).isFalse();
  }

  @Test
  void twoReviewersAtOnce_oneJudges() {
    UUID id = UUID.fromString(opened(MEDIC, JANES, BreakGlassScope.RECORD).id());

    List<DeskResult<BreakGlassUse>> answers =
        race(8, i -> reviews.review(actor("officer-" + i, "officer"), id, i % 2 == 0, "note " + i));

    assertThat(answers.stream().filter(Office::isDone)).hasSize(1);
    assertThat(store.find(id).orElseThrow().reviews()).hasSize(1);
    assertThat(answers.stream().filter(a -> !Office.isDone(a)).map(Office::refusal))
        .containsOnly(BreakGlassReviews.NOT_IN_STATE);
  }

  @Test
  void limits_areBounded() {
    Duration hour = Duration.ofHours(1);
    assertThatThrownBy(() -> new BreakGlassLimits(Duration.ofDays(2), hour, 1, 9))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BreakGlassLimits(Duration.ZERO, hour, 1, 9))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BreakGlassLimits(hour, Duration.ZERO, 1, 9))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BreakGlassLimits(hour, hour, 0, 9))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BreakGlassLimits(hour, hour, 9, 8))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BreakGlass.builder().build())
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("policy");
  }

  @Test
  void actorsWhoseIdsDifferByCase_areTwo() {
    opened(MEDIC, JANES, BreakGlassScope.RECORD);

    assertThat(store.held(ActorId.of("MIA"))).isEmpty();
    assertThat(store.open(ActorId.of("MIA"), office.clock.instant())).isEmpty();
  }
}
