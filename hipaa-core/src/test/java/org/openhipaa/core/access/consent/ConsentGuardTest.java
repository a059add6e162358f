package org.openhipaa.core.access.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openhipaa.core.access.desk.Office.actor;
import static org.openhipaa.core.access.desk.Office.done;
import static org.openhipaa.core.access.desk.Office.race;
import static org.openhipaa.core.access.desk.Office.refusal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessDecider;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.BreakGlassTicket;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.access.consent.ConsentDirective.Form;
import org.openhipaa.core.access.consent.jdbc.JdbcConsentStore;
import org.openhipaa.core.access.desk.DeskResult;
import org.openhipaa.core.access.desk.Office;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.actor.Recipient;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.record.Attributes;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.RecordType;

/** What patients and rules of law say beside the policy; each rule both ways. */
class ConsentGuardTest {
  private static final RecordType CHART = RecordType.of("chart");
  private static final RecordType LAB = RecordType.of("lab");
  private static final PatientId JANE = PatientId.of("canary-jane");
  private static final PatientId JOHN = PatientId.of("canary-john");
  private static final RecordRef ONE = RecordRef.of(Office.TENANT, CHART, JANE, "canary-1");
  private static final RecordRef TWO = RecordRef.of(Office.TENANT, CHART, JANE, "canary-2");
  private static final Actor DOC = actor("dora", "staff");
  private static final Actor REGISTRAR = actor("rita", "registrar");
  private static final Actor OFFICER = actor("olga", "officer");
  private static final Action[] ALL = Action.values();

  private final Office office = new Office();
  private final Map<PatientId, PatientStatus> statuses = new ConcurrentHashMap<>();
  private final Set<String> holding = new HashSet<>();
  private final Relations relations = (relation, actor, patient) -> holding.contains(relation);
  private final AccessPolicy policy = AccessPolicy.builder("clinic")
      .groups("staff", "registrar", "officer")
      .labels("psychotherapy", "part2", "vip", "minor-consented", "hiv", "therapy-tape", "plain")
      .implies("therapy-tape", "psychotherapy")
      .recordType("chart")
      .recordType("lab")
      .recordType("incident")
      .recordType("consent")
      .permit(
          "staff-does-all-with-chart",
          r -> r.groups("staff").actions(ALL).recordType("chart").purposes(Purpose.values()))
      .permit(
          "staff-does-all-with-lab",
          r -> r.groups("staff").actions(ALL).recordType("lab").purposes(Purpose.values()))
      .permit(
          "staff-does-all-with-incident",
          r -> r.groups("staff").actions(ALL).recordType("incident").purposes(Purpose.values()))
      .permit(
          "registrar-keeps-consent",
          r -> r.groups("registrar")
              .actions(Action.CREATE, Action.UPDATE, Action.READ)
              .recordType("consent")
              .purposes(Purpose.OPERATIONS))
      .build();
  private JdbcConsentStore store;
  private Consents consents;
  private AccessDecider guarded;

  @BeforeEach
  void setUp() {
    store = new JdbcConsentStore(office.database);
    store.createSchema();
    consents = consents(store);
    guarded = policy.guardedBy(guard().build());
  }

  private Consents consents(ConsentStore keeper) {
    return new Consents(
        keeper, office.keyring, policy, Relations.none(), office, office.alarms::add, office.clock);
  }

  private ConsentGuardBuilder guard() {
    return ConsentGuard.builder(consents)
        .relations(relations)
        .facts(patient -> statuses.getOrDefault(patient, PatientStatus.unknown()))
        .model(policy::model)
        .clock(office.clock, ZoneOffset.UTC)
        .privacyOfficers(Group.of("officer"));
  }

  private static AccessRequest.Builder asks(Action action, Purpose purpose, String... labels) {
    return AccessRequest.builder(DOC, action, CHART, purpose).record(ONE).labels(Set.of(labels));
  }

  private static AccessRequest.Builder reads(Purpose purpose, String... labels) {
    return asks(Action.READ, purpose, labels);
  }

  private static AccessRequest.Builder gives(Recipient to, Purpose purpose, String... labels) {
    return asks(Action.DISCLOSE, purpose, labels).recipient(to);
  }

  private void permitted(AccessRequest.Builder request) {
    assertThat(why(request)).isNull();
  }

  private void withheld(AccessRequest.Builder request) {
    assertThat(why(request)).isEqualTo(DenyReason.CONSENT_WITHHELD);
  }

  private @Nullable DenyReason why(AccessRequest.Builder request) {
    Decision decision = guarded.decide(request.build());
    decision.fold(permit -> "", deny -> {
      assertThat(deny.explanation()).doesNotContain("canary");
      return "";
    });
    return decision.fold(permit -> null, deny -> deny.why());
  }

  private String explanation(AccessRequest.Builder request) {
    return guarded.decide(request.build()).fold(permit -> "permitted", deny -> deny.explanation());
  }

  private ConsentRule kept(ConsentRule rule) {
    return done(consents.add(REGISTRAR, Purpose.OPERATIONS, rule));
  }

  private ConsentRule optOut(ConsentScope scope) {
    return kept(ConsentDirective.optOut(
        UUID.randomUUID(), JANE, scope, "front desk", office.clock.instant(), null));
  }

  private ConsentRule optIn(Form form, ConsentScope scope) {
    return kept(ConsentDirective.optIn(
        UUID.randomUUID(),
        JANE,
        form,
        scope,
        "front desk",
        office.clock.instant(),
        office.clock.instant().plus(Duration.ofDays(30))));
  }

  private void withdraw(ConsentRule rule) {
    done(consents.withdraw(REGISTRAR, Purpose.OPERATIONS, JANE, rule.id()));
  }

  private static ConsentScope scope() {
    return ConsentScope.everything();
  }

  // Directives

  @Test
  void optOut_standsFromTheNextDecisionOn_andIsGoneAfterItsWithdrawal() {
    permitted(reads(Purpose.TREATMENT));
    ConsentRule rule = optOut(scope().purposes(Purpose.TREATMENT));

    withheld(reads(Purpose.TREATMENT));
    assertThat(explanation(reads(Purpose.TREATMENT))).contains(rule.id().toString(), "opt-out");
    permitted(reads(Purpose.PAYMENT));
    permitted(
        reads(Purpose.TREATMENT).record(RecordRef.of(Office.TENANT, CHART, JOHN, "canary-9")));

    withdraw(rule);

    permitted(reads(Purpose.TREATMENT));
  }

  @Test
  void withdrawalOfAnOptIn_countsForTheNextDecision() {
    ConsentRule rule = optIn(Form.PREFERENCE, scope().recipients(Recipient.FAMILY));
    permitted(gives(Recipient.FAMILY, Purpose.FAMILY_REQUEST));

    withdraw(rule);

    withheld(gives(Recipient.FAMILY, Purpose.FAMILY_REQUEST));
  }

  @Test
  void directive_holdsInItsPeriodOnly() {
    Instant now = office.clock.instant();
    kept(ConsentDirective.optOut(
        UUID.randomUUID(),
        JANE,
        scope(),
        "desk",
        now.plus(Duration.ofHours(1)),
        now.plus(Duration.ofHours(2))));

    permitted(reads(Purpose.TREATMENT));
    office.clock.advance(Duration.ofHours(1));
    withheld(reads(Purpose.TREATMENT));
    // The guard asks its own clock, whatever the request states.
    withheld(reads(Purpose.TREATMENT).at(now));
    office.clock.advance(Duration.ofHours(1));
    permitted(reads(Purpose.TREATMENT));
  }

  @Test
  void narrowerOptIn_liftsAWiderOptOut_butAnEqualOneDoesNot() {
    optOut(scope().purposes(Purpose.RESEARCH));
    optIn(Form.PREFERENCE, scope().purposes(Purpose.RESEARCH));
    withheld(reads(Purpose.RESEARCH));

    optIn(Form.PREFERENCE, scope().purposes(Purpose.RESEARCH).types(CHART));
    permitted(reads(Purpose.RESEARCH));
    withheld(AccessRequest.builder(DOC, Action.READ, LAB, Purpose.RESEARCH)
        .patient(JANE)
        .labels(Set.of()));

    optOut(scope().purposes(Purpose.RESEARCH).types(CHART).records("canary-1"));
    withheld(reads(Purpose.RESEARCH));
    permitted(reads(Purpose.RESEARCH).record(TWO));
  }

  @Test
  void optOutByLabel_reachesWhatMayCarryIt() {
    optOut(scope().labels("hiv"));

    withheld(reads(Purpose.TREATMENT, "hiv"));
    withheld(reads(Purpose.TREATMENT, "hiv", "plain"));
    permitted(reads(Purpose.TREATMENT, "plain"));
    permitted(reads(Purpose.TREATMENT));
    AccessRequest.Builder unknown =
        AccessRequest.builder(DOC, Action.READ, LAB, Purpose.TREATMENT).patient(JANE);
    guarded = policy.guardedBy(guard().build());
    assertThat(why(unknown)).isNotNull();
    guarded = policy.guardedBy(guard().unlabelled(LAB).build());
    permitted(unknown);
  }

  @Test
  void optInByLabel_coversOnlyWhatCarriesNothingElse() {
    optOut(scope());
    optIn(Form.PREFERENCE, scope().labels("hiv"));

    permitted(reads(Purpose.TREATMENT, "hiv"));
    withheld(reads(Purpose.TREATMENT, "hiv", "plain"));
    withheld(reads(Purpose.TREATMENT));
  }

  @Test
  void optOutOfADisclosure_doesNotReachUsesInside_andReachesUnknownRecipients() {
    optOut(scope().recipients(Recipient.HEALTH_PLAN));

    withheld(gives(Recipient.HEALTH_PLAN, Purpose.PAYMENT));
    permitted(gives(Recipient.PROVIDER, Purpose.TREATMENT));
    permitted(reads(Purpose.PAYMENT));
    withheld(asks(Action.DISCLOSE, Purpose.PAYMENT));
    withheld(asks(Action.EXPORT, Purpose.PAYMENT));
  }

  @Test
  void optOutOfEverything_leavesEmergenciesLawAndThePatientsOwnAccess() {
    optOut(scope());

    for (Purpose purpose : List.of(
        Purpose.TREATMENT,
        Purpose.PAYMENT,
        Purpose.OPERATIONS,
        Purpose.RESEARCH,
        Purpose.TRAINING)) {
      withheld(reads(purpose));
    }
    for (Purpose purpose : List.of(
        Purpose.EMERGENCY_TREATMENT,
        Purpose.PUBLIC_HEALTH,
        Purpose.LEGAL,
        Purpose.THREAT,
        Purpose.SYSTEM_ADMINISTRATION,
        Purpose.PATIENT_REQUEST)) {
      permitted(reads(purpose));
    }
    permitted(gives(Recipient.PROVIDER, Purpose.EMERGENCY_TREATMENT));
    withheld(gives(Recipient.HEALTH_PLAN, Purpose.EMERGENCY_TREATMENT));
    permitted(gives(Recipient.PATIENT, Purpose.PATIENT_REQUEST));
    withheld(gives(Recipient.OTHER, Purpose.PATIENT_REQUEST));
    optOut(scope().purposes(Purpose.EMERGENCY_TREATMENT));
    withheld(reads(Purpose.EMERGENCY_TREATMENT));
  }

  @Test
  void marketing_needsASignedAuthorization() {
    withheld(reads(Purpose.MARKETING));
    ConsentScope ads = scope().purposes(Purpose.MARKETING).recipients(Recipient.OTHER);
    ConsentRule said = optIn(Form.PREFERENCE, ads);
    withheld(gives(Recipient.OTHER, Purpose.MARKETING));
    optIn(Form.AUTHORIZATION, ads);
    permitted(gives(Recipient.OTHER, Purpose.MARKETING));
    withheld(gives(Recipient.HEALTH_PLAN, Purpose.MARKETING));
    withdraw(said);
    permitted(gives(Recipient.OTHER, Purpose.MARKETING));
  }

  @Test
  void purposesThatNeedAnOptIn_areForTheDeploymentToSay() {
    permitted(reads(Purpose.RESEARCH));
    guarded = policy.guardedBy(guard().optIn(Purpose.RESEARCH).build());
    withheld(reads(Purpose.RESEARCH));
    withheld(reads(Purpose.MARKETING));
    optIn(Form.PREFERENCE, scope().purposes(Purpose.RESEARCH));
    permitted(reads(Purpose.RESEARCH));
  }

  @Test
  void family_isTold_ifThePatientAgreed_orInAnEmergency_orAfterDeath() {
    withheld(gives(Recipient.FAMILY, Purpose.TREATMENT));
    withheld(reads(Purpose.FAMILY_REQUEST));
    permitted(gives(Recipient.FAMILY, Purpose.EMERGENCY_TREATMENT));
    permitted(gives(Recipient.FAMILY, Purpose.DISASTER));
    optIn(Form.PREFERENCE, scope().recipients(Recipient.FAMILY));
    permitted(gives(Recipient.FAMILY, Purpose.TREATMENT));
    permitted(reads(Purpose.FAMILY_REQUEST));

    optOut(scope().recipients(Recipient.FAMILY));
    withheld(gives(Recipient.FAMILY, Purpose.TREATMENT));
    // An objection that was made stands, also after death (164.510(b)(5)).
    statuses.put(JANE, PatientStatus.unknown().died(LocalDate.parse("2026-03-01")));
    withheld(gives(Recipient.FAMILY, Purpose.TREATMENT));
  }

  @Test
  void familyOfTheDeceased_isTold_ifThePatientDidNotObject() {
    withheld(gives(Recipient.FAMILY, Purpose.TREATMENT));
    statuses.put(JANE, PatientStatus.unknown().died(LocalDate.parse("2026-03-01")));
    permitted(gives(Recipient.FAMILY, Purpose.TREATMENT));
  }

  // Restrictions

  @Test
  void paidInFull_keepsTheHealthPlanOut_ofWhatWasPaidFor() {
    ConsentRule rule = kept(Restriction.paidInFull(
        UUID.randomUUID(), JANE, scope().labels("hiv"), office.clock.instant()));

    for (Purpose purpose : List.of(Purpose.PAYMENT, Purpose.OPERATIONS)) {
      assertThat(why(gives(Recipient.HEALTH_PLAN, purpose, "hiv")))
          .isEqualTo(DenyReason.RESTRICTED);
      permitted(gives(Recipient.HEALTH_PLAN, purpose, "plain"));
      permitted(reads(purpose, "hiv"));
    }
    assertThat(explanation(gives(Recipient.HEALTH_PLAN, Purpose.PAYMENT, "hiv")))
        .contains(rule.id().toString(), "paid in full");
    permitted(gives(Recipient.PROVIDER, Purpose.PAYMENT, "hiv"));
    permitted(gives(Recipient.HEALTH_PLAN, Purpose.TREATMENT, "hiv"));
    permitted(gives(Recipient.HEALTH_PLAN, Purpose.LEGAL, "hiv"));
    // Whoever does not say to whom it goes may mean the plan.
    assertThat(why(asks(Action.DISCLOSE, Purpose.PAYMENT, "hiv"))).isEqualTo(DenyReason.RESTRICTED);
    withdraw(rule);
    permitted(gives(Recipient.HEALTH_PLAN, Purpose.PAYMENT, "hiv"));
  }

  @Test
  void paidInFull_bySingleRecord() {
    kept(Restriction.paidInFull(
        UUID.randomUUID(), JANE, scope().records("canary-1"), office.clock.instant()));

    assertThat(why(gives(Recipient.HEALTH_PLAN, Purpose.PAYMENT))).isEqualTo(DenyReason.RESTRICTED);
    permitted(gives(Recipient.HEALTH_PLAN, Purpose.PAYMENT).record(TWO));
  }

  @Test
  void agreedRestriction_bindsCareButNotEmergenciesNorLaw_andNoOptInLiftsIt() {
    kept(Restriction.agreed(UUID.randomUUID(), JANE, scope(), office.clock.instant()));
    optIn(Form.PREFERENCE, scope().purposes(Purpose.TREATMENT).types(CHART));

    for (Purpose purpose : List.of(Purpose.TREATMENT, Purpose.PAYMENT, Purpose.OPERATIONS)) {
      assertThat(why(reads(purpose))).isEqualTo(DenyReason.RESTRICTED);
    }
    permitted(reads(Purpose.EMERGENCY_TREATMENT));
    permitted(gives(Recipient.PROVIDER, Purpose.EMERGENCY_TREATMENT));
    assertThat(why(gives(Recipient.BUSINESS_ASSOCIATE, Purpose.EMERGENCY_TREATMENT)))
        .isEqualTo(DenyReason.RESTRICTED);
    permitted(gives(Recipient.AUTHORITY, Purpose.PUBLIC_HEALTH));
    permitted(reads(Purpose.PATIENT_REQUEST));
  }

  @Test
  void restrictionsThatSayNothing_areRefused() {
    assertThatThrownBy(() -> Restriction.paidInFull(
            UUID.randomUUID(), JANE, scope().purposes(Purpose.PAYMENT), Office.START))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("164.522(a)(1)(vi)");
    assertThatThrownBy(() -> Restriction.agreed(
            UUID.randomUUID(), JANE, scope().purposes(Purpose.LEGAL), Office.START))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // Specially protected records

  @Test
  void psychotherapyNotes_areForTheirAuthor_orNeedAnAuthorizationThatNamesThem() {
    Attributes byDora = Attributes.none().with("originator", "dora");
    Attributes byEve = Attributes.none().with("originator", "eve");

    permitted(reads(Purpose.TREATMENT, "psychotherapy").attributes(byDora));
    withheld(reads(Purpose.TREATMENT, "psychotherapy").attributes(byEve));
    withheld(reads(Purpose.TREATMENT, "psychotherapy"));
    withheld(reads(Purpose.TREATMENT, "therapy-tape"));
    withheld(reads(Purpose.OPERATIONS, "psychotherapy").attributes(byDora));
    withheld(gives(Recipient.PROVIDER, Purpose.TREATMENT, "psychotherapy").attributes(byDora));
    withheld(reads(Purpose.EMERGENCY_TREATMENT, "psychotherapy").reason("an emergency"));
    withheld(gives(Recipient.PATIENT, Purpose.PATIENT_REQUEST, "psychotherapy"));
    permitted(asks(Action.CREATE, Purpose.TREATMENT, "psychotherapy"));

    ConsentScope court = scope().purposes(Purpose.LEGAL).recipients(Recipient.COURT);
    optIn(Form.AUTHORIZATION, court);
    withheld(gives(Recipient.COURT, Purpose.LEGAL, "psychotherapy"));
    optIn(Form.AUTHORIZATION, court.labels("psychotherapy"));
    permitted(gives(Recipient.COURT, Purpose.LEGAL, "psychotherapy"));
    permitted(gives(Recipient.COURT, Purpose.LEGAL, "therapy-tape"));
    withheld(gives(Recipient.OTHER, Purpose.LEGAL, "psychotherapy"));
  }

  @Test
  void part2_needsAConsentThatNamesPurposeAndRecipient() {
    withheld(gives(Recipient.PROVIDER, Purpose.TREATMENT, "part2"));
    optIn(Form.AUTHORIZATION, scope().purposes(Purpose.TREATMENT).recipients(Recipient.PROVIDER));
    withheld(gives(Recipient.PROVIDER, Purpose.TREATMENT, "part2"));

    ConsentRule consent = optIn(
        Form.PART2_CONSENT, scope().purposes(Purpose.TREATMENT).recipients(Recipient.PROVIDER));

    permitted(gives(Recipient.PROVIDER, Purpose.TREATMENT, "part2"));
    withheld(gives(Recipient.PROVIDER, Purpose.PAYMENT, "part2"));
    withheld(gives(Recipient.HEALTH_PLAN, Purpose.TREATMENT, "part2"));
    // Staff outside of the program are providers to it.
    permitted(reads(Purpose.TREATMENT, "part2"));
    withdraw(consent);
    withheld(reads(Purpose.TREATMENT, "part2"));
  }

  @Test
  void part2_isOpenWithinItsProgram_butNotForLegalProceedings() {
    Attributes hope = Attributes.none().with("program", "hope");
    Actor inside = DOC.with(hope);
    Actor elsewhere = DOC.with(Attributes.none().with("program", "other"));

    permitted(as(inside, Action.READ, Purpose.TREATMENT).attributes(hope));
    withheld(as(elsewhere, Action.READ, Purpose.TREATMENT).attributes(hope));
    withheld(as(inside, Action.READ, Purpose.TREATMENT));
    withheld(as(inside, Action.READ, Purpose.LEGAL).attributes(hope));
    withheld(as(inside, Action.DISCLOSE, Purpose.TREATMENT)
        .attributes(hope)
        .recipient(Recipient.PROVIDER));
    optIn(Form.PART2_CONSENT, scope().purposes(Purpose.LEGAL).recipients(Recipient.COURT));
    permitted(gives(Recipient.COURT, Purpose.LEGAL, "part2"));
  }

  private static AccessRequest.Builder as(Actor who, Action action, Purpose purpose) {
    return AccessRequest.builder(who, action, CHART, purpose).record(ONE).labels(Set.of("part2"));
  }

  @Test
  void part2_isOpenedByADocumentedMedicalEmergency() {
    withheld(reads(Purpose.EMERGENCY_TREATMENT, "part2"));
    withheld(reads(Purpose.EMERGENCY_TREATMENT, "part2").reason("  "));
    permitted(reads(Purpose.EMERGENCY_TREATMENT, "part2").reason("overdose, unconscious"));
    permitted(gives(Recipient.PROVIDER, Purpose.EMERGENCY_TREATMENT, "part2").reason("overdose"));
    withheld(gives(Recipient.HEALTH_PLAN, Purpose.EMERGENCY_TREATMENT, "part2").reason("overdose"));
    withheld(reads(Purpose.TREATMENT, "part2").reason("overdose"));
    permitted(reads(Purpose.EMERGENCY_TREATMENT, "part2")
        .at(office.clock.instant())
        .ticket(ticket(office.clock.instant())));
  }

  private static BreakGlassTicket ticket(Instant from) {
    return BreakGlassTicket.forPatient("t", DOC.id(), JANE, from, from.plusSeconds(60));
  }

  @Test
  void part2_isOpenToThePatient() {
    permitted(gives(Recipient.PATIENT, Purpose.PATIENT_REQUEST, "part2"));
    holding.add("self");
    permitted(reads(Purpose.PATIENT_REQUEST, "part2"));
    holding.clear();
    withheld(reads(Purpose.PATIENT_REQUEST, "part2"));
  }

  @Test
  void unknownLabels_countAsTheWorst() {
    AccessRequest.Builder unknown = AccessRequest.builder(
            DOC, Action.DISCLOSE, LAB, Purpose.TREATMENT)
        .patient(JANE)
        .recipient(Recipient.PROVIDER);
    holding.add("treating");
    withheld(unknown);
    permitted(unknown.labels(Set.of()));
  }

  // Guarded charts

  @Test
  void chartsOfFamilyColleaguesAndVips_needACareRelationship() {
    for (String relation : List.of("family", "colleague")) {
      holding.clear();
      holding.add(relation);
      assertThat(why(reads(Purpose.OPERATIONS))).isEqualTo(DenyReason.BREAK_GLASS_NEEDED);
      assertThat(why(asks(Action.CREATE, Purpose.TREATMENT)))
          .isEqualTo(DenyReason.BREAK_GLASS_NEEDED);
      holding.add("treating");
      permitted(reads(Purpose.OPERATIONS));
    }
    holding.clear();
    assertThat(why(reads(Purpose.TREATMENT, "vip"))).isEqualTo(DenyReason.BREAK_GLASS_NEEDED);
    holding.add("treating");
    permitted(reads(Purpose.TREATMENT, "vip"));
  }

  @Test
  void guardedCharts_openToBreakGlassAndToAnotherPrivacyOfficersApproval() {
    holding.add("colleague");
    Instant now = office.clock.instant();
    permitted(reads(Purpose.TREATMENT).at(now).ticket(ticket(now)));
    assertThat(why(reads(Purpose.TREATMENT).at(now.plusSeconds(60)).ticket(ticket(now))))
        .isEqualTo(DenyReason.BREAK_GLASS_NEEDED);
    permitted(reads(Purpose.OPERATIONS).approver(OFFICER));
    assertThat(why(reads(Purpose.OPERATIONS).approver(REGISTRAR)))
        .isEqualTo(DenyReason.BREAK_GLASS_NEEDED);
    assertThat(why(reads(Purpose.OPERATIONS).approver(actor("dora", "officer"))))
        .isEqualTo(DenyReason.BREAK_GLASS_NEEDED);
  }

  @Test
  void ownChart_isNotOpenedByWork_butThePatientsPortalIs() {
    holding.add("self");
    holding.add("treating");
    assertThat(why(reads(Purpose.TREATMENT))).isEqualTo(DenyReason.BREAK_GLASS_NEEDED);
    permitted(reads(Purpose.PATIENT_REQUEST));
    permitted(reads(Purpose.TREATMENT).approver(OFFICER));
  }

  @Test
  void colleaguesChart_isNotOpenedByCallingItThePatientsRequest() {
    holding.add("colleague");
    assertThat(why(gives(Recipient.PATIENT, Purpose.PATIENT_REQUEST)))
        .isEqualTo(DenyReason.BREAK_GLASS_NEEDED);
  }

  @Test
  void relationsThatCannotBeLookedUp_deny() {
    guarded = policy.guardedBy(guard()
        .relations(
            (relation, actor, patient) -> Office.failing(() -> new IllegalStateException("canary")))
        .build());
    assertThat(why(reads(Purpose.TREATMENT))).isEqualTo(DenyReason.SAFEGUARD_FAILED);
  }

  // Representatives

  @Test
  void parents_representUntilMajority() {
    holding.add("parent");
    withheld(reads(Purpose.PATIENT_REQUEST)); // Age unknown.
    LocalDate today = LocalDate.parse("2026-03-02");
    born(today.minusYears(18).plusDays(1));
    permitted(reads(Purpose.PATIENT_REQUEST));
    born(today.minusYears(18));
    withheld(reads(Purpose.PATIENT_REQUEST));
    holding.add("representative");
    permitted(reads(Purpose.PATIENT_REQUEST));
    holding.remove("representative");
    guarded = policy.guardedBy(guard().majority(19).build());
    permitted(reads(Purpose.PATIENT_REQUEST));
    statuses.put(JANE, PatientStatus.unknown().born(today.minusYears(16)).asEmancipated());
    withheld(reads(Purpose.PATIENT_REQUEST));
  }

  private void born(LocalDate day) {
    statuses.put(JANE, PatientStatus.unknown().born(day));
  }

  @Test
  void careThatTheMinorConsentedTo_isNotForRepresentatives_unlessADirectiveNamesThem() {
    born(LocalDate.parse("2011-01-01"));
    for (String relation : List.of("parent", "representative")) {
      holding.clear();
      holding.add(relation);
      permitted(reads(Purpose.PATIENT_REQUEST, "plain"));
      withheld(reads(Purpose.PATIENT_REQUEST, "minor-consented"));
    }
    optIn(
        Form.PREFERENCE,
        scope().recipients(Recipient.PERSONAL_REPRESENTATIVE).purposes(Purpose.PATIENT_REQUEST));
    permitted(reads(Purpose.PATIENT_REQUEST, "minor-consented"));
  }

  @Test
  void unknownAge_countsAgainstTheRepresentative_whereAMinorMayHaveConsented() {
    holding.add("representative");
    permitted(reads(Purpose.PATIENT_REQUEST, "plain"));
    withheld(reads(Purpose.PATIENT_REQUEST, "minor-consented"));
    born(LocalDate.parse("1970-01-01"));
    permitted(reads(Purpose.PATIENT_REQUEST, "minor-consented"));
  }

  @Test
  void disclosureToARepresentative_needsAuthorityOnFile_exceptForMinors() {
    withheld(gives(Recipient.PERSONAL_REPRESENTATIVE, Purpose.TREATMENT));
    born(LocalDate.parse("2011-01-01"));
    permitted(gives(Recipient.PERSONAL_REPRESENTATIVE, Purpose.TREATMENT));
    withheld(gives(Recipient.PERSONAL_REPRESENTATIVE, Purpose.TREATMENT, "minor-consented"));
    born(LocalDate.parse("1970-01-01"));
    withheld(gives(Recipient.PERSONAL_REPRESENTATIVE, Purpose.TREATMENT));
    optIn(Form.PREFERENCE, scope().recipients(Recipient.PERSONAL_REPRESENTATIVE));
    permitted(gives(Recipient.PERSONAL_REPRESENTATIVE, Purpose.TREATMENT));
  }

  @Test
  void representativeWhoMayHarmThePatient_isKeptOutByADirective() {
    born(LocalDate.parse("2015-01-01"));
    holding.add("parent");
    permitted(reads(Purpose.PATIENT_REQUEST));
    optOut(scope().recipients(Recipient.PERSONAL_REPRESENTATIVE)); // 164.502(g)(5)
    withheld(reads(Purpose.PATIENT_REQUEST));
    withheld(gives(Recipient.PERSONAL_REPRESENTATIVE, Purpose.PATIENT_REQUEST));
    holding.clear();
    holding.add("self");
    permitted(reads(Purpose.PATIENT_REQUEST));
  }

  // The deceased

  @Test
  void fiftyYearsAfterDeath_protectionEnds_butNotThatOfPart2() {
    optOut(scope());
    kept(Restriction.agreed(UUID.randomUUID(), JANE, scope(), office.clock.instant()));
    LocalDate today = LocalDate.parse("2026-03-02");
    died(today.minusYears(50));
    assertThat(why(reads(Purpose.RESEARCH))).isEqualTo(DenyReason.CONSENT_WITHHELD);
    assertThat(why(reads(Purpose.TREATMENT))).isEqualTo(DenyReason.RESTRICTED);
    withheld(reads(Purpose.RESEARCH, "psychotherapy"));

    died(today.minusYears(50).minusDays(1));
    permitted(reads(Purpose.RESEARCH));
    permitted(reads(Purpose.TREATMENT));
    permitted(reads(Purpose.RESEARCH, "psychotherapy"));
    withheld(reads(Purpose.RESEARCH, "part2"));
  }

  private void died(LocalDate day) {
    statuses.put(JANE, PatientStatus.unknown().died(day));
  }

  @Test
  void representativeOfTheEstate_actsForTheDeceased_butAParentDoesNot() {
    died(LocalDate.parse("2026-01-01"));
    holding.add("parent");
    withheld(reads(Purpose.PATIENT_REQUEST));
    holding.add("representative");
    permitted(reads(Purpose.PATIENT_REQUEST));
  }

  // Failing closed

  @Test
  void requestsThatNameNoPatient_passUnlessTheyTakeDataOut() {
    permitted(AccessRequest.builder(DOC, Action.SEARCH, CHART, Purpose.TREATMENT));
    for (Action action : List.of(Action.DISCLOSE, Action.EXPORT, Action.PRINT)) {
      withheld(AccessRequest.builder(DOC, action, CHART, Purpose.TREATMENT));
    }
    RecordType incident = RecordType.of("incident");
    withheld(AccessRequest.builder(DOC, Action.EXPORT, incident, Purpose.OPERATIONS));
    guarded = policy.guardedBy(guard().notAboutPatients(incident).build());
    permitted(AccessRequest.builder(DOC, Action.EXPORT, incident, Purpose.OPERATIONS));
  }

  @Test
  void storeThatCannotBeRead_denies() {
    Consents blind = consents(failing("find"));
    guarded = policy.guardedBy(ConsentGuard.builder(blind).build());
    assertThat(why(reads(Purpose.TREATMENT))).isEqualTo(DenyReason.SAFEGUARD_FAILED);
  }

  @Test
  void alteredOrMovedEntries_denyAndAlarm() throws SQLException {
    optIn(Form.PREFERENCE, scope().recipients(Recipient.FAMILY));
    kept(ConsentDirective.optOut(
        UUID.randomUUID(), JOHN, scope(), "desk", office.clock.instant(), null));
    sql("update openhipaa_consent set patient_token = (select min(patient_token) from"
        + " openhipaa_consent)");

    long denied = List.of(JANE, JOHN).stream()
        .map(who -> AccessRequest.builder(DOC, Action.READ, CHART, Purpose.TREATMENT)
            .patient(who)
            .labels(Set.of()))
        .filter(request -> why(request) == DenyReason.SAFEGUARD_FAILED)
        .count();

    // One of them has lost an entry to the other, which no store can hide from its own patient.
    assertThat(denied).isEqualTo(1);
    assertThat(office.alarms).hasSize(1);
    assertThat(office.alarms.get(0).kind()).isEqualTo(Alarm.Kind.INTEGRITY);
    assertThat(office.alarms.get(0).toString()).doesNotContain("canary");
  }

  // The desk

  @Test
  void whoMayChangeConsent_isForThePolicyToSay_andEveryStepIsRecorded() {
    ConsentRule rule = ConsentDirective.optOut(
        UUID.randomUUID(), JANE, scope(), "desk", office.clock.instant(), null);
    assertThat(refusal(consents.add(DOC, Purpose.OPERATIONS, rule))).isEqualTo("NO_MATCHING_RULE");
    assertThat(office.last().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refusal(consents.add(REGISTRAR, Purpose.RESEARCH, rule)))
        .isEqualTo("PURPOSE_NOT_PERMITTED");
    kept(rule);
    assertThat(office.last().action()).isEqualTo(AuditAction.CONSENT_CHANGE);
    assertThat(office.last().patient()).hasValue(JANE);
    assertThat(office.last().detail()).contains("id=" + rule.id());
    assertThat(refusal(consents.withdraw(DOC, Purpose.OPERATIONS, JANE, rule.id())))
        .isEqualTo("NO_MATCHING_RULE");
    assertThat(refusal(consents.list(DOC, Purpose.OPERATIONS, JANE))).isEqualTo("NO_MATCHING_RULE");
    assertThat(refusal(consents.withdraw(REGISTRAR, Purpose.OPERATIONS, JOHN, rule.id())))
        .isEqualTo(Consents.UNKNOWN_CONSENT);
    withdraw(rule);
    assertThat(refusal(consents.withdraw(REGISTRAR, Purpose.OPERATIONS, JANE, rule.id())))
        .isEqualTo(Consents.UNKNOWN_CONSENT);
    List<ConsentRule> history = done(consents.list(REGISTRAR, Purpose.OPERATIONS, JANE));
    assertThat(history).hasSize(1);
    assertThat(history.get(0).endedAt()).hasValue(office.clock.instant());
    assertThat(office.clearText()).doesNotContain("canary");
  }

  @Test
  void changeThatIsNotRecorded_doesNotHappen() {
    ConsentRule rule = optOut(scope());
    office.failAfter(0);
    assertThatThrownBy(() -> withdraw(rule)).isInstanceOf(AuditNotRecordedException.class);
    assertThatThrownBy(() -> optOut(scope().types(LAB)))
        .isInstanceOf(AuditNotRecordedException.class);
    office.recover();
    withheld(reads(Purpose.TREATMENT));
    assertThat(done(consents.list(REGISTRAR, Purpose.OPERATIONS, JANE))).hasSize(1);
  }

  @Test
  void changeThatIsNotStored_isRecordedAsFailed() {
    ConsentRule rule = optOut(scope());
    for (String method : List.of("add", "end")) {
      Consents broken = consents(failing(method));
      assertThatThrownBy(() -> {
            if (method.equals("add")) {
              broken.add(
                  REGISTRAR,
                  Purpose.OPERATIONS,
                  ConsentDirective.optOut(
                      UUID.randomUUID(), JANE, scope(), "desk", Office.START, null));
            } else {
              broken.withdraw(REGISTRAR, Purpose.OPERATIONS, JANE, rule.id());
            }
          })
          .isInstanceOf(ConsentNotKeptException.class);
      assertThat(office.last().outcome()).isEqualTo(Outcome.FAILED);
      assertThat(office.last().reason()).isEqualTo("CONSENT_NOT_KEPT");
    }
  }

  @Test
  void withdrawalsAtOnce_oneIsFirst() {
    ConsentRule rule = optOut(scope());
    List<DeskResult<ConsentRule>> answers =
        race(8, i -> consents.withdraw(REGISTRAR, Purpose.OPERATIONS, JANE, rule.id()));
    assertThat(answers.stream().filter(Office::isDone)).hasSize(1);
  }

  @Test
  void everythingThatWasKept_comesBack_andTheDatabaseShowsNothingOfIt() throws SQLException {
    ConsentScope full = scope()
        .purposes(Purpose.RESEARCH, Purpose.PAYMENT)
        .recipients(Recipient.RESEARCHER)
        .labels("hiv", "canary-label")
        .types(CHART, LAB)
        .records("canary-1", "canary-2");
    ConsentDirective signed = (ConsentDirective) optIn(Form.AUTHORIZATION, full);
    kept(Restriction.agreed(
        UUID.randomUUID(), JANE, scope().purposes(Purpose.PAYMENT), office.clock.instant()));

    List<ConsentRule> back = done(consents.list(REGISTRAR, Purpose.OPERATIONS, JANE));

    ConsentDirective read = (ConsentDirective)
        back.stream().filter(rule -> rule.id().equals(signed.id())).findFirst().orElseThrow();
    assertThat(read.scope()).isEqualTo(full);
    assertThat(read.form()).isEqualTo(Form.AUTHORIZATION);
    assertThat(read.source()).isEqualTo("front desk");
    assertThat(read.from()).isEqualTo(signed.from());
    assertThat(read.until()).isEqualTo(signed.until());
    assertThat(back.toString()).doesNotContain("canary-jane");
    StringBuilder dump = new StringBuilder();
    try (Connection connection = office.database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("script")) {
      while (rows.next()) {
        dump.append(rows.getString(1));
      }
    }
    assertThat(dump.toString())
        .contains(signed.id().toString())
        .doesNotContain("canary", "RESEARCH");
  }

  @Test
  void signedForms_haveWhatTheirRuleDemands() {
    ConsentScope good = scope().purposes(Purpose.TREATMENT).recipients(Recipient.PROVIDER);
    for (Form form : List.of(Form.AUTHORIZATION, Form.PART2_CONSENT)) {
      form(form, good, Office.START.plusSeconds(9));
      refused(form, scope().recipients(Recipient.PROVIDER), Office.START.plusSeconds(9));
      refused(form, scope().purposes(Purpose.TREATMENT), Office.START.plusSeconds(9));
      refused(form, good.purposes(Purpose.LEGAL), null);
      refused(form, good, Office.START);
    }
    // Without an end: consent to care under 42 CFR 2.31(a)(7), research under 164.508(c)(1)(v).
    form(Form.PART2_CONSENT, good, null);
    refused(Form.AUTHORIZATION, good, null);
    form(Form.AUTHORIZATION, good.purposes(Purpose.RESEARCH), null);
    refused(Form.PART2_CONSENT, good.purposes(Purpose.RESEARCH), null);
    refused(
        Form.PART2_CONSENT,
        good.purposes(Purpose.LEGAL, Purpose.TREATMENT),
        Office.START.plusSeconds(9));
    form(Form.PREFERENCE, scope(), null);
    assertThatThrownBy(() ->
            ConsentDirective.optOut(UUID.randomUUID(), JANE, scope(), " ", Office.START, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> scope().labels("x".repeat(129)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ConsentDirective form(Form form, ConsentScope scope, @Nullable Instant until) {
    return ConsentDirective.optIn(
        UUID.randomUUID(), JANE, form, scope, "clinic", Office.START, until);
  }

  private static void refused(Form form, ConsentScope scope, @Nullable Instant until) {
    assertThatThrownBy(() -> form(form, scope, until)).isInstanceOf(IllegalArgumentException.class);
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection = office.database.getConnection();
        Statement change = connection.createStatement()) {
      change.executeUpdate(statement);
    }
  }

  /** The store, but one method of it fails. */
  private ConsentStore failing(String method) {
    return (ConsentStore) Proxy.newProxyInstance(
        getClass().getClassLoader(), new Class<?>[] {ConsentStore.class}, (p, m, args) -> {
          if (m.getName().equals(method)) {
            throw new ConsentNotKeptException("told to fail", null);
          }
          try {
            return m.invoke(store, args);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }
}
