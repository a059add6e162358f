package org.openhipaa.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.ZoneId;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.access.rules.QuotaMeasure;
import org.openhipaa.core.access.rules.QuotaScope;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.internal.Fences;
import org.openhipaa.core.mask.Mask;

class PolicyFileTest {
  /** A good policy; the table below breaks it line by line. */
  private static final String GOOD = """
      openhipaa-policy: 1
      name: clinic
      groups: [nurse, clerk]
      relations: [treating]
      record-types:
        patient: [name, ssn]
        incident: []
      rules:
        - permit: nurse-reads
          groups: [nurse]
          actions: [read]
          record-type: patient
          purposes: [treatment]
          when: [treating]
          assurance: AAL2
          fields: {name: show, ssn: last-four}
          quota: {patients: 5, window: PT1H}
        - deny: no-export
          actions: [export]
          record-type: patient
      """;

  @TempDir
  Path folder;

  static Stream<Arguments> edits() {
    return Stream.of(
        // what to replace, by what, line, column, part of the reason
        bad("openhipaa-policy: 1\n", "", 1, 1, "'openhipaa-policy' is missing"),
        bad(
            "openhipaa-policy: 1",
            "openhipaa-policy: 2",
            1,
            19,
            "policy format '2' is not known here (known: 1); use a newer release"),
        bad("rules:\n", "rule-count: 3\nrules:\n", 8, 13, "is the file whole?"),
        bad("rules:\n", "rule-count: two\nrules:\n", 8, 13, "the policy has 2 rules"),
        bad("openhipaa-policy: 1", "openhipaa-policy: 1.0", 1, 19, "policy format '1.0'"),
        bad("openhipaa-policy: 1", "openhipaa-policy: [1]", 1, 19, "expected a single value"),
        bad("name: clinic\n", "", 1, 1, "'name' is missing"),
        bad("name: clinic", "name:", 2, 6, "a policy name has 1-200 characters"),
        bad("name: clinic", "name: {a: b}", 2, 7, "expected a single value"),
        bad("name: clinic", "name: clinic\nname: clinic", 3, 1, "'name' stands here twice"),
        bad(
            "name: clinic",
            "title: clinic",
            2,
            1,
            "unknown key 'title'; known: [attributes, groups, labels,"),
        bad("groups: [nurse, clerk]\nrel", "rel", 1, 1, "'groups' is missing"),
        bad("groups: [nurse, clerk]", "groups: nurse", 3, 9, "expected a list"),
        bad(
            "groups: [nurse, clerk]",
            "groups: [nurse, nurse]",
            3,
            17,
            "group 'nurse' is declared twice"),
        bad(
            "groups: [nurse, clerk]",
            "groups: [nurse, Clerk]",
            3,
            17,
            "group must be 1-63 characters"),
        bad("groups: [nurse, clerk]", "groups: [nurse, [clerk]]", 3, 17, "expected a single value"),
        bad("groups: [nurse, clerk]", "groups: [nurse, clerk", 4, 10, "not valid YAML or JSON"),
        bad("relations: [treating]", "relations: {treating: yes}", 4, 12, "expected a list"),
        bad(
            "relations: [treating]",
            "relations: [treating, treating]",
            4,
            23,
            "relation 'treating' is declared twice"),
        bad(
            "relations: [treating]",
            "relations: [Treating]",
            4,
            13,
            "a relation has 1-63 characters"),
        bad("  patient: [name, ssn]", "  patient: name", 6, 12, "expected a list"),
        bad(
            "  patient: [name, ssn]",
            "  patient: [name, name]",
            6,
            12,
            "field 'name' is declared twice"),
        bad("  patient: [name, ssn]", "  patient: [na me, ssn]", 6, 12, "field path must be"),
        bad("  patient: [name, ssn]", "  Patient: [name, ssn]", 6, 12, "record type must be"),
        bad(
            "  patient: [name, ssn]",
            "  patient: [name, ssn]\n  patient: [name]",
            7,
            3,
            "'patient' stands here twice"),
        bad("rules:", "rules: []\nrule:", 9, 1, "unknown key 'rule'"),
        bad("  - permit: nurse-reads", "  - permit: Nurse", 9, 5, "a rule id has 1-63 characters"),
        bad("  - permit: nurse-reads", "  - permit:", 9, 5, "a rule id has 1-63 characters"),
        bad("  - permit: nurse-reads", "  - allow: nurse-reads", 9, 5, "unknown key 'allow'"),
        bad("  - permit: nurse-reads\n    groups", "  - groups", 9, 5, "a rule starts with either"),
        bad(
            "  - permit: nurse-reads",
            "  - permit: nurse-reads\n    deny: x",
            9,
            5,
            "a rule starts with either"),
        bad(
            "  - deny: no-export",
            "  - deny: nurse-reads",
            18,
            5,
            "rule 'nurse-reads' exists twice"),
        bad("    groups: [nurse]\n", "", 9, 5, "permits, so it must name groups"),
        bad(
            "    groups: [nurse]",
            "    groups: []",
            10,
            13,
            "'groups' is empty; leave the key out"),
        bad("    when: [treating]", "    when: []", 14, 11, "'when' is empty; leave the key out"),
        bad("    assurance: AAL2", "    approvers: []", 15, 16, "'approvers' is empty"),
        bad(
            "    actions: [export]",
            "    actions: [export]\n    groups: []",
            20,
            13,
            "'groups' is empty"),
        when("{context.weekday: {is: 0}}", 14, 12, "asks 'context.weekday', which is 1 to 7"),
        when("{context.hour: {from: 24}}", 14, 12, "asks 'context.hour', which is 0 to 23"),
        when("{context.recipient: {is: health_plan}}", 14, 12, "unknown recipient 'health_plan'"),
        bad(
            "    groups: [nurse]",
            "    groups: [nurse, doctor]",
            10,
            21,
            "names the undeclared group 'doctor'"),
        bad("    groups: [nurse]", "    groups: nurse", 10, 13, "expected a list"),
        bad(
            "    groups: [nurse]",
            "    groups: [nurse]\n    groups: [nurse]",
            11,
            5,
            "'groups' stands here twice"),
        bad("    actions: [read]\n", "", 9, 5, "names no actions"),
        bad(
            "    actions: [read]",
            "    actions: [reed]",
            11,
            15,
            "unknown action 'reed'; known: read, search,"),
        bad("    actions: [read]", "    actions: [READ]", 11, 15, "unknown action 'READ'"),
        bad(
            "    record-type: patient\n    purposes",
            "    purposes",
            15,
            20,
            "must name its record type before its fields"),
        bad(
            "    record-type: patient\n    purposes",
            "    record-type: visit\n    purposes",
            12,
            18,
            "names the undeclared record type 'visit'"),
        bad(
            "    record-type: patient\n    purposes",
            "    record-type: [patient, incident]\n    purposes",
            12,
            28,
            "names two record types"),
        bad(
            "    record-type: patient\n    purposes",
            "    record-type: {patient: incident}\n    purposes",
            12,
            18,
            "expected a single value"),
        bad("    purposes: [treatment]\n", "", 9, 5, "permits, so it must name purposes"),
        bad(
            "    purposes: [treatment]",
            "    purposes: [fun]",
            13,
            16,
            "unknown purpose 'fun'; known: treatment,"),
        bad(
            "    when: [treating]",
            "    when: [knowing]",
            14,
            12,
            "names the undeclared relation 'knowing'"),
        bad(
            "    assurance: AAL2",
            "    assurance: AAL4",
            15,
            16,
            "unknown assurance 'AAL4'; known: AAL1, AAL2, AAL3"),
        bad(
            "    fields: {name: show, ssn: last-four}\n",
            "",
            9,
            5,
            "must name the fields that it shows"),
        bad(
            "    fields: {name: show, ssn: last-four}",
            "    fields: {}",
            9,
            5,
            "must name the fields that it shows"),
        bad(
            "ssn: last-four}",
            "ssn: last-five}",
            16,
            31,
            "unknown mask 'last-five'; known: show, last-four,"),
        bad("ssn: last-four}", "sns: last-four}", 16, 31, "names the undeclared field 'sns'"),
        bad("ssn: last-four}", "name: last-four}", 16, 26, "'name' stands here twice"),
        bad(
            "    fields: {name: show, ssn: last-four}",
            "    fields: [name, ssn]",
            16,
            13,
            "expected a mapping of names to values"),
        bad("patients: 5", "patients: 0", 17, 12, "a quota is of 1 to 10^15 patients, not 0"),
        bad("patients: 5", "patients: -5", 17, 23, "expected a whole number"),
        bad("patients: 5", "patients: 5.0", 17, 23, "expected a whole number"),
        bad(
            "patients: 5",
            "patients: 1000000000000001",
            17,
            12,
            "a quota is of 1 to 10^15 patients"),
        bad("patients: 5", "patients: 99999999999999999999", 17, 23, "expected a whole number"),
        bad("patients: 5", "patients: ٥", 17, 23, "expected a whole number"),
        bad(
            "window: PT1H",
            "window: 1 hour",
            17,
            34,
            "expected an ISO 8601 duration such as PT1H or P1D"),
        bad("window: PT1H", "window: PT0.5S", 17, 12, "a quota window is of 1 second to 366 days"),
        bad("window: PT1H", "window: P367D", 17, 12, "a quota window is of 1 second to 366 days"),
        bad("window: PT1H", "window: PT-1H", 17, 12, "a quota window is of 1 second to 366 days"),
        bad(
            "window: PT1H",
            "window: P99999999999999999999D",
            17,
            34,
            "expected an ISO 8601 duration"),
        bad(", window: PT1H", "", 17, 12, "'window' is missing"),
        bad("patients: 5, ", "", 17, 12, "a quota names one of patients, sensitive-patients,"),
        bad("patients: 5,", "patients: 5, sotf: 4,", 17, 26, "unknown key 'sotf'"),
        bad("patients: 5,", "patients: 5, soft: 6,", 17, 12, "soft limit lies between 1 and"),
        bad("patients: 5,", "patients: 5, bytes: 6,", 17, 12, "a quota names one of patients,"),
        bad("patients: 5,", "patients: 5, per: all,", 17, 31, "unknown scope 'all'"),
        bad("patients: 5,", "sensitive-patients: 5,", 17, 12, "if, and only if, it counts"),
        bad("quota: {patients: 5, window: PT1H}", "quota: 5", 17, 12, "expected a mapping"),
        bad(
            "    actions: [export]",
            "    actions: [export]\n    assurance: AAL1",
            18,
            5,
            "denies, so it cannot have fields, an assurance"),
        bad(
            "    actions: [export]",
            "    actions: [export]\n    record-type: patient\n    fields: {name: show}",
            22,
            5,
            "'record-type' stands here twice"),
        bad(
            "groups: [nurse, clerk]",
            "groups: &g [nurse, clerk]",
            3,
            9,
            "anchors and aliases are not allowed; write it out"),
        bad(
            "groups: [nurse, clerk]",
            "groups: [&n nurse, clerk]",
            3,
            10,
            "anchors and aliases are not allowed"),
        bad("    groups: [nurse]", "    groups: *g", 10, 13, "anchors and aliases are not allowed"),
        bad(
            "name: clinic",
            "name: !!str clinic",
            2,
            7,
            "tags are not allowed; write the plain value"),
        bad("name: clinic", "name: !!java.net.URL clinic", 2, 7, "tags are not allowed"),
        bad(
            "groups: [nurse, clerk]",
            "groups: [a, b]\nmember-of: {c: [a]}",
            4,
            17,
            "group 'c' is not declared"),
        bad(
            "groups: [nurse, clerk]",
            "groups: [a, b]\nmember-of: {a: [c]}",
            4,
            17,
            "group 'c' is not declared"),
        bad(
            "groups: [nurse, clerk]",
            "groups: [a, b]\nmember-of: {a: [a]}",
            4,
            17,
            "group 'a' would be a member of itself"),
        bad(
            "groups: [nurse, clerk]",
            "groups: [a, b, c]\nmember-of: {a: [b], b: [c], c: [a]}",
            4,
            33,
            "group 'c' would be a member of itself through 'a'"),
        bad(
            "groups: [nurse, clerk]",
            "groups: [a, b]\nseparate-duties: [[a]]",
            4,
            19,
            "expected a list of two groups"),
        bad(
            "groups: [nurse, clerk]",
            "groups: [a, b]\nseparate-duties: [[a, c]]",
            4,
            19,
            "group 'c' is not declared"),
        bad(
            "groups: [nurse, clerk]",
            "groups: [a, b]\nseparate-duties: [[a, b], [b, a]]",
            4,
            27,
            "are separated twice"),
        bad(
            "groups: [nurse, clerk]",
            "groups: [a, b]\nlabels: {x: [y]}",
            4,
            14,
            "label 'y' is not declared"),
        bad(
            "groups: [nurse, clerk]",
            "groups: [a, b]\nlabels: {x: [y], y: [x]}",
            4,
            22,
            "label 'y' would imply itself through 'x'"),
        bad(
            "groups: [nurse, clerk]",
            "groups: [a, b]\nattributes: {department: text}",
            4,
            26,
            "an attribute is written actor.NAME"),
        bad(
            "groups: [nurse, clerk]",
            "groups: [a, b]\nattributes: {record.x: number}",
            4,
            24,
            "unknown attribute type 'number'"),
        bad(
            "groups: [nurse, clerk]",
            "groups: [a, b]\nattributes: {context.hour: integer}",
            4,
            28,
            "attribute 'context.hour' is built in"),
        bad(
            "groups: [nurse, clerk]",
            "groups: [a, b]\nattributes: {record.x: {type: flag, values: [a]}}",
            4,
            24,
            "only texts can list their values"),
        bad(
            "groups: [nurse, clerk]",
            "groups: [a, b]\npredicates: {p: [everything]}",
            4,
            17,
            "a predicate reads 'patient', 'labels', or"),
        bad("name: clinic", "name: clinic\ntime-zone: Mars/Olympus", 3, 12, "unknown time zone"),
        when("relations", 14, 12, "names the undeclared relation 'relations'"),
        when("{weekday: {is: 1}}", 14, 12, "unknown condition 'weekday'"),
        when("{record.x: {is: 1}}", 14, 12, "attribute 'record.x' is not declared"),
        when(
            "{context.hour: {from: 20, to: 7}}",
            14,
            12,
            "has an empty range for 'context.hour', from 20 to 7"),
        when("{context.hour: {from: a}}", 14, 34, "expected a whole number"),
        when(
            "{context.hour: {is: 7, to: 8}}",
            14,
            27,
            "expected 'is: value', 'in: [values]', or 'from:' and 'to:'"),
        when(
            "{context.hour: {in: [a]}}",
            14,
            12,
            "compares 'context.hour', which is of type integer, as text"),
        when("{actor.location: {in: []}}", 14, 12, "compares 'actor.location' with no value"),
        when("{actor.location: {in: [a, a]}}", 14, 34, "a value stands here twice"),
        when("{any: []}", 14, 12, "has an empty 'any'"),
        when("{not: [treating]}", 14, 18, "expected a mapping"),
        when("{label: hiv}", 14, 12, "names the undeclared label 'hiv'"),
        when("{predicate: p}", 14, 12, "names the undeclared predicate 'p'"),
        when("{same: [actor.location]}", 14, 19, "expected a list of two attributes"),
        when(
            "{same: [actor.location, actor.location]}",
            14,
            12,
            "compares 'actor.location' with itself"),
        when(
            "{same: [actor.location, context.hour]}",
            14,
            12,
            "compares 'context.hour', which is of type integer"),
        when("{all: [treating], any: [treating]}", 14, 12, "a condition has one key"),
        when(
            "treating, {not: treating}",
            9,
            5,
            "can never apply: it demands a condition and its opposite"),
        when(
            "{context.hour: {to: 6}}, {context.hour: {from: 20}}",
            9,
            5,
            "can never apply: no number is in all the ranges for 'context.hour'"),
        when(
            "{actor.location: {is: a}}, {actor.location: {in: [b, c]}}",
            9,
            5,
            "can never apply: no value of 'actor.location' is in all its lists"),
        when(
            "{not: ".repeat(8) + "treating" + "}".repeat(8),
            14,
            12,
            "nests conditions deeper than 8 levels"),
        bad(
            "    assurance: AAL2",
            "    assurance: AAL2\n    break-glass: yes",
            16,
            18,
            "expected 'required'"),
        bad(
            "    assurance: AAL2",
            "    assurance: AAL2\n    reason: true",
            16,
            13,
            "expected 'required'"),
        bad(
            "    assurance: AAL2",
            "    assurance: AAL2\n    notify: [nobody]",
            16,
            14,
            "names the undeclared group 'nobody'"),
        bad(
            "    assurance: AAL2",
            "    assurance: AAL2\n    approvers: [nobody]",
            16,
            17,
            "names the undeclared group 'nobody'"),
        bad(
            "    assurance: AAL2",
            "    assurance: AAL2\n    time-to-live: PT0S",
            16,
            19,
            "a time to live outside of"),
        bad(
            "    assurance: AAL2",
            "    assurance: AAL2\n    watermark: ''",
            16,
            16,
            "has a blank watermark"),
        bad(
            "    assurance: AAL2",
            "    assurance: AAL2\n    obligations: [burn]",
            16,
            5,
            "unknown key 'obligations'"),
        bad(
            "    actions: [export]",
            "    actions: [export]\n    reason: required",
            18,
            5,
            "denies, so it cannot have"),
        bad("groups: [nurse, clerk]", "groups: !x [nurse, clerk]", 3, 9, "tags are not allowed"),
        bad("name: clinic", "<<: {name: clinic}", 2, 1, "unknown key '<<'"),
        bad("name: clinic", "? [a, b]\n: clinic", 2, 3, "expected a single value"),
        bad(
            "rules:",
            "rules: " + "[".repeat(25) + "]".repeat(25) + "\nrulez:",
            8,
            31,
            "nested deeper than 24 levels"),
        bad("name: clinic", "name:\tclinic\n\tx: y", 3, 1, "not valid YAML or JSON"),
        bad("  patient: [name, ssn]", "\tpatient: [name, ssn]", 6, 1, "not valid YAML or JSON"),
        bad("name: clinic", "name: \"clinic\\u0007\"", 2, 7, "a policy name has 1-200 characters"),
        bad(
            "name: clinic",
            "\"\\e[31m\\nERROR all well\": x",
            2,
            1,
            "unknown key '?[31m?ERROR all well'"));
  }

  /** Another list of conditions in the rule of the good policy. */
  private static Arguments when(String conditions, int line, int column, String reason) {
    return bad("when: [treating]", "when: [" + conditions + "]", line, column, reason);
  }

  private static Arguments bad(String old, String now, int line, int column, String reason) {
    return Arguments.of(old, now, line, column, reason);
  }

  @ParameterizedTest
  @MethodSource("edits")
  void brokenLine_isNamedByLineColumnAndReason(
      String old, String now, int line, int column, String reason) {
    assertThat(GOOD).as("the good policy has what the test replaces").contains(old);

    PolicyNotLoadedException failure = failure(GOOD.replaceFirst(
        java.util.regex.Pattern.quote(old), java.util.regex.Matcher.quoteReplacement(now)));

    assertThat(failure).hasMessageStartingWith("clinic.yaml:" + line + ":" + column + ": ");
    assertThat(failure).hasMessageContaining(reason);
    assertThat(failure.line()).isEqualTo(line);
    assertThat(failure.column()).isEqualTo(column);
    assertThat(failure.getMessage()).doesNotContain("\n");
  }

  @Test
  void goodPolicy_isTheSameFromYamlFromJsonAndFromJava() throws IOException {
    Fences page = Fences.of("policy-v1.md");
    Path yaml = Files.writeString(folder.resolve("clinic.yaml"), page.text("example.yaml"));
    Path json = Files.writeString(folder.resolve("clinic.json"), page.text("example.json"));

    AccessPolicy built = AccessPolicy.builder("Riverside clinic")
        .groups("nurse", "billing", "support")
        .relations("treating", "vip")
        .recordType("patient", "birth-date", "diagnosis", "name", "ssn", "zip")
        .recordType("incident")
        .permit(
            "nurse-reads-own-patients",
            r -> r.groups("nurse")
                .actions(Action.READ)
                .recordType("patient")
                .purposes(Purpose.TREATMENT, Purpose.EMERGENCY_TREATMENT)
                .when("treating")
                .show("name", "diagnosis")
                .mask(Mask.YEAR, "birth-date")
                .quota(40, Duration.ofHours(12)))
        .permit(
            "billing-reads",
            r -> r.groups("billing")
                .actions(Action.READ, Action.PRINT)
                .recordType("patient")
                .purposes(Purpose.PAYMENT)
                .assurance(Assurance.AAL2)
                .show("name")
                .mask(Mask.LAST_FOUR, "ssn")
                .mask(Mask.ZIP3, "zip"))
        .permit(
            "support-handles-incidents",
            r -> r.groups("support")
                .actions(Action.READ, Action.ADMINISTER)
                .recordType("incident")
                .purposes(Purpose.SYSTEM_ADMINISTRATION))
        .deny("nobody-exports", r -> r.actions(Action.EXPORT).recordType("patient"))
        .deny(
            "no-vip-for-billing",
            r -> r.groups("billing")
                .actions(Action.READ, Action.PRINT)
                .recordType("patient")
                .when("vip"))
        .build();

    assertThat(AccessPolicy.load(yaml).hash()).isEqualTo(built.hash());
    assertThat(AccessPolicy.load(json).hash()).isEqualTo(built.hash());
    assertThat(built.hash()).isEqualTo(page.text("example.hash").strip());
    assertThat(AccessPolicy.load(yaml).name()).isEqualTo("Riverside clinic");
    assertThat(AccessPolicy.load(yaml).size()).isEqualTo(5);
  }

  @Test
  void pageWithEverything_isTheSameFromTheFileAndFromJava() throws IOException {
    Fences page = Fences.of("policy-v1.md");
    Path yaml = Files.writeString(folder.resolve("full.yaml"), page.text("full.yaml"));

    AccessPolicy built = AccessPolicy.builder("Riverside hospital")
        .timeZone(ZoneId.of("America/New_York"))
        .groups("clinician", "physician", "nurse", "privacy-officer", "billing", "cashier")
        .memberOf("physician", "clinician")
        .memberOf("nurse", "clinician")
        .separateDuties("billing", "cashier")
        .relations("treating", "co-worker")
        .predicate("on-shift", "actor.id", "context.hour")
        .labels("restricted", "psychotherapy", "hiv")
        .implies("psychotherapy", "restricted")
        .implies("hiv", "restricted")
        .attribute("actor.department", AttributeType.TEXT, "cardiology", "oncology")
        .attribute("record.department", AttributeType.TEXT, "cardiology", "oncology")
        .attribute("record.age", AttributeType.INTEGER)
        .attribute("record.employee", AttributeType.FLAG)
        .attribute("record.sites", AttributeType.TEXTS)
        .recordType("chart", "name", "birth-date", "diagnosis")
        .permit(
            "own-department",
            r -> r.groups("clinician")
                .actions(Action.READ, Action.SEARCH)
                .recordType("chart")
                .purposes(Purpose.TREATMENT)
                .when(
                    Condition.same("actor.department", "record.department"),
                    Condition.range("context.hour", 7, 19),
                    Condition.any(Condition.relation("treating"), Condition.predicate("on-shift")),
                    Condition.not(Condition.label("restricted")))
                .show("name", "diagnosis")
                .mask(Mask.YEAR, "birth-date")
                .quota(new QuotaLimit(
                    QuotaMeasure.PATIENTS,
                    QuotaScope.USER,
                    40,
                    OptionalLong.of(30),
                    Duration.ofHours(12),
                    new TreeSet<>()))
                .quota(new QuotaLimit(
                    QuotaMeasure.BYTES,
                    QuotaScope.GROUP,
                    10_000_000,
                    OptionalLong.empty(),
                    Duration.ofDays(1),
                    new TreeSet<>()))
                .quota(new QuotaLimit(
                    QuotaMeasure.SENSITIVE_PATIENTS,
                    QuotaScope.USER,
                    5,
                    OptionalLong.empty(),
                    Duration.ofDays(7),
                    new TreeSet<>(Set.of("hiv"))))
                .timeToLive(Duration.ofMinutes(15)))
        .permit(
            "emergency",
            r -> r.groups("physician")
                .actions(Action.READ)
                .recordType("chart")
                .purposes(Purpose.EMERGENCY_TREATMENT)
                .breakGlass()
                .assurance(Assurance.AAL2)
                .show("name", "diagnosis")
                .reasonRequired()
                .notified("privacy-officer")
                .watermark("Opened in an emergency"))
        .permit(
            "disclosure",
            r -> r.groups("billing")
                .actions(Action.DISCLOSE)
                .recordType("chart")
                .purposes(Purpose.PAYMENT)
                .when(
                    Condition.oneOf("context.recipient", "health-plan"),
                    Condition.labelsWithin("restricted"),
                    Condition.oneOf("record.sites", "main", "north"))
                .show("name", "diagnosis")
                .approvers("privacy-officer"))
        .deny(
            "no-colleagues",
            r -> r.actions(Action.READ, Action.SEARCH)
                .recordType("chart")
                .when(
                    Condition.flag("record.employee"),
                    Condition.not(Condition.range("record.age", 0, 17)),
                    Condition.relation("co-worker")))
        .deny("nobody-exports", r -> r.actions(Action.EXPORT))
        .build();

    assertThat(AccessPolicy.load(yaml).model()).isEqualTo(built.model());
    assertThat(AccessPolicy.load(yaml).hash()).isEqualTo(built.hash());
  }

  @Test
  void everyErrorOfThePage_isTheOneThatTheReaderGives() throws IOException {
    Fences page = Fences.of("policy-v1.md");
    int count = 0;

    for (String block : page.text("errors").strip().split("\n\n")) {
      int split = block.lastIndexOf("\n");
      String text = block.substring(0, split).replace("\\t", "\t") + "\n";
      String message = block.substring(split + 1).strip();
      assertThat(failure(text)).as(text).hasMessage(message);
      count++;
    }

    assertThat(count).isGreaterThan(5);
  }

  @Test
  void countedRules_cutBetweenTwo_isRefused() {
    String counted = GOOD.replace("rules:\n", "rule-count: 2\nrules:\n");
    assertThat(AccessPolicy.parse("p", counted).hash())
        .isEqualTo(AccessPolicy.parse("p", GOOD).hash());
    String cut = counted.substring(0, counted.indexOf("  - deny"));

    assertThat(failure(cut))
        .hasMessage("clinic.yaml:8:13: the policy has 1 rules and not as many as are counted here;"
            + " is the file whole?");
    assertThat(AccessPolicy.parse("p", cut.replace("rule-count: 2\n", "")).size())
        .isOne();
  }

  @Test
  void byteOrderMark_isSkipped() throws IOException {
    Path file = Files.writeString(folder.resolve("clinic.yaml"), "\ufeff" + GOOD);

    assertThat(AccessPolicy.load(file).hash())
        .isEqualTo(AccessPolicy.parse("p", GOOD).hash());
  }

  @Test
  void windowsLineEndings_changeNothing() {
    assertThat(AccessPolicy.parse("p", GOOD.replace("\n", "\r\n")).hash())
        .isEqualTo(AccessPolicy.parse("p", GOOD).hash());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# only a remark\n", "---\n", "\ufeff"})
  void emptyFile_saysSo(String text) {
    assertThat(failure(text).getMessage())
        .satisfiesAnyOf(
            m -> assertThat(m).contains("the file is empty"),
            m -> assertThat(m).contains("expected a mapping"));
  }

  @Test
  void twoDocuments_areRefused() {
    assertThat(failure(GOOD + "---\n" + GOOD)).hasMessageContaining("not valid YAML or JSON");
    assertThat(failure(GOOD + "...\n---\nx: y\n")).hasMessageContaining("not valid YAML or JSON");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[", "{", "{a: ", "- ", "[[{", "? ", "!t [", "&a [", "\"", "'", "|\n ", "a: "})
  void deepNesting_neverExhaustsTheStack(String opening) {
    Throwable failure =
        catchThrowable(() -> AccessPolicy.parse("deep.yaml", opening.repeat(100_000)));

    assertThat(failure).isInstanceOf(PolicyNotLoadedException.class);
  }

  @Test
  void deeplyNestedBlocks_neverExhaustTheStack() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      text.append(" ".repeat(i)).append("a:\n");
    }

    assertThat(failure(text.toString())).hasMessageContaining("nested deeper than 24 levels");
  }

  @Test
  void longFlatFile_isReadInTime() {
    StringBuilder text = new StringBuilder(GOOD);
    for (int i = 0; text.length() < 250_000; i++) {
      text.append("  - deny: d")
          .append(i)
          .append("\n    actions: [print]\n    record-type: patient\n");
    }

    long before = System.nanoTime();
    AccessPolicy policy = AccessPolicy.parse("long.yaml", text.toString());

    assertThat(policy.size()).isGreaterThan(3_000);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void fileOfMoreThan8Mebibytes_isRefused_withThePlace() throws IOException {
    Path file = folder.resolve("big.yaml");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(3L << 30);
    }

    assertThatThrownBy(() -> AccessPolicy.load(file))
        .isInstanceOf(PolicyNotLoadedException.class)
        .hasMessage(
            "big.yaml:1:8388609: a policy file has at most 8 MiB, and this one goes on here");
    assertThatThrownBy(() -> AccessPolicy.parse("p", "#".repeat(9 << 20)))
        .isInstanceOf(PolicyNotLoadedException.class)
        .hasMessage("p:1:8388609: a policy file has at most 8 MiB, and this one goes on here");
    assertThatThrownBy(() -> AccessPolicy.parse("p", "é".repeat((8 << 20) + 1)))
        .isInstanceOf(PolicyNotLoadedException.class);
  }

  @Test
  void binaryFile_isRefused() throws IOException {
    Path file = folder.resolve("clinic.yaml");
    byte[] bytes = new byte[4000];
    new SplittableRandom(1).nextBytes(bytes);

    Files.write(file, bytes);
    assertThatThrownBy(() -> AccessPolicy.load(file))
        .isInstanceOf(PolicyNotLoadedException.class)
        .hasMessage("clinic.yaml: the file is not UTF-8 text");

    Files.write(file, new byte[4000]);
    assertThatThrownBy(() -> AccessPolicy.load(file)).isInstanceOf(PolicyNotLoadedException.class);
  }

  @Test
  void otherCharsets_areRefused() throws IOException {
    Path file = folder.resolve("clinic.yaml");
    String text = GOOD.replace("name: clinic", "name: clinic \u00e9");

    for (Charset charset : new Charset[] {
      StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16, StandardCharsets.UTF_16LE
    }) {
      Files.write(file, text.getBytes(charset));
      assertThatThrownBy(() -> AccessPolicy.load(file))
          .as("%s", charset)
          .isInstanceOf(PolicyNotLoadedException.class);
    }
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    assertThat(AccessPolicy.load(file).name()).isEqualTo("clinic \u00e9");
  }

  @Test
  void missingFileAndFolder_sayWhatToDo() throws IOException {
    assertThatThrownBy(() -> AccessPolicy.load(folder.resolve("absent.yaml")))
        .isInstanceOf(PolicyNotLoadedException.class)
        .hasMessage("absent.yaml: the file does not exist; name the right one");
    Path sub = Files.createDirectory(folder.resolve("sub"));
    assertThatThrownBy(() -> AccessPolicy.load(sub))
        .isInstanceOf(PolicyNotLoadedException.class)
        .hasMessage("sub: the file cannot be read; is it a folder, or not yours to read?");
    assertThatThrownBy(() -> AccessPolicy.load(Path.of("/")))
        .isInstanceOf(PolicyNotLoadedException.class);
  }

  /** YAML's own ideas of types must not change a policy: no is a text, 010 is ten. */
  @Test
  void values_areReadAsTheyAreWritten() {
    AccessPolicy policy = AccessPolicy.parse(
        "p",
        GOOD.replace("name: clinic", "name: no")
            .replace("clerk", "yes")
            .replace("patients: 5", "patients: 010"));

    assertThat(policy.name()).isEqualTo("no");
    assertThat(policy.hash())
        .isEqualTo(AccessPolicy.parse(
                "p",
                GOOD.replace("name: clinic", "name: 'no'")
                    .replace("clerk", "'yes'")
                    .replace("patients: 5", "patients: 10"))
            .hash());
  }

  @Test
  void hl7Codes_sayTheSameAsNames() {
    AccessPolicy coded =
        AccessPolicy.parse("p", GOOD.replace("purposes: [treatment]", "purposes: [TREAT]"));

    assertThat(coded.hash()).isEqualTo(AccessPolicy.parse("p", GOOD).hash());
  }

  @Test
  void randomMutations_giveAPolicyOrAClearFailure() {
    long seed = new SecureRandom().nextLong();
    SplittableRandom chance = new SplittableRandom(seed);
    String signs = "[]{}:,-&*!|>'\"%@`#?<~ \t\n\r\\0aé\u0000\ufeff\u2028\ud800";
    int loaded = 0;

    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(GOOD);
      for (int edits = chance.nextInt(1, 4); edits > 0; edits--) {
        int at = chance.nextInt(text.length());
        int to = Math.min(text.length(), at + chance.nextInt(1, 12));
        switch (chance.nextInt(4)) {
          case 0 -> text.setCharAt(at, signs.charAt(chance.nextInt(signs.length())));
          case 1 -> text.insert(at, signs.charAt(chance.nextInt(signs.length())));
          case 2 -> text.delete(at, to);
          default -> text.insert(chance.nextInt(text.length()), text.substring(at, to));
        }
      }
      try {
        AccessPolicy.parse("fuzz.yaml", text.toString());
        loaded++;
      } catch (PolicyNotLoadedException e) {
        assertThat(e.getMessage()).startsWith("fuzz.yaml").doesNotContain("\n");
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", round " + i + ":\n" + text, e);
      }
    }

    assertThat(loaded).as("seed %d", seed).isBetween(100, 19_000);
  }

  private static PolicyNotLoadedException failure(String text) {
    Throwable failure = catchThrowable(() -> AccessPolicy.parse("clinic.yaml", text));
    assertThat(failure).isInstanceOf(PolicyNotLoadedException.class);
    return (PolicyNotLoadedException) failure;
  }
}
