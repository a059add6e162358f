package org.openhipaa.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.BreakGlassTicket;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.Attributes;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.PatientId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hipaa policy explain FILE …}. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    header = "Puts one request to a policy and says how it decides, and why.",
    description = {
      "The request is about a made-up patient. A relation or predicate that is not named does not",
      "hold; labels and attributes that are not named are unknown, and what is unknown is decided for",
      "the patient's protection.",
      "",
      "Example: hipaa policy explain clinic-policy.yaml --group nurse --action read \\",
      "  --record-type patient --purpose treatment --relation treating"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:The request is permitted.",
      "1:The request is denied.",
      "2:The command was not understood, or names what the policy does not declare.",
      "3:The file could not be read or is refused."
    })
final class PolicyExplain implements Callable<Integer> {
  private static final ActorId ASKING = ActorId.of("asking");
  private static final ActorId SECOND = ActorId.of("second");
  private static final PatientId SOMEBODY = PatientId.of("somebody");
  private static final Duration TICKET = Duration.ofHours(1);

  @Mixin
  private final Output output = new Output();

  @Mixin
  private final PolicyQuestion question = new PolicyQuestion();

  @Mixin
  private final PolicyCircumstances given = new PolicyCircumstances();

  @Option(
      names = "--group",
      required = true,
      split = ",",
      paramLabel = "GROUP",
      description = "The groups of whoever asks.")
  private List<String> groups = List.of();

  @Option(
      names = "--relation",
      split = ",",
      paramLabel = "RELATION",
      description = "The relations to the patient that hold.")
  private List<String> relations = List.of();

  @Option(
      names = "--predicate",
      split = ",",
      paramLabel = "PREDICATE",
      description = "The predicates that hold.")
  private List<String> predicates = List.of();

  @Option(
      names = "--assurance",
      paramLabel = "LEVEL",
      description = "How strongly the actor has authenticated; AAL1 if not said.")
  private String assurance = "AAL1";

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "When, such as 2026-03-02T09:00:00Z; unknown if not said.")
  private @Nullable String at;

  @Option(
      names = "--field",
      split = ",",
      paramLabel = "FIELD",
      description = "The fields asked for; all that are permitted if not said.")
  private List<String> fields = List.of();

  @Option(names = "--reason", description = "A reason is stated.")
  private boolean reason;

  @Option(
      names = "--approver",
      split = ",",
      paramLabel = "GROUP",
      description = "The groups of a second person who approves.")
  private List<String> approvers = List.of();

  @Option(names = "--break-glass", description = "With a valid break-glass ticket; needs --at.")
  private boolean breakGlass;

  @Parameters(paramLabel = "FILE", description = "The policy file.")
  private Path file = Path.of("");

  @Override
  public Integer call() {
    AccessPolicy policy = PolicyQuestion.load(file);
    return policy.decide(request(policy)).fold(this::permitted, this::denied);
  }

  private AccessRequest request(AccessPolicy policy) {
    PolicyModel model = policy.model();
    Map<AttributeName.Side, Attributes> known = given.attributes(question, model);
    Assurance level = question.find(
        "assurance",
        assurance,
        text ->
            Arrays.stream(Assurance.values()).filter(a -> a.name().equals(text)).findFirst(),
        Arrays.stream(Assurance.values()).map(Enum::name).toList());
    Actor actor = actor(ASKING, groups, level, model)
        .with(known.getOrDefault(AttributeName.Side.ACTOR, Attributes.none()));
    Set<String> holding = question.declared("relation", relations, model.relations());
    Set<String> truths =
        question.declared("predicate", predicates, model.predicates().keySet());
    AccessRequest.Builder request = AccessRequest.builder(
            actor, question.action(), question.type(policy), question.purpose())
        .patient(SOMEBODY)
        .attributes(known.getOrDefault(AttributeName.Side.RECORD, Attributes.none()))
        .context(known.getOrDefault(AttributeName.Side.CONTEXT, Attributes.none()))
        .fields(
            fields.stream().map(name -> question.field(policy, name)).collect(Collectors.toSet()))
        .relations((name, who, whom) -> holding.contains(name))
        .predicates((name, asked) -> truths.contains(name));
    given.labels(question, model).ifPresent(request::labels);
    circumstances(request, model);
    return request.build();
  }

  private void circumstances(AccessRequest.Builder request, PolicyModel model) {
    Optional<Instant> time = time();
    time.ifPresent(request::at);
    given.recipient(question).ifPresent(request::recipient);
    if (reason) {
      request.reason("stated");
    }
    if (!approvers.isEmpty()) {
      request.approver(actor(SECOND, approvers, Assurance.AAL1, model));
    }
    if (breakGlass) {
      Instant now = time.orElseThrow(() -> question.wrong("--break-glass needs --at"));
      request.ticket(
          BreakGlassTicket.forPatient("ticket", ASKING, SOMEBODY, now, now.plus(TICKET)));
    }
  }

  private Optional<Instant> time() {
    if (at == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(at));
    } catch (DateTimeParseException e) {
      throw question.wrong("'" + at + "' is no time; write it as 2026-03-02T09:00:00Z");
    }
  }

  private Actor actor(ActorId id, List<String> names, Assurance level, PolicyModel model) {
    Set<Group> in = names.stream()
        .map(name -> question.declared("group", name, Group::of, model.groups().keySet()))
        .collect(Collectors.toSet());
    return Actor.authenticated(id, in, level, Instant.EPOCH);
  }

  private int permitted(Permit permit) {
    Map<String, String> shown = new LinkedHashMap<>();
    SortedMap<FieldPath, List<Mask>> masks = new TreeMap<>();
    permit.fields().forEach((field, mask) -> {
      shown.put(field.value(), mask.label());
      masks.put(field, List.of(mask));
    });
    List<String> quotas = permit.quotas().stream()
        .map(quota -> quota.rule() + "#" + quota.number() + ": " + words(quota.limit()))
        .toList();
    List<String> told = permit.notified().stream().map(Group::value).toList();
    List<String> lines = new ArrayList<>();
    lines.add("permit: rules " + String.join(", ", permit.rules()));
    lines.add("  fields: " + PolicyQuestion.words(masks));
    quotas.forEach(quota -> lines.add("  quota: " + quota));
    permit.timeToLive().ifPresent(time -> lines.add("  time to live: " + time));
    if (!told.isEmpty()) {
      lines.add("  notify: " + String.join(", ", told));
    }
    permit.watermarks().forEach(text -> lines.add("  watermark: " + text));
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("permitted", true);
    machine.put("rules", permit.rules());
    machine.put("fields", shown);
    machine.put("quotas", quotas);
    machine.put("timeToLive", permit.timeToLive().map(Duration::toString).orElse(null));
    machine.put("notified", told);
    machine.put("watermarks", permit.watermarks());
    output.result(String.join("\n", lines), machine);
    return Hipaa.GOOD;
  }

  private static String words(QuotaLimit limit) {
    return "at most " + limit.hard() + " " + limit.measure().label() + " per "
        + limit.scope().label() + " in " + limit.window()
        + (limit.soft().isPresent() ? ", alarm from " + limit.soft().getAsLong() : "")
        + (limit.labels().isEmpty() ? "" : ", labels " + String.join(", ", limit.labels()));
  }

  private int denied(Deny deny) {
    List<String> lines = new ArrayList<>();
    lines.add("deny: " + deny.reason() + ", " + deny.explanation());
    if (!deny.rules().isEmpty()) {
      lines.add("  rules: " + String.join(", ", deny.rules()));
    }
    deny.stepUp().ifPresent(level -> lines.add("  step-up: " + level + " would permit it"));
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("permitted", false);
    machine.put("reason", deny.reason());
    machine.put("explanation", deny.explanation());
    machine.put("rules", deny.rules());
    machine.put("stepUp", deny.stepUp().map(Enum::name).orElse(null));
    output.result(String.join("\n", lines), machine);
    return Hipaa.NOT_GOOD;
  }
}
