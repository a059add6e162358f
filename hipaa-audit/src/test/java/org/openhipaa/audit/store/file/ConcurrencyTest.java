package org.openhipaa.audit.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.audit.Fixtures;
import org.openhipaa.core.audit.Receipt;

class ConcurrencyTest {
  private static final int THREADS = 64;
  private static final int EACH = 50;

  private final Fixtures.Keys keys = new Fixtures.Keys(51);
  private final Fixtures.Alarms alarms = new Fixtures.Alarms();

  @TempDir
  private Path temp;

  @Test
  void manyCallersAtOnce_eachReceiptIsTrueAfterReopening() throws Exception {
    Map<Integer, Receipt> receipts = new ConcurrentHashMap<>();
    Path folder = temp.resolve("log");
    try (FileAuditLog log =
        Logs.builder(folder, keys, alarms).segmentSize(100_000).create()) {
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int first = t * EACH;
        threads.add(new Thread(() -> {
          for (int i = first; i < first + EACH; i++) {
            receipts.put(i, log.record(Fixtures.event(i)));
          }
        }));
      }
      threads.forEach(Thread::start);
      // Meanwhile the log verifies at any moment, and pausing does not lose anybody.
      for (int i = 0; i < 5; i++) {
        Logs.intact(folder);
        assertThat(log.withWritesPaused(() -> Logs.intact(folder).tornBytes())).isZero();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }

    Logs.builder(folder, keys, alarms).open().close();

    assertThat(receipts).hasSize(THREADS * EACH);
    TreeMap<Long, Integer> byIndex = new TreeMap<>();
    receipts.forEach((number, receipt) -> byIndex.put(receipt.index(), number));
    assertThat(byIndex).hasSize(THREADS * EACH);
    List<LoggedEntry> entries = Logs.entries(folder, 0);
    assertThat(entries).hasSize(THREADS * EACH);
    for (LoggedEntry entry : entries) {
      int number = byIndex.get(entry.index());
      assertThat(entry.entry().event().detail()).isEqualTo("event " + number);
      assertThat(entry.leafHash().toHex()).isEqualTo(receipts.get(number).leafHash());
    }
    assertThat(Logs.segments(folder)).hasSizeGreaterThan(3);
    assertThat(alarms.raised).isEmpty();
  }

  @Test
  void oneCaller_hisEntriesStandInTheOrderOfHisCalls() {
    Path folder = temp.resolve("log");
    try (FileAuditLog log = Logs.builder(folder, keys, alarms).create()) {
      for (int i = 0; i < 100; i++) {
        assertThat(log.record(Fixtures.event(i)).index()).isEqualTo(i);
      }
    }
  }

  @Test
  void batchIsFull_callersWaitAndAllAreRecorded() throws Exception {
    BatchQueue queue = new BatchQueue();
    byte[] large = new byte[60_000];
    int fits = Batch.MAX_BYTES / (large.length + 2);
    for (int i = 0; i < fits; i++) {
      queue.add(large, org.openhipaa.audit.tree.TreeHash.leaf(large));
    }
    Thread waiting =
        new Thread(() -> queue.add(large, org.openhipaa.audit.tree.TreeHash.leaf(large)));
    waiting.start();
    while (waiting.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }

    BatchQueue.Work first = queue.take(0);
    waiting.join(10_000);
    BatchQueue.Work second = queue.take(0);

    assertThat(first.batch().count()).isEqualTo(fits);
    assertThat(first.batch().bytes()).isLessThanOrEqualTo(Batch.MAX_BYTES);
    assertThat(second.batch().count()).isEqualTo(1);
    assertThat(queue.take(0).batch()).isNull();
  }
}
