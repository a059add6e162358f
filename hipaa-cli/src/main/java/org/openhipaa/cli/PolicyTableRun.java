package org.openhipaa.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.table.PolicyTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code hipaa policy test FILE TABLE}. */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    header = "Says whether a policy decides as a table of cases expects.",
    description = {
      "Puts each case of a decision table to the policy and prints those that it decides otherwise.",
      "",
      "Example: hipaa policy test clinic-policy.yaml clinic-cases.yaml"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Every case is decided as expected.",
      "1:A case is not; its line is named.",
      "2:The command was not understood.",
      "3:A file could not be read or is refused."
    })
final class PolicyTableRun implements Callable<Integer> {
  @Mixin
  private final Output output = new Output();

  @Parameters(index = "0", paramLabel = "FILE", description = "The policy file.")
  private Path file = Path.of("");

  @Parameters(index = "1", paramLabel = "TABLE", description = "The decision table.")
  private Path cases = Path.of("");

  @Override
  public Integer call() {
    AccessPolicy policy = PolicyQuestion.load(file);
    PolicyQuestion.needReadable(cases, "table");
    List<PolicyTable.Result> results = PolicyTable.load(cases).check(policy);
    List<String> lines = new ArrayList<>();
    List<Map<String, Object>> failures = new ArrayList<>();
    for (PolicyTable.Result result : results) {
      if (result.failure().isPresent()) {
        String failure = result.failure().get();
        lines.add(cases + ":" + result.line() + ": " + result.name() + ": " + failure);
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("line", result.line());
        machine.put("name", result.name());
        machine.put("problem", failure);
        failures.add(machine);
      }
    }
    boolean good = failures.isEmpty();
    lines.add(
        good
            ? "good: " + results.size() + " cases decided as expected"
            : "not good: " + failures.size() + " of " + results.size()
                + " cases are decided otherwise");
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("ok", good);
    machine.put("cases", results.size());
    machine.put("failures", failures);
    output.result(String.join("\n", lines), machine);
    return good ? Hipaa.GOOD : Hipaa.NOT_GOOD;
  }
}
