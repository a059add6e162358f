package org.openhipaa.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.openhipaa.audit.store.file.FileAuditLog;
import org.openhipaa.backup.store.directory.DirectoryBlobStore;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.alarm.AlarmSink;
import org.openhipaa.core.crypto.Keyring;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the repository is, whose keys open it, and where what is done with it is recorded. */
final class BackupOptions {
  /** Not the application's: two logs of one name and key could be passed off as one another. */
  private static final String LOG_NAME = "operator";

  @Mixin
  private final KeyOptions keys = new KeyOptions();

  @Option(names = "--repo", required = true, paramLabel = "DIR", description = "The repository.")
  private Path repository = Path.of("");

  @Option(
      names = "--audit",
      paramLabel = "DIR",
      description = {
        "The audit log of what this tool does; made if absent. Default: the repository's name with",
        "'.audit' added, beside the repository."
      })
  private @Nullable Path audit;

  @Option(
      names = "--actor",
      paramLabel = "ID",
      description = "Who does it, for the audit log. Default: the user's name on this machine.")
  private @Nullable String actor;

  /** What a command needs while it runs. */
  static final class Session implements AutoCloseable {
    private final Keyring keyring;
    private final FileAuditLog log;
    private final DirectoryBlobStore store;
    private final AlarmSink alarms;
    private final ActorId actor;

    private Session(
        Keyring keyring,
        FileAuditLog log,
        DirectoryBlobStore store,
        AlarmSink alarms,
        ActorId actor) {
      this.keyring = keyring;
      this.log = log;
      this.store = store;
      this.alarms = alarms;
      this.actor = actor;
    }

    Keyring keyring() {
      return keyring;
    }

    FileAuditLog log() {
      return log;
    }

    DirectoryBlobStore store() {
      return store;
    }

    AlarmSink alarms() {
      return alarms;
    }

    ActorId actor() {
      return actor;
    }

    Clock clock() {
      return Clock.systemUTC();
    }

    @Override
    public void close() {
      log.close();
      keyring.close();
    }
  }

  Session open(Output output, boolean make) {
    ActorId who = actorId();
    if (!make && !Files.isDirectory(repository)) {
      throw new NotDoneException(
          "the repository " + repository
              + " does not exist; name the right folder, or make one with 'hipaa backup create --init'");
    }
    Keyring keyring = keys.open();
    try {
      AlarmSink alarms = alarm -> output.note("ALARM " + alarm.kind() + " from " + alarm.source()
          + " at " + alarm.location() + ": " + alarm.message());
      FileAuditLog.Builder building = FileAuditLog.builder(
              auditFolder(), keyring, alarms, Clock.systemUTC(), new SecureRandom())
          .name(LOG_NAME);
      FileAuditLog log = FileAuditLog.exists(auditFolder()) ? building.open() : building.create();
      return new Session(keyring, log, new DirectoryBlobStore(repository), alarms, who);
    } catch (RuntimeException e) {
      keyring.close();
      throw e;
    }
  }

  private Path auditFolder() {
    if (audit != null) {
      return audit;
    }
    Path absolute = repository.toAbsolutePath().normalize();
    return absolute.resolveSibling(String.valueOf(absolute.getFileName()) + ".audit");
  }

  private ActorId actorId() {
    String name = actor == null ? System.getProperty("user.name", "") : actor;
    if (!ActorId.isValid(name)) {
      throw new NotDoneException(
          "the actor's id is not usable; name who does this with --actor, letters, digits and . _ - @");
    }
    return ActorId.of(name.toLowerCase(Locale.ROOT));
  }
}
