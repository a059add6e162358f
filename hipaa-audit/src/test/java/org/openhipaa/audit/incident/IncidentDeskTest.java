package org.openhipaa.audit.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.audit.Fixtures;
import org.openhipaa.audit.incident.jdbc.JdbcIncidentStore;
import org.openhipaa.audit.store.file.AuditLogReader;
import org.openhipaa.audit.store.file.FileAuditLog;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.audit.Receipt;

/** 45 CFR 164.308(a)(6): alarms become incidents that the right people see and handle, and nobody else. */
class IncidentDeskTest {
  private static final String NOTE = "Patient JANE ROE called about it";

  private final Fixtures.Keys keys = new Fixtures.Keys(61);
  private final List<AuditEvent> recorded = new CopyOnWriteArrayList<>();
  private AuditSink sink = this::record;
  private IncidentStore store;
  private IncidentDesk desk;

  @TempDir
  private Path temp;

  private Receipt record(AuditEvent event) {
    recorded.add(event);
    return new Receipt("test", recorded.size() - 1, "00".repeat(32));
  }

  private static AccessPolicy policy() {
    return AccessPolicy.builder("clinic")
        .groups("support", "watcher", "nurse")
        .recordType("incident")
        .permit(
            "support-handles",
            rule -> rule.groups("support")
                .actions(Action.READ, Action.UPDATE)
                .recordType("incident")
                .purposes(Purpose.SYSTEM_ADMINISTRATION))
        .permit(
            "watcher-sees",
            rule -> rule.groups("watcher")
                .actions(Action.READ)
                .recordType("incident")
                .purposes(Purpose.SYSTEM_ADMINISTRATION))
        .build();
  }

  private static Actor actor(String id, String group) {
    return Actor.authenticated(
        ActorId.of(id), Set.of(Group.of(group)), Assurance.AAL2, Fixtures.NOW);
  }

  private static final Actor SUPPORT = actor("sam", "support");
  private static final Actor WATCHER = actor("wim", "watcher");
  private static final Actor NURSE = actor("joy", "nurse");

  @BeforeEach
  void setUp() {
    // One database per test, kept between its connections.
    store = store("jdbc:h2:mem:" + temp.getFileName() + ";DB_CLOSE_DELAY=-1");
    desk = desk(policy());
  }

  private JdbcIncidentStore store(String url) {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL(url);
    JdbcIncidentStore jdbc = new JdbcIncidentStore(h2, keys.keyring);
    jdbc.createSchema();
    return jdbc;
  }

  private IncidentDesk desk(AccessPolicy policy) {
    return new IncidentDesk(
        store, event -> sink.record(event), policy, Fixtures.CLOCK, keys.random);
  }

  private static Alarm alarm(String location, ActorId suspect) {
    return new Alarm(
        Alarm.Kind.INTEGRITY,
        "backup",
        location,
        "a chunk does not match its name",
        Fixtures.NOW,
        suspect);
  }

  private UUID raised() {
    desk.raise(alarm("pack 3", null));
    return store.newest(1).get(0).id();
  }

  private static <T> T granted(IncidentResult<T> result) {
    return result.fold(granted -> granted.value(), refused -> {
      throw new AssertionError("expected a grant, got " + refused);
    });
  }

  private static <T> IncidentResult.Refused<T> refused(IncidentResult<T> result) {
    return result.fold(
        granted -> {
          throw new AssertionError("expected a refusal, got " + granted);
        },
        refused -> refused);
  }

  private AuditEvent last() {
    return recorded.get(recorded.size() - 1);
  }

  @Test
  void alarm_opensAnIncident_andIsRecorded() {
    UUID id = raised();

    Incident incident = store.find(id).orElseThrow();
    assertThat(incident.state()).isEqualTo(IncidentState.NEW);
    assertThat(incident.occurrences()).isEqualTo(1);
    assertThat(incident.alarm().kind()).isEqualTo(Alarm.Kind.INTEGRITY);
    assertThat(incident.alarm().location()).isEqualTo("pack 3");
    assertThat(incident.alarm().message()).isEqualTo("a chunk does not match its name");
    assertThat(incident.alarm().raisedAt())
        .isEqualTo(Fixtures.NOW.truncatedTo(java.time.temporal.ChronoUnit.MILLIS));
    assertThat(id.version()).isEqualTo(4);
    assertThat(recorded).hasSize(1);
    assertThat(last().action()).isEqualTo(AuditAction.ALARM);
    assertThat(last().actor()).isEqualTo(AuditEvent.SYSTEM);
    assertThat(last().detail()).contains(id.toString()).contains("pack 3").contains("INTEGRITY");
  }

  @Test
  void sameFault_countsUpOneIncident_andRecordsOnlyPowersOfTwo() {
    for (int i = 0; i < 20; i++) {
      desk.raise(alarm("pack 3", null));
    }
    desk.raise(alarm("pack 4", null));

    assertThat(store.newest(10)).hasSize(2);
    assertThat(store.newest(10))
        .extracting(Incident::occurrences)
        .containsExactlyInAnyOrder(20L, 1L);
    // 1, 2, 4, 8, 16, and the other one.
    assertThat(recorded).hasSize(6);
  }

  @Test
  void sameFaultFromManyThreads_isOneIncident_andNoneIsLost() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      threads.add(new Thread(() -> {
        for (int i = 0; i < 10; i++) {
          desk.raise(alarm("pack 3", ActorId.of("joy")));
        }
      }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(store.newest(10)).singleElement().satisfies(incident -> {
      assertThat(incident.occurrences()).isEqualTo(80);
      assertThat(incident.suspects()).containsExactly(ActorId.of("joy"));
    });
  }

  @Test
  void supportGroup_opensListsAndAcknowledges_eachRecordedFirst() {
    UUID id = raised();

    assertThat(granted(desk.list(SUPPORT))).hasSize(1);
    assertThat(last().action()).isEqualTo(AuditAction.INCIDENT_OPEN);
    assertThat(granted(desk.open(SUPPORT, id)).alarm().location()).isEqualTo("pack 3");
    assertThat(last().action()).isEqualTo(AuditAction.INCIDENT_OPEN);
    assertThat(last().outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(last().actor()).isEqualTo(ActorId.of("sam"));
    assertThat(last().rules()).containsExactly("support-handles");
    assertThat(last().policyHash()).isEqualTo(policy().hash());
    assertThat(last().purpose()).contains(Purpose.SYSTEM_ADMINISTRATION);

    Incident acknowledged = granted(desk.acknowledge(SUPPORT, id, NOTE));

    assertThat(acknowledged.state()).isEqualTo(IncidentState.ACKNOWLEDGED);
    assertThat(acknowledged.steps()).singleElement().satisfies(step -> {
      assertThat(step.actor()).isEqualTo(ActorId.of("sam"));
      assertThat(step.revealNote()).isEqualTo(NOTE);
    });
    assertThat(last().action()).isEqualTo(AuditAction.INCIDENT_ACKNOWLEDGE);
    assertThat(last().outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(last().detail()).isEqualTo("incident=" + id);
  }

  @Test
  void everybodyElse_isRefusedAndRecorded_alsoForIncidentsThatDoNotExist() {
    UUID id = raised();

    assertThat(refused(desk.list(NURSE)).reason()).isEqualTo("NO_MATCHING_RULE");
    assertThat(refused(desk.open(NURSE, id)).reason()).isEqualTo("NO_MATCHING_RULE");
    assertThat(refused(desk.open(NURSE, new UUID(1, 2))).reason()).isEqualTo("NO_MATCHING_RULE");
    assertThat(refused(desk.acknowledge(NURSE, id, "ok")).reason()).isEqualTo("NO_MATCHING_RULE");
    assertThat(refused(desk.acknowledge(WATCHER, id, "ok")).reason()).isEqualTo("NO_MATCHING_RULE");

    assertThat(recorded.subList(1, 6)).allSatisfy(event -> {
      assertThat(event.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(event.reason()).isEqualTo("NO_MATCHING_RULE");
    });
    assertThat(granted(desk.open(WATCHER, id)).state()).isEqualTo(IncidentState.NEW);
  }

  @Test
  void suspect_mayNotAcknowledge_evenIfASuspectOnlyOfALaterAlarm() {
    UUID id = raised();
    desk.raise(alarm("pack 3", SUPPORT.id()));

    IncidentResult.Refused<Incident> refused = refused(desk.acknowledge(SUPPORT, id, "nothing"));

    assertThat(refused.reason()).isEqualTo(IncidentDesk.SUSPECT);
    assertThat(last().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(last().reason()).isEqualTo(IncidentDesk.SUSPECT);
    assertThat(store.find(id).orElseThrow().state()).isEqualTo(IncidentState.NEW);
    assertThat(granted(desk.acknowledge(actor("eva", "support"), id, "I do it")).state())
        .isEqualTo(IncidentState.ACKNOWLEDGED);
  }

  @Test
  void secondAcknowledgement_isRefused_andUnknownIncidentsAreNamedToWhoMaySee() {
    UUID id = raised();
    granted(desk.acknowledge(SUPPORT, id, ""));

    assertThat(refused(desk.acknowledge(SUPPORT, id, "again")).reason())
        .isEqualTo(IncidentDesk.NOT_NEW);
    assertThat(last().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(refused(desk.open(SUPPORT, new UUID(1, 2))).reason())
        .isEqualTo(IncidentDesk.UNKNOWN_INCIDENT);
    assertThat(refused(desk.acknowledge(SUPPORT, new UUID(1, 2), "")).reason())
        .isEqualTo(IncidentDesk.UNKNOWN_INCIDENT);
    assertThat(store.find(id).orElseThrow().steps()).hasSize(1);
  }

  @Test
  void twoAcknowledgeAtOnce_exactlyOneSucceeds() throws Exception {
    for (int round = 0; round < 5; round++) {
      desk.raise(alarm("pack " + round, null));
      UUID id = store.newest(10).stream()
          .filter(incident -> incident.state() == IncidentState.NEW)
          .findFirst()
          .orElseThrow()
          .id();
      List<Boolean> granted = new CopyOnWriteArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Actor person = actor("person" + t, "support");
        threads.add(new Thread(
            () -> granted.add(desk.acknowledge(person, id, "mine").fold(g -> true, r -> false))));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(granted).hasSize(4).containsOnlyOnce(true);
      assertThat(store.find(id).orElseThrow().steps()).hasSize(1);
    }
  }

  @Test
  void failingSink_showsNothingAndChangesNothing_butTheAlarmIsStored() {
    UUID id = raised();
    sink = event -> {
      throw new AuditNotRecordedException("disk full");
    };

    assertThatThrownBy(() -> desk.open(SUPPORT, id)).isInstanceOf(AuditNotRecordedException.class);
    assertThatThrownBy(() -> desk.list(SUPPORT)).isInstanceOf(AuditNotRecordedException.class);
    assertThatThrownBy(() -> desk.acknowledge(SUPPORT, id, ""))
        .isInstanceOf(AuditNotRecordedException.class);
    assertThatThrownBy(() -> desk.open(NURSE, id)).isInstanceOf(AuditNotRecordedException.class);
    desk.raise(alarm("pack 9", null));

    assertThat(store.find(id).orElseThrow().state()).isEqualTo(IncidentState.NEW);
    assertThat(store.newest(10)).hasSize(2);
  }

  @Test
  void failingStore_doesNotThrowOutOfRaise_andTheAlarmIsRecorded() {
    JdbcDataSource nowhere = new JdbcDataSource();
    nowhere.setURL("jdbc:h2:mem:empty");
    store = new JdbcIncidentStore(nowhere, keys.keyring);
    desk = desk(policy());

    desk.raise(alarm("pack 3", null));

    assertThat(last().detail()).contains("incident=none").contains("pack 3");
    assertThatThrownBy(() -> desk.open(SUPPORT, new UUID(1, 2)))
        .isInstanceOf(IncidentNotReadException.class);
    assertThatThrownBy(() -> store.advance(
            new UUID(1, 2),
            IncidentState.NEW,
            IncidentStep.of(IncidentState.ACKNOWLEDGED, SUPPORT.id(), Fixtures.NOW, "")))
        .isInstanceOf(IncidentNotStoredException.class);
  }

  @Test
  void alarmWithLongTextsAndControlCharacters_isStored() {
    desk.raise(new Alarm(
        Alarm.Kind.PIPELINE,
        "s".repeat(500),
        "l\0\n".repeat(2000) + "\ud83d",
        "m".repeat(1998) + "\ud83d\ude00".repeat(9),
        Fixtures.NOW,
        null));

    assertThat(store.newest(10)).singleElement().satisfies(incident -> {
      assertThat(incident.alarm().source()).hasSize(200);
      assertThat(incident.alarm().location()).hasSize(1000).startsWith("l??l");
      assertThat(incident.alarm().message()).hasSize(2000);
    });
    assertThat(recorded).hasSize(1);
  }

  @Test
  void policyWithQuotaOrFieldsForIncidents_isRefused_notIgnored() {
    UUID id = raised();
    AccessPolicy withQuota = AccessPolicy.builder("clinic")
        .groups("support")
        .recordType("incident")
        .permit(
            "support-handles",
            rule -> rule.groups("support")
                .actions(Action.READ)
                .recordType("incident")
                .purposes(Purpose.SYSTEM_ADMINISTRATION)
                .quota(3, Duration.ofHours(1)))
        .build();

    assertThat(refused(desk(withQuota).open(SUPPORT, id)).reason())
        .isEqualTo(IncidentDesk.OBLIGATION_NOT_SUPPORTED);
    assertThat(last().outcome()).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void incidents_surviveARestart_andTheNoteIsInNoFileInClear() throws Exception {
    String url = "jdbc:h2:file:" + temp.resolve("incidents");
    store = store(url);
    desk = desk(policy());
    UUID id = raised();
    granted(desk.acknowledge(SUPPORT, id, NOTE));
    Incident before = store.find(id).orElseThrow();

    // H2 closes the file with its last connection; a new store opens it again.
    store = store(url);
    desk = desk(policy());

    Incident after = granted(desk.open(SUPPORT, id));
    assertThat(after.toString()).isEqualTo(before.toString()).doesNotContain("JANE");
    assertThat(after.steps()).isEqualTo(before.steps());
    assertThat(after.steps().toString()).doesNotContain("JANE");
    desk.raise(alarm("pack 3", null));
    assertThat(store.find(id).orElseThrow().occurrences()).isEqualTo(2);
    try (var files = Files.list(temp)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("JANE");
      }
    }
    assertThat(recorded.toString()).doesNotContain("JANE");
    assertThat(recorded).noneMatch(event -> event.detail().contains("JANE"));
  }

  @Test
  void noteThatIsTooLong_isRefusedBeforeAnythingChanges() {
    UUID id = raised();

    assertThatThrownBy(() -> desk.acknowledge(SUPPORT, id, "x".repeat(2001)))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(recorded).hasSize(1);
    assertThat(granted(desk.acknowledge(SUPPORT, id, "\u20ac".repeat(2000))).steps())
        .hasSize(1);
  }

  @Test
  void damagedLog_becomesAnIncident_alsoBeforeThereIsALogToRecordIn() throws Exception {
    Path folder = temp.resolve("log");
    try (FileAuditLog log = FileAuditLog.builder(
            folder, keys.keyring, desk, Fixtures.CLOCK, keys.random)
        .create()) {
      sink = log;
      UUID id = raised();
      granted(desk.open(SUPPORT, id));
      assertThat(log.size()).isEqualTo(2);
      try (var entries = AuditLogReader.of(folder).entries(0)) {
        assertThat(entries.map(entry -> entry.entry().event().action()))
            .containsExactly(AuditAction.ALARM, AuditAction.INCIDENT_OPEN);
      }
    }
    Path segment = folder.resolve("00000000000000000000.seg");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[bytes.length - 1] ^= 1;
    Files.write(segment, bytes);

    assertThatThrownBy(
            () -> FileAuditLog.builder(folder, keys.keyring, desk, Fixtures.CLOCK, keys.random)
                .open())
        .hasMessageContaining("damaged");

    assertThat(store.newest(10)).anySatisfy(incident -> {
      assertThat(incident.alarm().source()).isEqualTo("audit-log");
      assertThat(incident.alarm().location()).contains("00000000000000000000.seg");
    });
  }
}
