package org.openhipaa.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openhipaa.audit.checkpoint.NoteKey;
import org.openhipaa.audit.checkpoint.NoteNotParsedException;
import org.openhipaa.audit.store.file.AuditLogVerifier;
import org.openhipaa.audit.store.file.LogVerification;
import org.openhipaa.audit.store.file.LogVerification.Damaged;
import org.openhipaa.audit.store.file.LogVerification.Intact;
import org.openhipaa.core.crypto.KeyNotAvailableException;
import org.openhipaa.core.crypto.VerifyingKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hipaa audit …}. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "Checks audit logs.",
    subcommands = AuditCommand.Verify.class)
final class AuditCommand extends CommandGroup {
  /** {@code hipaa audit verify DIR}. */
  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      header = "Says whether an audit log is whole, and if not, where it was altered.",
      description = {
        "Reads every byte of the log and checks it against the log's hashes and signatures. It needs",
        "no secret. Without --key it takes the public key from the log's own folder: that finds every",
        "alteration, but not a log that was replaced as a whole together with its key. Keep a copy of",
        "the file log.pub elsewhere and name it with --key.",
        "",
        "Example: hipaa audit verify /var/lib/clinic/audit --key /mnt/usb/log.pub"
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:The log is whole.",
        "1:The log was altered; the first place is named.",
        "2:The command was not understood.",
        "3:The log or the key could not be read."
      })
  static final class Verify implements Callable<Integer> {
    private static final int MAX_KEY_FILE = 4096;

    @Mixin
    private final Output output = new Output();

    @Option(
        names = "--key",
        paramLabel = "FILE",
        description = "The log's public key, kept elsewhere.")
    private @Nullable Path keyFile;

    @Parameters(paramLabel = "DIR", description = "The log's folder.")
    private Path directory = Path.of("");

    @Override
    public Integer call() {
      Optional<VerifyingKey> pinned = Optional.ofNullable(keyFile).map(Verify::readKey);
      LogVerification result;
      try (ProgressLine progress = output.progress("verifying")) {
        result = AuditLogVerifier.verify(directory, pinned, progress::update);
      }
      return result.fold(intact -> good(intact, pinned.isPresent()), this::damaged);
    }

    private int good(Intact log, boolean pinned) {
      Map<String, Object> machine = new LinkedHashMap<>();
      machine.put("ok", true);
      machine.put("origin", log.origin().value());
      machine.put("entries", log.size());
      machine.put("root", log.root().toHex());
      machine.put("checkpointed", log.signedSize());
      machine.put("unacknowledgedBytes", log.tornBytes());
      machine.put("keyPinned", pinned);
      StringBuilder text = new StringBuilder("good: " + log.origin().value() + ", " + log.size()
          + " entries, root " + log.root().toHex());
      if (log.tornBytes() > 0) {
        text.append(
            "\nnote: the last " + log.tornBytes()
                + " bytes come after the last signed entry: an interrupted write, or added; they are no entry");
      }
      output.result(text.toString(), machine);
      if (!pinned) {
        output.note("note: checked against the key in the log's own folder; pin it with --key");
      }
      return Hipaa.GOOD;
    }

    private int damaged(Damaged found) {
      Map<String, Object> machine = new LinkedHashMap<>();
      machine.put("ok", false);
      machine.put("file", found.file());
      machine.put("byte", found.offset());
      machine.put("entry", found.entryIndex().isPresent() ? found.entryIndex().getAsLong() : null);
      machine.put("problem", found.reason());
      output.result(
          "altered: " + found.file() + ", byte " + found.offset()
              + (found.entryIndex().isPresent()
                  ? ", entry " + found.entryIndex().getAsLong()
                  : "")
              + ": " + found.reason(),
          machine);
      return Hipaa.NOT_GOOD;
    }

    private static VerifyingKey readKey(Path file) {
      try {
        if (Files.size(file) > MAX_KEY_FILE) {
          throw new KeyNotAvailableException(
              "key file " + file + " is too large to be a log.pub; name the right file");
        }
        return NoteKey.parse(Files.readString(file).strip()).key();
      } catch (IOException e) {
        throw new KeyNotAvailableException(
            "key file " + file + " cannot be read; name the right one", e);
      } catch (NoteNotParsedException e) {
        throw new KeyNotAvailableException(
            "key file " + file + " is no log.pub: " + e.getMessage());
      }
    }
  }
}
