package org.openhipaa.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openhipaa.backup.restore.RestoreReport;
import org.openhipaa.backup.restore.Restorer;
import org.openhipaa.backup.source.SourceName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hipaa backup restore}. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    header = "Brings a snapshot back, proven equal to what was backed up, or not at all.",
    description = {
      "Everything is written beside the target, proven, and then moved into place in one step. The",
      "target must be absent or empty; nothing is ever overwritten.",
      "",
      "Example: hipaa backup restore --repo /mnt/backup --snapshot 7 --to /var/lib/clinic/restored \\",
      "             --tenant clinic --key-store keys.p12 --keys wrapped-keys"
    })
final class BackupRestore implements Callable<Integer> {
  @Mixin
  private final Output output = new Output();

  @Mixin
  private final BackupOptions options = new BackupOptions();

  @Option(
      names = "--snapshot",
      required = true,
      paramLabel = "N",
      description = "The snapshot's number, as 'backup list' shows it.")
  private long snapshot;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description =
          "Only this source; the target becomes what it was. Without it, each source becomes a folder in the target.")
  private @Nullable String source;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = "Where to; absent or empty.")
  private Path target = Path.of("");

  @Option(
      names = "--salvage",
      description =
          "In an emergency: restore a whole snapshot also from a repository that is damaged elsewhere.")
  private boolean salvage;

  @Override
  public Integer call() {
    try (BackupOptions.Session session = options.open(output, false);
        ProgressLine progress = output.progress("restoring")) {
      Restorer careful = new Restorer(
          session.store(), session.keyring(), session.log(), session.alarms(), session.clock());
      Restorer restorer = salvage ? careful.salvaging() : careful;
      RestoreReport report = source == null
          ? restorer.restore(session.actor(), snapshot, target, progress::update)
          : restorer.restoreSource(
              session.actor(), snapshot, sourceName(source), target, progress::update);
      Map<String, Object> machine = new LinkedHashMap<>();
      machine.put("ok", true);
      machine.put("snapshot", report.snapshot().sequence());
      machine.put("target", report.target().toString());
      machine.put(
          "sources",
          report.sources().stream()
              .collect(Collectors.toMap(
                  s -> s.name().value(), s -> s.digest().hex(), (a, b) -> a, LinkedHashMap::new)));
      output.result(
          "restored to " + report.target() + ", proven equal to what was backed up: "
              + report.sources().stream()
                  .map(s -> s.name().value() + " " + s.files() + " files, digest "
                      + s.digest().hex())
                  .collect(Collectors.joining("; ")),
          machine);
      return Hipaa.GOOD;
    }
  }

  private static SourceName sourceName(String name) {
    try {
      return SourceName.of(name);
    } catch (IllegalArgumentException e) {
      throw new NotDoneException("--source: " + e.getMessage());
    }
  }
}
