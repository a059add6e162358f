package org.openhipaa.testkit.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.record.Attributes;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordType;

class AuditReplayTest {
  private static final Instant OFFICE = Instant.parse("2026-03-02T15:00:00Z");
  private static final Instant NIGHT = Instant.parse("2026-03-02T09:00:00Z");
  private static final Map<String, String> GROUPS = Map.of("nora", "nurse", "bill", "billing");

  private final AccessPolicy policy = Clinic.policy();
  private final AuditReplay replay = new AuditReplay(
      policy,
      event -> actor(event.actor()),
      (event, request) -> request
          .labels(Set.of())
          .attributes(Attributes.none().with("department", "surgery"))
          .relations((relation, actor, patient) -> true));

  private static Optional<Actor> actor(ActorId id) {
    return Optional.ofNullable(GROUPS.get(id.value()))
        .map(
            group -> Actor.authenticated(id, Set.of(Group.of(group)), Assurance.AAL1, Instant.EPOCH)
                .with(Attributes.none().with("department", "surgery")));
  }

  private static AuditEvent.Builder event(
      Instant at, String actor, Purpose purpose, Outcome outcome, String... fields) {
    return AuditEvent.builder(at, AuditAction.READ, outcome, ActorId.of(actor))
        .purpose(purpose)
        .recordType(RecordType.of("patient"))
        .patient(PatientId.of("mrn-4711"))
        .fields(Stream.of(fields).map(FieldPath::of).collect(Collectors.toSet()));
  }

  private AuditReplay.Report run(AuditEvent.Builder... events) {
    return replay.of(Stream.of(events).map(AuditEvent.Builder::build));
  }

  @Test
  void events_thatEndTheSame_areNoChanges() {
    AuditReplay.Report report = run(
        event(OFFICE, "bill", Purpose.PAYMENT, Outcome.SUCCESS, "name", "ssn"),
        event(NIGHT, "nora", Purpose.TREATMENT, Outcome.SUCCESS, "name"),
        event(OFFICE, "nora", Purpose.TREATMENT, Outcome.FAILED, "name"),
        event(NIGHT, "bill", Purpose.PAYMENT, Outcome.REFUSED, "name")
            .reason(DenyReason.CONDITION_NOT_MET.name()));

    assertThat(report.replayed()).isEqualTo(4);
    assertThat(report.passedOver()).isZero();
    assertThat(report.changes()).isEmpty();
    assertThat(report.text()).isEqualTo("0 of 4 would end otherwise; 0 passed over\n");
  }

  @Test
  void event_thatWouldNowBeDenied_isAChange() {
    AuditReplay.Report report = run(event(NIGHT, "bill", Purpose.PAYMENT, Outcome.SUCCESS, "name"));

    assertThat(report.changes()).singleElement().satisfies(change -> {
      assertThat(change.permittedBefore()).isTrue();
      assertThat(change.now().permitted()).isFalse();
    });
    assertThat(report.text())
        .startsWith("2026-03-02T09:00:00Z bill READ: permitted -> denied CONDITION_NOT_MET, ")
        .doesNotContain("mrn-4711");
    assertThat(report.toString()).doesNotContain("mrn-4711");
  }

  @Test
  void event_thatWouldNowBePermitted_isAChange() {
    AuditReplay.Report report = run(event(OFFICE, "bill", Purpose.PAYMENT, Outcome.REFUSED, "name")
        .reason(DenyReason.NO_MATCHING_RULE.name()));

    assertThat(report.text())
        .startsWith(
            "2026-03-02T15:00:00Z bill READ: denied NO_MATCHING_RULE -> permitted by [billing-reads]");
  }

  @Test
  void event_ofWhichAFieldWouldNowBeWithheld_isAChange() {
    AuditReplay.Report report =
        run(event(OFFICE, "bill", Purpose.PAYMENT, Outcome.SUCCESS, "name", "diagnosis"));

    assertThat(report.changes().get(0).withheld()).containsExactly(FieldPath.of("diagnosis"));
    assertThat(report.text()).contains("permitted by [billing-reads], withholding [diagnosis]");
  }

  @Test
  void event_thatASafeguardRefused_wasPermittedByThePolicy() {
    AuditReplay.Report report = run(event(OFFICE, "bill", Purpose.PAYMENT, Outcome.REFUSED, "name")
        .reason(DenyReason.QUOTA_EXCEEDED.name()));

    assertThat(report.changes()).isEmpty();
    assertThat(report.replayed()).isEqualTo(1);
  }

  @Test
  void events_thatAreNoAccess_arePassedOver() {
    AuditReplay.Report report = run(
        AuditEvent.builder(OFFICE, AuditAction.LOGIN, Outcome.SUCCESS, ActorId.of("nora")),
        AuditEvent.builder(OFFICE, AuditAction.READ, Outcome.SUCCESS, ActorId.of("nora")),
        event(OFFICE, "nobody", Purpose.PAYMENT, Outcome.SUCCESS, "name"));

    assertThat(report.replayed()).isZero();
    assertThat(report.passedOver()).isEqualTo(3);
  }
}
