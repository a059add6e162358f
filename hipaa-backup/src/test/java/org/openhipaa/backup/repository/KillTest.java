package org.openhipaa.backup.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.backup.Fixture;
import org.openhipaa.backup.snapshot.Snapshot;
import org.openhipaa.backup.snapshot.TreeDigest;
import org.openhipaa.backup.source.FileTreeSource;
import org.openhipaa.backup.store.directory.DirectoryBlobStore;
import org.openhipaa.backup.verify.VerifyResult.Intact;

/**
 * A process that backs up again and again is killed by the operating system at random moments: no
 * acknowledged snapshot is lost, and there is no false alarm. {@code CrashTest} tries every moment
 * by simulation; this one is the real thing, for a tenth of -Dkill.rounds.
 */
class KillTest {
  private static final int ROUNDS = Math.max(1, Integer.getInteger("kill.rounds", 10) / 10);
  private static final int DIGEST_DIGITS = 64;

  @TempDir
  Path temp;

  @Test
  void killedProcess_losesNoAcknowledgedSnapshot() throws Exception {
    long seed = 20261124;
    SplittableRandom random = new SplittableRandom(seed);
    Fixture fixture = fixture(temp);
    fixture.create();
    Map<Long, String> acknowledged = new TreeMap<>();

    for (int round = 0; round < ROUNDS; round++) {
      acknowledged.putAll(backUpUntilKilled(round, random.nextInt(300)));

      assertThat(fixture.verify())
          .as("seed " + seed + " round " + round)
          .isInstanceOf(Intact.class);
      List<Snapshot> there = fixture.open().snapshots();
      acknowledged.forEach((sequence, digest) ->
          assertThat(there.get((int) (sequence - 1)).digest()).isEqualTo(digest));
    }

    assertThat(fixture.alarms).isEmpty();
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ROUNDS);
    long last = fixture.backup(source(temp)).snapshot().sequence();
    fixture.restore(last, temp.resolve("restored"));
    assertThat(TreeDigest.of(temp.resolve("restored/records")))
        .isEqualTo(TreeDigest.of(source(temp)));
    assertThat(fixture.open().snapshots()).allMatch(Snapshot::committed);
  }

  /** Returns what the process said it had done. */
  private Map<Long, String> backUpUntilKilled(int round, int patience) throws Exception {
    Path said = temp.resolve("said-" + round);
    Process writer = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Writer.class.getName(),
            temp.toString(),
            Integer.toString(round))
        .redirectOutput(said.toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (Files.size(said) == 0 && writer.isAlive() && System.nanoTime() < deadline) {
        Thread.sleep(5);
      }
      Thread.sleep(patience);
      assertThat(writer.isAlive()).as("the writer ended by itself").isTrue();
    } finally {
      writer.destroyForcibly().waitFor();
    }
    Map<Long, String> acknowledged = new TreeMap<>();
    for (String line : Files.readAllLines(said)) {
      String[] parts = line.split(" ");
      if (parts.length == 2 && parts[1].length() == DIGEST_DIGITS) {
        acknowledged.put(Long.parseLong(parts[0]), parts[1]);
      }
    }
    return acknowledged;
  }

  private static Fixture fixture(Path folder) {
    return new Fixture(
        new DirectoryBlobStore(folder.resolve("repository")), Fixture.keyring("clinic-a", 1));
  }

  private static FileTreeSource source(Path folder) {
    return FileTreeSource.of("records", folder.resolve("records"));
  }

  /** The process that is killed. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) {
      Path folder = Path.of(args[0]);
      SplittableRandom random = new SplittableRandom(Long.parseLong(args[1]));
      Fixture fixture = fixture(folder);
      while (true) {
        for (int i = 0; i < 5; i++) {
          Fixture.write(
              folder.resolve("records/" + random.nextInt(20)),
              Fixture.bytes(random, random.nextInt(3_000)));
        }
        Snapshot snapshot = fixture.backup(source(folder)).snapshot();
        System.out.println(snapshot.sequence() + " " + snapshot.digest());
      }
    }
  }
}
