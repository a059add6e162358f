package org.openhipaa.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.analysis.Access;
import org.openhipaa.core.access.analysis.Given;
import org.openhipaa.core.access.analysis.PolicyAnalysis;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Recipient;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.Attributes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hipaa policy who-can FILE …}. */
@Command(
    name = "who-can",
    mixinStandardHelpOptions = true,
    header = "Says which groups can do something, under which conditions.",
    description = {
      "For each group that the policy permits the action in any circumstances: the conditions and the",
      "fields with their masks. With --field only groups that can see that field, masked or not.",
      "With --label, --attribute or --recipient of such records and requests only.",
      "",
      "Example: hipaa policy who-can clinic-policy.yaml --action read --record-type patient \\",
      "  --purpose treatment --field ssn"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Answered, even if nobody can.",
      "2:The command was not understood, or names what the policy does not declare.",
      "3:The file could not be read, is refused, or is too entangled to analyse."
    })
final class PolicyWhoCan implements Callable<Integer> {
  @Mixin
  private final Output output = new Output();

  @Mixin
  private final PolicyQuestion question = new PolicyQuestion();

  @Mixin
  private final PolicyCircumstances circumstances = new PolicyCircumstances();

  @Option(names = "--field", paramLabel = "FIELD", description = "Who can see this field.")
  private @Nullable String field;

  @Parameters(paramLabel = "FILE", description = "The policy file.")
  private Path file = Path.of("");

  @Override
  public Integer call() {
    AccessPolicy policy = PolicyQuestion.load(file);
    PolicyAnalysis analysis = PolicyAnalysis.of(policy);
    Given given = given(policy.model());
    List<Access> found = field == null
        ? analysis.whoCan(question.action(), question.type(policy), question.purpose(), given)
        : analysis.whoCan(
            question.action(),
            question.type(policy),
            question.purpose(),
            question.field(policy, field),
            given);
    List<String> lines = new ArrayList<>();
    List<Map<String, Object>> groups = new ArrayList<>();
    for (Access access : found) {
      List<String> names = access.groups().stream().map(Group::value).toList();
      lines.add(String.join(", ", names));
      access.conditions().forEach(condition -> lines.add("  if " + condition));
      lines.add("  fields: " + PolicyQuestion.words(access.fields()));
      Map<String, List<String>> fields = new TreeMap<>();
      access
          .fields()
          .forEach((shown, masks) ->
              fields.put(shown.value(), masks.stream().map(Mask::label).toList()));
      Map<String, Object> machine = new LinkedHashMap<>();
      machine.put("groups", names);
      machine.put("conditions", access.conditions());
      machine.put("fields", fields);
      groups.add(machine);
    }
    output.result(lines.isEmpty() ? "nobody" : String.join("\n", lines), Map.of("access", groups));
    return Hipaa.GOOD;
  }

  private Given given(PolicyModel model) {
    Given given = Given.nothing();
    Optional<Set<String>> labels = circumstances.labels(question, model);
    if (labels.isPresent()) {
      given = given.labels(labels.get());
    }
    Optional<Recipient> recipient = circumstances.recipient(question);
    if (recipient.isPresent()) {
      given = given.recipient(recipient.get());
    }
    Map<AttributeName.Side, Attributes> known = circumstances.attributes(question, model);
    return given
        .actor(known.getOrDefault(AttributeName.Side.ACTOR, Attributes.none()))
        .record(known.getOrDefault(AttributeName.Side.RECORD, Attributes.none()))
        .context(known.getOrDefault(AttributeName.Side.CONTEXT, Attributes.none()));
  }
}
