package org.openhipaa.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.backup.Fixture;
import org.openhipaa.backup.Progress;
import org.openhipaa.backup.chunk.ChunkVault;
import org.openhipaa.backup.format.Head;
import org.openhipaa.backup.format.StoredObjects;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.repository.BackupRepository;
import org.openhipaa.backup.restore.RestoreFailedException;
import org.openhipaa.backup.restore.Restorer;
import org.openhipaa.backup.snapshot.TreeDigest;
import org.openhipaa.backup.source.FileTreeSource;
import org.openhipaa.backup.store.InMemoryBlobStore;
import org.openhipaa.backup.verify.VerifyResult.Damaged;
import org.openhipaa.backup.verify.VerifyResult.Intact;

/**
 * Everything that can be done to the files of a small repository is found, named and alarmed, and
 * never restored as good.
 */
class EveryDamageIsFoundTest {
  private static final int[] FLIPS = {0x01, 0x80};

  /**
   * With -Dbackup.exhaustive=true, restores and keyless verifications see both flips of each byte.
   * Without, restores see one flip of each byte in turn, and keyless verifications of each third.
   */
  private static final boolean EXHAUSTIVE = Boolean.getBoolean("backup.exhaustive");

  @TempDir
  Path temp;

  private final InMemoryBlobStore store = new InMemoryBlobStore();
  private final Fixture fixture = new Fixture(store, Fixture.keyring("clinic-a", 1));
  private final Verifier verifier = fixture.verifier();
  private final Restorer restorer = fixture.restorer();
  private Path scratch;
  private TreeDigest first;
  private TreeDigest second;
  private Map<String, byte[]> original;

  @BeforeEach
  void makeTwoSnapshots() {
    scratch = Fixture.scratch(temp);
    Path records = temp.resolve("records");
    Fixture.write(records.resolve("p1/r1"), "sealed 1");
    Fixture.write(records.resolve("p2/r2"), "sealed 2");
    fixture.create();
    fixture.backup(FileTreeSource.of("records", records));
    first = TreeDigest.of(records);
    Fixture.write(records.resolve("p2/r2"), "sealed 2, changed");
    Fixture.write(records.resolve("p3/r3"), "");
    fixture.backup(FileTreeSource.of("records", records));
    second = TreeDigest.of(records);
    original = store.content();
    assertThat(fixture.verify()).isInstanceOf(Intact.class);
    assertThat(fixture.alarms).isEmpty();
  }

  @AfterEach
  void clean() {
    Fixture.delete(scratch);
  }

  @Test
  void everyFlippedByte_isFoundByVerify() {
    forEachFlip(true, 1, this::assertFound);
  }

  @Test
  void everyFlippedByte_isNeverRestoredAsGood() {
    forEachFlip(EXHAUSTIVE, 1, (name, change) -> {
      // The second snapshot stands upon the first, but does not need it to be restored.
      boolean inFirstOnly = name.equals("snapshots/0000000001");
      assertRightOrNothing(inFirstOnly ? 1 : 2, inFirstOnly ? first : second, change);
    });
  }

  @Test
  void everyRemovedFile_isFound() {
    for (String name : original.keySet()) {
      store.remove(name);
      assertFound(name, "removed");
      assertRightOrNothing(1, first, name + " removed");
      assertRightOrNothing(2, second, name + " removed");
      undo(name);
    }
  }

  @Test
  void everyPairOfRemovedFiles_isFound() {
    List<String> names = new ArrayList<>(original.keySet());
    for (String one : names) {
      for (String two : names) {
        store.remove(one);
        store.remove(two);
        damaged(one + " and " + two + " removed");
        undo(one);
        undo(two);
      }
    }
  }

  @Test
  void everyTruncatedFile_isFound() {
    original.forEach((name, bytes) -> {
      for (int length :
          new int[] {0, 1, bytes.length / 4, bytes.length / 2, bytes.length - 64, bytes.length - 1
          }) {
        String change = "cut to " + length;
        store.tamper(name, Arrays.copyOf(bytes, Math.max(0, length)));
        assertFound(name, change);
        assertRightOrNothing(2, second, name + " " + change);
        undo(name);
      }
    });
  }

  @Test
  void everyAppendedByte_isFound() {
    original.forEach((name, bytes) -> {
      for (int added : new int[] {1, 64, 100_000, 5_000_000}) {
        store.tamper(name, Arrays.copyOf(bytes, bytes.length + added));
        assertFound(name, added + " bytes appended");
        assertRightOrNothing(2, second, name + " with " + added + " bytes more");
        undo(name);
      }
    });
  }

  @Test
  void everySwappedPair_isFound() {
    for (String one : original.keySet()) {
      for (String two : original.keySet()) {
        if (!one.equals(two)) {
          store.tamper(one, original.get(two));
          assertFound(one, "content of " + two);
          assertRightOrNothing(2, second, one + " with content of " + two);
          store.tamper(two, original.get(one));
          assertFound(one, "swapped with " + two);
          assertRightOrNothing(1, first, one + " swapped with " + two);
          assertRightOrNothing(2, second, one + " swapped with " + two);
          undo(one);
          undo(two);
        }
      }
    }
  }

  @Test
  void everyPlantedFile_isFound() {
    List<String> names = List.of(
        "README",
        "snapshots/0000000003",
        "snapshots/0000000000",
        "snapshots/1",
        "snapshots/00000000001",
        "chunks/00/" + "00".repeat(32),
        "chunks/00/" + "ab".repeat(32),
        "chunks/" + "00".repeat(32),
        "chunks/AB/" + "AB".repeat(32),
        "head2",
        "../outside",
        "evil\u001b[2Jname\n" + "x".repeat(500));
    for (String name : names) {
      for (byte[] bytes : List.of(
          new byte[0], new byte[200], original.get("head"), original.get("snapshots/0000000002"))) {
        store.tamper(name, bytes);
        Damaged damaged = damaged(name + " planted");
        assertThat(damaged.findings().toString()).doesNotContain("\u001b", "\n");
        store.remove(name);
      }
    }
  }

  @Test
  void chunkUnderAnotherName_isFound() {
    String chunk = original.keySet().stream()
        .filter(n -> n.startsWith("chunks/"))
        .findFirst()
        .orElseThrow();
    String free = "chunks/00/00" + "12".repeat(31);
    store.tamper(free, original.get(chunk));

    assertFound(free, "copy of " + chunk);
  }

  @Test
  void olderHead_isFound() {
    // The head as it was between the two snapshots, and as it was in the beginning.
    for (int backups = 0; backups < 2; backups++) {
      store.tamper("head", headAfter(backups));
      assertFound("snapshots/0000000002", "head of " + backups + " snapshots");
      assertRightOrNothing(2, second, "older head");
      undo("head");
    }
  }

  @Test
  void olderHeadWithoutTheNewestSnapshot_isFoundByWhatTheAuditLogKnows() {
    String digest = fixture.open().snapshots().get(1).digest();
    byte[] older = headAfter(1);
    assertThat(fixture.verifier().expecting(2, digest).verify(Fixture.OPERATOR, Progress.NONE))
        .isInstanceOf(Intact.class);

    store.tamper("head", older);
    store.remove("snapshots/0000000002");

    // By itself it is a whole repository of an earlier day.
    assertThat(fixture.verify()).isInstanceOf(Intact.class);
    assertThat(fixture.verifier().expecting(2, digest).verify(Fixture.OPERATOR, Progress.NONE))
        .isInstanceOf(Damaged.class);
    assertThat(fixture.audited.get(fixture.audited.size() - 5).detail()).contains(digest);
  }

  @Test
  void objectOfAnotherRepository_isFound() {
    Fixture other = fixture.over(new InMemoryBlobStore());
    BackupRepository.create(
        other.store, other.keyring, other.alarms::add, Fixture.CLOCK, Fixture.predictable(99));
    Path records = temp.resolve("records");
    other.backup(FileTreeSource.of("records", records));
    other.backup(FileTreeSource.of("records", records));
    Map<String, byte[]> replay = ((InMemoryBlobStore) other.store).content();

    replay.forEach((name, bytes) -> {
      store.tamper(name, bytes);
      assertFound(name, "replayed from another repository");
      assertRightOrNothing(2, second, name + " replayed");
      if (original.containsKey(name)) {
        undo(name);
      } else {
        store.remove(name);
      }
    });
  }

  @Test
  void objectOfAForkOfThisRepository_isFound() {
    // Same tenant, same repository id, same keys, another history: as after a restored machine.
    Fixture fork = fixture.over(new InMemoryBlobStore());
    fork.create();
    assertThat(fork.open().id()).isEqualTo(fixture.open().id());
    Path records = temp.resolve("records");
    fork.backup(FileTreeSource.of("records", records));
    fork.backup(FileTreeSource.of("records", records));
    Map<String, byte[]> others = ((InMemoryBlobStore) fork.store).content();
    int replaced = 0;
    for (String name : original.keySet()) {
      if (others.containsKey(name) && !name.equals("config")) {
        replaced++;
        assertThat(others.get(name)).isNotEqualTo(original.get(name));
        store.tamper(name, others.get(name));
        damaged(name + " of a fork");
        assertRightOrNothing(2, second, name + " of a fork");
        assertRightOrNothing(1, first, name + " of a fork");
        undo(name);
      }
    }
    assertThat(replaced).isGreaterThanOrEqualTo(5);

    // The first snapshot of the fork with everything that it needs: only the chain tells.
    others.forEach((name, bytes) -> {
      if (name.startsWith("chunks/")) {
        store.tamper(name, bytes);
      }
    });
    store.tamper("snapshots/0000000001", others.get("snapshots/0000000001"));
    assertFound("snapshots/0000000002", "first snapshot of a fork");
    assertRightOrNothing(1, first, "first snapshot of a fork");
  }

  @Test
  void finding_saysWhatIsAffectedAndWhatToDo() {
    String chunk = chunkOf("sealed 1");
    byte[] bytes = original.get(chunk);
    bytes[40] ^= 1;
    store.tamper(chunk, bytes);

    Damaged damaged = damaged("one chunk");

    assertThat(damaged.findingCount()).isEqualTo(1);
    Finding finding = damaged.findings().get(0);
    assertThat(finding.object()).isEqualTo(chunk);
    assertThat(finding.kind()).isEqualTo(Finding.Kind.ALTERED);
    assertThat(finding.snapshots()).containsExactly(1L, 2L);
    assertThat(finding.affectedFiles()).isEqualTo(2);
    assertThat(finding.revealPaths()).containsExactly("1:records/p1/r1", "2:records/p1/r1");
    assertThat(finding.advice()).contains("another copy");
    assertThat(finding.toString()).doesNotContain("p1");
    assertThat(fixture.alarms.get(0).toString()).contains(chunk).doesNotContain("p1");
  }

  @Test
  void publicKeyAlone_findsEveryFlippedByteToo() {
    var signer = fixture.open().verifyingKey();
    Verifier keyless =
        Verifier.withPublicKey(store, signer, fixture::record, fixture.alarms::add, Fixture.CLOCK);
    assertThat(keyless.verify(Fixture.OPERATOR, Progress.NONE))
        .isInstanceOfSatisfying(
            Intact.class, intact -> assertThat(intact.contentProven()).isFalse());

    forEachFlip(
        EXHAUSTIVE,
        EXHAUSTIVE ? 1 : 3,
        (name, change) -> assertThat(keyless.verify(Fixture.OPERATOR, Progress.NONE))
            .as(change)
            .isInstanceOf(Damaged.class));
  }

  private interface Check {
    void check(String name, String change);
  }

  private void forEachFlip(boolean both, int step, Check check) {
    original.forEach((name, bytes) -> {
      for (int i = 0; i < bytes.length; i += step) {
        for (int flip : both ? FLIPS : new int[] {FLIPS[i % 2]}) {
          byte[] altered = bytes.clone();
          altered[i] ^= (byte) flip;
          store.tamper(name, altered);
          check.check(name, name + " byte " + i + " xor " + flip);
        }
      }
      undo(name);
    });
    assertThat(original.values().stream().mapToInt(b -> b.length).sum()).isGreaterThan(2_000);
  }

  private void undo(String name) {
    store.tamper(name, original.get(name));
  }

  private byte[] headAfter(int backups) {
    Fixture again = fixture.over(new InMemoryBlobStore());
    Path records = temp.resolve("other" + backups);
    Fixture.write(records.resolve("x"), "x");
    again.create();
    assertThat(again.open().id()).isEqualTo(fixture.open().id());
    if (backups == 0) {
      return again.store.read("head", 1000).orElseThrow();
    }
    // Same repository id, and the first snapshot of this repository: so the head of that moment.
    var key = StoredObjects.signingKey(fixture.keyring);
    return Head.empty(fixture.open().id())
        .next(Digests.sha256(original.get("snapshots/0000000001")))
        .encode(key);
  }

  private String chunkOf(String content) {
    return new ChunkVault(store, fixture.keyring, fixture.open().id())
        .idOf(content.getBytes(StandardCharsets.UTF_8))
        .object();
  }

  private Damaged damaged(String change) {
    fixture.alarms.clear();
    VerifyResult result;
    try {
      result = verifier.verify(Fixture.OPERATOR, Progress.NONE);
    } catch (RuntimeException e) {
      return fail(change + ": verify crashed", e);
    }
    assertThat(result).as(change).isInstanceOf(Damaged.class);
    assertThat(fixture.alarms).as(change).hasSize(1);
    return (Damaged) result;
  }

  private void assertFound(String name, String change) {
    Damaged damaged = damaged(name + " " + change);
    assertThat(damaged.findings()).as(change).extracting(Finding::object).contains(name);
  }

  private void assertRightOrNothing(long sequence, TreeDigest expected, String change) {
    Path target = scratch.resolve("target");
    fixture.alarms.clear();
    try {
      restorer.restore(Fixture.OPERATOR, sequence, target, Progress.NONE);
    } catch (RestoreFailedException e) {
      assertThat(target).as(change).doesNotExist();
      assertThat(fixture.alarms).as(change).hasSize(1);
      assertThat(scratch).as(change).isEmptyDirectory();
      return;
    }
    assertThat(TreeDigest.of(target.resolve("records"))).as(change).isEqualTo(expected);
    Fixture.delete(target);
    assertThat(Files.exists(target)).isFalse();
  }
}
