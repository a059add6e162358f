package org.openhipaa.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhipaa.core.access.PolicyFile.Reload;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.record.RecordType;

class PolicyFileReloadTest {
  private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  @TempDir
  Path folder;

  private final List<Alarm> alarms = new ArrayList<>();
  private Path path;

  @BeforeEach
  void firstPolicy() throws IOException {
    path = folder.resolve("policy.yaml");
    write("read");
  }

  @Test
  void newPolicy_replacesTheOld() throws IOException {
    PolicyFile file = PolicyFile.open(path, alarms::add, CLOCK);
    String before = file.current().hash();
    assertThat(file.decide(request(Action.READ)).permitted()).isTrue();
    write("print");

    Reload reload = file.reload();

    String now = AccessPolicy.load(path).hash();
    assertThat(reload).isEqualTo(new Reload.Replaced(before, now));
    assertThat(file.decide(request(Action.READ)).permitted()).isFalse();
    assertThat(file.decide(request(Action.PRINT)).policyHash()).isEqualTo(now);
    assertThat(file.reload()).isEqualTo(new Reload.Unchanged(now));
    assertThat(alarms).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[", "openhipaa-policy: 2\n", "openhipaa-policy: 1\nname: half"})
  void badPolicy_changesNothing_andRaisesOneAlarm(String text) throws IOException {
    PolicyFile file = PolicyFile.open(path, alarms::add, CLOCK);
    String before = file.current().hash();
    Files.writeString(path, text);

    Reload reload = file.reload();
    file.reload();

    assertThat(reload.<String>fold(u -> "unchanged", r -> "replaced", r -> r.hash()))
        .isEqualTo(before);
    assertThat(file.decide(request(Action.READ)).permitted()).isTrue();
    assertThat(alarms).hasSize(1);
    assertThat(alarms.get(0).kind()).isEqualTo(Alarm.Kind.PIPELINE);
    assertThat(alarms.get(0).message()).contains("the old one stays in force: policy.yaml");
    assertThat(alarms.get(0).raisedAt()).isEqualTo(NOW);
  }

  @Test
  void missingFile_changesNothing_andAnotherMistakeIsAnotherAlarm() throws IOException {
    PolicyFile file = PolicyFile.open(path, alarms::add, CLOCK);
    Files.delete(path);
    file.reload();
    Files.writeString(path, "[");
    file.reload();
    write("print");

    assertThat(file.reload()).isInstanceOf(Reload.Replaced.class);

    assertThat(alarms).hasSize(2);
    Files.writeString(path, "[");
    file.reload();
    assertThat(alarms).hasSize(3);
  }

  @Test
  void applicationDoesNotStart_withoutAPolicy() throws IOException {
    Files.writeString(path, "[");

    assertThatThrownBy(() -> PolicyFile.open(path, alarms::add, CLOCK))
        .isInstanceOf(PolicyNotLoadedException.class);
  }

  @Test
  void watchedFile_isReadAgain_evenIfAListenerFails() throws Exception {
    PolicyFile file = PolicyFile.open(path, alarms::add, CLOCK);
    BlockingQueue<String> seen = new ArrayBlockingQueue<>(10);

    try (PolicyFile.Watch watch = file.watch(Duration.ofMillis(1), replaced -> {
      seen.add(replaced.now());
      throw new IllegalStateException("a broken listener");
    })) {
      write("print");
      assertThat(seen.poll(1, TimeUnit.MINUTES)).isEqualTo(file.current().hash());
      write("update");
      assertThat(seen.poll(1, TimeUnit.MINUTES)).isEqualTo(file.current().hash());
      assertThat(watch).isNotNull();
    }
  }

  /** Whoever asks while the policy is exchanged gets the old or the new one, never a mixture. */
  @Test
  void exchangeUnderLoad_isAtomic() throws Exception {
    write("read");
    PolicyFile file = PolicyFile.open(path, alarms::add, CLOCK);
    String reading = file.current().hash();
    AtomicBoolean stop = new AtomicBoolean();
    List<String> mixed = new ArrayList<>();
    Thread asking = new Thread(() -> {
      while (!stop.get()) {
        Decision read = file.decide(request(Action.READ));
        if (read.permitted() != read.policyHash().equals(reading)) {
          mixed.add(read.toString());
        }
      }
    });
    asking.start();

    for (int i = 0; i < 200; i++) {
      write(i % 2 == 0 ? "print" : "read");
      file.reload();
    }
    stop.set(true);
    asking.join();

    assertThat(mixed).isEmpty();
    assertThat(alarms).isEmpty();
  }

  private void write(String action) throws IOException {
    Path draft = Files.writeString(folder.resolve("draft.yaml"), """
        openhipaa-policy: 1
        name: clinic
        groups: [nurse]
        record-types: {chart: [name]}
        rules:
          - permit: p
            groups: [nurse]
            actions: [%s]
            record-type: chart
            purposes: [treatment]
            fields: {name: show}
        """.formatted(action));
    Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static AccessRequest request(Action action) {
    Actor nurse =
        Actor.authenticated(ActorId.of("n"), Set.of(Group.of("nurse")), Assurance.AAL1, NOW);
    return AccessRequest.builder(nurse, action, RecordType.of("chart"), Purpose.TREATMENT)
        .build();
  }
}
