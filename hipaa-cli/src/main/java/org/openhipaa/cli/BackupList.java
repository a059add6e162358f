package org.openhipaa.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.openhipaa.backup.repository.BackupRepository;
import org.openhipaa.backup.snapshot.Snapshot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hipaa backup list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    header = "Lists the snapshots of a repository, oldest first.")
final class BackupList implements Callable<Integer> {
  @Mixin
  private final Output output = new Output();

  @Mixin
  private final BackupOptions options = new BackupOptions();

  @Override
  public Integer call() {
    try (BackupOptions.Session session = options.open(output, false)) {
      List<Snapshot> snapshots = BackupRepository.open(
              session.store(), session.keyring(), session.alarms(), session.clock())
          .snapshots();
      Map<String, Object> machine = new LinkedHashMap<>();
      machine.put("ok", true);
      machine.put("snapshots", snapshots.stream().map(Snapshots::machine).toList());
      output.result(
          snapshots.isEmpty()
              ? "the repository holds no snapshots yet"
              : snapshots.stream().map(Snapshots::text).collect(Collectors.joining("\n")),
          machine);
      return Hipaa.GOOD;
    }
  }
}
