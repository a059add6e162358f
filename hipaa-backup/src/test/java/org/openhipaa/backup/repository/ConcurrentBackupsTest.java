package org.openhipaa.backup.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.backup.Fixture;
import org.openhipaa.backup.repository.BackupFailedException.Reason;
import org.openhipaa.backup.snapshot.Snapshot;
import org.openhipaa.backup.source.FileTreeSource;
import org.openhipaa.backup.store.BlobStore;
import org.openhipaa.backup.store.InMemoryBlobStore;
import org.openhipaa.backup.store.StoredBlob;
import org.openhipaa.backup.store.directory.DirectoryBlobStore;
import org.openhipaa.backup.verify.VerifyResult;
import org.openhipaa.backup.verify.VerifyResult.Intact;

class ConcurrentBackupsTest {
  @TempDir
  Path temp;

  private Path records;
  private FileTreeSource source;

  @BeforeEach
  void begin() {
    records = temp.resolve("records");
    Fixture.write(records.resolve("a"), "a");
    source = FileTreeSource.of("records", records);
  }

  /** Does something between two calls to the store: the other process, at every possible moment. */
  private static final class InterruptedStore implements BlobStore {
    private final BlobStore store;
    private final int at;
    private final Runnable other;
    private int calls;

    InterruptedStore(BlobStore store, int at, Runnable other) {
      this.store = store;
      this.at = at;
      this.other = other;
    }

    private BlobStore next() {
      if (++calls == at) {
        other.run();
      }
      return store;
    }

    @Override
    public boolean create(String name, byte[] content) {
      return next().create(name, content);
    }

    @Override
    public boolean replace(String name, byte[] expected, byte[] content) {
      return next().replace(name, expected, content);
    }

    @Override
    public Optional<byte[]> read(String name, int limit) {
      return next().read(name, limit);
    }

    @Override
    public OptionalLong size(String name) {
      return next().size(name);
    }

    @Override
    public void list(Consumer<StoredBlob> visitor) {
      next().list(visitor);
    }

    @Override
    public void removeLeftovers() {
      next().removeLeftovers();
    }
  }

  @Test
  void backupOvertakenAtAnyMoment_losesClearlyOrWinsAndNothingIsDamaged() {
    for (int others = 1; others <= 2; others++) {
      int count = others;
      int lost = 0;
      int won = 0;
      for (int at = 1; ; at++) {
        Fixture fixture = new Fixture();
        fixture.create();
        fixture.backup(source);
        boolean[] ran = new boolean[1];
        Runnable overtake = () -> {
          ran[0] = true;
          for (int i = 0; i < count; i++) {
            fixture.backup(source);
          }
        };
        Fixture slow = fixture.over(new InterruptedStore(fixture.store, at, overtake));
        try {
          slow.backup(source);
          won++;
        } catch (BackupFailedException e) {
          lost++;
          assertThat(e.reason()).as("at " + at).isEqualTo(Reason.ANOTHER_BACKUP);
          assertThat(e).hasMessageContaining("run this one again");
        }
        assertThat(slow.alarms).as("at " + at).isEmpty();
        assertThat(fixture.verify()).as("at " + at).isInstanceOf(Intact.class);
        fixture.backup(source);
        assertThat(fixture.open().snapshots()).allMatch(Snapshot::committed);
        assertThat(fixture.verify()).isInstanceOf(Intact.class);
        assertThat(fixture.alarms).isEmpty();
        if (!ran[0]) {
          break;
        }
      }
      assertThat(lost).isPositive();
      assertThat(won).isPositive();
    }
  }

  @Test
  void verificationBesideABackup_isNoFalseAlarmAtAnyMoment() {
    for (int at = 1; ; at++) {
      Fixture fixture = new Fixture();
      fixture.create();
      fixture.backup(source);
      boolean[] ran = new boolean[1];
      int version = at;
      Fixture beside = fixture.over(new InterruptedStore(fixture.store, at, () -> {
        ran[0] = true;
        Fixture.write(records.resolve("new"), "new " + version);
        fixture.backup(source);
      }));

      VerifyResult result = beside.verify();

      assertThat(result).as("at " + at).isInstanceOf(Intact.class);
      assertThat(beside.alarms).isEmpty();
      if (!ran[0]) {
        break;
      }
    }
  }

  @Test
  void listingBesideABackup_isConsistentAtAnyMoment() {
    for (int at = 1; ; at++) {
      Fixture fixture = new Fixture();
      fixture.create();
      fixture.backup(source);
      boolean[] ran = new boolean[1];
      Fixture beside = fixture.over(new InterruptedStore(fixture.store, at, () -> {
        ran[0] = true;
        fixture.backup(source);
      }));

      List<Snapshot> snapshots = beside.open().snapshots();

      assertThat(snapshots.size()).as("at " + at).isBetween(1, 2);
      assertThat(beside.alarms).isEmpty();
      if (!ran[0]) {
        break;
      }
    }
  }

  @Test
  void manyThreadsOnOneDirectory_leaveAWholeRepository() throws Exception {
    BlobStore store = new DirectoryBlobStore(temp.resolve("repository"));
    Fixture fixture = new Fixture(store, Fixture.keyring("clinic-a", 1));
    fixture.create();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Future<Integer>> results = new ArrayList<>();
    for (int thread = 0; thread < 3; thread++) {
      Path own = temp.resolve("own" + thread);
      Fixture.write(own.resolve("file"), "content of thread " + thread);
      results.add(threads.submit(() -> {
        Fixture mine = fixture.over(store);
        int done = 0;
        for (int i = 0; i < 4; i++) {
          try {
            mine.backup(source, FileTreeSource.of("own", own));
            done++;
          } catch (BackupFailedException e) {
            assertThat(e.reason()).isEqualTo(Reason.ANOTHER_BACKUP);
          }
        }
        assertThat(mine.alarms).isEmpty();
        return done;
      }));
    }
    int done = 0;
    try {
      for (Future<Integer> result : results) {
        done += result.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(done).isPositive();
    assertThat(fixture.open().snapshots().size()).isGreaterThanOrEqualTo(done);
    assertThat(fixture.verify()).isInstanceOf(Intact.class);
  }

  @Test
  void twoCreations_oneWins() {
    InMemoryBlobStore store = new InMemoryBlobStore();
    Fixture fixture = new Fixture(store, Fixture.keyring("clinic-a", 1));
    for (int at = 2; at <= 4; at++) {
      InMemoryBlobStore empty = new InMemoryBlobStore();
      Fixture first = fixture.over(empty);
      boolean[] ran = new boolean[1];
      BlobStore interrupted = new InterruptedStore(empty, at, () -> {
        ran[0] = true;
        try {
          first.create();
        } catch (RepositoryNotOpenedException e) {
          assertThat(e.reason()).isEqualTo(RepositoryNotOpenedException.Reason.EXISTS);
        }
      });
      try {
        fixture.over(interrupted).create();
      } catch (RepositoryNotOpenedException e) {
        assertThat(e.reason()).isEqualTo(RepositoryNotOpenedException.Reason.EXISTS);
      }
      assertThat(ran[0]).isTrue();
      assertThat(first.verify()).isInstanceOf(Intact.class);
    }
    fixture.create();
    assertThatThrownBy(fixture::create).isInstanceOf(RepositoryNotOpenedException.class);
  }
}
