package org.openhipaa.audit.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.audit.Fixtures;
import org.openhipaa.audit.checkpoint.Checkpoint;
import org.openhipaa.audit.checkpoint.EntryProof;
import org.openhipaa.audit.tree.TreeHash;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.Receipt;
import org.openhipaa.core.record.TenantId;

class FileAuditLogTest {
  private final Fixtures.Keys keys = new Fixtures.Keys(11);
  private final Fixtures.Alarms alarms = new Fixtures.Alarms();

  @TempDir
  private Path temp;

  private Path folder() {
    return temp.resolve("log");
  }

  private FileAuditLog.Builder builder() {
    return Logs.builder(folder(), keys, alarms);
  }

  @Test
  void recordedEvent_isInTheLogUnderItsReceipt_beforeTheLogIsClosed() {
    try (FileAuditLog log = builder().create()) {
      Receipt first = log.record(Fixtures.fullEvent());
      Receipt second = log.record(Fixtures.event(2));

      assertThat(first.log()).isEqualTo("openhipaa/clinic/audit");
      assertThat(first.index()).isZero();
      assertThat(second.index()).isEqualTo(1);
      assertThat(log.size()).isEqualTo(2);
      List<LoggedEntry> entries = Logs.entries(folder(), 0);
      assertThat(entries).hasSize(2);
      assertThat(entries.get(0).entry().event().actor().value()).isEqualTo("nurse.joy");
      assertThat(entries.get(0).leafHash().toHex()).isEqualTo(first.leafHash());
      assertThat(TreeHash.leaf(entries.get(1).entry().encoded()).toHex())
          .isEqualTo(second.leafHash());
    }
    assertThat(alarms.raised).isEmpty();
  }

  @Test
  void closedLog_isIntactAndWhollyCoveredByItsCheckpoint() {
    FileAuditLog log = builder().checkpointInterval(Logs.NEVER).create();
    for (int i = 0; i < 5; i++) {
      log.record(Fixtures.event(i));
    }
    log.close();
    log.close();

    LogVerification.Intact intact = Logs.intact(folder());
    assertThat(intact.size()).isEqualTo(5);
    assertThat(intact.signedSize()).isEqualTo(5);
    assertThat(intact.tornBytes()).isZero();
    assertThat(intact.origin()).isEqualTo(log.origin());
    assertThat(AuditLogReader.of(folder(), log.key().key()).checkpoint().checkpoint())
        .isEqualTo(new Checkpoint(log.origin(), 5, intact.root()));
  }

  @Test
  void emptyLog_isIntact_andOpensAgain() {
    builder().create().close();

    assertThat(Logs.intact(folder()).size()).isZero();
    try (FileAuditLog log = builder().open()) {
      assertThat(log.record(Fixtures.event(1)).index()).isZero();
    }
    assertThat(Logs.intact(folder()).size()).isEqualTo(1);
  }

  @Test
  void reopenedLog_goesOnWhereItEnded_overSeveralSegments() throws Exception {
    List<Receipt> receipts = new ArrayList<>();
    for (int session = 0; session < 4; session++) {
      FileAuditLog.Builder settings = builder().segmentSize(1500);
      try (FileAuditLog log = session == 0 ? settings.create() : settings.open()) {
        for (int i = 0; i < 7; i++) {
          receipts.add(log.record(Fixtures.event(receipts.size())));
        }
      }
    }

    assertThat(Logs.segments(folder())).hasSizeGreaterThan(3);
    assertThat(Logs.intact(folder()).size()).isEqualTo(28);
    List<LoggedEntry> entries = Logs.entries(folder(), 0);
    for (int i = 0; i < 28; i++) {
      assertThat(receipts.get(i).index()).isEqualTo(i);
      assertThat(entries.get(i).index()).isEqualTo(i);
      assertThat(entries.get(i).leafHash().toHex()).isEqualTo(receipts.get(i).leafHash());
      assertThat(entries.get(i).entry().event().detail()).isEqualTo("event " + i);
    }
    for (int from = 0; from < 31; from++) {
      assertThat(Logs.entries(folder(), from))
          .as("from %d", from)
          .isEqualTo(entries.subList(Math.min(from, 28), 28));
    }
    assertThat(alarms.raised).isEmpty();
  }

  @Test
  void openingByTheNewestSegmentsOnly_continuesTheSameTree_andDoesNotSeeOldDamage()
      throws Exception {
    try (FileAuditLog log = builder().segmentSize(400).create()) {
      for (int i = 0; i < 20; i++) {
        log.record(Fixtures.event(i));
      }
    }
    try (FileAuditLog log = builder().segmentSize(400).checkNewestSegmentsOnly().open()) {
      assertThat(log.record(Fixtures.event(20)).index()).isEqualTo(20);
    }
    assertThat(Logs.intact(folder()).size()).isEqualTo(21);
    Path old = Logs.segments(folder()).get(1);
    byte[] bytes = Files.readAllBytes(old);
    bytes[bytes.length - 200] ^= 1;
    Files.write(old, bytes);

    builder().checkNewestSegmentsOnly().open().close();

    assertThat(alarms.raised).isEmpty();
    assertThatThrownBy(() -> builder().open()).isInstanceOf(AuditLogDamagedException.class);
    assertThat(alarms.raised).hasSize(1);
  }

  @Test
  void subject_isInNoFileInClear_andOpensWithTheKeys() throws Exception {
    keys.keyring.patientSealer(Fixtures.PATIENT);
    try (FileAuditLog log = builder().create()) {
      log.record(Fixtures.fullEvent());
    }

    for (Path file : Logs.files(folder())) {
      String content = Files.readString(file, StandardCharsets.ISO_8859_1);
      assertThat(content)
          .as(file.toString())
          .doesNotContain(Fixtures.PATIENT.reveal())
          .doesNotContain(Fixtures.RECORD_ID)
          .doesNotContain(keys.keyring.patientKeyName(Fixtures.PATIENT));
    }
    LoggedEntry entry = Logs.entries(folder(), 0).get(0);
    assertThat(entry.toString()).doesNotContain(Fixtures.PATIENT.reveal());
    assertThat(entry
            .entry()
            .openSubject(keys.keyring)
            .<String>fold(k -> k.patient().orElseThrow().reveal(), () -> "", () -> ""))
        .isEqualTo(Fixtures.PATIENT.reveal());
  }

  @Test
  void shreddedPatient_logStillVerifies() {
    keys.keyring.patientSealer(Fixtures.PATIENT);
    try (FileAuditLog log = builder().create()) {
      log.record(Fixtures.fullEvent());
    }
    keys.store.destroy(keys.keyring.patientKeyName(Fixtures.PATIENT));

    assertThat(Logs.intact(folder()).size()).isEqualTo(1);
    builder().open().close();
    assertThat(Logs.entries(folder(), 0)
            .get(0)
            .entry()
            .openSubject(keys.reopened())
            .<String>fold(k -> "known", () -> "none", () -> "shredded"))
        .isEqualTo("shredded");
  }

  @Test
  void proofOfAReceipt_convincesWhoKnowsOnlyTheKey() {
    List<Receipt> receipts = new ArrayList<>();
    try (FileAuditLog log =
        builder().segmentSize(1500).checkpointInterval(Logs.NEVER).create()) {
      for (int i = 0; i < 23; i++) {
        receipts.add(log.record(Fixtures.event(i)));
        EntryProof proof = log.proofOf(receipts.get(i / 2));
        assertThat(proof.index()).isEqualTo(i / 2);
      }
      for (Receipt receipt : receipts) {
        EntryProof proof = EntryProof.parse(log.proofOf(receipt).toString());
        assertThat(proof.verify(TreeHash.ofHex(receipt.leafHash()), log.key())).isTrue();
        assertThat(proof.verify(TreeHash.empty(), log.key())).isFalse();
      }
    }
    AuditLogReader reader = AuditLogReader.of(folder());
    assertThat(reader
            .proofOf(receipts.get(22))
            .verify(TreeHash.ofHex(receipts.get(22).leafHash()), reader.key()))
        .isTrue();
  }

  @Test
  void proofOfAForeignOrInventedReceipt_isNotMade() {
    try (FileAuditLog log = builder().create()) {
      Receipt receipt = log.record(Fixtures.event(1));
      log.record(Fixtures.event(2));
      List<Receipt> others = List.of(
          new Receipt("openhipaa/other/audit", 0, receipt.leafHash()),
          new Receipt(receipt.log(), 1, receipt.leafHash()),
          new Receipt(receipt.log(), 2, receipt.leafHash()),
          new Receipt(receipt.log(), -1, receipt.leafHash()));
      for (Receipt other : others) {
        assertThatThrownBy(() -> log.proofOf(other))
            .as(other.toString())
            .isInstanceOf(ProofNotMadeException.class);
      }
    }
  }

  @Test
  void creatingWhereSomethingIs_isRefused() throws Exception {
    builder().create().close();
    assertThatThrownBy(() -> builder().create())
        .isInstanceOf(AuditLogNotOpenedException.class)
        .hasMessageContaining("not empty");
    Path other = Files.createDirectories(temp.resolve("other"));
    Files.writeString(other.resolve("letter.txt"), "dear");
    assertThatThrownBy(() -> Logs.builder(other, keys, alarms).create())
        .isInstanceOf(AuditLogNotOpenedException.class);
    assertThat(other.resolve("letter.txt")).hasContent("dear");
  }

  @Test
  void openingWhereNothingIs_isRefused() throws Exception {
    assertThat(FileAuditLog.exists(folder())).isFalse();
    assertThatThrownBy(() -> builder().open())
        .isInstanceOf(AuditLogNotOpenedException.class)
        .hasMessageContaining("holds no audit log");
    Files.createDirectories(folder());
    assertThatThrownBy(() -> builder().open()).isInstanceOf(AuditLogNotOpenedException.class);
    assertThatThrownBy(() -> Logs.verify(folder())).isInstanceOf(AuditLogNotReadException.class);
    assertThatThrownBy(() -> Logs.verify(temp.resolve("none")))
        .isInstanceOf(AuditLogNotReadException.class);
    Path file = Files.writeString(temp.resolve("file"), "x");
    assertThatThrownBy(() -> Logs.builder(file.resolve("log"), keys, alarms).create())
        .isInstanceOf(AuditLogNotOpenedException.class)
        .hasMessageContaining("disk full or read-only");
  }

  @Test
  void creationThatBrokeOffAnywhere_isCompletedByCreatingAgain() throws Exception {
    builder().create().close();
    List<String> order = List.of("00000000000000000000.seg", "log.pub", "checkpoint");
    for (int done = 0; done < order.size(); done++) {
      Path broken = temp.resolve("broken-" + done);
      Files.createDirectories(broken);
      for (String name : order.subList(0, done)) {
        Files.copy(folder().resolve(name), broken.resolve(name));
      }
      Files.writeString(broken.resolve(".123.tmp"), "half");

      assertThat(FileAuditLog.exists(broken)).isFalse();
      assertThatThrownBy(() -> Logs.builder(broken, keys, alarms).open())
          .isInstanceOf(AuditLogNotOpenedException.class);
      try (FileAuditLog log = Logs.builder(broken, keys, alarms).create()) {
        log.record(Fixtures.event(1));
      }
      assertThat(FileAuditLog.exists(broken)).isTrue();
      assertThat(Logs.intact(broken).size()).isEqualTo(1);
    }
    assertThat(alarms.raised).isEmpty();
  }

  @Test
  void logWithEntriesButWithoutCheckpoint_isNotCreatedAnew() throws Exception {
    try (FileAuditLog log = builder().create()) {
      log.record(Fixtures.event(1));
    }
    Files.delete(folder().resolve("checkpoint"));

    assertThat(FileAuditLog.exists(folder())).isTrue();
    assertThatThrownBy(() -> builder().create()).isInstanceOf(AuditLogNotOpenedException.class);
    assertThatThrownBy(() -> builder().open())
        .isInstanceOf(AuditLogDamagedException.class)
        .hasMessageContaining("checkpoint");
    assertThat(alarms.raised).extracting(Alarm::kind).containsExactly(Alarm.Kind.INTEGRITY);
  }

  @Test
  void secondWriterInThisProcess_isRefused_andTheFirstGoesOn() {
    try (FileAuditLog log = builder().create()) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> builder().open())
            .isInstanceOf(AuditLogNotOpenedException.class)
            .hasMessageContaining("in use");
      }
      log.record(Fixtures.event(1));
      log.close();
      try (FileAuditLog next = builder().open()) {
        log.close();
        assertThatThrownBy(() -> builder().open()).isInstanceOf(AuditLogNotOpenedException.class);
        next.record(Fixtures.event(2));
      }
    }
    assertThat(Logs.intact(folder()).size()).isEqualTo(2);
  }

  @Test
  void secondWriterInAnotherProcess_isRefused_andReadingThereWorks() throws Exception {
    try (FileAuditLog log = builder().checkpointInterval(Duration.ZERO).create()) {
      log.record(Fixtures.event(1));
      log.checkpointNow();
      // A refused attempt in this process must not give up the lock (POSIX would).
      assertThatThrownBy(() -> builder().open()).isInstanceOf(AuditLogNotOpenedException.class);
      Process other = new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              OtherProcess.class.getName(),
              folder().toString())
          .redirectErrorStream(true)
          .start();
      String output = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(output).contains("intact 1").contains("refused").contains("in use");
      log.record(Fixtures.event(2));
    }
  }

  /** What the other process does: verify, then try to write. */
  static final class OtherProcess {
    private OtherProcess() {}

    public static void main(String[] args) {
      Path folder = Path.of(args[0]);
      System.out.println("intact " + Logs.intact(folder).size());
      try {
        Logs.builder(folder, new Fixtures.Keys(11), new Fixtures.Alarms()).open();
        System.out.println("opened");
      } catch (AuditLogNotOpenedException e) {
        System.out.println("refused: " + e.getMessage());
      }
    }
  }

  @Test
  void eventAfterClosing_isNotRecorded() {
    FileAuditLog log = builder().create();
    log.close();

    assertThatThrownBy(() -> log.record(Fixtures.event(1)))
        .isInstanceOf(AuditNotRecordedException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(log::checkpointNow).isInstanceOf(AuditLogNotOpenedException.class);
    assertThatThrownBy(() -> log.withWritesPaused(() -> 1))
        .isInstanceOf(AuditLogNotOpenedException.class);
  }

  @Test
  void eventThatCannotBeSealed_isNotRecorded_andTheLogGoesOn() {
    try (FileAuditLog log = builder().create()) {
      AuditEvent tooLong = AuditEvent.builder(
              Fixtures.NOW,
              org.openhipaa.core.audit.AuditAction.READ,
              org.openhipaa.core.audit.Outcome.SUCCESS,
              AuditEvent.SYSTEM)
          .detail("x".repeat(70_000))
          .build();
      assertThatThrownBy(() -> log.record(tooLong)).isInstanceOf(AuditNotRecordedException.class);
      assertThat(log.record(Fixtures.event(1)).index()).isZero();
      keys.keyring.close();
      assertThatThrownBy(() -> log.record(Fixtures.fullEvent()))
          .isInstanceOf(AuditNotRecordedException.class)
          .hasMessageContaining("keyring is closed");
    }
    assertThat(Logs.intact(folder()).size()).isEqualTo(1);
  }

  @Test
  void alteredPatientKey_eventIsNotRecorded_andAnAlarmIsRaised() {
    keys.keyring.patientSealer(Fixtures.PATIENT);
    String name = keys.keyring.patientKeyName(Fixtures.PATIENT);
    byte[] wrapped = keys.store.find(name).orElseThrow().clone();
    wrapped[wrapped.length - 1] ^= 1;
    keys.store.destroy(name);
    keys.store.create(name, wrapped);
    try (FileAuditLog log =
        Logs.builder(folder(), keys, keys.reopened(), alarms).create()) {
      assertThatThrownBy(() -> log.record(Fixtures.fullEvent()))
          .isInstanceOf(AuditNotRecordedException.class);

      assertThat(alarms.raised).extracting(Alarm::kind).containsExactly(Alarm.Kind.INTEGRITY);
      assertThat(log.record(Fixtures.event(1)).index()).isZero();
    }
  }

  @Test
  void otherKeysOrOtherName_doNotOpenTheLog_andRaiseAnAlarm() {
    builder().create().close();

    assertThatThrownBy(
            () -> Logs.builder(folder(), new Fixtures.Keys(12), alarms).open())
        .isInstanceOf(AuditLogDamagedException.class)
        .hasMessageContaining("log.pub")
        .hasMessageContaining("not the one that was expected");
    Fixtures.Keys otherTenant = new Fixtures.Keys(TenantId.of("other"), 11);
    assertThatThrownBy(() -> Logs.builder(folder(), otherTenant, alarms)
            .signingKey(keys.keyring.signingKey("audit-log-v1/audit"))
            .open())
        .isInstanceOf(AuditLogDamagedException.class)
        .hasMessageContaining("another name");
    assertThat(alarms.raised).hasSize(2);
    builder().open().close();
  }

  @Test
  void interruptedCaller_getsItsReceiptAndStaysInterrupted() {
    try (FileAuditLog log = builder().create()) {
      Thread.currentThread().interrupt();

      Receipt receipt = log.record(Fixtures.event(1));

      assertThat(Thread.interrupted()).isTrue();
      assertThat(receipt.index()).isZero();
      assertThat(log.record(Fixtures.event(2)).index()).isEqualTo(1);
    }
    assertThat(Logs.intact(folder()).size()).isEqualTo(2);
  }

  @Test
  void checkpoint_followsByItselfWithinItsInterval() throws Exception {
    try (FileAuditLog log = builder().checkpointInterval(Duration.ofMillis(200)).create()) {
      for (int i = 0; i < 3; i++) {
        log.record(Fixtures.event(i));
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (Logs.intact(folder()).signedSize() < 3 && System.nanoTime() < end) {
        Thread.sleep(20);
      }
      assertThat(Logs.intact(folder()).signedSize()).isEqualTo(3);
    }
  }

  @Test
  void pausedLog_isCopiedWhole_whileOthersWait() throws Exception {
    Path copy = temp.resolve("copy");
    AtomicReference<Receipt> waiting = new AtomicReference<>();
    CountDownLatch started = new CountDownLatch(1);
    try (FileAuditLog log = builder().checkpointInterval(Logs.NEVER).create()) {
      for (int i = 0; i < 3; i++) {
        log.record(Fixtures.event(i));
      }
      Thread other = new Thread(() -> {
        started.countDown();
        waiting.set(log.record(Fixtures.event(3)));
      });

      long copied = log.withWritesPaused(() -> {
        other.start();
        try {
          started.await();
          Thread.sleep(50);
          Logs.copy(folder(), copy);
        } catch (Exception e) {
          throw new AssertionError(e);
        }
        assertThatThrownBy(() -> log.record(Fixtures.event(9)))
            .isInstanceOf(AuditNotRecordedException.class);
        assertThatThrownBy(() -> log.withWritesPaused(() -> 1))
            .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(log::close).isInstanceOf(IllegalStateException.class);
        assertThat(log.checkpointNow().checkpoint().size()).isEqualTo(3);
        assertThat(waiting.get()).isNull();
        return log.size();
      });

      other.join();
      assertThat(copied).isEqualTo(3);
      assertThat(waiting.get().index()).isEqualTo(3);
    }
    LogVerification.Intact intact = Logs.intact(copy);
    assertThat(intact.size()).isEqualTo(3);
    assertThat(intact.signedSize()).isEqualTo(3);
    assertThat(intact.tornBytes()).isZero();
    assertThat(Logs.intact(folder()).size()).isEqualTo(4);
  }

  @Test
  void actionThatFailsWhilePaused_letsTheLogGoOn() {
    try (FileAuditLog log = builder().create()) {
      assertThatThrownBy(() -> log.withWritesPaused(() -> {
            throw new IllegalArgumentException("no room");
          }))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(log.record(Fixtures.event(1)).index()).isZero();
    }
  }

  @Test
  void leftoversOfAKilledProcess_areIgnoredAndRemoved() throws Exception {
    builder().create().close();
    Path leftover = Files.writeString(folder().resolve(".8127.tmp"), "half a checkpoint");

    assertThat(Logs.intact(folder()).size()).isZero();
    builder().open().close();

    assertThat(leftover).doesNotExist();
  }
}
