package org.openhipaa.backup.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhipaa.backup.Fixture;
import org.openhipaa.backup.Progress;
import org.openhipaa.backup.snapshot.Snapshot;
import org.openhipaa.backup.snapshot.TreeDigest;
import org.openhipaa.backup.source.FileTreeSource;
import org.openhipaa.backup.source.SourceNotReadableException;
import org.openhipaa.backup.store.FailingBlobStore;
import org.openhipaa.backup.store.InMemoryBlobStore;
import org.openhipaa.backup.store.StoreFailedException;
import org.openhipaa.backup.verify.VerifyResult;
import org.openhipaa.backup.verify.VerifyResult.Intact;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.Outcome;

/**
 * Killed at any call to the store: earlier snapshots stay, verification finds no damage, the next
 * run completes.
 */
class CrashTest {
  @TempDir
  Path temp;

  private final Fixture before = new Fixture();
  private Path scratch;
  private Path records;
  private TreeDigest first;
  private TreeDigest second;

  @BeforeEach
  void makeOneSnapshot() {
    scratch = Fixture.scratch(temp);
    records = temp.resolve("records");
    Fixture.write(records.resolve("a"), "a");
    Fixture.write(records.resolve("b"), "b");
    before.create();
    before.backup(FileTreeSource.of("records", records));
    first = TreeDigest.of(records);
    Fixture.write(records.resolve("b"), "b changed");
    Fixture.write(records.resolve("c"), "c");
    second = TreeDigest.of(records);
  }

  @AfterEach
  void clean() {
    Fixture.delete(scratch);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void backupKilledAtAnyCall_losesNothingAndTheNextCompletes(boolean afterEffect) {
    int failures = 0;
    for (int call = 1; ; call++) {
      InMemoryBlobStore store = ((InMemoryBlobStore) before.store).copy();
      FailingBlobStore failing = new FailingBlobStore(store, call, afterEffect);
      try {
        before.over(failing).backup(FileTreeSource.of("records", records));
      } catch (StoreFailedException e) {
        failures++;
        assertWholeAfterwards(before.over(store), "killed at call " + call);
        continue;
      }
      assertThat(failing.hasFailed()).isFalse();
      break;
    }
    assertThat(failures).isGreaterThan(10);
  }

  private void assertWholeAfterwards(Fixture after, String when) {
    VerifyResult result = after.verify();
    assertThat(result).as(when).isInstanceOf(Intact.class);
    List<Snapshot> there = after.open().snapshots();
    assertThat(there.get(0).source("records").orElseThrow().digest()).isEqualTo(first);
    assertRestores(after, 1, first);

    BackupReport report = after.backup(FileTreeSource.of("records", records));

    long last = report.snapshot().sequence();
    assertThat(last).as(when).isBetween(2L, 3L);
    assertRestores(after, 1, first);
    for (long sequence = 2; sequence <= last; sequence++) {
      assertRestores(after, sequence, second);
    }
    assertThat(after.open().snapshots()).allMatch(Snapshot::committed);
    assertThat(after.verify()).as(when).isInstanceOfSatisfying(Intact.class, intact -> {
      assertThat(intact.interrupted()).isFalse();
      assertThat(intact.sequence()).isEqualTo(last);
      // What the killed run had stored is used by the next.
      assertThat(intact.counts().unreferencedChunks()).isZero();
    });
    assertThat(after.alarms).as(when).isEmpty();
    // Every committed snapshot has its entry.
    for (Snapshot snapshot : after.open().snapshots()) {
      if (snapshot.sequence() > 1) {
        assertThat(after.audited)
            .anyMatch(event -> event.outcome() == Outcome.SUCCESS
                && event.detail().contains("digest=" + snapshot.digest()));
      }
    }
  }

  @Test
  void creationKilledAtAnyCall_isCompletedByTheNext() {
    for (boolean afterEffect : new boolean[] {false, true}) {
      for (int call = 1; ; call++) {
        InMemoryBlobStore store = new InMemoryBlobStore();
        FailingBlobStore failing = new FailingBlobStore(store, call, afterEffect);
        Fixture fixture = before.over(store);
        try {
          before.over(failing).create();
        } catch (StoreFailedException e) {
          if (store.content().size() == 2) {
            // Everything was made, only nobody heard of it.
            assertThatThrownBy(fixture::create)
                .isInstanceOf(RepositoryNotOpenedException.class)
                .hasMessageContaining("already");
          } else {
            fixture.create();
          }
          fixture.backup(FileTreeSource.of("records", records));
          assertThat(fixture.verify()).isInstanceOf(Intact.class);
          continue;
        }
        break;
      }
    }
  }

  @Test
  void restoreKilledAtAnyCall_leavesNoTarget() {
    for (int call = 1; ; call++) {
      Path target = scratch.resolve("target");
      Fixture fixture = before.over(new FailingBlobStore(before.store, call, false));
      try {
        fixture.restore(1, target);
      } catch (StoreFailedException e) {
        assertThat(scratch).as("call " + call).isEmptyDirectory();
        continue;
      }
      assertThat(TreeDigest.of(target.resolve("records"))).isEqualTo(first);
      assertThat(call).isGreaterThan(5);
      break;
    }
  }

  @Test
  void verifyOfABrokenStore_isNeverIntact() {
    for (int call = 1; ; call++) {
      FailingBlobStore failing = new FailingBlobStore(before.store, call, false);
      Fixture fixture = before.over(failing);
      VerifyResult result;
      try {
        result = fixture.verify();
      } catch (StoreFailedException e) {
        continue;
      }
      if (!failing.hasFailed()) {
        assertThat(result).isInstanceOf(Intact.class);
        break;
      }
      assertThat(result).as("call " + call).isInstanceOf(VerifyResult.Damaged.class);
      assertThat(fixture.alarms).hasSize(1);
    }
  }

  @Test
  void failedAudit_leavesTheSnapshotUncommittedUntilItIsRecorded() {
    before.auditFails = true;
    assertThatThrownBy(() -> before.backup(FileTreeSource.of("records", records)))
        .isInstanceOf(AuditNotRecordedException.class);
    before.auditFails = false;
    List<Snapshot> there = before.open().snapshots();
    assertThat(there).extracting(Snapshot::committed).containsExactly(true, false);
    assertThat(before.verify()).isInstanceOfSatisfying(Intact.class, intact -> {
      assertThat(intact.interrupted()).isTrue();
      assertThat(intact.sequence()).isEqualTo(1);
      assertThat(intact.counts().snapshots()).isEqualTo(2);
    });
    assertRestores(before, 2, second);
    before.audited.clear();

    before.backup(FileTreeSource.of("records", records));

    assertThat(before.audited.get(0).detail())
        .contains("snapshot=2")
        .contains(there.get(1).digest())
        .contains("completed-after-interruption");
    assertThat(before.audited.get(1).detail()).contains("snapshot=3");
    assertThat(before.open().snapshots()).extracting(Snapshot::committed).containsOnly(true);
  }

  @Test
  void chunksOfAFailedBackup_areUnreferencedAndNoDamage() {
    Path bad = temp.resolve("bad");
    Fixture.write(bad.resolve("1"), "content that nobody else has");
    symlink(bad.resolve("2"));
    assertThatThrownBy(() -> before.backup(FileTreeSource.of("bad", bad)))
        .isInstanceOf(SourceNotReadableException.class);

    assertThat(before.verify())
        .isInstanceOfSatisfying(
            Intact.class,
            intact -> assertThat(intact.counts().unreferencedChunks()).isEqualTo(1));

    InMemoryBlobStore store = (InMemoryBlobStore) before.store;
    String chunk = unreferenced(store);
    byte[] bytes = store.content().get(chunk);
    for (int i = 0; i < bytes.length; i++) {
      byte[] altered = bytes.clone();
      altered[i] ^= 1;
      store.tamper(chunk, altered);
      assertThat(before.verify())
          .as("byte " + i)
          .isInstanceOfSatisfying(
              VerifyResult.Damaged.class,
              damaged -> assertThat(damaged.findings().get(0).object()).isEqualTo(chunk));
    }
  }

  private String unreferenced(InMemoryBlobStore store) {
    List<String> candidates = new ArrayList<>(store.content().keySet());
    candidates.removeIf(name -> !name.startsWith("chunks/"));
    OpenRepository.open(store, before.keyring)
        .forEachCommitted((manifest, digest) ->
            manifest.chunks().forEach(ref -> candidates.remove(ref.id().object())));
    assertThat(candidates).hasSize(1);
    return candidates.get(0);
  }

  private static void symlink(Path link) {
    try {
      Files.createSymbolicLink(link, link.resolveSibling("1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertRestores(Fixture fixture, long sequence, TreeDigest expected) {
    Path target = scratch.resolve("target");
    fixture.restorer().restore(Fixture.OPERATOR, sequence, target, Progress.NONE);
    assertThat(TreeDigest.of(target.resolve("records"))).isEqualTo(expected);
    Fixture.delete(target);
  }
}
