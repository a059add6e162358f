package org.openhipaa.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.consent.ConsentEntry;
import org.openhipaa.core.access.consent.ConsentStore;

/** What every {@link ConsentStore} must do. Subclass it and say how to open one. */
public abstract class ConsentStoreContract {
  private static final Instant T0 = Instant.parse("2026-01-01T08:00:00Z");

  /** New for each test, so that the store need not be empty. */
  private final String patient = token();

  /** For subclasses. */
  protected ConsentStoreContract() {}

  /**
   * Opens the store. Called again within one test it must open the same content anew.
   *
   * @return the store
   */
  protected abstract ConsentStore open();

  @Test
  void addedEntries_areFoundOldestFirst_andOnlyForTheirPatient() {
    byte[] every = new byte[256];
    for (int i = 0; i < every.length; i++) {
      every[i] = (byte) i;
    }
    ConsentEntry younger = entry(patient, T0.plusSeconds(5), every);
    ConsentEntry older = entry(patient, T0, new byte[20_000]);
    open().add(younger);
    open().add(older);
    open().add(entry(token(), T0, every));

    List<ConsentEntry> found = open().find(patient);

    assertThat(found).extracting(ConsentEntry::id).containsExactly(older.id(), younger.id());
    assertThat(found.get(0).sealed()).isEqualTo(older.sealed());
    assertThat(found.get(1).sealed()).isEqualTo(every);
    assertThat(found.get(1).addedAt()).isEqualTo(T0.plusSeconds(5));
    assertThat(found.get(1).endedAt()).isEmpty();
    assertThat(open().find(token())).isEmpty();
  }

  @Test
  void end_isSeenAtOnce_byEveryInstance_andHappensOnce() {
    ConsentStore one = open();
    ConsentStore other = open();
    ConsentEntry entry = entry(patient, T0, new byte[] {1});
    one.add(entry);
    assertThat(other.find(patient).get(0).endedAt()).isEmpty();

    assertThat(one.end(token(), entry.id(), T0)).isFalse();
    assertThat(one.end(patient, UUID.randomUUID(), T0)).isFalse();
    assertThat(other.find(patient).get(0).endedAt()).isEmpty();
    assertThat(one.end(patient, entry.id(), T0.plusSeconds(1))).isTrue();

    assertThat(other.find(patient).get(0).endedAt()).hasValue(T0.plusSeconds(1));
    assertThat(one.end(patient, entry.id(), T0.plusSeconds(2))).isFalse();
    assertThat(open().find(patient).get(0).endedAt()).hasValue(T0.plusSeconds(1));
  }

  @Test
  void concurrentEnds_exactlyOneWins() {
    ConsentStore store = open();
    ConsentEntry entry = entry(patient, T0, new byte[] {1});
    store.add(entry);

    List<Boolean> won = Race.run(16, i -> store.end(patient, entry.id(), T0.plusSeconds(i)));

    assertThat(won.stream().filter(w -> w)).hasSize(1);
  }

  @Test
  void concurrentAdditions_areAllKept() {
    ConsentStore store = open();

    Race.run(24, i -> {
      store.add(entry(patient, T0, new byte[] {(byte) i}));
      return i;
    });

    assertThat(open().find(patient)).hasSize(24);
  }

  private static ConsentEntry entry(String patient, Instant at, byte[] content) {
    return new ConsentEntry(UUID.randomUUID(), patient, content, at, null);
  }

  private static String token() {
    return (UUID.randomUUID().toString() + UUID.randomUUID()).replace("-", "");
  }
}
