package org.openhipaa.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openhipaa.core.access.rules.Condition.all;
import static org.openhipaa.core.access.rules.Condition.any;
import static org.openhipaa.core.access.rules.Condition.flag;
import static org.openhipaa.core.access.rules.Condition.label;
import static org.openhipaa.core.access.rules.Condition.labelsWithin;
import static org.openhipaa.core.access.rules.Condition.not;
import static org.openhipaa.core.access.rules.Condition.oneOf;
import static org.openhipaa.core.access.rules.Condition.predicate;
import static org.openhipaa.core.access.rules.Condition.range;
import static org.openhipaa.core.access.rules.Condition.relation;
import static org.openhipaa.core.access.rules.Condition.same;
import static org.openhipaa.core.access.rules.Truth.FALSE;
import static org.openhipaa.core.access.rules.Truth.TRUE;
import static org.openhipaa.core.access.rules.Truth.UNKNOWN;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openhipaa.core.access.AccessRequest.Builder;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.Truth;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.actor.Recipient;
import org.openhipaa.core.record.Attributes;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordType;

/** Each kind of condition, known to hold, known not to hold, and unknown. */
class ConditionTest {
  private static final Condition YES = relation("yes");
  private static final Condition NO = relation("no");
  private static final Condition LOST = relation("lost");

  private static Arguments row(Condition condition, Truth truth, UnaryOperator<Builder> request) {
    return Arguments.of(condition, truth, request);
  }

  private static UnaryOperator<Builder> record(Attributes attributes) {
    return request -> request.attributes(attributes);
  }

  private static UnaryOperator<Builder> labels(String... labels) {
    return request -> request.labels(Set.of(labels));
  }

  static Stream<Arguments> conditions() {
    UnaryOperator<Builder> plain = request -> request;
    Attributes none = Attributes.none();
    Instant monday8 = Instant.parse("2026-11-23T13:30:00Z"); // In New York it is 8:30.
    return Stream.of(
        row(YES, TRUE, plain),
        row(NO, FALSE, plain),
        row(LOST, UNKNOWN, plain),
        row(predicate("yes"), TRUE, plain),
        row(predicate("no"), FALSE, plain),
        row(predicate("lost"), UNKNOWN, plain),
        row(not(YES), FALSE, plain),
        row(not(NO), TRUE, plain),
        row(not(LOST), UNKNOWN, plain),
        row(all(YES, YES), TRUE, plain),
        row(all(YES, LOST), UNKNOWN, plain),
        row(all(LOST, NO), FALSE, plain),
        row(all(YES, NO), FALSE, plain),
        row(any(NO, NO), FALSE, plain),
        row(any(NO, LOST), UNKNOWN, plain),
        row(any(LOST, YES), TRUE, plain),
        row(any(NO, YES), TRUE, plain),
        row(not(all(any(NO, LOST), YES)), UNKNOWN, plain),
        row(label("low"), UNKNOWN, plain),
        row(label("low"), FALSE, labels()),
        row(label("low"), TRUE, labels("low")),
        row(label("low"), TRUE, labels("high")),
        row(label("low"), TRUE, labels("top")),
        row(label("top"), FALSE, labels("low", "high")),
        row(label("low"), UNKNOWN, labels("strange")),
        row(label("low"), TRUE, labels("a-strange", "low", "strange")),
        row(label("low"), FALSE, labels("side")),
        row(labelsWithin("high"), UNKNOWN, plain),
        row(labelsWithin("high"), TRUE, labels()),
        row(labelsWithin("high"), TRUE, labels("low", "high")),
        row(labelsWithin("high"), FALSE, labels("low", "top")),
        row(labelsWithin("high"), FALSE, labels("strange", "top")),
        row(labelsWithin("high"), UNKNOWN, labels("strange", "low")),
        row(labelsWithin("high", "side"), TRUE, labels("side", "low")),
        row(oneOf("record.ward", "a", "b"), UNKNOWN, plain),
        row(oneOf("record.ward", "a", "b"), TRUE, record(none.with("ward", "b"))),
        row(oneOf("record.ward", "a", "b"), FALSE, record(none.with("ward", "c"))),
        row(oneOf("record.ward", "a", "b"), UNKNOWN, record(none.with("ward", 1))),
        row(oneOf("record.ward", "a", "b"), UNKNOWN, record(none.with("ward", Set.of("a")))),
        row(oneOf("record.sites", "a", "b"), UNKNOWN, plain),
        row(oneOf("record.sites", "a", "b"), TRUE, record(none.with("sites", Set.of("b", "c")))),
        row(oneOf("record.sites", "a", "b"), FALSE, record(none.with("sites", Set.of("c")))),
        row(oneOf("record.sites", "a", "b"), FALSE, record(none.with("sites", Set.of()))),
        row(oneOf("record.sites", "a", "b"), UNKNOWN, record(none.with("sites", "a"))),
        row(range("record.age", 3, 5), UNKNOWN, plain),
        row(range("record.age", 3, 5), FALSE, record(none.with("age", 2))),
        row(range("record.age", 3, 5), TRUE, record(none.with("age", 3))),
        row(range("record.age", 3, 5), TRUE, record(none.with("age", 5))),
        row(range("record.age", 3, 5), FALSE, record(none.with("age", 6))),
        row(range("record.age", 3, 5), UNKNOWN, record(none.with("age", "4"))),
        row(flag("record.vip"), UNKNOWN, plain),
        row(flag("record.vip"), TRUE, record(none.with("vip", true))),
        row(flag("record.vip"), FALSE, record(none.with("vip", false))),
        row(flag("record.vip"), UNKNOWN, record(none.with("vip", "true"))),
        row(same("record.ward", "actor.ward"), UNKNOWN, plain),
        row(same("record.ward", "actor.ward"), TRUE, record(none.with("ward", "w"))),
        row(same("record.ward", "actor.ward"), FALSE, record(none.with("ward", "x"))),
        row(same("record.ward", "actor.ward"), UNKNOWN, record(none.with("ward", Set.of("w")))),
        row(same("record.sites", "actor.ward"), TRUE, record(none.with("sites", Set.of("w", "x")))),
        row(same("actor.ward", "record.sites"), FALSE, record(none.with("sites", Set.of("x")))),
        row(same("actor.ward", "record.sites"), UNKNOWN, record(none.with("sites", "w"))),
        row(same("record.sites", "actor.sites"), TRUE, record(none.with("sites", Set.of("s2")))),
        row(same("record.sites", "actor.sites"), FALSE, record(none.with("sites", Set.of("w")))),
        row(same("actor.sites", "record.sites"), UNKNOWN, plain),
        row(range("context.hour", 8, 8), UNKNOWN, plain),
        row(range("context.hour", 8, 8), TRUE, request -> request.at(monday8)),
        row(range("context.hour", 9, 23), FALSE, request -> request.at(monday8)),
        row(range("context.weekday", 1, 1), TRUE, request -> request.at(monday8)),
        row(
            range("context.weekday", 7, 7),
            TRUE,
            request -> request.at(monday8.minusSeconds(86400))),
        row(range("context.weekday", 1, 1), UNKNOWN, plain),
        row(oneOf("context.recipient", "health-plan"), UNKNOWN, plain),
        row(
            oneOf("context.recipient", "health-plan"),
            TRUE,
            request -> request.recipient(Recipient.HEALTH_PLAN)),
        row(
            oneOf("context.recipient", "health-plan"),
            FALSE,
            request -> request.recipient(Recipient.FAMILY)),
        row(oneOf("context.device", "phone"), UNKNOWN, plain),
        row(
            oneOf("context.device", "phone"),
            TRUE,
            request -> request.context(none.with("device", "phone"))),
        // The built-in ones cannot be claimed.
        row(range("context.hour", 1, 1), UNKNOWN, r -> r.context(none.with("hour", 1))),
        row(oneOf("actor.location", "here"), TRUE, plain),
        row(oneOf("actor.workstation", "here"), FALSE, plain));
  }

  @ParameterizedTest
  @MethodSource("conditions")
  void condition_isTrueFalseOrUnknown_andRulesTakeTheSafeSide(
      Condition condition, Truth truth, UnaryOperator<Builder> more) {
    AccessRequest request = more.apply(question()).build();

    assertThat(policy(YES, NO).test(condition, request)).isEqualTo(truth);
    assertThat(policy(condition, NO).decide(request).permitted()).isEqualTo(truth == TRUE);
    assertThat(policy(YES, condition).decide(request).permitted()).isEqualTo(truth == FALSE);
  }

  @Test
  void withoutPatient_relationsAreUnknown_andNobodyIsAsked() {
    List<String> asked = new ArrayList<>();
    AccessRequest request = AccessRequest.builder(
            actor(), Action.READ, RecordType.of("chart"), Purpose.TREATMENT)
        .relations((name, actor, patient) -> asked.add(name))
        .build();

    assertThat(policy(YES, NO).test(YES, request)).isEqualTo(UNKNOWN);
    assertThat(asked).isEmpty();
  }

  @Test
  void relationsAndPredicates_areAskedOncePerDecision() {
    List<String> asked = new ArrayList<>();
    AccessRequest request = question()
        .relations((name, actor, patient) -> asked.add(name))
        .predicates((name, r) -> asked.add("predicate " + name))
        .build();
    Condition twice = all(any(YES, NO), YES, any(predicate("yes"), predicate("no")));

    assertThat(policy(twice, not(twice)).decide(request).permitted()).isTrue();
    assertThat(asked).containsExactly("yes", "predicate yes");
  }

  private static Builder question() {
    return AccessRequest.builder(actor(), Action.READ, RecordType.of("chart"), Purpose.TREATMENT)
        .patient(PatientId.of("canary"))
        .relations((name, actor, patient) -> answer(name))
        .predicates((name, request) -> answer(name));
  }

  private static boolean answer(String name) {
    Boolean answer = Map.of("yes", true, "no", false).get(name);
    if (answer == null) {
      throw new IllegalStateException("canary");
    }
    return answer;
  }

  private static Actor actor() {
    return Actor.authenticated(
            ActorId.of("u"), Set.of(Group.of("g")), Assurance.AAL1, Instant.EPOCH)
        .with(Attributes.none().with("ward", "w").with("sites", Set.of("s1", "s2")))
        .at("there", "here");
  }

  private static AccessPolicy policy(Condition permit, Condition deny) {
    return AccessPolicy.builder("p")
        .timeZone(ZoneId.of("America/New_York"))
        .groups("g")
        .relations("yes", "no", "lost")
        .predicate("yes")
        .predicate("no")
        .predicate("lost")
        .labels("low", "high", "top", "side")
        .implies("high", "low")
        .implies("top", "high")
        .attribute("record.ward", AttributeType.TEXT)
        .attribute("actor.ward", AttributeType.TEXT)
        .attribute("record.sites", AttributeType.TEXTS)
        .attribute("actor.sites", AttributeType.TEXTS)
        .attribute("record.age", AttributeType.INTEGER)
        .attribute("record.vip", AttributeType.FLAG)
        .attribute("context.device", AttributeType.TEXT)
        .recordType("chart")
        .permit(
            "permit",
            r -> r.groups("g")
                .actions(Action.READ)
                .recordType("chart")
                .purposes(Purpose.TREATMENT)
                .when(permit))
        .deny("deny", r -> r.actions(Action.READ).when(deny))
        .build();
  }
}
