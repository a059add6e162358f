package org.openhipaa.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.access.Decision.QuotaObligation;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordType;

class AccessPolicyTest {
  private static final Relations ALWAYS = (relation, actor, patient) -> true;
  private static final Relations NEVER = Relations.none();
  private static final Relations FAILING = (relation, actor, patient) -> {
    throw new IllegalStateException("no directory; asked for " + patient.reveal());
  };

  private final AccessPolicy policy = AccessPolicy.builder("clinic")
      .groups("nurse", "clerk", "auditor", "intern")
      .relations("treating", "celebrity")
      .recordType("patient", "name", "ssn", "note")
      .recordType("incident")
      .permit(
          "nurse-reads",
          r -> r.groups("nurse")
              .actions(Action.READ)
              .recordType("patient")
              .purposes(Purpose.TREATMENT)
              .when("treating")
              .show("name", "note")
              .mask(Mask.LAST_FOUR, "ssn")
              .quota(5, Duration.ofHours(1)))
      .permit(
          "clerk-reads",
          r -> r.groups("clerk")
              .actions(Action.READ)
              .recordType("patient")
              .purposes(Purpose.PAYMENT, Purpose.TREATMENT)
              .show("name", "ssn")
              .quota(3, Duration.ofDays(1)))
      .permit(
          "auditor-reads",
          r -> r.groups("auditor")
              .actions(Action.READ)
              .recordType("patient")
              .purposes(Purpose.OPERATIONS)
              .assurance(Assurance.AAL2)
              .mask(Mask.INITIAL, "name"))
      .permit(
          "auditor-opens-incidents",
          r -> r.groups("auditor")
              .actions(Action.ADMINISTER)
              .recordType("incident")
              .purposes(Purpose.OPERATIONS))
      .deny(
          "no-celebrities",
          r -> r.groups("intern").actions(Action.READ).recordType("patient").when("celebrity"))
      .deny("no-legal", r -> r.actions(Action.READ).recordType("patient").purposes(Purpose.LEGAL))
      .build();

  @Test
  void matchingRule_permitsItsFieldsMaskedAndItsQuota() {
    Decision decision = policy.decide(read(Purpose.TREATMENT, ALWAYS, "nurse"));

    Permit permit = permit(decision);
    assertThat(permit.rules()).containsExactly("nurse-reads");
    assertThat(permit.fields())
        .containsExactly(
            java.util.Map.entry(FieldPath.of("name"), Mask.SHOW),
            java.util.Map.entry(FieldPath.of("note"), Mask.SHOW),
            java.util.Map.entry(FieldPath.of("ssn"), Mask.LAST_FOUR));
    assertThat(permit.quotas())
        .containsExactly(
            new QuotaObligation("nurse-reads", 0, QuotaLimit.patients(5, Duration.ofHours(1))));
    assertThat(permit.policyHash()).isEqualTo(policy.hash());
    assertThat(decision.permitted()).isTrue();
  }

  @Test
  void nothingThatIsNotPermitted_isPermitted() {
    assertDenied(read(Purpose.TREATMENT, ALWAYS), DenyReason.NO_MATCHING_RULE);
    assertDenied(read(Purpose.TREATMENT, ALWAYS, "stranger"), DenyReason.NO_MATCHING_RULE);
    for (Action action : Action.values()) {
      if (action != Action.READ) {
        assertDenied(
            request(action, "patient", Purpose.TREATMENT, ALWAYS, Assurance.AAL3, "nurse"),
            DenyReason.NO_MATCHING_RULE);
      }
    }
    for (Purpose purpose : Purpose.values()) {
      if (purpose != Purpose.TREATMENT && purpose != Purpose.LEGAL) {
        assertDenied(read(purpose, ALWAYS, "nurse"), DenyReason.PURPOSE_NOT_PERMITTED);
      }
    }
  }

  @Test
  void policyOfOneDenyRule_deniesEverything() {
    AccessPolicy strict = AccessPolicy.builder("p")
        .groups("nurse")
        .recordType("patient", "name")
        .deny("d", r -> r.actions(Action.EXPORT).recordType("patient"))
        .build();

    Deny deny = deny(strict.decide(read(Purpose.TREATMENT, ALWAYS, "nurse")));

    assertThat(deny.why()).isEqualTo(DenyReason.NO_MATCHING_RULE);
    assertThat(deny.rules()).isEmpty();
    assertThat(deny.policyHash()).isEqualTo(strict.hash());
  }

  @Test
  void denyRule_thatAppliesBecauseALabelIsNotKnown_saysSo() {
    AccessPolicy clinic = AccessPolicy.builder("p")
        .groups("nurse")
        .labels("vip")
        .recordType("patient", "name")
        .permit(
            "reads",
            r -> r.groups("nurse")
                .actions(Action.READ)
                .recordType("patient")
                .purposes(Purpose.TREATMENT)
                .show("name"))
        .deny("no-vip", r -> r.actions(Action.READ).when(Condition.label("vip")))
        .build();
    AccessRequest asked = read(Purpose.TREATMENT, ALWAYS, "nurse");

    Deny unknown = deny(clinic.decide(asked));
    assertThat(unknown.why()).isEqualTo(DenyReason.DENIED_BY_RULE);
    assertThat(unknown.explanation())
        .isEqualTo("rule no-vip denies it, because it is not known whether it holds: the label vip;"
            + " state the labels and attributes of the record, also if there are none");
    assertThat(
            deny(clinic.decide(asked.toBuilder().labels(Set.of("vip")).build())).explanation())
        .isEqualTo("rule no-vip denies it");
    assertThat(clinic.decide(asked.toBuilder().labels(Set.of()).build()).permitted())
        .isTrue();
  }

  @Test
  void denyRule_overridesEveryPermit() {
    Deny deny =
        assertDenied(read(Purpose.TREATMENT, ALWAYS, "nurse", "intern"), DenyReason.DENIED_BY_RULE);

    assertThat(deny.rules()).containsExactly("no-celebrities");
    assertThat(deny.explanation()).isEqualTo("rule no-celebrities denies it");
    assertThat(deny.reason()).isEqualTo("DENIED_BY_RULE");
    assertDenied(read(Purpose.LEGAL, ALWAYS, "clerk"), DenyReason.DENIED_BY_RULE);
    assertThat(policy
            .decide(read(Purpose.TREATMENT, treatingOnly(), "nurse", "intern"))
            .permitted())
        .as("the deny rule's condition is known not to hold")
        .isTrue();
  }

  @Test
  void unknownTypeAndField_areDeniedWithoutRepeatingTheField() {
    assertDenied(
        request(Action.READ, "visit", Purpose.TREATMENT, ALWAYS, Assurance.AAL3, "nurse"),
        DenyReason.UNKNOWN_RECORD_TYPE);
    Deny deny = assertDenied(
        builder(Action.READ, "patient", Purpose.TREATMENT, Assurance.AAL3, "nurse")
            .relations(ALWAYS)
            .fields(Set.of(FieldPath.of("name"), FieldPath.of("canary")))
            .build(),
        DenyReason.UNKNOWN_FIELD);
    assertThat(deny.explanation()).doesNotContain("canary");
  }

  @Test
  void nearestRule_explainsWhatIsMissing() {
    assertThat(
            assertDenied(read(Purpose.RESEARCH, ALWAYS, "nurse"), DenyReason.PURPOSE_NOT_PERMITTED)
                .explanation())
        .isEqualTo(
            "rule nurse-reads would permit it with the purpose treatment, if its conditions hold");
    assertThat(assertDenied(read(Purpose.TREATMENT, NEVER, "nurse"), DenyReason.RELATION_MISSING)
            .explanation())
        .isEqualTo("rule nurse-reads would permit it with the relation treating");
    assertThat(assertDenied(
                request(
                    Action.READ, "patient", Purpose.OPERATIONS, ALWAYS, Assurance.AAL1, "auditor"),
                DenyReason.ASSURANCE_TOO_LOW)
            .explanation())
        .isEqualTo("rule auditor-reads would permit it with authentication at AAL2");
    assertThat(assertDenied(
                read(Purpose.TREATMENT, NEVER, "nurse", "auditor"), DenyReason.RELATION_MISSING)
            .explanation())
        .contains("nurse-reads");
    assertThat(assertDenied(
                request(
                    Action.DELETE, "patient", Purpose.TREATMENT, ALWAYS, Assurance.AAL3, "nurse"),
                DenyReason.NO_MATCHING_RULE)
            .explanation())
        .isEqualTo("no rule permits any of the actor's groups to delete 'patient'");
  }

  @Test
  void permittedActionWithoutAnyPermittedField_isDenied() {
    Deny deny = assertDenied(
        builder(Action.READ, "patient", Purpose.PAYMENT, Assurance.AAL3, "clerk")
            .fields(Set.of(FieldPath.of("note")))
            .build(),
        DenyReason.NO_PERMITTED_FIELD);

    assertThat(deny.rules()).containsExactly("clerk-reads");
  }

  @Test
  void fieldsAskedFor_areCutToThePermittedOnes() {
    Permit permit = permit(
        policy.decide(builder(Action.READ, "patient", Purpose.PAYMENT, Assurance.AAL3, "clerk")
            .fields(Set.of(FieldPath.of("note"), FieldPath.of("ssn")))
            .build()));

    assertThat(permit.fields()).containsOnlyKeys(FieldPath.of("ssn"));
  }

  @Test
  void typeWithoutFields_isPermittedAsAWhole() {
    Permit permit = permit(policy.decide(request(
        Action.ADMINISTER, "incident", Purpose.OPERATIONS, NEVER, Assurance.AAL1, "auditor")));

    assertThat(permit.fields()).isEmpty();
    assertThat(permit.quotas()).isEmpty();
  }

  @Test
  void twoMatchingRules_areMergedTowardsTheStricter() {
    Permit permit = permit(policy.decide(read(Purpose.TREATMENT, ALWAYS, "nurse", "clerk")));

    assertThat(permit.rules()).containsExactly("nurse-reads", "clerk-reads");
    assertThat(permit.fields())
        .as("ssn as the stricter shows it, note not at all since one rule does not show it")
        .containsExactly(
            java.util.Map.entry(FieldPath.of("name"), Mask.SHOW),
            java.util.Map.entry(FieldPath.of("ssn"), Mask.LAST_FOUR));
    assertThat(permit.quotas())
        .containsExactly(
            new QuotaObligation("nurse-reads", 0, QuotaLimit.patients(5, Duration.ofHours(1))),
            new QuotaObligation("clerk-reads", 0, QuotaLimit.patients(3, Duration.ofDays(1))));
  }

  @Test
  void failingRelation_keepsPermitsFromApplying_andLetsDeniesApply() {
    Deny missing =
        assertDenied(read(Purpose.TREATMENT, FAILING, "nurse"), DenyReason.RELATION_MISSING);
    Deny denied = assertDenied(
        read(Purpose.TREATMENT, FAILING, "nurse", "intern"), DenyReason.DENIED_BY_RULE);

    assertThat(denied.rules()).containsExactly("no-celebrities");
    assertThat(missing.toString() + denied).doesNotContain("canary");
  }

  @Test
  void requestAboutNoPatient_isOneWhoseRelationsAreUnknown() {
    AccessRequest request = AccessRequest.builder(
            actor(Assurance.AAL3, "nurse"),
            Action.READ,
            RecordType.of("patient"),
            Purpose.TREATMENT)
        .relations(ALWAYS)
        .build();
    AccessRequest intern = AccessRequest.builder(
            actor(Assurance.AAL3, "clerk", "intern"),
            Action.READ,
            RecordType.of("patient"),
            Purpose.TREATMENT)
        .relations(NEVER)
        .build();

    assertDenied(request, DenyReason.RELATION_MISSING);
    assertDenied(intern, DenyReason.DENIED_BY_RULE);
  }

  @Test
  void relation_isAskedOncePerDecision_andOnlyWhenARuleNeedsIt() {
    AtomicInteger asked = new AtomicInteger();
    Relations counting = (relation, actor, patient) -> {
      asked.incrementAndGet();
      return false;
    };

    policy.decide(read(Purpose.TREATMENT, counting, "nurse"));
    assertThat(asked).hasValue(1);

    policy.decide(read(Purpose.PAYMENT, counting, "clerk"));
    assertThat(asked).hasValue(1);
  }

  @Test
  void strongerAuthentication_satisfiesARule() {
    for (Assurance level : Assurance.values()) {
      assertThat(policy
              .decide(request(Action.READ, "patient", Purpose.OPERATIONS, NEVER, level, "auditor"))
              .permitted())
          .isEqualTo(level != Assurance.AAL1);
    }
  }

  @Test
  void decisions_areImmutableCopies() {
    TreeMap<FieldPath, Mask> fields = new TreeMap<>();
    List<String> rules = new ArrayList<>(List.of("r"));
    List<QuotaObligation> quotas = new ArrayList<>();
    Permit permit = new Permit(
        rules, "hash", fields, quotas, Optional.empty(), new TreeSet<>(), new TreeSet<>());
    Deny deny = new Deny(rules, "hash", DenyReason.DENIED_BY_RULE, "why");

    fields.put(FieldPath.of("ssn"), Mask.SHOW);
    rules.clear();
    quotas.add(new QuotaObligation("r", 0, QuotaLimit.patients(1, Duration.ofDays(1))));

    assertThat(permit.fields()).isEmpty();
    assertThat(permit.rules()).containsExactly("r");
    assertThat(permit.quotas()).isEmpty();
    assertThat(deny.rules()).containsExactly("r");
    assertThatThrownBy(() -> permit.fields().put(FieldPath.of("a"), Mask.SHOW))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void requestsAndDecisions_printNoPatient() {
    AccessRequest request = read(Purpose.TREATMENT, ALWAYS, "nurse");

    assertThat(request.toString() + policy.decide(request) + request.actor())
        .doesNotContain("canary");
    assertThat(request).hasToString("AccessRequest(u read patient for treatment)");
  }

  @Test
  void brokenRules_areRefusedByTheBuilder() {
    broken("names no record type", r -> r.groups("g").actions(Action.READ));
    broken("names no actions", r -> r.groups("g").recordType("t"));
    broken("must name groups", r -> r.actions(Action.READ).recordType("t"));
    broken("must name purposes", r -> r.groups("g").actions(Action.READ).recordType("t"));
    broken(
        "must name the fields that it shows",
        r -> r.groups("g").actions(Action.READ).recordType("t").purposes(Purpose.TREATMENT));
    broken("undeclared group 'x'", r -> r.groups("x"));
    broken("undeclared record type 'x'", r -> r.recordType("x"));
    broken("undeclared relation 'x'", r -> r.when("x"));
    broken("must name its record type before its fields", r -> r.show("f"));
    broken("undeclared field 'x'", r -> r.recordType("t").show("x"));
    broken("names field 'f' twice", r -> r.recordType("t").show("f").mask(Mask.YEAR, "f"));
    broken("names two record types", r -> r.recordType("t").show("f").recordType("u"));
    broken("a quota is of 1 to 10^15 patients, not 0", r -> r.quota(0, Duration.ofDays(1)));
    broken(
        "patients, not 1000000000000001", r -> r.quota(1_000_000_000_000_001L, Duration.ofDays(1)));
    broken("1 second to 366 days", r -> r.quota(1, Duration.ofMillis(999)));
    broken("1 second to 366 days", r -> r.quota(1, Duration.ofDays(366).plusMillis(1)));
    broken("1 second to 366 days", r -> r.quota(1, Duration.ofDays(-1)));
    assertThatThrownBy(() -> small()
            .deny("d", r -> r.actions(Action.READ).recordType("t").quota(1, Duration.ofDays(1))))
        .hasMessage(
            "rule 'd' denies, so it cannot have fields, an assurance, break-glass, a quota or the like");
    assertThatThrownBy(() -> small().build()).hasMessageContaining("at least one rule");
    assertThatThrownBy(() -> small().groups("g")).hasMessage("group 'g' is declared twice");
    assertThatThrownBy(() -> small().relations("r", "r"))
        .hasMessage("relation 'r' is declared twice");
    assertThatThrownBy(() -> small().recordType("t"))
        .hasMessage("record type 't' is declared twice");
    assertThatThrownBy(() -> small().recordType("v", "f", "f"))
        .hasMessage("field 'f' is declared twice");
    assertThatThrownBy(() -> small()
            .deny("d", r -> r.actions(Action.READ).recordType("t"))
            .deny("d", r -> r.actions(Action.READ).recordType("t")))
        .hasMessage("rule 'd' exists twice");
    for (String name : List.of("", " ", "a\nb", "x".repeat(201))) {
      assertThatThrownBy(() -> AccessPolicy.builder(name))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void hash_changesWithEverythingThatThePolicySays() {
    List<AccessPolicy> different = List.of(
        one("p", r -> r.show("f")),
        one("q", r -> r.show("f")),
        one("p", r -> r.mask(Mask.YEAR, "f")),
        one("p", r -> r.show("f", "g2")),
        one("p", r -> r.show("f").groups("h")),
        one("p", r -> r.show("f").actions(Action.PRINT)),
        one("p", r -> r.show("f").purposes(Purpose.LEGAL)),
        one("p", r -> r.show("f").when("r")),
        one("p", r -> r.show("f").assurance(Assurance.AAL2)),
        one("p", r -> r.show("f").quota(1, Duration.ofHours(1))),
        one("p", r -> r.show("f").quota(2, Duration.ofHours(1))),
        one("p", r -> r.show("f").quota(1, Duration.ofHours(2))));

    assertThat(different.stream().map(AccessPolicy::hash))
        .doesNotHaveDuplicates()
        .allMatch(hash -> hash.matches("[0-9a-f]{64}"));
    assertThat(one("p", r -> r.show("f")).hash()).isEqualTo(different.get(0).hash());
    assertThat(one("p", r -> r.show("f").assurance(Assurance.AAL1)).hash())
        .as("AAL1 is what a rule needs that says nothing")
        .isEqualTo(different.get(0).hash());
  }

  private static AccessPolicy one(String name, Consumer<PolicyBuilder.RuleBuilder> more) {
    return AccessPolicy.builder(name)
        .groups("g", "h")
        .relations("r")
        .recordType("t", "f", "g2")
        .permit("p", r -> {
          r.groups("g").actions(Action.READ).recordType("t").purposes(Purpose.TREATMENT);
          more.accept(r);
        })
        .build();
  }

  private static PolicyBuilder small() {
    return AccessPolicy.builder("p").groups("g").recordType("t", "f").recordType("u");
  }

  private static void broken(String why, Consumer<PolicyBuilder.RuleBuilder> content) {
    assertThatThrownBy(() -> small().permit("p", content))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static Relations treatingOnly() {
    return (relation, actor, patient) -> relation.equals("treating");
  }

  private Deny assertDenied(AccessRequest request, DenyReason reason) {
    Deny deny = deny(policy.decide(request));
    assertThat(deny.why()).as(deny.explanation()).isEqualTo(reason);
    assertThat(deny.permitted()).isFalse();
    return deny;
  }

  private static Permit permit(Decision decision) {
    return decision.fold(permit -> permit, deny -> {
      throw new AssertionError("denied: " + deny.explanation());
    });
  }

  private static Deny deny(Decision decision) {
    return decision.fold(
        permit -> {
          throw new AssertionError("permitted by " + permit.rules());
        },
        deny -> deny);
  }

  private static AccessRequest read(Purpose purpose, Relations relations, String... groups) {
    return request(Action.READ, "patient", purpose, relations, Assurance.AAL3, groups);
  }

  private static AccessRequest request(
      Action action,
      String type,
      Purpose purpose,
      Relations relations,
      Assurance assurance,
      String... groups) {
    return builder(action, type, purpose, assurance, groups)
        .relations(relations)
        .build();
  }

  private static AccessRequest.Builder builder(
      Action action, String type, Purpose purpose, Assurance assurance, String... groups) {
    return AccessRequest.builder(actor(assurance, groups), action, RecordType.of(type), purpose)
        .patient(PatientId.of("canary-7f3a"))
        .fields(Collections.emptySet());
  }

  private static Actor actor(Assurance assurance, String... groups) {
    return Actor.authenticated(
        ActorId.of("u"),
        Arrays.stream(groups).map(Group::of).collect(Collectors.toSet()),
        assurance,
        Instant.EPOCH);
  }
}
