package org.openhipaa.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.breakglass.BreakGlassReview;
import org.openhipaa.core.access.breakglass.BreakGlassReview.Verdict;
import org.openhipaa.core.access.breakglass.BreakGlassScope;
import org.openhipaa.core.access.breakglass.BreakGlassStore;
import org.openhipaa.core.access.breakglass.BreakGlassUse;
import org.openhipaa.core.access.breakglass.PatientNotice;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.RecordType;
import org.openhipaa.core.record.TenantId;

/**
 * What every {@link BreakGlassStore} must do. Subclass it and say how to open one of tenant {@code
 * clinic}.
 */
public abstract class BreakGlassStoreContract {
  private static final Instant T0 = Instant.parse("2026-01-01T08:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int MANY = 10_000;
  private static final RecordType CHART = RecordType.of("chart");
  private static final PatientId JANE = PatientId.of("Jane \u00e9\ud83d\ude80");
  private static final RecordRef RECORD =
      RecordRef.of(TenantId.of("clinic"), CHART, JANE, "record/1");
  private static final ActorId OFFICER = ActorId.of("officer");

  /** New for each test, so that the store need not be empty. */
  private final ActorId medic = ActorId.of("medic-" + UUID.randomUUID());

  /** For subclasses. */
  protected BreakGlassStoreContract() {}

  /**
   * Opens the store. Called again within one test it must open the same content anew.
   *
   * @return the store
   */
  protected abstract BreakGlassStore open();

  @Test
  void addedUse_isFoundWithAllThatItSays_alsoAfterReopening() {
    BreakGlassUse use = use(BreakGlassScope.RECORD, T0);
    open().add(use);

    BreakGlassUse found = found(use);
    assertThat(found.actor()).isEqualTo(medic);
    assertThat(found.scope()).isEqualTo(BreakGlassScope.RECORD);
    assertThat(found.type()).isEqualTo(CHART);
    assertThat(found.purpose()).isEqualTo(Purpose.EMERGENCY_TREATMENT);
    assertThat(found.patient()).hasValue(JANE);
    assertThat(found.record()).hasValue(RECORD);
    assertThat(found.session()).hasValue("session 1");
    assertThat(found.revealReason()).isEqualTo("unconscious \u00e9\ud83d\ude80");
    assertThat(found.openedAt()).isEqualTo(T0);
    assertThat(found.until()).isEqualTo(T0.plus(HOUR));
    assertThat(found.closedAt()).isEmpty();
    assertThat(found.notice()).isEqualTo(PatientNotice.DUE);
    assertThat(found.reviews()).isEmpty();
    assertThat(open().find(UUID.randomUUID())).isEmpty();
  }

  @Test
  void sessionWithoutPatient_isFoundSo() {
    BreakGlassUse use = BreakGlassUse.builder(
            UUID.randomUUID(), medic, BreakGlassScope.SESSION, CHART, Purpose.TREATMENT)
        .session("session 2")
        .reason("many")
        .period(T0, T0.plus(HOUR))
        .build();
    open().add(use);

    assertThat(found(use).patient()).isEmpty();
    assertThat(found(use).record()).isEmpty();
    assertThat(found(use).notice()).isEqualTo(PatientNotice.NONE);
  }

  @Test
  void unreviewedAndHeld_areListedOldestFirst_untilTheyAreJudged() {
    BreakGlassStore store = open();
    BreakGlassUse younger = use(BreakGlassScope.PATIENT, T0.plusSeconds(5));
    BreakGlassUse older = use(BreakGlassScope.PATIENT, T0);
    store.add(younger);
    store.add(older);

    assertThat(ids(open().held(medic))).containsExactly(older.id(), younger.id());
    assertThat(mine(open().unreviewed(MANY))).containsExactly(older.id(), younger.id());
    assertThat(open().unreviewed(1)).hasSize(1);

    assertThat(store.judge(older.id(), Optional.empty(), review(Verdict.JUSTIFIED)))
        .isTrue();
    assertThat(ids(open().held(medic))).containsExactly(younger.id());
    assertThat(store.judge(younger.id(), Optional.empty(), review(Verdict.NOT_JUSTIFIED)))
        .isTrue();
    assertThat(ids(open().held(medic))).containsExactly(younger.id());
    assertThat(mine(open().unreviewed(MANY))).isEmpty();
    assertThat(
            store.judge(younger.id(), Optional.of(Verdict.NOT_JUSTIFIED), review(Verdict.RESTORED)))
        .isTrue();
    assertThat(open().held(medic)).isEmpty();
    assertThat(open().held(ActorId.of("nobody"))).isEmpty();
  }

  @Test
  void judgement_isTakenFromTheRightStateOnly_andItsNoteComesBack() {
    BreakGlassStore store = open();
    BreakGlassUse use = use(BreakGlassScope.PATIENT, T0);
    store.add(use);

    assertThat(store.judge(use.id(), Optional.of(Verdict.NOT_JUSTIFIED), review(Verdict.RESTORED)))
        .isFalse();
    assertThat(store.judge(use.id(), Optional.empty(), review(Verdict.NOT_JUSTIFIED)))
        .isTrue();
    assertThat(store.judge(use.id(), Optional.empty(), review(Verdict.JUSTIFIED)))
        .isFalse();
    assertThat(store.judge(UUID.randomUUID(), Optional.empty(), review(Verdict.JUSTIFIED)))
        .isFalse();

    BreakGlassUse found = found(use);
    assertThat(found.reviews()).hasSize(1);
    assertThat(found.verdict()).hasValue(Verdict.NOT_JUSTIFIED);
    assertThat(found.reviews().get(0).reviewer()).isEqualTo(OFFICER);
    assertThat(found.reviews().get(0).revealNote()).isEqualTo("saw it");
    // An unjustified use ends in the same step.
    assertThat(found.closedAt()).hasValue(T0.plusSeconds(60));
  }

  @Test
  void concurrentJudgements_exactlyOneWins() {
    BreakGlassStore store = open();
    BreakGlassUse use = use(BreakGlassScope.PATIENT, T0);
    store.add(use);

    List<Boolean> won = Race.run(
        16,
        i -> store.judge(
            use.id(),
            Optional.empty(),
            review(i % 2 == 0 ? Verdict.JUSTIFIED : Verdict.NOT_JUSTIFIED)));

    assertThat(won.stream().filter(w -> w)).hasSize(1);
    assertThat(found(use).reviews()).hasSize(1);
  }

  @Test
  void close_endsOnce_andTheFirstTimeStands() {
    BreakGlassStore store = open();
    BreakGlassUse use = use(BreakGlassScope.PATIENT, T0);
    store.add(use);
    assertThat(ids(open().open(medic, T0))).containsExactly(use.id());
    assertThat(open().open(medic, T0.plus(HOUR))).isEmpty();

    List<Boolean> won = Race.run(8, i -> store.close(use.id(), T0.plusSeconds(7)));

    assertThat(won.stream().filter(w -> w)).hasSize(1);
    assertThat(store.close(use.id(), T0.plusSeconds(9))).isFalse();
    assertThat(store.close(UUID.randomUUID(), T0)).isFalse();
    assertThat(found(use).closedAt()).hasValue(T0.plusSeconds(7));
    assertThat(open().open(medic, T0)).isEmpty();
    store.judge(use.id(), Optional.empty(), review(Verdict.NOT_JUSTIFIED));
    assertThat(found(use).closedAt()).hasValue(T0.plusSeconds(7));
  }

  @Test
  void notices_areDueUntilTheyAreGiven() {
    BreakGlassStore store = open();
    BreakGlassUse use = use(BreakGlassScope.PATIENT, T0);
    store.add(use);
    assertThat(mine(open().noticesDue(MANY))).containsExactly(use.id());

    store.noticeGiven(use.id());
    store.noticeGiven(use.id());

    assertThat(mine(open().noticesDue(MANY))).isEmpty();
    assertThat(found(use).notice()).isEqualTo(PatientNotice.GIVEN);
  }

  private BreakGlassUse found(BreakGlassUse use) {
    return open().find(use.id()).orElseThrow();
  }

  private List<UUID> mine(List<BreakGlassUse> uses) {
    return ids(uses.stream().filter(use -> use.actor().equals(medic)).toList());
  }

  private static List<UUID> ids(List<BreakGlassUse> uses) {
    return uses.stream().map(BreakGlassUse::id).toList();
  }

  private BreakGlassUse use(BreakGlassScope scope, Instant from) {
    return BreakGlassUse.builder(
            UUID.randomUUID(), medic, scope, CHART, Purpose.EMERGENCY_TREATMENT)
        .patient(JANE)
        .record(RECORD)
        .session("session 1")
        .reason("unconscious \u00e9\ud83d\ude80")
        .period(from, from.plus(HOUR))
        .notice(PatientNotice.DUE)
        .build();
  }

  private static BreakGlassReview review(Verdict verdict) {
    return BreakGlassReview.of(verdict, OFFICER, T0.plusSeconds(60), "saw it");
  }
}
