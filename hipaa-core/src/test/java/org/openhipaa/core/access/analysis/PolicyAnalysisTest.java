package org.openhipaa.core.access.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.Attributes;
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
  void questions_aboutWhatThePolicyDoesNotDeclare_refused() {
    PolicyAnalysis analysis = PolicyAnalysis.of(clinic().build());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> analysis.whatCan(Group.of("nurses")))
        .withMessageContaining("'nurses'");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> analysis.whoCan(Action.READ, CHART, Purpose.TREATMENT, FieldPath.of("snn")))
        .withMessageContaining("'chart' has no such field");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> analysis.whoCan(Action.READ, RecordType.of("carts"), Purpose.TREATMENT))
        .withMessageContaining("'carts'");
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

  @Test
  void findings_permitOnlyForValuesThatNobodyLists_unlistedOnly() {
    AccessPolicy policy = AccessPolicy.builder("status")
        .groups("a")
        .attribute("record.status", AttributeType.TEXT, "open", "closed", "archived")
        .recordType("chart", "name")
        .permit(
            "odd",
            rule -> cover(rule, "a")
                .when(Condition.not(Condition.oneOf("record.status", "open", "closed", "archived")))
                .show("name"))
        .permit(
            "archived",
            rule -> cover(rule, "a")
                .when(Condition.not(Condition.oneOf("record.status", "open", "closed")))
                .show("name"))
        .build();

    assertThat(findings(policy)).containsExactly("UNLISTED_ONLY odd");
  }

  @Test
  void findings_shadowed_denialsNamed() {
    AccessPolicy policy = clinic()
        .deny("no-d7", rule -> rule.groups("nurse").actions(Action.READ).when(inD7("vip", true)))
        .deny("nor-d7", rule -> rule.groups("staff").actions(Action.READ).when(inD7("vip", false)))
        .build();

    assertThat(PolicyAnalysis.of(policy).findings()).singleElement().satisfies(finding -> {
      assertThat(finding.kind()).isEqualTo(Finding.Kind.SHADOWED);
      assertThat(finding.rules()).containsExactly("nurse-7", "no-d7", "nor-d7");
    });
  }

  private static Condition inD7(String flag, boolean set) {
    Condition condition = Condition.flag("record." + flag);
    return Condition.all(
        Condition.oneOf("record.department", "d7"), set ? condition : Condition.not(condition));
  }

  @Test
  void difference_typeWithoutFields_found() {
    PolicyBuilder with = AccessPolicy.builder("p").groups("a").recordType("chart", "name");
    PolicyBuilder without = AccessPolicy.builder("p").groups("a").recordType("chart");
    AccessPolicy hidden =
        with.permit("one", rule -> cover(rule, "a").mask(Mask.HIDE, "name")).build();
    AccessPolicy open = without.permit("one", rule -> cover(rule, "a")).build();

    assertThat(PolicyAnalysis.of(hidden).difference(open))
        .extracting(Difference::kind)
        .containsExactly(Difference.Kind.GAINED);
    assertThat(PolicyAnalysis.of(open).difference(hidden))
        .extracting(Difference::kind)
        .containsExactly(Difference.Kind.LOST);
  }

  private static AccessPolicy labelled() {
    return AccessPolicy.builder("labelled")
        .groups("therapist", "physician", "billing")
        .labels("restricted", "psychotherapy")
        .implies("psychotherapy", "restricted")
        .attribute("record.department", AttributeType.TEXT)
        .attribute("record.topics", AttributeType.TEXTS)
        .attribute("record.level", AttributeType.INTEGER)
        .recordType("chart", "name", "note")
        .permit("therapist", rule -> cover(rule, "therapist").show("name", "note"))
        .permit(
            "physician",
            rule -> cover(rule, "physician")
                .when(Condition.not(Condition.label("psychotherapy")))
                .when(Condition.range("record.level", 1, 5))
                .show("name", "note"))
        .permit(
            "billing",
            rule -> cover(rule, "billing")
                .when(Condition.labelsWithin())
                .when(Condition.oneOf("record.topics", "cost"))
                .show("name"))
        .build();
  }

  private static List<String> whoCan(Given given) {
    return PolicyAnalysis.of(labelled())
        .whoCan(Action.READ, CHART, Purpose.TREATMENT, given)
        .stream()
        .map(access -> access.groups().first().value())
        .sorted()
        .toList();
  }

  @Test
  void whoCan_labelsGiven_onlyWhoCanWithThem() {
    assertThat(whoCan(Given.nothing())).containsExactly("billing", "physician", "therapist");
    assertThat(whoCan(Given.nothing().labels(Set.of())))
        .containsExactly("billing", "physician", "therapist");
    assertThat(whoCan(Given.nothing().labels(Set.of("restricted"))))
        .containsExactly("physician", "therapist");
    assertThat(whoCan(Given.nothing().labels(Set.of("psychotherapy"))))
        .containsExactly("therapist");
    assertThat(PolicyAnalysis.of(labelled())
            .whoCan(
                Action.READ,
                CHART,
                Purpose.TREATMENT,
                FieldPath.of("note"),
                Given.nothing().labels(Set.of())))
        .extracting(access -> access.groups().first().value())
        .containsExactlyInAnyOrder("physician", "therapist");
  }

  @Test
  void whoCan_labelsGiven_witnessCarriesThemAndConditionsLeaveThemOut() {
    List<Access> who = PolicyAnalysis.of(labelled())
        .whoCan(
            Action.READ,
            CHART,
            Purpose.TREATMENT,
            Given.nothing()
                .labels(Set.of("restricted"))
                .record(Attributes.none().with("level", 5)));

    assertThat(who)
        .filteredOn(access -> access.groups().contains(Group.of("physician")))
        .singleElement()
        .satisfies(access -> {
          assertThat(access.conditions()).containsExactly("always");
          assertThat(access.witness().request().labels())
              .hasValueSatisfying(labels -> assertThat(labels).containsExactly("restricted"));
          assertThat(access.witness().request().attributes().value("level")).contains(5L);
        });
  }

  @Test
  void whoCan_attributesGiven_onlyWhoCanWithThem() {
    Attributes none = Attributes.none();

    assertThat(whoCan(Given.nothing().record(none.with("level", 6))))
        .containsExactly("billing", "therapist");
    assertThat(whoCan(Given.nothing().record(none.with("topics", Set.of("cost", "other")))))
        .containsExactly("billing", "physician", "therapist");
    assertThat(whoCan(Given.nothing().record(none.with("topics", Set.of("other")))))
        .containsExactly("physician", "therapist");
  }

  @Test
  void whoCan_givenThatThePolicyDoesNotDeclare_refused() {
    Attributes none = Attributes.none();

    assertThatThrownBy(() -> whoCan(Given.nothing().labels(Set.of("psychotherapi"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the policy declares no such label as was given");
    assertThatThrownBy(() -> whoCan(Given.nothing().record(none.with("ward", "a"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the policy declares no attribute 'record.ward'");
    assertThatThrownBy(() -> whoCan(Given.nothing().record(none.with("level", "a"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'record.level' is given a value that it cannot have; its type is integer");
    assertThatThrownBy(() -> whoCan(Given.nothing().context(none.with("hour", 3))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'context.hour' is read off the clock, and not given");
    assertThat(Given.nothing().labels(Set.of("secret"))).hasToString("Given(0 attributes, labels)");
  }

  @Test
  void conflictingDuties_manyGroups_onlyThosePairsThatMatter() {
    PolicyBuilder builder = AccessPolicy.builder("many").recordType("chart", "name");
    for (int i = 0; i < 300; i++) {
      builder.groups("g" + i);
    }
    // A name that begins as another does is another.
    builder.permit(
        "read",
        rule -> rule.groups("g1", "g2", "g10")
            .actions(Action.READ)
            .recordType("chart")
            .purposes(Purpose.TREATMENT)
            .show("name"));
    builder.permit(
        "sign",
        rule -> rule.groups("g1", "g200")
            .actions(Action.SIGN)
            .recordType("chart")
            .purposes(Purpose.TREATMENT)
            .show("name"));

    assertThat(PolicyAnalysis.of(builder.build())
            .conflictingDuties(new Duty(Action.READ, CHART), new Duty(Action.SIGN, CHART)))
        .extracting(Finding::what)
        .containsExactly(
            "group g1 can read chart and sign chart",
            "groups g10 and g200 together can read chart and sign chart",
            "groups g2 and g200 together can read chart and sign chart");
  }

  private static PolicyBuilder entangled(int pairs, int types) {
    PolicyBuilder builder = AccessPolicy.builder("entangled").groups("a");
    for (int i = 0; i < pairs; i++) {
      builder.relations("r" + i).predicate("p" + i, "actor.id");
    }
    for (int type = 0; type < types; type++) {
      builder.recordType("t" + type, "name");
      for (int i = 0; i < pairs; i++) {
        int number = i;
        int of = type;
        builder.permit(
            "t" + type + "-" + i,
            rule -> rule.groups("a")
                .actions(Action.READ)
                .recordType("t" + of)
                .purposes(Purpose.TREATMENT)
                .when(Condition.relation("r" + number), Condition.predicate("p" + number))
                .show("name"));
      }
    }
    return builder;
  }

  /** Each pair of facts doubles the diagram. */
  @Test
  void anything_entangledPolicy_refused() {
    PolicyAnalysis analysis = PolicyAnalysis.of(entangled(40, 1).build());
    AccessPolicy other =
        entangled(40, 1).deny("more", rule -> rule.actions(Action.READ)).build();
    RecordType type = RecordType.of("t0");
    Duty duty = new Duty(Action.READ, type);

    assertThatThrownBy(analysis::findings).isInstanceOf(PolicyTooEntangledException.class);
    assertThatThrownBy(() -> analysis.difference(other))
        .isInstanceOf(PolicyTooEntangledException.class);
    assertThatThrownBy(() -> analysis.whoCan(Action.READ, type, Purpose.TREATMENT))
        .isInstanceOf(PolicyTooEntangledException.class);
    assertThatThrownBy(() -> analysis.whatCan(Group.of("a")))
        .isInstanceOf(PolicyTooEntangledException.class);
    assertThatThrownBy(() -> analysis.conflictingDuties(duty, duty))
        .isInstanceOf(PolicyTooEntangledException.class)
        .hasMessageContaining("split the record type");
  }

  /** No single type is too large, but all together take too long. */
  @Test
  void findings_manyEntangledTypes_refusedInTheEnd() {
    AccessPolicy policy = entangled(8, 100).build();
    Times times = new Times(List.of(policy.model().zone()));
    FindingSearch search = new FindingSearch(new PolicyView(policy, 0), times, new Budget(200_000));

    assertThatThrownBy(search::find).isInstanceOf(PolicyTooEntangledException.class);
    assertThat(PolicyAnalysis.of(entangled(8, 3).build()).findings()).isEmpty();
  }

  @Test
  void whoCan_moreFactsThanVariables_refused() {
    PolicyBuilder builder = AccessPolicy.builder("many").groups("a").recordType("chart", "name");
    for (int i = 0; i < Diagrams.MAX_VARIABLES + 1; i++) {
      int number = i;
      builder
          .relations("r" + i)
          .permit(
              "p" + i,
              rule -> cover(rule, "a").when(Condition.relation("r" + number)).show("name"));
    }

    assertThatThrownBy(
            () -> PolicyAnalysis.of(builder.build()).whoCan(Action.READ, CHART, Purpose.TREATMENT))
        .isInstanceOf(PolicyTooEntangledException.class)
        .hasMessageContaining("different facts");
  }
}
