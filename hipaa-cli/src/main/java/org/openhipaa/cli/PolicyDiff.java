package org.openhipaa.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.analysis.Difference;
import org.openhipaa.core.access.analysis.PolicyAnalysis;
import org.openhipaa.core.access.analysis.Use;
import org.openhipaa.core.actor.Group;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code hipaa policy diff OLD NEW}. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    header = "Says where two policies decide differently.",
    description = {
      "Compares what the policies mean, not how they are written: who gains or loses what, which field",
      "is shown differently, which obligation changes, each with a request that shows it.",
      "",
      "Example: hipaa policy diff policy-in-force.yaml policy-proposed.yaml"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:The two policies decide alike.",
      "1:They differ.",
      "2:The command was not understood.",
      "3:A file could not be read, is refused, or is too entangled to analyse."
    })
final class PolicyDiff implements Callable<Integer> {
  @Mixin
  private final Output output = new Output();

  @Parameters(index = "0", paramLabel = "OLD", description = "A policy file.")
  private Path before = Path.of("");

  @Parameters(index = "1", paramLabel = "NEW", description = "The one it is compared with.")
  private Path after = Path.of("");

  @Override
  public Integer call() {
    AccessPolicy old = PolicyQuestion.load(before);
    List<Difference> found = PolicyAnalysis.of(old).difference(PolicyQuestion.load(after));
    List<String> lines = new ArrayList<>();
    List<Map<String, Object>> differences = new ArrayList<>();
    for (Difference difference : found) {
      String kind = difference.kind().name().toLowerCase(Locale.ROOT);
      List<String> uses = difference.uses().stream().map(Use::toString).toList();
      List<String> groups = difference.groups().stream().map(Group::value).toList();
      lines.add(kind + ": " + difference.type() + ", " + String.join(", ", uses)
          + (groups.isEmpty() ? "" : "; groups " + String.join(", ", groups)));
      lines.add("  " + difference.what());
      lines.add("  shown by: " + difference.witness().words());
      Map<String, Object> machine = new LinkedHashMap<>();
      machine.put("kind", kind);
      machine.put("recordType", difference.type().value());
      machine.put("uses", uses);
      machine.put("groups", groups);
      machine.put("what", difference.what());
      machine.put("witness", difference.witness().words());
      differences.add(machine);
    }
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("ok", found.isEmpty());
    machine.put("differences", differences);
    output.result(
        found.isEmpty() ? "good: the two policies decide alike" : String.join("\n", lines),
        machine);
    return found.isEmpty() ? Hipaa.GOOD : Hipaa.NOT_GOOD;
  }
}
