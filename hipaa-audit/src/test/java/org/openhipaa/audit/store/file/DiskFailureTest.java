package org.openhipaa.audit.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openhipaa.audit.Fixtures;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.Receipt;

/** NIST SP 800-53 AU-5: a log that cannot write says so, refuses from then on, and loses nothing it gave a receipt for. */
class DiskFailureTest {
  private final Fixtures.Keys keys = new Fixtures.Keys(41);
  private final Fixtures.Alarms alarms = new Fixtures.Alarms();
  private final FaultyDisk disk = new FaultyDisk();

  @TempDir
  private Path temp;

  private FileAuditLog.Builder builder() {
    return Logs.builder(temp.resolve("log"), keys, alarms)
        .segmentSize(700)
        .checkpointInterval(Logs.NEVER);
  }

  @ParameterizedTest
  @EnumSource(
      value = FaultyDisk.Fault.class,
      names = {"WRITE", "SHORT_WRITE", "FORCE", "CREATE"})
  void failingDisk_givesNoReceipt_alarmsOnce_refusesLater_andReopens(FaultyDisk.Fault fault) {
    FileAuditLog log = builder().disk(disk).create();
    List<Receipt> receipts = new ArrayList<>();
    receipts.add(log.record(Fixtures.event(0)));
    disk.failAt(fault, 1);

    Throwable failure = null;
    for (int i = 1; i < 20 && failure == null; i++) {
      try {
        receipts.add(log.record(Fixtures.event(i)));
      } catch (AuditNotRecordedException e) {
        failure = e;
      }
    }

    assertThat(failure).isNotNull().hasMessageContaining("release nothing");
    assertThatThrownBy(() -> log.record(Fixtures.event(50)))
        .isInstanceOf(AuditNotRecordedException.class);
    assertThatThrownBy(log::checkpointNow).isInstanceOf(AuditLogNotOpenedException.class);
    assertThatThrownBy(() -> log.withWritesPaused(() -> 1))
        .isInstanceOf(AuditLogNotOpenedException.class);
    log.close();
    assertThat(alarms.raised).singleElement().satisfies(alarm -> {
      assertThat(alarm.kind()).isEqualTo(Alarm.Kind.PIPELINE);
      assertThat(alarm.location()).isEqualTo("openhipaa/clinic/audit");
    });

    try (FileAuditLog reopened = builder().open()) {
      // The one without a receipt may be there or not.
      assertThat(reopened.size()).isBetween((long) receipts.size(), receipts.size() + 1L);
      reopened.record(Fixtures.event(99));
    }
    List<LoggedEntry> entries = Logs.entries(temp.resolve("log"), 0);
    for (Receipt receipt : receipts) {
      assertThat(entries.get((int) receipt.index()).leafHash().toHex())
          .isEqualTo(receipt.leafHash());
    }
    Logs.intact(temp.resolve("log"));
    assertThat(alarms.raised).hasSize(1);
  }

  @Test
  void checkpointThatCannotBeWritten_failsTheLog_butNoEntryIsLost() throws Exception {
    FileAuditLog log =
        builder().disk(disk).checkpointInterval(Duration.ofMillis(20)).create();
    disk.failAt(FaultyDisk.Fault.REPLACE, 0);
    int recorded = 0;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (alarms.raised.isEmpty() && System.nanoTime() < end) {
      try {
        log.record(Fixtures.event(recorded));
        recorded++;
      } catch (AuditNotRecordedException e) {
        break;
      }
    }
    log.close();

    assertThat(recorded).isPositive();
    assertThat(alarms.raised).extracting(Alarm::kind).containsExactly(Alarm.Kind.PIPELINE);
    builder().open().close();
    assertThat(Logs.intact(temp.resolve("log")).size()).isEqualTo(recorded);
  }

  @Test
  void failureOnClosing_isAnAlarmAndNoException() {
    FileAuditLog log = builder().disk(disk).create();
    log.record(Fixtures.event(0));
    log.checkpointNow();
    disk.failAt(FaultyDisk.Fault.REPLACE, 0);
    log.record(Fixtures.event(1));

    log.close();

    assertThat(alarms.raised).hasSize(1);
    assertThat(Logs.intact(temp.resolve("log")).signedSize()).isEqualTo(1);
    builder().open().close();
    assertThat(Logs.intact(temp.resolve("log")).signedSize()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = FaultyDisk.Fault.class,
      names = {"WRITE", "FORCE"})
  void diskThatFailsWhileTheEndIsRepaired_opensNothing(FaultyDisk.Fault fault) {
    FileAuditLog log = builder().disk(disk).create();
    log.record(Fixtures.event(0));
    disk.failAt(FaultyDisk.Fault.SHORT_WRITE, 0);
    assertThatThrownBy(() -> log.record(Fixtures.event(1)))
        .isInstanceOf(AuditNotRecordedException.class);
    log.close();
    FaultyDisk second = new FaultyDisk();
    second.failAt(fault, 0);

    assertThatThrownBy(() -> builder().disk(second).open())
        .isInstanceOf(AuditLogNotOpenedException.class);

    try (FileAuditLog reopened = builder().open()) {
      assertThat(reopened.record(Fixtures.event(1)).index()).isEqualTo(1);
    }
  }

  @Test
  void fullDiskWhileCreating_isRefused_andCreatingAgainWorks() {
    for (int good = 0; good < 3; good++) {
      FaultyDisk full = new FaultyDisk();
      full.failAt(FaultyDisk.Fault.REPLACE, good);
      assertThatThrownBy(() -> builder().disk(full).create())
          .isInstanceOf(AuditLogNotOpenedException.class)
          .hasMessageContaining("full");
    }
    builder().create().close();
    assertThat(Logs.intact(temp.resolve("log")).size()).isZero();
  }

  @Test
  void manyCallersWhenTheDiskFails_allAreAnswered_andReceiptsAreTrue() throws Exception {
    FileAuditLog log = builder().disk(disk).create();
    disk.failAt(FaultyDisk.Fault.FORCE, 25);
    ConcurrentLinkedQueue<Receipt> receipts = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 16; t++) {
      int thread = t;
      threads.add(new Thread(() -> {
        try {
          for (int i = 0; i < 1000; i++) {
            receipts.add(log.record(Fixtures.event(thread * 1000 + i)));
          }
        } catch (AuditNotRecordedException e) {
          // The caller releases nothing.
        }
      }));
    }

    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(30));
      assertThat(thread.isAlive()).isFalse();
    }
    log.close();

    assertThat(alarms.raised).hasSize(1);
    builder().open().close();
    List<LoggedEntry> entries = Logs.entries(temp.resolve("log"), 0);
    assertThat(receipts).isNotEmpty();
    for (Receipt receipt : receipts) {
      assertThat(entries.get((int) receipt.index()).leafHash().toHex())
          .isEqualTo(receipt.leafHash());
    }
  }

  @Test
  void recordAndCheckpointWaitingTogether_bothHearOfTheFailure() throws Exception {
    FileAuditLog log = builder().disk(disk).create();
    List<String> heard = new CopyOnWriteArrayList<>();
    List<Thread> callers = List.of(
        new Thread(() -> {
          try {
            log.record(Fixtures.event(1));
          } catch (AuditNotRecordedException e) {
            heard.add("not recorded");
          }
        }),
        new Thread(() -> {
          try {
            log.checkpointNow();
          } catch (AuditLogNotOpenedException e) {
            heard.add("not open");
          }
        }));

    log.withWritesPaused(() -> {
      callers.forEach(Thread::start);
      while (callers.stream().anyMatch(c -> c.getState() != Thread.State.WAITING)) {
        Thread.onSpinWait();
      }
      disk.failAt(FaultyDisk.Fault.FORCE, 0);
      return 0;
    });

    for (Thread caller : callers) {
      caller.join(TimeUnit.SECONDS.toMillis(10));
      assertThat(caller.isAlive()).isFalse();
    }
    assertThat(heard).containsExactlyInAnyOrder("not recorded", "not open");
    log.close();
    assertThat(alarms.raised).hasSize(1);
  }

  @Test
  void alarmThatCallsTheLogBack_isRefusedAndDoesNotHang() {
    FileAuditLog[] log = new FileAuditLog[1];
    List<String> answers = new ArrayList<>();
    log[0] = FileAuditLog.builder(
            temp.resolve("log"),
            keys.keyring,
            alarm -> {
              try {
                log[0].record(Fixtures.event(77));
              } catch (AuditNotRecordedException e) {
                answers.add("refused");
              }
              log[0].close();
              throw new IllegalStateException("a sink that breaks its contract");
            },
            Fixtures.CLOCK,
            keys.random)
        .disk(disk)
        .create();
    disk.failAt(FaultyDisk.Fault.FORCE, 0);

    assertThatThrownBy(() -> log[0].record(Fixtures.event(1)))
        .isInstanceOf(AuditNotRecordedException.class);
    log[0].close();

    assertThat(answers).containsExactly("refused");
    builder().open().close();
  }
}
