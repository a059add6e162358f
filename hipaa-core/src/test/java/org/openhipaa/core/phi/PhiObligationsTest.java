package org.openhipaa.core.phi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.BreakGlassTicket;
import org.openhipaa.core.access.Circumstances;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.PolicyBuilder.RuleBuilder;
import org.openhipaa.core.access.quota.QuotaNotCheckedException;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.access.rules.QuotaMeasure;
import org.openhipaa.core.access.rules.QuotaScope;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.actor.Recipient;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.record.Attributes;
import org.openhipaa.core.record.FieldValues;
import org.openhipaa.core.record.RecordRef;

/** The front door meets every obligation of a permit, or releases nothing. */
class PhiObligationsTest {
  private static final Actor USER = Clinic.actor("u", "g");

  private final Clinic clinic = new Clinic();
  private final RecordRef record = clinic.stored("a");
  private final List<String> told = new ArrayList<>();
  private AccessNotifier notifier =
      (groups, event) -> told.add(groups + " " + event.action() + " " + event.fields());
  private RecordFacts facts = RecordFacts.none();

  @Test
  void timeToLiveAndWatermark_reachTheReader() {
    ReadResult.Released released = (ReadResult.Released) read(
        r -> r.timeToLive(Duration.ofMinutes(5)).watermark("Do not copy"), Circumstances.none());

    assertThat(released.keepUntil()).hasValue(clinic.time.now.plusSeconds(300));
    assertThat(released.watermarks()).containsExactly("Do not copy");
    ReadResult.Released plain = (ReadResult.Released) read(r -> {}, Circumstances.none());
    assertThat(plain.keepUntil()).isEmpty();
    assertThat(plain.watermarks()).isEmpty();
  }

  @Test
  void groups_areToldBeforeAnythingIsReleased() {
    List<Integer> entries = new ArrayList<>();
    notifier = (groups, event) -> {
      entries.add(clinic.audit.events.size());
      told.add(groups + " " + event.outcome() + " " + event.fields());
    };
    int before = clinic.audit.events.size();

    assertThat(read(r -> r.notified("boss"), Circumstances.none()).phi()).isPresent();

    assertThat(told).containsExactly("[boss] SUCCESS [name]");
    assertThat(entries).containsExactly(before);
  }

  @Test
  void noticeThatFails_orIsNotProvidedFor_releasesNothing_andStaysCounted() {
    Consumer<RuleBuilder> rule = r -> r.notified("boss").quota(2, Duration.ofHours(1));
    notifier = (groups, event) -> {
      throw new IllegalStateException("canary");
    };
    Deny failed = refused(read(rule, Circumstances.none()));
    Deny missing = refused(door(rule, false).read(USER, ask(Circumstances.none())));

    assertThat(failed.why()).isEqualTo(DenyReason.NOTIFICATION_FAILED);
    assertThat(missing.why()).isEqualTo(DenyReason.NOTIFICATION_FAILED);
    assertThat(failed.explanation()).doesNotContain("canary");
    assertThat(clinic.audit.last().reason()).isEqualTo("NOTIFICATION_FAILED");
    assertThat(clinic.audit.last().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(clinic.quotas.total())
        .as("nobody tries out patients for nothing")
        .isOne();
  }

  @Test
  void reason_isDemanded_andNeverRecordedInClear() {
    assertThat(refused(read(RuleBuilder::reasonRequired, Circumstances.none())).why())
        .isEqualTo(DenyReason.REASON_NEEDED);
    assertThat(read(RuleBuilder::reasonRequired, Circumstances.none().reason("canary"))
            .phi())
        .isPresent();
    assertThat(clinic.audit.last().detail()).doesNotContain("canary");
  }

  @Test
  void approver_andTicket_areRecorded() {
    BreakGlassTicket ticket = BreakGlassTicket.forRecord(
        "t1", USER.id(), record, clinic.time.now, clinic.time.now.plusSeconds(60));
    Circumstances circumstances =
        Circumstances.none().approver(Clinic.actor("b", "boss")).ticket(ticket);

    assertThat(read(r -> r.approvers("boss").breakGlass(), circumstances).phi()).isPresent();

    assertThat(clinic.audit.last().detail()).isEqualTo("approver b, break-glass t1");
  }

  @Test
  void disclosure_namesItsRecipient_andIsRecordedAsOne() {
    Consumer<RuleBuilder> rule =
        r -> r.actions(Action.DISCLOSE).when(Condition.oneOf("context.recipient", "health-plan"));
    PhiAccess door = door(rule, true);

    assertThatThrownBy(() -> door.disclose(USER, ask(Circumstances.none())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("names its recipient");
    assertThat(door.disclose(USER, ask(Circumstances.none().recipient(Recipient.HEALTH_PLAN)))
            .phi())
        .isPresent();
    AuditEvent event = clinic.audit.last();
    assertThat(event.action()).isEqualTo(AuditAction.DISCLOSE);
    assertThat(event.detail()).isEqualTo("recipient health-plan");
    assertThat(refused(door.disclose(USER, ask(Circumstances.none().recipient(Recipient.FAMILY))))
            .why())
        .isEqualTo(DenyReason.CONDITION_NOT_MET);
  }

  @Test
  void facts_decide_andFactsThatFailAreUnknown() {
    Consumer<RuleBuilder> rule =
        r -> r.when(Condition.oneOf("record.ward", "w"), Condition.not(Condition.label("hiv")));
    facts = (ref, request) ->
        request.attributes(Attributes.none().with("ward", "w")).labels(Set.of());
    assertThat(read(rule, Circumstances.none()).phi()).isPresent();

    facts = (ref, request) -> {
      request.attributes(Attributes.none().with("ward", "w")).labels(Set.of());
      throw new IllegalStateException("canary");
    };
    assertThat(refused(read(rule, Circumstances.none())).why())
        .isEqualTo(DenyReason.CONDITION_NOT_MET);
  }

  @Test
  void facts_cannotChangeWhatIsAsked() {
    facts = (ref, request) -> request
        .record(clinic.stored("b"))
        .fields(Set.of(Clinic.NAME))
        .relations((n, a, p) -> true)
        .circumstances(Circumstances.none().reason("forged"));

    assertThat(refused(read(RuleBuilder::reasonRequired, Circumstances.none())).why())
        .isEqualTo(DenyReason.REASON_NEEDED);
    assertThat(refused(read(r -> r.when("treating"), Circumstances.none())).why())
        .isEqualTo(DenyReason.RELATION_MISSING);
  }

  @Test
  void bytes_areCountedAfterMasking_andBeforeRelease() {
    QuotaLimit limit = limit(QuotaMeasure.BYTES, QuotaScope.USER, 30);
    PhiAccess door = door(r -> r.quota(limit), true);
    long each = "canary-name-a".length();

    assertThat(door.read(USER, ask(Circumstances.none())).phi()).isPresent();
    assertThat(door.read(USER, ask(Circumstances.none())).phi()).isPresent();
    Deny third = refused(door.read(USER, ask(Circumstances.none())));

    assertThat(clinic.quotas.bytes)
        .containsExactly(Map.entry("clinic/rule/bytes-3600/user/u", 2 * each));
    assertThat(third.why()).isEqualTo(DenyReason.QUOTA_EXCEEDED);
    assertThat(third.explanation()).isEqualTo("rule rule allows 30 bytes per PT1H");
  }

  @Test
  void quotaThatCannotBeSettled_releasesNothing_andIsRecorded() {
    clinic.quotas.settleFails = true;
    PhiAccess door = door(r -> r.quota(5, Duration.ofHours(1)), true);

    assertThatThrownBy(() -> door.read(USER, ask(Circumstances.none())))
        .isInstanceOf(QuotaNotCheckedException.class);
    assertThat(clinic.audit.last().reason()).isEqualTo("QUOTA_NOT_CHECKED");
    assertThat(clinic.quotas.total()).isZero();
  }

  @Test
  void groupBudget_isShared_andTheSoftLimitRaisesAnAlarmAboutTheOneWhoReachedIt() {
    QuotaLimit limit = new QuotaLimit(
        QuotaMeasure.PATIENTS,
        QuotaScope.GROUP,
        2,
        OptionalLong.of(1),
        Duration.ofHours(1),
        new TreeSet<>());
    PhiAccess door = door(r -> r.quota(limit), true);

    assertThat(door.read(USER, ask(Circumstances.none())).phi()).isPresent();

    assertThat(clinic.quotas.counted).containsOnlyKeys("clinic/rule/patients-3600/group");
    assertThat(clinic.alarms).hasSize(1);
    Alarm alarm = clinic.alarms.get(0);
    assertThat(alarm.kind()).isEqualTo(Alarm.Kind.BEHAVIOUR);
    assertThat(alarm.suspected()).hasValue(USER.id());
    assertThat(alarm.message()).contains("allows 2 patients per PT1H to the whole group");
    door.read(Clinic.actor("v", "g"), ReadRequest.allPermitted(clinic.stored("b"), Purpose.LEGAL));
    assertThat(refused(door.read(
                Clinic.actor("w", "g"),
                ReadRequest.allPermitted(clinic.stored("c"), Purpose.LEGAL)))
            .why())
        .isEqualTo(DenyReason.QUOTA_EXCEEDED);
  }

  @Test
  void update_meetsObligationsToo() {
    FieldValues values = FieldValues.of(Map.of(Clinic.NAME, "canary-new"));
    PhiAccess door = door(r -> r.actions(Action.UPDATE).reasonRequired().notified("boss"), true);

    UpdateResult without = door.update(USER, record, Purpose.LEGAL, values);
    UpdateResult with =
        door.update(USER, record, Purpose.LEGAL, values, Circumstances.none().reason("corrected"));

    assertThat(without).isInstanceOf(UpdateResult.Refused.class);
    assertThat(with).isInstanceOf(UpdateResult.Stored.class);
    assertThat(told).containsExactly("[boss] UPDATE [name]");
    notifier = (groups, event) -> {
      throw new IllegalStateException("canary");
    };
    PhiAccess deaf = door(r -> r.actions(Action.UPDATE).notified("boss"), true);
    assertThat(deaf.update(USER, record, Purpose.LEGAL, values))
        .isInstanceOf(UpdateResult.Refused.class);
  }

  @Test
  void guards_standInTheFrontDoorToo() {
    AccessPolicy policy = policy(r -> {});
    PhiAccess door = builder(true)
        .policy(policy.guardedBy((request, permit) -> Optional.of(new Deny(
            permit.rules(), permit.policyHash(), DenyReason.CONSENT_WITHHELD, "directive d1"))))
        .build();

    assertThat(refused(door.read(USER, ask(Circumstances.none()))).why())
        .isEqualTo(DenyReason.CONSENT_WITHHELD);
    assertThat(clinic.audit.last().policyHash()).isEqualTo(policy.hash());
  }

  @Test
  void circumstances_printNothing() {
    assertThat(Circumstances.none().reason("canary").session("s").toString())
        .doesNotContain("canary");
    assertThat(Circumstances.none().session("s").session()).hasValue("s");
  }

  private static QuotaLimit limit(QuotaMeasure measure, QuotaScope scope, long hard) {
    return new QuotaLimit(
        measure, scope, hard, OptionalLong.empty(), Duration.ofHours(1), new TreeSet<>());
  }

  private ReadResult read(Consumer<RuleBuilder> rule, Circumstances circumstances) {
    return door(rule, true).read(USER, ask(circumstances));
  }

  private ReadRequest ask(Circumstances circumstances) {
    return ReadRequest.allPermitted(record, Purpose.LEGAL).under(circumstances);
  }

  private static Deny refused(ReadResult result) {
    assertThat(result).isInstanceOf(ReadResult.Refused.class);
    return ((ReadResult.Refused) result).decision();
  }

  private PhiAccess door(Consumer<RuleBuilder> rule, boolean notifies) {
    return builder(notifies).policy(policy(rule)).build();
  }

  private PhiAccessBuilder builder(boolean notifies) {
    PhiAccessBuilder builder = PhiAccess.builder()
        .quotas(clinic.quotas)
        .keyring(clinic.keyring)
        .records(clinic.records)
        .audit(clinic.audit)
        .alarms(clinic.alarms::add)
        .facts((ref, request) -> facts.describe(ref, request))
        .clock(clinic.time);
    return notifies ? builder.notifier((groups, event) -> notifier.tell(groups, event)) : builder;
  }

  private static AccessPolicy policy(Consumer<RuleBuilder> rule) {
    return AccessPolicy.builder("p")
        .groups("g", "boss")
        .relations("treating")
        .labels("hiv")
        .attribute("record.ward", AttributeType.TEXT)
        .recordType("patient", "name", "birth-date", "ssn", "diagnosis")
        .permit("rule", r -> {
          r.groups("g")
              .actions(Action.READ)
              .recordType("patient")
              .purposes(Purpose.LEGAL)
              .show("name");
          rule.accept(r);
        })
        .build();
  }
}
