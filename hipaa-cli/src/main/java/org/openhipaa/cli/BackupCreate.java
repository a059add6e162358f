package org.openhipaa.cli;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openhipaa.backup.repository.BackupReport;
import org.openhipaa.backup.repository.BackupRepository;
import org.openhipaa.backup.repository.BackupWriter;
import org.openhipaa.backup.repository.RepositoryNotOpenedException;
import org.openhipaa.backup.source.FileTreeSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hipaa backup create}. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    header = "Makes a snapshot of one or more folders.",
    description = {
      "Only what is new is written. A file that changes while it is read is read again, and fails the",
      "backup if it will not hold still. Name folders with records before folders with their keys.",
      "",
      "Example: hipaa backup create --repo /mnt/backup --source records=/var/lib/clinic/records \\",
      "             --tenant clinic --key-store keys.p12 --keys wrapped-keys"
    })
final class BackupCreate implements Callable<Integer> {
  @Mixin
  private final Output output = new Output();

  @Mixin
  private final BackupOptions options = new BackupOptions();

  @Option(
      names = "--init",
      description =
          "Make the repository first, if there is none; the folder must then be empty or absent.")
  private boolean init;

  @Option(
      names = "--source",
      required = true,
      paramLabel = "NAME=DIR",
      description = "A folder, and what to call it in the backup. May be given several times.")
  private Map<String, Path> sources = new LinkedHashMap<>();

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description = "Leave out files like this, such as '*.tmp'. May be given several times.")
  private List<String> excluded = new ArrayList<>();

  @Override
  public Integer call() {
    List<FileTreeSource> sourceTrees = trees();
    try (BackupOptions.Session session = options.open(output, init);
        ProgressLine progress = output.progress("backing up")) {
      if (init) {
        makeIfAbsent(session);
      }
      BackupReport report = new BackupWriter(
              session.store(), session.keyring(), session.log(), session.alarms(), session.clock())
          .backup(session.actor(), sourceTrees, progress::update);
      Map<String, Object> machine = Snapshots.machine(report.snapshot());
      machine.put("chunksWritten", report.chunksWritten());
      machine.put("bytesWritten", report.bytesWritten());
      machine.put("chunksReused", report.chunksReused());
      output.result(
          "done: " + Snapshots.text(report.snapshot()) + "; " + report.chunksWritten()
              + " new chunks, " + report.bytesWritten() + " bytes written",
          machine);
      return Hipaa.GOOD;
    }
  }

  /** A first backup that failed leaves an empty repository; saying the same again goes on with it. */
  private static void makeIfAbsent(BackupOptions.Session session) {
    try {
      BackupRepository.create(
          session.store(),
          session.keyring(),
          session.alarms(),
          session.clock(),
          new SecureRandom());
    } catch (RepositoryNotOpenedException e) {
      boolean repository = session.store().size("config").isPresent();
      if (e.reason() != RepositoryNotOpenedException.Reason.EXISTS || !repository) {
        throw e;
      }
    }
  }

  private List<FileTreeSource> trees() {
    List<FileTreeSource> trees = new ArrayList<>();
    try {
      sources.forEach((name, folder) ->
          trees.add(FileTreeSource.of(name, folder).excluding(excluded.toArray(String[]::new))));
    } catch (IllegalArgumentException e) {
      throw new NotDoneException("--source or --exclude: " + e.getMessage());
    }
    return trees;
  }
}
