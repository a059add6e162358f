package org.openhipaa.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openhipaa.audit.incident.Incident;
import org.openhipaa.audit.incident.IncidentState;
import org.openhipaa.audit.incident.IncidentStep;
import org.openhipaa.audit.incident.IncidentStore;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.alarm.Alarm;

/** What every {@link IncidentStore} must do. Subclass it and say how to open one. */
public abstract class IncidentStoreContract {
  private static final Instant T0 = Instant.parse("2026-01-01T08:00:00Z");
  private static final String FAULT = "a".repeat(64);
  private static final ActorId SAM = ActorId.of("sam.support");
  private static final ActorId EVE = ActorId.of("eve");

  /** For subclasses. */
  protected IncidentStoreContract() {}

  /**
   * Opens the store. Called again within one test it must open the same content anew.
   *
   * @return the store
   */
  protected abstract IncidentStore open();

  @Test
  void raisedAlarm_isAnIncident_alsoAfterReopening() {
    UUID id = new UUID(1, 1);

    open().raise(id, FAULT, alarm("chunk 1", T0, EVE));

    Incident found = open().find(id).orElseThrow();
    assertThat(found.alarm().location()).isEqualTo("chunk 1");
    assertThat(found.suspects()).containsExactly(EVE);
    assertThat(found.state()).isEqualTo(IncidentState.NEW);
    assertThat(found.occurrences()).isEqualTo(1);
    assertThat(open().find(new UUID(9, 9))).isEmpty();
  }

  @Test
  void sameFault_countsUpOneIncident() {
    IncidentStore store = open();
    UUID id = new UUID(1, 1);
    store.raise(id, FAULT, alarm("chunk 1", T0, null));

    Incident again = store.raise(new UUID(2, 2), FAULT, alarm("chunk 1", T0.plusSeconds(5), EVE));

    assertThat(again.id()).isEqualTo(id);
    assertThat(again.occurrences()).isEqualTo(2);
    assertThat(again.lastRaisedAt()).isEqualTo(T0.plusSeconds(5));
    assertThat(again.suspects()).containsExactly(EVE);
    assertThat(open().newest(10)).hasSize(1);
  }

  @Test
  void concurrentAlarmsOfOneFault_areOneIncidentAndAllCounted() {
    IncidentStore store = open();

    Race.run(40, i -> store.raise(new UUID(7, i), FAULT, alarm("chunk 1", T0, null)));

    List<Incident> incidents = open().newest(10);
    assertThat(incidents).hasSize(1);
    assertThat(incidents.get(0).occurrences()).isEqualTo(40);
  }

  @Test
  void newest_isOrderedAndLimited() {
    IncidentStore store = open();
    for (int i = 0; i < 5; i++) {
      store.raise(
          new UUID(3, i), ("" + i).repeat(64), alarm("chunk " + i, T0.plusSeconds(i), null));
    }

    assertThat(open().newest(2).stream().map(incident -> incident.alarm().location()))
        .containsExactly("chunk 4", "chunk 3");
  }

  @Test
  void step_isTakenOnce_andItsNoteComesBack() {
    IncidentStore store = open();
    UUID id = new UUID(1, 1);
    store.raise(id, FAULT, alarm("chunk 1", T0, null));
    IncidentStep step =
        IncidentStep.of(IncidentState.ACKNOWLEDGED, SAM, T0.plusSeconds(9), "looking at it");

    assertThat(store.advance(id, IncidentState.NEW, step)).isTrue();
    assertThat(store.advance(id, IncidentState.NEW, step)).isFalse();
    assertThat(store.advance(new UUID(9, 9), IncidentState.NEW, step)).isFalse();

    Incident found = open().find(id).orElseThrow();
    assertThat(found.state()).isEqualTo(IncidentState.ACKNOWLEDGED);
    assertThat(found.steps()).hasSize(1);
    assertThat(found.steps().get(0).actor()).isEqualTo(SAM);
    assertThat(found.steps().get(0).revealNote()).isEqualTo("looking at it");
  }

  @Test
  void concurrentSteps_exactlyOneWins() {
    IncidentStore store = open();
    UUID id = new UUID(1, 1);
    store.raise(id, FAULT, alarm("chunk 1", T0, null));

    List<Boolean> won = Race.run(
        16,
        i -> store.advance(
            id,
            IncidentState.NEW,
            IncidentStep.of(IncidentState.ACKNOWLEDGED, SAM, T0, "try " + i)));

    assertThat(won.stream().filter(w -> w)).hasSize(1);
    assertThat(open().find(id).orElseThrow().steps()).hasSize(1);
  }

  private static Alarm alarm(String location, Instant at, @Nullable ActorId suspect) {
    return new Alarm(Alarm.Kind.INTEGRITY, "backup", location, "altered", at, suspect);
  }
}
