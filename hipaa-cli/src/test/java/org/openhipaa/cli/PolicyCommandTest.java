package org.openhipaa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code hipaa policy …} on the policy of the sample hospital. */
class PolicyCommandTest {
  private static final Path SAMPLE = Path.of("..", "samples", "hospital-policy");
  private static final String HOSPITAL = SAMPLE.resolve("policy.yaml").toString();
  private static final String CASES = SAMPLE.resolve("cases.yaml").toString();

  private static final String PHYSICIAN = "--group physician --action read --record-type chart"
      + " --purpose treatment --attribute record.employee=false --no-labels";

  @TempDir
  private Path folder;

  @Test
  void check_ofASoundPolicy_isGood() throws IOException {
    Run run = hipaa("check " + HOSPITAL);
    assertThat(run.code).as(run.out + run.err).isEqualTo(Hipaa.GOOD);
    assertThat(run.out).startsWith("good: 'Riverside General Hospital', ");
    JsonNode json = json("check --json " + HOSPITAL, Hipaa.GOOD);
    assertThat(json.path("ok").asBoolean()).isTrue();
    assertThat(json.path("findings").isArray()).isTrue();
  }

  @Test
  void check_ofAShadowedPermit_isNotGoodAndNamesIt() throws IOException {
    String all = changed("  - deny: nobody-exports\n", """
          - deny: no-payment
            actions: [read]
            record-type: account
          - deny: nobody-exports
        """);

    Run run = hipaa("check " + all);
    assertThat(run.code).as(run.out + run.err).isEqualTo(Hipaa.NOT_GOOD);
    assertThat(run.out).startsWith("not good: ").containsPattern("\nshadowed cashier-takes-money");
    JsonNode json = json("check --json " + all, Hipaa.NOT_GOOD);
    assertThat(json.path("ok").asBoolean(true)).isFalse();
    assertThat(json.path("findings").findValuesAsText("kind")).contains("shadowed");
  }

  @Test
  void check_ofARedundantRule_isGoodWithANote() throws IOException {
    String more = changed("  - deny: nobody-exports\n", """
          - deny: nobody-exports-charts
            actions: [export]
            record-type: chart
          - deny: nobody-exports
        """);

    Run run = hipaa("check " + more);

    assertThat(run.code).as(run.out + run.err).isEqualTo(Hipaa.GOOD);
    assertThat(run.out).startsWith("good: ").containsPattern("\nnote: .*nobody-exports-charts");
  }

  @Test
  void check_ofManyRules_looksForFindingsOnlyWhenAsked() throws IOException {
    StringBuilder rules = new StringBuilder("""
        openhipaa-policy: 1
        name: many
        groups: [nurse]
        record-types: {patient: [name]}
        rules:
        """);
    for (int i = 0; i <= 2000; i++) {
      rules.append("""
            - permit: r%d
              groups: [nurse]
              actions: [read]
              record-type: patient
              purposes: [treatment]
              fields: {name: show}
          """.formatted(i));
    }
    Path many = Files.writeString(folder.resolve("many.yaml"), rules);

    Run quick = hipaa("check " + many);
    assertThat(quick.code).isEqualTo(Hipaa.GOOD);
    assertThat(quick.out.lines()).hasSize(1);
    assertThat(quick.err).contains("--findings");
    Run thorough = hipaa("check --findings " + many);
    assertThat(thorough.code).isEqualTo(Hipaa.GOOD);
    assertThat(thorough.out).contains("redundant r2000");
  }

  @Test
  void explain_ofAPermit_printsRulesFieldsAndObligations() throws IOException {
    String asked = "explain " + HOSPITAL + " " + PHYSICIAN + " --relation treating";
    Run run = hipaa(asked + " --field name,birth-date");
    assertThat(run.code).as(run.out + run.err).isEqualTo(Hipaa.GOOD);
    assertThat(run.out).isEqualToNormalizingNewlines("""
            permit: rules physician-treats
              fields: name: show, birth-date: show
              quota: physician-treats#0: at most 60 patients per user in PT12H, alarm from 45
            """.replace(
            "name: show, birth-date: show", "birth-date: show, name: show"));
    JsonNode json = json(asked + " --json", Hipaa.GOOD);
    assertThat(json.path("permitted").asBoolean()).isTrue();
    assertThat(json.path("fields").path("notes").asText()).isEqualTo("show");
    assertThat(json.path("fields").has("ssn")).isFalse();
  }

  @Test
  void explain_ofAnEmergency_printsEveryObligation() {
    String asked = "explain " + HOSPITAL + " --group nurse --action read --record-type chart"
        + " --purpose emergency-treatment --assurance AAL2 --at 2026-03-02T09:00:00Z"
        + " --attribute record.employee=false --no-labels --reason";
    Run with = hipaa(asked + " --break-glass");
    assertThat(with.code).as(with.out + with.err).isEqualTo(Hipaa.GOOD);
    assertThat(with.out)
        .contains(
            "rules emergency-access",
            "time to live: PT1H",
            "notify: privacy-officer",
            "watermark: Opened in an emergency");
    Run without = hipaa(asked);
    assertThat(without.code).isEqualTo(Hipaa.NOT_GOOD);
    assertThat(without.out).startsWith("deny: ");
  }

  @Test
  void explain_ofADenial_saysWhy() throws IOException {
    Run run = hipaa("explain " + HOSPITAL + " " + PHYSICIAN);
    assertThat(run.code).isEqualTo(Hipaa.NOT_GOOD);
    assertThat(run.out).startsWith("deny: RELATION_MISSING, ").contains("treating");

    String grant = "explain " + HOSPITAL + " --group security-officer --action administer"
        + " --record-type grant --purpose system-administration";
    assertThat(hipaa(grant).out).contains("deny: ASSURANCE_TOO_LOW", "step-up: AAL2");
    assertThat(json(grant + " --json", Hipaa.NOT_GOOD).path("stepUp").asText()).isEqualTo("AAL2");
    assertThat(hipaa(grant + " --assurance AAL2").code).isEqualTo(Hipaa.GOOD);
  }

  @Test
  void explain_usesLabelsPredicatesRecipientAndApprover() {
    String bill = "explain " + HOSPITAL + " --group billing --action disclose --record-type account"
        + " --purpose payment --no-labels";
    assertThat(hipaa(bill + " --recipient health-plan").code).isEqualTo(Hipaa.GOOD);
    assertThat(hipaa(bill).code).isEqualTo(Hipaa.NOT_GOOD);
    String labelled = bill.replace("--no-labels", "--label substance-use");
    assertThat(hipaa(labelled + " --recipient health-plan").out).contains("DENIED_BY_RULE");

    String nurse = "explain " + HOSPITAL + " " + PHYSICIAN.replace("physician", "nurse")
        + " --relation treating";
    assertThat(hipaa(nurse + " --predicate on-shift").code).isEqualTo(Hipaa.GOOD);
    assertThat(hipaa(nurse).code).isEqualTo(Hipaa.NOT_GOOD);

    String officer = "explain " + HOSPITAL + " --group privacy-officer --action read"
        + " --record-type chart --purpose operations --assurance AAL2 --reason";
    assertThat(hipaa(officer + " --approver security-officer").code).isEqualTo(Hipaa.GOOD);
    assertThat(hipaa(officer).out).contains("APPROVAL_NEEDED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--group nurze | there is no group 'nurze'",
        "--relation treeting | there is no relation 'treeting'",
        "--predicate off-shift | there is no predicate 'off-shift'",
        "--label secret | there is no label 'secret'",
        "--label hiv | exclude each other",
        "--field nome | there is no field 'nome'",
        "--assurance AAL9 | there is no assurance 'AAL9'",
        "--recipient nobody | there is no recipient 'nobody'",
        "--at yesterday | is no time",
        "--break-glass | needs --at",
        "--approver nurze | there is no group 'nurze'",
        "--attribute record.employee | is no attribute",
        "--attribute record.employe=true | there is no attribute 'record.employe'",
        "--attribute context.hour=3 | there is no attribute 'context.hour'",
        "--attribute record.employee=true | given twice"
      })
  void explain_namesThatAreUnknown_areUsageErrors(String option, String message) {
    assertUsage("explain " + HOSPITAL + " " + PHYSICIAN + " " + option, message);
  }

  @Test
  void explain_questionOrValueThatIsNotUnderstood_isAUsageError() {
    String asked = "explain " + HOSPITAL + " " + PHYSICIAN;
    assertUsage(asked.replace("record.employee=false", "record.employee=no"), "true or false");
    assertUsage(asked.replace("action read", "action raed"), "there is no action 'raed'");
    assertUsage(asked.replace("type chart", "type card"), "there is no record type 'card'");
    assertUsage(asked.replace("purpose treatment", "purpose fun"), "there is no purpose 'fun'");
    assertUsage(asked.replace("--purpose treatment", ""), "--purpose");
  }

  @Test
  void explain_readsNumbersAndSetsAsDeclared() throws IOException {
    Path file = Files.writeString(folder.resolve("typed.yaml"), """
        openhipaa-policy: 1
        name: typed
        groups: [nurse]
        attributes: {record.age: integer, actor.wards: texts}
        record-types: {patient: [name]}
        rules:
          - permit: adults
            groups: [nurse]
            actions: [read]
            record-type: patient
            purposes: [treatment]
            when:
              - record.age: {from: 18}
              - actor.wards: {in: [east]}
            fields: {name: show}
        """);
    String asked = "explain " + file
        + " --group nurse --action read --record-type patient --purpose treatment";

    String adult = " --attribute record.age=18 --attribute actor.wards=west,east";
    Run run = hipaa(asked + adult);
    assertThat(run.code).as(run.out + run.err).isEqualTo(Hipaa.GOOD);
    assertThat(hipaa(asked + adult.replace("18", "17")).code).isEqualTo(Hipaa.NOT_GOOD);
    assertThat(hipaa(asked + adult.replace("east", "")).code).isEqualTo(Hipaa.NOT_GOOD);
    assertUsage(asked + adult.replace("18", "x"), "whole number");
  }

  @Test
  void diff_ofAPolicyWithItself_isGood() throws IOException {
    String renamed = changed("permit: quality-reviews", "permit: quality-reads");
    String plain = "diff " + HOSPITAL + " " + HOSPITAL;
    Run run = hipaa(plain);
    assertThat(run.code).as(run.out + run.err).isEqualTo(Hipaa.GOOD);
    assertThat(run.out).startsWith("good: ");
    assertThat(json(plain + " --json", Hipaa.GOOD).path("differences")).isEmpty();
    assertThat(hipaa("diff " + HOSPITAL + " " + renamed).code)
        .as("a quota's budget belongs to its rule")
        .isEqualTo(Hipaa.NOT_GOOD);
  }

  @Test
  void diff_ofAnotherMaskAndAnotherGroup_saysWhoAndWhat() throws IOException {
    String masked = changed("address: zip3", "address: show");
    Run run = hipaa("diff " + HOSPITAL + " " + masked);
    assertThat(run.code).isEqualTo(Hipaa.NOT_GOOD);
    assertThat(run.out)
        .startsWith("field: chart, read for operations; groups quality\n")
        .contains("address")
        .contains("shown by: in group quality");

    String wider = changed("groups: [cashier]", "groups: [cashier, researcher]");
    JsonNode json = json("diff --json " + HOSPITAL + " " + wider, Hipaa.NOT_GOOD);
    assertThat(json.path("differences").findValuesAsText("kind")).contains("gained");
    assertThat(json.toString()).contains("researcher");
  }

  @Test
  void whoCan_namesGroupsConditionsAndMasks() throws IOException {
    String asked =
        "who-can " + HOSPITAL + " --action read --record-type chart --purpose operations";
    Run run = hipaa(asked);
    assertThat(run.code).as(run.out + run.err).isEqualTo(Hipaa.GOOD);
    assertThat(run.out)
        .contains("registrar", "quality", "privacy-officer", "address: zip3", "  if ");
    Run field = hipaa(asked + " --field ssn");
    assertThat(field.out).contains("registrar", "ssn: last-four").doesNotContain("quality");
    JsonNode json = json(asked + " --json --field ssn", Hipaa.GOOD);
    assertThat(json.path("access")).hasSize(1);
    assertThat(json.at("/access/0/fields/ssn/0").asText()).isEqualTo("last-four");
  }

  @Test
  void whoCan_recordsWithALabel_onlyThoseWhoMay() {
    String asked = "who-can " + HOSPITAL + " --action read --record-type chart"
        + " --purpose operations --attribute record.status=open";
    assertThat(hipaa(asked).out).contains("quality", "label");
    assertThat(hipaa(asked + " --no-labels").out).contains("quality").doesNotContain("label");
    assertThat(hipaa(asked + " --label hiv").out).contains("registrar").doesNotContain("quality");
    assertUsage(asked + " --label psycho", "there is no label 'psycho'");
  }

  @Test
  void whoCan_nobodyOrUnknownNames() {
    String asked = "who-can " + HOSPITAL + " --action export --record-type chart --purpose legal";
    Run run = hipaa(asked);
    assertThat(run.code).isEqualTo(Hipaa.GOOD);
    assertThat(run.out.strip()).isEqualTo("nobody");
    assertUsage(asked + " --field nome", "there is no field 'nome'");
  }

  @Test
  void test_ofASoundPolicy_isGood() throws IOException {
    Run run = hipaa("test " + HOSPITAL + " " + CASES);
    assertThat(run.code).as(run.out + run.err).isEqualTo(Hipaa.GOOD);
    assertThat(run.out).startsWith("good: ").contains("cases decided as expected");
    assertThat(json("test --json " + HOSPITAL + " " + CASES, Hipaa.GOOD)
            .path("cases")
            .asInt())
        .isGreaterThan(20);
  }

  @Test
  void test_ofASpoiltPolicy_namesTheLines() throws IOException {
    String spoilt = changed("address: zip3", "address: show");
    Run run = hipaa("test " + spoilt + " " + CASES);
    assertThat(run.code).isEqualTo(Hipaa.NOT_GOOD);
    assertThat(run.out)
        .containsPattern("cases.yaml:[1-9][0-9]*: .*: expected the fields")
        .contains("not good: ");
    JsonNode json = json("test --json " + spoilt + " " + CASES, Hipaa.NOT_GOOD);
    assertThat(json.at("/failures/0/line").asInt()).isPositive();
  }

  @Test
  void filesThatAreMissingOrRefused_areNotDone() throws IOException {
    String none = folder.resolve("none.yaml").toString();
    Path bad = Files.writeString(folder.resolve("bad.yaml"), "name: x\n");
    for (String command : List.of(
        "diff " + HOSPITAL + " " + none,
        "diff " + bad + " " + HOSPITAL,
        "test " + HOSPITAL + " " + none,
        "test " + HOSPITAL + " " + bad,
        "test " + none + " " + CASES,
        "explain " + none + " " + PHYSICIAN,
        "who-can " + bad + " --action read --record-type chart --purpose treatment")) {
      Run run = hipaa(command);
      assertThat(run.code).as(command).isEqualTo(Hipaa.NOT_DONE);
      assertThat(run.err.lines()).as(command).hasSize(1);
      assertThat(run.err).startsWith("hipaa: ").contains(".yaml");
    }
  }

  private static void assertUsage(String command, String message) {
    Run run = hipaa(command);
    assertThat(run.code).as(run.out + run.err).isEqualTo(Hipaa.USAGE);
    assertThat(run.err.lines()).hasSize(1);
    assertThat(run.err).startsWith("hipaa: ").contains(message).contains("--help");
  }

  private String changed(String from, String to) throws IOException {
    String text = Files.readString(Path.of(HOSPITAL));
    assertThat(text).contains(from);
    Path file = folder.resolve("changed" + Math.abs((from + to).hashCode() % 1000) + ".yaml");
    return Files.writeString(file, text.replace(from, to)).toString();
  }

  private static JsonNode json(String command, int code) throws IOException {
    Run run = hipaa(command);
    assertThat(run.code).as(run.out + run.err).isEqualTo(code);
    assertThat(run.out.lines()).hasSize(1);
    return new ObjectMapper().readTree(run.out);
  }

  private static Run hipaa(String command) {
    List<String> args = new ArrayList<>(List.of("policy"));
    args.addAll(List.of(command.split(" +")));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Hipaa.run(new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }

  private record Run(int code, String out, String err) {}
}
