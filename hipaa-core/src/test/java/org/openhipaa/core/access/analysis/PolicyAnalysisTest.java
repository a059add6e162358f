package org.openhipaa.core.access.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.PolicyBuilder;
import org.openhipaa.core.access.PolicyBuilder.RuleBuilder;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

class PolicyAnalysisTest {
  private static final RecordType CHART = RecordType.of("chart");

  private static PolicyBuilder clinic() {
    PolicyBuilder builder = AccessPolicy.builder("clinic")
        .groups("nurse", "physician", "billing", "staff", "auditor")
        .memberOf("nurse", "staff")
        .memberOf("physician", "staff")
        .relations("treating")
        .attribute("record.department", AttributeType.TEXT)
        .attribute("record.vip", AttributeType.FLAG)
        .recordType("chart", "name", "ssn", "note");
    for (int i = 0; i < 20; i++) {
      String department = "d" + i;
      builder
          .permit("nurse-" + i, rule -> of(rule, "nurse", department).show("name", "note"))
          .permit(
              "physician-" + i,
              rule -> of(rule, "physician", department).show("name", "ssn", "note"));
    }
    return builder
        .permit("billing", rule -> cover(rule, "billing").show("name", "ssn"))
        .deny(
            "vip",
            rule -> rule.groups("billing").actions(Action.READ).when(Condition.flag("record.vip")));
  }

  private static RuleBuilder cover(RuleBuilder rule, String group) {
    return rule.groups(group).actions(Action.READ).recordType("chart").purposes(Purpose.TREATMENT);
  }

  private static RuleBuilder of(RuleBuilder rule, String group, String department) {
    return cover(rule, group).when(Condition.oneOf("record.department", department));
  }

  private static List<String> findings(AccessPolicy policy) {
    return PolicyAnalysis.of(policy).findings().stream()
        .map(finding -> finding.kind() + " " + finding.rules().get(0))
        .toList();
  }

  private static List<Difference> added(String id, Consumer<RuleBuilder> rule) {
    return PolicyAnalysis.of(clinic().build())
        .difference(clinic().permit(id, rule).build());
  }

  @Test
  void findings_cleanPolicy_none() {
    assertThat(findings(clinic().build())).isEmpty();
  }

  @Test
  void findings_contradictionThatTakesThought_unreachable() {
    AccessPolicy policy = clinic()
        .permit(
            "odd",
            rule -> of(rule, "nurse", "d3")
                .when(Condition.any(
                    Condition.oneOf("record.department", "d4"),
                    Condition.all(
                        Condition.relation("treating"),
                        Condition.not(Condition.relation("treating")))))
                .show("ssn"))
        .build();

    assertThat(findings(policy)).containsExactly("UNREACHABLE odd");
  }

  @Test
  void findings_denialOverPermit_shadowed() {
    AccessPolicy policy = clinic()
        .deny(
            "no-d7",
            rule -> rule.groups("staff")
                .actions(Action.READ)
                .when(Condition.oneOf("record.department", "d7", "d8")))
        .build();

    assertThat(findings(policy))
        .containsExactly(
            "SHADOWED nurse-7", "SHADOWED physician-7", "SHADOWED nurse-8", "SHADOWED physician-8");
  }

  @Test
  void findings_permitWithinAnother_redundant() {
    AccessPolicy policy = clinic()
        .permit(
            "again",
            rule -> of(rule, "nurse", "d5")
                .when(Condition.relation("treating"))
                .show("name", "note", "ssn"))
        .build();

    assertThat(findings(policy)).containsExactly("REDUNDANT again");
  }

  @Test
  void findings_denialOfWhatNothingPermits_idle() {
    AccessPolicy policy =
        clinic().deny("net", rule -> rule.actions(Action.DELETE)).build();

    assertThat(findings(policy)).containsExactly("IDLE_DENIAL net");
  }

  @Test
  void findings_permitsThatHideEachOther_nothingShown() {
    AccessPolicy policy = AccessPolicy.builder("two")
        .groups("a")
        .recordType("chart", "name", "ssn")
        .permit("one", rule -> cover(rule, "a").show("name"))
        .permit("two", rule -> cover(rule, "a").show("ssn"))
        .build();

    assertThat(findings(policy)).containsExactly("NOTHING_SHOWN one", "NOTHING_SHOWN two");
  }

  @Test
  void difference_overGrant_gainedWithWitness() {
    List<Difference> found = added("extra", rule -> of(rule, "auditor", "d9").show("name"));

    // Whoever is a physician as well sees less now, since permits are merged towards the stricter.
    assertThat(found.subList(1, found.size()))
        .allMatch(difference -> difference.kind() == Difference.Kind.FIELD);
    assertThat(found.subList(0, 1)).singleElement().satisfies(difference -> {
      assertThat(difference.kind()).isEqualTo(Difference.Kind.GAINED);
      assertThat(difference.groups()).containsExactly(Group.of("auditor"));
      assertThat(difference.witness().words())
          .isEqualTo("in group auditor, record.department is d9");
      assertThat(clinic().build().decide(difference.witness().request()).permitted())
          .isFalse();
    });
  }

  @Test
  void difference_ruleThatChangesNothing_empty() {
    assertThat(added("again", rule -> of(rule, "nurse", "d5").show("name", "note", "ssn")))
        .isEmpty();
  }

  @Test
  void difference_sameRulesWrittenDifferently_empty() {
    AccessPolicy split = AccessPolicy.builder("p")
        .groups("a", "b")
        .relations("treating")
        .recordType("chart", "name")
        .permit(
            "a", rule -> cover(rule, "a").when(Condition.relation("treating")).show("name"))
        .permit(
            "b", rule -> cover(rule, "b").when(Condition.relation("treating")).show("name"))
        .build();
    AccessPolicy joined = AccessPolicy.builder("p")
        .groups("a", "b")
        .relations("treating")
        .recordType("chart", "name")
        .permit(
            "both",
            rule -> cover(rule, "a")
                .groups("b")
                .when(Condition.not(Condition.not(Condition.relation("treating"))))
                .show("name"))
        .build();

    assertThat(split.hash()).isNotEqualTo(joined.hash());
    assertThat(PolicyAnalysis.of(split).difference(joined)).isEmpty();
  }

  @Test
  void whoCan_field_groupsWithConditions() {
    List<Access> who = PolicyAnalysis.of(clinic().build())
        .whoCan(Action.READ, CHART, Purpose.TREATMENT, FieldPath.of("ssn"));

    assertThat(who)
        .extracting(access -> access.groups().first().value())
        .containsExactlyInAnyOrder("billing", "physician");
  }

  @Test
  void whatCan_group_fieldsAndUses() {
    List<Access> what = PolicyAnalysis.of(clinic().build()).whatCan(Group.of("nurse"));

    assertThat(what).singleElement().satisfies(access -> {
      assertThat(access.fields()).containsOnlyKeys(FieldPath.of("name"), FieldPath.of("note"));
      assertThat(access.uses()).containsExactly(new Use(Action.READ, Purpose.TREATMENT));
    });
  }

  @Test
  void conflictingDuties_pairUntilSeparated_found() {
    Duty read = new Duty(Action.READ, CHART);
    Duty sign = new Duty(Action.SIGN, CHART);
    Consumer<RuleBuilder> signs = rule -> rule.groups("auditor")
        .actions(Action.SIGN)
        .recordType("chart")
        .purposes(Purpose.OPERATIONS)
        .show("name");

    assertThat(
            PolicyAnalysis.of(clinic().permit("sign", signs).build()).conflictingDuties(read, sign))
        .extracting(Finding::what)
        .containsExactlyInAnyOrder(
            "groups auditor and billing together can read chart and sign chart",
            "groups auditor and nurse together can read chart and sign chart",
            "groups auditor and physician together can read chart and sign chart");
    assertThat(PolicyAnalysis.of(clinic()
                .permit("sign", signs)
                .separateDuties("auditor", "billing")
                .separateDuties("auditor", "staff")
                .build())
            .conflictingDuties(read, sign))
        .isEmpty();
  }

  @Test
  void overPrivilege_usedAndUnused_unusedNamed() {
    ActorId eve = ActorId.of("eve");
    AuditEvent event = AuditEvent.builder(Instant.EPOCH, AuditAction.READ, Outcome.SUCCESS, eve)
        .purpose(Purpose.TREATMENT)
        .fields(Set.of(FieldPath.of("name")))
        .rules(List.of("billing"))
        .build();

    List<Unused> unused = PolicyAnalysis.of(clinic().build())
        .overPrivilege(Stream.of(event), actor -> Set.of(Group.of("billing")));

    assertThat(unused).hasSize(41);
    assertThat(unused).filteredOn(one -> !one.never()).singleElement().satisfies(one -> {
      assertThat(one.rule()).isEqualTo("billing");
      assertThat(one.fields()).containsExactly(FieldPath.of("ssn"));
      assertThat(one.groups()).isEmpty();
    });
  }
}
