package org.openhipaa.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.access.Decision.QuotaObligation;
import org.openhipaa.core.access.PolicyBuilder.RuleBuilder;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.access.rules.QuotaMeasure;
import org.openhipaa.core.access.rules.QuotaScope;
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

/** What a permit demands, and how two permits are merged. */
class ObligationsTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final RecordType CHART = RecordType.of("chart");
  private static final PatientId PATIENT = PatientId.of("canary");
  private static final RecordRef RECORD = RecordRef.of(TenantId.of("clinic"), CHART, PATIENT, "r1");
  private static final QuotaLimit SENSITIVE = new QuotaLimit(
      QuotaMeasure.SENSITIVE_PATIENTS,
      QuotaScope.USER,
      3,
      OptionalLong.of(2),
      Duration.ofDays(1),
      new TreeSet<>(Set.of("restricted")));

  @Test
  void twoPermits_areMergedTowardsTheStricter() {
    AccessPolicy policy = policy(
        r -> r.timeToLive(Duration.ofMinutes(9))
            .notified("boss")
            .watermark("a")
            .quota(5, Duration.ofDays(1))
            .quota(6, Duration.ofDays(2)),
        r -> r.timeToLive(Duration.ofMinutes(3))
            .notified("second")
            .watermark("b")
            .quota(7, Duration.ofDays(1)));

    Permit both = permit(policy.decide(read("g", "h").build()));

    assertThat(both.rules()).containsExactly("one", "other");
    assertThat(both.timeToLive()).hasValue(Duration.ofMinutes(3));
    assertThat(both.notified()).containsExactly(Group.of("boss"), Group.of("second"));
    assertThat(both.watermarks()).containsExactly("a", "b");
    assertThat(both.quotas())
        .containsExactly(
            new QuotaObligation("one", 0, QuotaLimit.patients(5, Duration.ofDays(1))),
            new QuotaObligation("one", 1, QuotaLimit.patients(6, Duration.ofDays(2))),
            new QuotaObligation("other", 0, QuotaLimit.patients(7, Duration.ofDays(1))));
    assertThat(permit(policy.decide(read("g").build())).timeToLive())
        .hasValue(Duration.ofMinutes(9));
  }

  @Test
  void unlimitedTimeToLive_yieldsToALimit_whicheverComesFirst() {
    Consumer<RuleBuilder> limited = r -> r.timeToLive(Duration.ofMinutes(3));
    Consumer<RuleBuilder> free = r -> {};

    assertThat(permit(policy(limited, free).decide(read("g", "h").build())).timeToLive())
        .hasValue(Duration.ofMinutes(3));
    assertThat(permit(policy(free, limited).decide(read("g", "h").build())).timeToLive())
        .hasValue(Duration.ofMinutes(3));
    assertThat(permit(policy(free, free).decide(read("g", "h").build())).timeToLive())
        .isEmpty();
  }

  @Test
  void reason_mustBeStated_ifOneOfThePermitsDemandsIt() {
    AccessPolicy policy = policy(r -> {}, RuleBuilder::reasonRequired);

    assertThat(denied(policy, read("g", "h"), DenyReason.REASON_NEEDED).explanation())
        .isEqualTo("rule other demands that a reason is stated");
    denied(policy, read("g", "h").reason(" \t"), DenyReason.REASON_NEEDED);
    assertThat(policy.decide(read("g", "h").reason("called in").build()).permitted())
        .isTrue();
    assertThat(policy.decide(read("g").build()).permitted()).isTrue();
  }

  @Test
  void approval_isByAnotherPerson_ofTheRightGroup_forEveryPermit() {
    AccessPolicy policy = policy(r -> r.approvers("boss"), r -> r.approvers("second"));
    Actor boss = actor("b", "chief");
    Actor second = actor("s", "second");
    Actor both = actor("x", "boss", "second");

    assertThat(denied(policy, read("g"), DenyReason.APPROVAL_NEEDED).explanation())
        .isEqualTo("rule one demands the approval of a second person");
    denied(policy, read("g").approver(second), DenyReason.APPROVAL_NEEDED);
    denied(policy, read("g", "boss").approver(actor("u", "boss")), DenyReason.APPROVAL_NEEDED);
    assertThat(policy.decide(read("g").approver(boss).build()).permitted())
        .as("a chief is a boss")
        .isTrue();
    denied(policy, read("g", "h").approver(boss), DenyReason.APPROVAL_NEEDED);
    assertThat(policy.decide(read("g", "h").approver(both).build()).permitted()).isTrue();
  }

  @Test
  void quotaOnSensitivePatients_isLeftOut_onlyIfNoLabelIsKnownToApply() {
    AccessPolicy policy = policy(r -> r.quota(SENSITIVE).quota(9, Duration.ofDays(1)), r -> {});

    assertThat(quotas(policy, read("g"))).containsExactly(0, 1);
    assertThat(quotas(policy, read("g").labels(Set.of()))).containsExactly(1);
    assertThat(quotas(policy, read("g").labels(Set.of("other")))).containsExactly(1);
    assertThat(quotas(policy, read("g").labels(Set.of("restricted")))).containsExactly(0, 1);
    assertThat(quotas(policy, read("g").labels(Set.of("hiv")))).containsExactly(0, 1);
    assertThat(quotas(policy, read("g").labels(Set.of("undeclared")))).containsExactly(0, 1);
  }

  @Test
  void fieldToFilterBy_mustBeShownUnmasked() {
    AccessPolicy policy = policy(r -> {}, r -> {});
    FieldPath name = FieldPath.of("name");
    FieldPath birth = FieldPath.of("birth");

    assertThat(policy.decide(read("g").filterFields(Set.of(name)).build()).permitted())
        .isTrue();
    assertThat(policy
            .decide(read("g").fields(Set.of(birth)).filterFields(Set.of(name)).build())
            .permitted())
        .as("a field need not be asked for to filter by it")
        .isTrue();
    assertThat(denied(
                policy,
                read("g").filterFields(Set.of(name, birth)),
                DenyReason.FIELD_NOT_FOR_FILTER)
            .explanation())
        .contains("field birth");
    denied(policy, read("g").filterFields(Set.of(FieldPath.of("none"))), DenyReason.UNKNOWN_FIELD);
  }

  @Test
  void separateDuties_denyEverything_toWhoeverHasBoth() {
    AccessPolicy policy = policy(r -> {}, r -> {});

    assertThat(denied(policy, read("g", "cashier", "chief"), DenyReason.DUTIES_NOT_SEPARATED)
            .rules())
        .isEmpty();
    denied(policy, read("boss", "g", "cashier"), DenyReason.DUTIES_NOT_SEPARATED);
    assertThat(policy.decide(read("g", "cashier").build()).permitted()).isTrue();
    assertThat(policy.decide(read("g", "chief").build()).permitted()).isTrue();
  }

  @Test
  void breakGlassRule_appliesOnlyUnderACoveringTicket() {
    AccessPolicy policy = policy(RuleBuilder::breakGlass, r -> {});
    Instant from = NOON.minusSeconds(60);
    Instant until = NOON.plusSeconds(60);
    ActorId u = ActorId.of("u");
    BreakGlassTicket patient = BreakGlassTicket.forPatient("t", u, PATIENT, from, until);
    BreakGlassTicket record = BreakGlassTicket.forRecord("t", u, RECORD, from, until);
    BreakGlassTicket session = BreakGlassTicket.forSession("t", u, "s1", from, until);
    AccessRequest.Builder known = read("g").record(RECORD).at(NOON).session("s1");

    for (BreakGlassTicket ticket : List.of(patient, record, session)) {
      assertThat(policy.decide(known.ticket(ticket).build()).permitted()).isTrue();
      for (Instant outside : List.of(from.minusNanos(1), until)) {
        denied(policy, known.build().toBuilder().at(outside), DenyReason.BREAK_GLASS_NEEDED);
      }
      assertThat(policy.decide(known.build().toBuilder().at(from).build()).permitted())
          .isTrue();
      denied(policy, read("g").patient(PATIENT).ticket(ticket), DenyReason.BREAK_GLASS_NEEDED);
    }
    denied(policy, read("g").record(RECORD).at(NOON), DenyReason.BREAK_GLASS_NEEDED);
    denied(
        policy,
        read("g").record(RECORD).at(NOON).session("s2").ticket(session),
        DenyReason.BREAK_GLASS_NEEDED);
    denied(
        policy,
        read("g").patient(PatientId.of("other")).at(NOON).ticket(patient),
        DenyReason.BREAK_GLASS_NEEDED);
    denied(
        policy, read("g").patient(PATIENT).at(NOON).ticket(record), DenyReason.BREAK_GLASS_NEEDED);
    denied(
        policy,
        read("g")
            .record(RECORD)
            .at(NOON)
            .ticket(BreakGlassTicket.forPatient("t", ActorId.of("v"), PATIENT, from, until)),
        DenyReason.BREAK_GLASS_NEEDED);
  }

  @Test
  void stepUp_namesTheLevel_onlyIfNothingElseIsMissing() {
    AccessPolicy policy =
        policy(r -> r.assurance(Assurance.AAL3).when("treating"), r -> r.assurance(Assurance.AAL2));

    assertThat(denied(
                policy,
                read("g").patient(PATIENT).relations((n, a, p) -> true),
                DenyReason.ASSURANCE_TOO_LOW)
            .stepUp())
        .hasValue(Assurance.AAL3);
    assertThat(denied(policy, read("g").patient(PATIENT), DenyReason.RELATION_MISSING)
            .stepUp())
        .isEmpty();
  }

  @Test
  void groupsOfGroups_giveTheirMembersTheirRules() {
    AccessPolicy policy = policy(r -> r.groups("boss"), r -> {});

    assertThat(policy.decide(read("chief").build()).rules()).containsExactly("one");
    assertThat(policy.decide(read("boss", "chief", "g").build()).rules()).containsExactly("one");
    denied(policy, read("second"), DenyReason.NO_MATCHING_RULE);
    denied(policy, read("unheard-of"), DenyReason.NO_MATCHING_RULE);
  }

  @Test
  void guards_mayOnlyDeny_andAFailingOneDenies() {
    AccessPolicy policy = policy(r -> {}, r -> {});
    Deny objection = new Deny(List.of(), "x", DenyReason.CONSENT_WITHHELD, "no");
    AccessRequest asked = read("g").build();

    assertThat(policy.guardedBy().decide(asked).permitted()).isTrue();
    assertThat(policy.guardedBy((r, p) -> Optional.empty()).decide(asked).permitted())
        .isTrue();
    assertThat(policy
            .guardedBy((r, p) -> Optional.empty(), (r, p) -> Optional.of(objection))
            .decide(asked))
        .isEqualTo(objection);
    Deny failed = (Deny) policy
        .guardedBy((r, p) -> {
          throw new IllegalStateException("canary");
        })
        .decide(asked);
    assertThat(failed.why()).isEqualTo(DenyReason.SAFEGUARD_FAILED);
    assertThat(failed.rules()).containsExactly("one");
    assertThat(failed.policyHash()).isEqualTo(policy.hash());
    assertThat(failed.explanation()).doesNotContain("canary");
    assertThat(policy
            .guardedBy((r, p) -> {
              throw new AssertionError("asked although the policy denies");
            })
            .decide(read().build())
            .permitted())
        .isFalse();
  }

  @Test
  void manyRulesForManyWards_areFoundByTheWard_andDenialsWithoutIt() {
    PolicyBuilder builder = AccessPolicy.builder("p")
        .groups("g")
        .attribute("record.ward", AttributeType.TEXT)
        .recordType("chart", "name");
    for (int i = 0; i < 50; i++) {
      String ward = "w" + i;
      builder.permit(
          "p" + i,
          r -> r.groups("g")
              .actions(Action.READ)
              .recordType("chart")
              .purposes(Purpose.TREATMENT)
              .when(Condition.oneOf("record.ward", ward))
              .show("name"));
      builder.deny(
          "d" + i,
          r -> r.groups("g")
              .actions(Action.PRINT, Action.UPDATE)
              .recordType("chart")
              .when(Condition.oneOf("record.ward", ward)));
    }
    AccessPolicy policy = builder.build();

    for (int i = 0; i < 50; i++) {
      AccessRequest one = read("g").attributes(ward("w" + i)).build();
      assertThat(policy.decide(one).rules()).containsExactly("p" + i);
    }
    denied(policy, read("g").attributes(ward("w50")), DenyReason.CONDITION_NOT_MET);
    assertThat(denied(policy, read("g"), DenyReason.CONDITION_NOT_MET).explanation())
        .isEqualTo("rule p0 would permit it with record.ward in [w0]");
    AccessRequest print = AccessRequest.builder(actor("u", "g"), Action.PRINT, CHART, Purpose.LEGAL)
        .build();
    assertThat(policy.decide(print).rules())
        .as("a ward that is not known may be any")
        .hasSize(50);
    assertThat(policy.decide(print.toBuilder().attributes(ward("w7")).build()).rules())
        .containsExactly("d7");
  }

  @Test
  void quotaLimits_areChecked() {
    assertThatThrownBy(() -> QuotaLimit.patients(0, Duration.ofDays(1)))
        .hasMessageContaining("1 to 10^15 patients, not 0");
    assertThatThrownBy(() -> new QuotaLimit(
            QuotaMeasure.RECORDS,
            QuotaScope.USER,
            5,
            OptionalLong.of(6),
            Duration.ofDays(1),
            new TreeSet<>()))
        .hasMessageContaining("between 1 and the hard limit");
    assertThatThrownBy(() -> new QuotaLimit(
            QuotaMeasure.RECORDS,
            QuotaScope.USER,
            5,
            OptionalLong.of(0),
            Duration.ofDays(1),
            new TreeSet<>()))
        .hasMessageContaining("between 1 and the hard limit");
    assertThatThrownBy(() -> new QuotaLimit(
            QuotaMeasure.RECORDS,
            QuotaScope.USER,
            5,
            OptionalLong.empty(),
            Duration.ofDays(1),
            new TreeSet<>(Set.of("hiv"))))
        .hasMessageContaining("if, and only if");
    assertThat(QuotaLimit.patients(1_000_000_000_000_000L, Duration.ofDays(366)).hard())
        .isEqualTo(1_000_000_000_000_000L);
    assertThat(QuotaMeasure.PATIENTS.distinct()).isTrue();
    assertThat(QuotaMeasure.SENSITIVE_PATIENTS.distinct()).isTrue();
    assertThat(QuotaMeasure.BYTES.distinct()).isFalse();
    assertThat(QuotaMeasure.RECORDS.distinct()).isFalse();
  }

  private static Attributes ward(String ward) {
    return Attributes.none().with("ward", ward);
  }

  private static AccessRequest.Builder read(String... groups) {
    return AccessRequest.builder(actor("u", groups), Action.READ, CHART, Purpose.TREATMENT);
  }

  private static Actor actor(String id, String... groups) {
    return Actor.authenticated(
        ActorId.of(id),
        Arrays.stream(groups).map(Group::of).collect(Collectors.toSet()),
        Assurance.AAL1,
        NOON);
  }

  private static List<Integer> quotas(AccessPolicy policy, AccessRequest.Builder request) {
    return permit(policy.decide(request.build())).quotas().stream()
        .map(QuotaObligation::number)
        .toList();
  }

  private static Permit permit(Decision decision) {
    assertThat(decision).isInstanceOf(Permit.class);
    return (Permit) decision;
  }

  private static Deny denied(
      AccessPolicy policy, AccessRequest.Builder request, DenyReason reason) {
    Decision decision = policy.decide(request.build());
    assertThat(decision).isInstanceOf(Deny.class);
    assertThat(((Deny) decision).why()).isEqualTo(reason);
    return (Deny) decision;
  }

  /** Two permits to read: one for group g and one for group h. */
  private static AccessPolicy policy(Consumer<RuleBuilder> one, Consumer<RuleBuilder> other) {
    return AccessPolicy.builder("p")
        .groups("g", "h", "boss", "second", "chief", "cashier")
        .memberOf("chief", "boss")
        .separateDuties("boss", "cashier")
        .relations("treating")
        .labels("restricted", "hiv", "other")
        .implies("hiv", "restricted")
        .recordType("chart", "name", "birth")
        .permit("one", r -> {
          base(r, "g");
          one.accept(r);
        })
        .permit("other", r -> {
          base(r, "h");
          other.accept(r);
        })
        .build();
  }

  private static void base(RuleBuilder rule, String group) {
    rule.groups(group)
        .actions(Action.READ)
        .recordType("chart")
        .purposes(Purpose.TREATMENT)
        .show("name")
        .mask(Mask.YEAR, "birth");
  }
}
