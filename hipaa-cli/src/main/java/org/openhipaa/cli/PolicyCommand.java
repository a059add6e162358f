package org.openhipaa.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.PolicyNotLoadedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code hipaa policy …}. */
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "Checks access policies.",
    subcommands = PolicyCommand.Check.class)
final class PolicyCommand extends CommandGroup {
  /** {@code hipaa policy check FILE}. */
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      header = "Says whether a policy file is understood, and where it is not.",
      description = {
        "Reads a YAML or JSON policy as an application would. A policy that says anything that is",
        "not understood is refused as a whole, with line, column and reason.",
        "",
        "Example: hipaa policy check clinic-policy.yaml"
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:The policy is understood.",
        "1:The policy is refused.",
        "2:The command was not understood.",
        "3:The file could not be read."
      })
  static final class Check implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "FILE", description = "The policy file.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
      Map<String, Object> machine = new LinkedHashMap<>();
      machine.put("file", file.toString());
      if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
        throw new NotDoneException(
            "there is no readable policy file " + file + "; name the right one");
      }
      try {
        AccessPolicy policy = AccessPolicy.load(file);
        machine.put("ok", true);
        machine.put("name", policy.name());
        machine.put("rules", policy.size());
        machine.put("hash", policy.hash());
        output.result(
            "good: '" + policy.name() + "', " + policy.size() + " rules, hash " + policy.hash(),
            machine);
        return Hipaa.GOOD;
      } catch (PolicyNotLoadedException e) {
        machine.put("ok", false);
        machine.put("line", e.line());
        machine.put("column", e.column());
        machine.put("problem", e.getMessage());
        output.result("refused: " + e.getMessage(), machine);
        return Hipaa.NOT_GOOD;
      }
    }
  }
}
