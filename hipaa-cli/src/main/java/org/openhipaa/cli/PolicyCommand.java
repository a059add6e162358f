package org.openhipaa.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.PolicyNotLoadedException;
import org.openhipaa.core.access.analysis.Finding;
import org.openhipaa.core.access.analysis.PolicyAnalysis;
import org.openhipaa.core.access.analysis.PolicyTooEntangledException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hipaa policy …}. */
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "Checks, explains, compares and tests access policies.",
    subcommands = {
      PolicyCommand.Check.class,
      PolicyExplain.class,
      PolicyDiff.class,
      PolicyWhoCan.class,
      PolicyTableRun.class
    })
final class PolicyCommand extends CommandGroup {
  /** {@code hipaa policy check FILE}. */
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      header = "Says whether a policy file is understood, and where it is not.",
      description = {
        "Reads a YAML or JSON policy as an application would. A policy that says anything that is",
        "not understood is refused as a whole, with line, column and reason. Then looks for rules that",
        "never matter: unreachable, shadowed, showing nothing (not good), redundant or idle (a note).",
        "",
        "Example: hipaa policy check clinic-policy.yaml"
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:The policy is understood, and no rule surely misses its purpose.",
        "1:The policy is refused, or a rule can never do what it was meant for.",
        "2:The command was not understood.",
        "3:The file could not be read, or --findings could not be answered."
      })
  static final class Check implements Callable<Integer> {
    /** From here on the search takes seconds. */
    private static final int MANY_RULES = 2000;

    @Mixin
    private final Output output = new Output();

    @Option(
        names = "--findings",
        description = "Look for rules that never matter even among more than 2000.")
    private boolean thorough;

    @Parameters(paramLabel = "FILE", description = "The policy file.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
      Map<String, Object> machine = new LinkedHashMap<>();
      machine.put("file", file.toString());
      try {
        AccessPolicy policy = PolicyQuestion.load(file);
        return understood(policy, machine);
      } catch (PolicyNotLoadedException e) {
        machine.put("ok", false);
        machine.put("line", e.line());
        machine.put("column", e.column());
        machine.put("problem", e.getMessage());
        output.result("refused: " + e.getMessage(), machine);
        return Hipaa.NOT_GOOD;
      }
    }

    private int understood(AccessPolicy policy, Map<String, Object> machine) {
      Optional<List<Finding>> found = findings(policy);
      boolean good =
          found.orElse(List.of()).stream().noneMatch(finding -> finding.kind().severe());
      machine.put("ok", good);
      machine.put("name", policy.name());
      machine.put("rules", policy.size());
      machine.put("hash", policy.hash());
      StringBuilder text = new StringBuilder(good ? "good" : "not good")
          .append(": '" + policy.name() + "', " + policy.size() + " rules, hash " + policy.hash());
      List<Map<String, Object>> list = new ArrayList<>();
      for (Finding finding : found.orElse(List.of())) {
        String kind = finding.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        text.append("\n" + (finding.kind().severe() ? "" : "note: ") + kind + " "
            + String.join(", ", finding.rules()) + ": " + finding.what());
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("kind", kind);
        one.put("severe", finding.kind().severe());
        one.put("rules", finding.rules());
        one.put("what", finding.what());
        list.add(one);
      }
      machine.put("findings", found.isPresent() ? list : null);
      output.result(text.toString(), machine);
      return good ? Hipaa.GOOD : Hipaa.NOT_GOOD;
    }

    /** Empty if they were not looked for. */
    private Optional<List<Finding>> findings(AccessPolicy policy) {
      if (policy.size() > MANY_RULES && !thorough) {
        output.note("note: with more than " + MANY_RULES
            + " rules, rules that never matter are looked for only with --findings");
        return Optional.empty();
      }
      try {
        return Optional.of(PolicyAnalysis.of(policy).findings());
      } catch (PolicyTooEntangledException e) {
        if (thorough) {
          throw e;
        }
        output.note("note: rules that never matter were not looked for: " + e.getMessage());
        return Optional.empty();
      }
    }
  }
}
