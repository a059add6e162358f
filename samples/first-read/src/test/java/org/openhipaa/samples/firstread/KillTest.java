package org.openhipaa.samples.firstread;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.audit.store.file.AuditLogReader;
import org.openhipaa.audit.store.file.AuditLogVerifier;
import org.openhipaa.audit.store.file.LogVerification;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.phi.PhiAccess;
import org.openhipaa.core.phi.ReadRequest;
import org.openhipaa.core.phi.ReadResult;
import org.openhipaa.core.record.PatientId;

/** Kills the write load at random moments ({@code -Dkill.rounds=200}) and looks at what is left. */
class KillTest {
  private static final long SEED = 20261124;

  @Test
  void killedAtRandomMoments_losesNothingAcknowledged_andCriesNoWolf(@TempDir Path folder)
      throws Exception {
    int rounds = Integer.getInteger("kill.rounds", 10);
    Path home = folder.resolve("clinic");
    Files.createDirectories(home);
    SplittableRandom random = new SplittableRandom(SEED);
    Map<Long, String> acknowledged = new HashMap<>();
    Path errors = folder.resolve("stderr");
    int killedAtWork = 0;
    for (int round = 0; round < rounds; round++) {
      List<String> printed = runAndKill(
          home, errors, random.nextLong(), round % 2 == 0 ? 1 : 2, random.nextInt(1, 300));

      LogVerification result = AuditLogVerifier.verify(home.resolve("audit"), Optional.empty());

      assertThat(result)
          .as("seed %d round %d", SEED, round)
          .isInstanceOf(LogVerification.Intact.class);
      Map<Long, String> fresh = acks(printed);
      assertInLog(home, fresh, round);
      acknowledged.putAll(fresh);
      killedAtWork += fresh.isEmpty() ? 0 : 1;
      assertThat(Files.readString(errors)).as("round %d", round).doesNotContain("ALARM");
    }

    System.out.println(killedAtWork + " of " + rounds + " kills hit a writer at work; "
        + acknowledged.size() + " acknowledged entries, all there");
    assertThat(killedAtWork).isGreaterThanOrEqualTo(rounds / 2);
    assertInLog(home, acknowledged, rounds);
    assertEveryChartOpens(home);
  }

  /**
   * Waits for so many lines (the first says that the log is open, the next ones are acknowledgements), then for some
   * milliseconds, then SIGKILL.
   */
  private static List<String> runAndKill(Path home, Path errors, long seed, int wanted, int millis)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            WriteLoad.class.getName(),
            "",
            home.toString(),
            Long.toString(seed))
        .redirectError(errors.toFile())
        .start();
    List<String> lines = new ArrayList<>();
    Thread reader = new Thread(() -> readAll(process, lines));
    reader.start();
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (count(lines) < wanted && process.isAlive() && System.nanoTime() < deadline) {
      Thread.sleep(2);
    }
    Thread.sleep(millis);
    boolean alive = process.isAlive();
    process.destroyForcibly().waitFor();
    reader.join();
    assertThat(alive)
        .as("the load ended by itself: %s", Files.readString(errors))
        .isTrue();
    return lines;
  }

  private static int count(List<String> lines) {
    synchronized (lines) {
      return lines.size();
    }
  }

  private static void readAll(Process process, List<String> lines) {
    try (BufferedReader in = new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        synchronized (lines) {
          lines.add(line);
        }
      }
    } catch (IOException e) {
      // A killed process closes its pipe as it likes.
    }
  }

  /** A line that the kill cut short is no acknowledgement that anybody saw. */
  private static Map<Long, String> acks(List<String> lines) {
    Map<Long, String> acks = new HashMap<>();
    for (String line : lines) {
      String[] words = line.split(" ");
      if (words.length == 3 && words[0].equals("ack") && words[2].length() == 64) {
        acks.put(Long.parseLong(words[1]), words[2]);
      }
    }
    return acks;
  }

  private static void assertInLog(Path home, Map<Long, String> acks, int round) {
    if (acks.isEmpty()) {
      return;
    }
    Map<Long, String> missing = new HashMap<>(acks);
    long first = acks.keySet().stream().mapToLong(Long::longValue).min().orElseThrow();
    try (Stream<org.openhipaa.audit.store.file.LoggedEntry> entries =
        AuditLogReader.of(home.resolve("audit")).entries(first)) {
      entries.forEach(entry -> missing.remove(entry.index(), entry.leafHash().toHex()));
    }
    assertThat(missing)
        .as("seed %d round %d: acknowledged but lost", SEED, round)
        .isEmpty();
  }

  private static void assertEveryChartOpens(Path home) {
    SyntheticPatients patients = SyntheticPatients.load(Path.of("data"));
    AccessPolicy policy = AccessPolicy.load(Path.of("policy.yaml"));
    try (Clinic clinic = Clinic.open(home, policy, patients.relations())) {
      PhiAccess door = clinic.door();
      Actor billing = Actor.authenticated(
          Staff.BILLING,
          java.util.Set.of(Group.of("billing-clerk")),
          Assurance.AAL1,
          clinic.clock().instant());
      for (PatientId patient : patients.charts().keySet().stream().limit(20).toList()) {
        ReadResult read =
            door.read(billing, ReadRequest.allPermitted(Clinic.chart(patient), Purpose.PAYMENT));
        assertThat(read).isNotInstanceOf(ReadResult.Refused.class);
      }
    }
  }
}
