package org.openhipaa.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openhipaa.core.crypto.Keyring;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hipaa keys …}. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "Makes key stores.",
    subcommands = KeysCommand.Create.class)
final class KeysCommand extends CommandGroup {
  /** {@code hipaa keys create}. */
  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      header = "Makes a key store file and the keys of a new tenant.",
      description = {
        "Keep the key store file and its password apart from the data and from the backups: whoever",
        "has all three can read everything, and whoever loses it can read nothing.",
        "",
        "Example: hipaa keys create --tenant clinic --key-store keys.p12 --keys wrapped-keys"
      })
  static final class Create implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final KeyOptions keys = new KeyOptions();

    @Override
    public Integer call() {
      try (Keyring keyring = keys.create()) {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("ok", true);
        machine.put("tenant", keyring.tenant().value());
        output.result("made the keys of tenant '" + keyring.tenant().value() + "'", machine);
        return Hipaa.GOOD;
      }
    }
  }
}
