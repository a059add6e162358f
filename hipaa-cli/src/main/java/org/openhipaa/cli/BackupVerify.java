package org.openhipaa.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openhipaa.backup.verify.Finding;
import org.openhipaa.backup.verify.Verifier;
import org.openhipaa.backup.verify.VerifyResult;
import org.openhipaa.backup.verify.VerifyResult.Damaged;
import org.openhipaa.backup.verify.VerifyResult.Intact;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hipaa backup verify}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    header = "Reads every byte of a repository and says whether it is what was backed up.",
    description = {
      "Anything that is not as it was written raises an integrity alarm, is recorded in the audit log,",
      "and is named with what to do. With --expect, also a repository that was put back to an older",
      "state as a whole is found: give it the newest snapshot's number and digest, as printed by",
      "'backup create' and kept elsewhere.",
      "",
      "Example: hipaa backup verify --repo /mnt/backup --tenant clinic --key-store keys.p12 \\",
      "             --keys wrapped-keys"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:The repository is what was backed up.",
      "1:It is not; every finding is named.",
      "2:The command was not understood.",
      "3:The repository or the keys could not be read."
    })
final class BackupVerify implements Callable<Integer> {
  @Mixin
  private final Output output = new Output();

  @Mixin
  private final BackupOptions options = new BackupOptions();

  @Option(
      names = "--expect",
      paramLabel = "N:DIGEST",
      description = "A snapshot that must be in the repository.")
  private @Nullable String expected;

  @Override
  public Integer call() {
    VerifyResult result;
    try (BackupOptions.Session session = options.open(output, false);
        ProgressLine progress = output.progress("verifying")) {
      Verifier verifier = expecting(Verifier.withKeyring(
          session.store(), session.keyring(), session.log(), session.alarms(), session.clock()));
      result = verifier.verify(session.actor(), progress::update);
    }
    return result.fold(this::good, this::damaged);
  }

  private Verifier expecting(Verifier verifier) {
    if (expected == null) {
      return verifier;
    }
    int colon = expected.indexOf(':');
    try {
      return verifier.expecting(
          Long.parseLong(expected.substring(0, Math.max(colon, 0))), expected.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      throw new NotDoneException(
          "--expect is a snapshot's number, a colon, and its digest of 64 hexadecimal digits");
    }
  }

  private int good(Intact intact) {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("ok", true);
    machine.put("repository", intact.repositoryId());
    machine.put("snapshot", intact.sequence());
    machine.put("digest", intact.digest());
    machine.put("interrupted", intact.interrupted());
    output.result(
        "good: repository " + intact.repositoryId() + ", newest snapshot " + intact.sequence()
            + ", digest " + intact.digest(),
        machine);
    return Hipaa.GOOD;
  }

  private int damaged(Damaged damaged) {
    List<Finding> findings = damaged.findings();
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("ok", false);
    machine.put("repository", damaged.repositoryId());
    machine.put("findingCount", damaged.findingCount());
    machine.put("findings", findings.stream().map(BackupVerify::machine).toList());
    output.result(
        findings.stream().map(BackupVerify::text).collect(Collectors.joining("\n"))
            + (damaged.findingCount() > findings.size()
                ? "\nand " + (damaged.findingCount() - findings.size()) + " more"
                : ""),
        machine);
    return Hipaa.NOT_GOOD;
  }

  private static String text(Finding finding) {
    return "damaged: " + finding.object() + ": " + finding.message() + " ("
        + finding.affectedFiles() + " files of snapshots " + finding.snapshots() + "); "
        + finding.advice();
  }

  private static Map<String, Object> machine(Finding finding) {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("object", finding.object());
    machine.put("kind", finding.kind().name());
    machine.put("problem", finding.message());
    machine.put("advice", finding.advice());
    machine.put("snapshots", List.copyOf(finding.snapshots()));
    machine.put("files", finding.affectedFiles());
    return machine;
  }
}
