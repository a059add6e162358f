package org.openhipaa.core.access.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhipaa.core.access.AccessPolicy;

class PolicyTableTest {
  private static final Path CLINIC =
      Path.of("..", "hipaa-testkit", "src", "test", "resources", "policy");

  private final AccessPolicy policy = AccessPolicy.load(CLINIC.resolve("clinic.yaml"));

  @Test
  void check_clinic_decidesAsItsTableSays() {
    assertThat(PolicyTable.load(CLINIC.resolve("clinic-cases.yaml")).check(policy))
        .isNotEmpty()
        .allMatch(result -> result.failure().isEmpty());
  }

  private static String table(String... lines) {
    return "openhipaa-policy-table: 1\ncases:\n  - name: one\n    groups: [nurse]\n"
        + "    action: read\n    record-type: schedule\n    purpose: operations\n"
        + Stream.of(lines).map(line -> "    " + line + "\n").reduce("", String::concat);
  }

  private List<PolicyTable.Result> check(String... lines) {
    return PolicyTable.parse("cases.yaml", table(lines)).check(policy);
  }

  @Test
  void check_whatIsAsExpected_succeeds() {
    assertThat(check("predicates: [on-shift]", "expect: permit"))
        .allMatch(result -> result.failure().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deny | expected deny, but rules [staff-reads-schedule] permit it",
        "{permit: {rules: [other]}} | expected rules [other], but was [staff-reads-schedule]",
        "{permit: {fields: {name: show}}} | expected the fields {name=SHOW}, but was {}",
        "{permit: {quotas: ['a#0']}} | expected the quotas [a#0], but was []",
        "{permit: {time-to-live: PT1H}} | expected the time to live Optional[PT1H], but was"
            + " Optional.empty",
        "{permit: {notified: [staff]}} | expected the notified groups [staff], but was []",
        "{permit: {watermarks: [x]}} | expected the watermarks [x], but was []"
      })
  void check_permitThatIsNotAsExpected_saysHow(String expected, String failure) {
    assertThat(check("predicates: [on-shift]", "expect: " + expected).get(0).failure())
        .contains(failure);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "permit | expected permit, but it is denied: RELATION_MISSING, rule staff-reads-schedule"
            + " would permit it with the predicate on-shift",
        "{deny: {reason: DENIED_BY_RULE}} | expected the reason DENIED_BY_RULE, but was"
            + " RELATION_MISSING",
        "{deny: {rules: [x]}} | expected rules [x], but was []",
        "{deny: {step-up: AAL2}} | expected the step-up AAL2, but was none"
      })
  void check_denialThatIsNotAsExpected_saysHow(String expected, String failure) {
    assertThat(check("expect: " + expected).get(0).failure()).contains(failure);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "approver: [nurze] | names the group 'nurze', which the policy does not declare",
        "relations: [treats] | names the relation or predicate 'treats', which the policy does not"
            + " declare",
        "failing: [treats] | names the relation or predicate 'treats', which the policy does not"
            + " declare",
        "labels: [secret] | names the label 'secret', which the policy does not declare",
        "actor: {ward: a} | names the attribute 'actor.ward', which the policy does not declare",
        "record: {age: 1} | names the attribute 'record.age', which the policy does not declare",
        "context: {x: y} | names the attribute 'context.x', which the policy does not declare"
      })
  void check_nameThatThePolicyDoesNotDeclare_fails(String line, String failure) {
    assertThat(check(line, "expect: deny").get(0).failure()).contains(failure);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "colour: red | 8 | 5 | unknown key 'colour'",
        "labels: none | 8 | 13 | expected a list",
        "relations: [a, a] | 8 | 20 | 'a' stands here twice",
        "assurance: AAL4 | 8 | 16 | unknown assurance 'AAL4'",
        "recipient: nobody | 8 | 16 | unknown recipient 'nobody'",
        "at: noon | 8 | 9 | expected a time such as",
        "patient: some | 8 | 14 | expected 'none'",
        "approver: [Nurse] | 8 | 16 | ",
        "fields: [1] | 8 | 14 | ",
        "break-glass: valid | 8 | 18 | 'break-glass' needs 'at'",
        "actor: [a] | 8 | 12 | expected a mapping",
        "expect: maybe | 8 | 13 | expected 'permit', 'deny'",
        "expect: {permit: {}, deny: {}} | 8 | 13 | a case expects either",
        "expect: {permit: {reason: NO_MATCHING_RULE}} | 8 | 23 | unknown key 'reason'",
        "expect: {deny: {reason: BAD_LUCK}} | 8 | 29 | unknown reason 'BAD_LUCK'",
        "expect: {permit: {fields: {name: blue}}} | 8 | 38 | unknown mask 'blue'",
        "expect: {permit: {time-to-live: 1h}} | 8 | 37 | expected 'none' or an ISO 8601",
        "'\"' | 8 | 0 | not valid YAML"
      })
  void parse_whatIsNotUnderstood_isRefusedWithItsPlace(
      String line, int at, int column, String reason) {
    assertThatThrownBy(() -> PolicyTable.parse("cases.yaml", table(line)))
        .isInstanceOfSatisfying(PolicyTableNotLoadedException.class, e -> {
          if (column > 0) {
            assertThat(e.line()).isEqualTo(at);
            assertThat(e.column()).isEqualTo(column);
          }
          assertThat(e)
              .hasMessageStartingWith("cases.yaml:")
              .hasMessageContaining(reason == null ? "" : reason);
        });
  }

  @Test
  void parse_missingOrDoubleKeys_areRefused() {
    assertThatThrownBy(() -> PolicyTable.parse("t", table()))
        .hasMessage("t:3:5: 'expect' is missing");
    assertThatThrownBy(() -> PolicyTable.parse("t", "")).hasMessage("t:1:1: the file is empty");
    assertThatThrownBy(() -> PolicyTable.parse("t", "openhipaa-policy-table: 2\ncases: []"))
        .hasMessage("t:1:25: table format '2' is not known; known: 1");
    assertThatThrownBy(() -> PolicyTable.parse("t", "openhipaa-policy-table: 1\ncases: []"))
        .hasMessage("t:1:1: a table needs at least one case");
    String one = table("expect: deny");
    assertThatThrownBy(() -> PolicyTable.parse("t", one + one.substring(one.indexOf("  - name"))))
        .hasMessageContaining("two cases are named 'one'");
    assertThatThrownBy(() -> PolicyTable.parse("t", table("expect: deny", "expect: deny")))
        .isInstanceOf(PolicyTableNotLoadedException.class);
  }

  @Test
  void load_fileThatDoesNotExist_saysSo(@TempDir Path folder) {
    assertThatThrownBy(() -> PolicyTable.load(folder.resolve("none.yaml")))
        .isInstanceOf(PolicyTableNotLoadedException.class)
        .hasMessageContaining("none.yaml: the file cannot be read");
  }

  @Test
  void case_withAttributesOfEveryType_hasThem() {
    PolicyCase one = PolicyTable.parse(
            "t",
            table("record: {a: 1, b: true, c: text, d: [x], e: '1', f: \"true\"}", "expect: deny"))
        .cases()
        .get(0);

    assertThat(one.request().attributes().value("a")).contains(1L);
    assertThat(one.request().attributes().value("b")).contains(true);
    assertThat(one.request().attributes().value("c")).contains("text");
    assertThat(one.request().attributes().value("d").orElseThrow())
        .isInstanceOf(java.util.Set.class);
    assertThat(one.request().attributes().value("e")).contains("1");
    assertThat(one.request().attributes().value("f")).contains("true");
    assertThat(one.line()).isEqualTo(3);
  }
}
