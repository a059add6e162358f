package org.openhipaa.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;

/** What stands in logs and policy files for ever. */
class CodesTest {
  @Test
  void codesOfTheLog_areUniqueAndFitAByte() {
    assertThat(Arrays.stream(AuditAction.values()).map(AuditAction::code))
        .doesNotHaveDuplicates()
        .allMatch(code -> code >= 1 && code <= 255);
    assertThat(Arrays.stream(Outcome.values()).map(Outcome::code))
        .doesNotHaveDuplicates()
        .allMatch(code -> code >= 0 && code <= 255);
    assertThat(AuditAction.READ.code()).isEqualTo(1);
    assertThat(AuditAction.INCIDENT_ACKNOWLEDGE.code()).isEqualTo(42);
    assertThat(AuditAction.BREAK_GLASS_OPEN.code()).isEqualTo(50);
    assertThat(AuditAction.CONSENT_CHANGE.code()).isEqualTo(60);
    assertThat(AuditAction.GRANT_REQUEST.code()).isEqualTo(70);
    assertThat(AuditAction.TERMINATE.code()).isEqualTo(75);
  }

  @Test
  void everyAction_hasAVerbInTheLog() {
    assertThat(Arrays.stream(AuditAction.values()).map(Enum::name))
        .containsAll(Arrays.stream(Action.values()).map(Enum::name).toList());
  }

  @Test
  void labels_findTheirConstants_inEveryLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      for (Action action : Action.values()) {
        assertThat(Action.find(action.label())).hasValue(action);
      }
      for (Purpose purpose : Purpose.values()) {
        assertThat(Purpose.find(purpose.label())).hasValue(purpose);
        assertThat(Purpose.find(purpose.code())).hasValue(purpose);
      }
    } finally {
      Locale.setDefault(before);
    }
    assertThat(Action.find("READ")).isEmpty();
    assertThat(Purpose.find("")).isEmpty();
    assertThat(Arrays.stream(Purpose.values()).map(Purpose::code)).doesNotHaveDuplicates();
  }

  @Test
  void assurance_isOrderedByStrength() {
    assertThat(Assurance.AAL3.atLeast(Assurance.AAL1)).isTrue();
    assertThat(Assurance.AAL2.atLeast(Assurance.AAL2)).isTrue();
    assertThat(Assurance.AAL1.atLeast(Assurance.AAL2)).isFalse();
  }

  @Test
  void actorsAndEvents_areUnmodifiable() {
    Actor actor =
        Actor.authenticated(ActorId.of("u"), Set.of(Group.of("g")), Assurance.AAL1, Instant.EPOCH);
    AuditEvent event = AuditEvent.builder(
            Instant.EPOCH, AuditAction.LOGIN, Outcome.FAILED, AuditEvent.UNKNOWN)
        .build();

    assertThatThrownBy(() -> actor.groups().add(Group.of("admin")))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> event.rules().add("r"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> event.fields().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(event.patient()).isEmpty();
    assertThat(event.recordId()).isEmpty();
    assertThat(event.purpose()).isEmpty();
    assertThat(event.reason()).isEmpty();
    assertThat(actor).hasToString("Actor(u, [g], AAL1)");
  }
}
