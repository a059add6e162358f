package org.openhipaa.core.access.table;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.BreakGlassTicket;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.actor.Recipient;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.Attributes;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordType;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads decision tables. Whatever is not understood refuses the whole file. */
final class PolicyTableReader {
  private static final String FORMAT = "openhipaa-policy-table";
  private static final String CASES = "cases";
  private static final String NAME = "name";
  private static final String GROUPS = "groups";
  private static final String ACTOR = "actor";
  private static final String ASSURANCE = "assurance";
  private static final String ACTION = "action";
  private static final String RECORD_TYPE = "record-type";
  private static final String PURPOSE = "purpose";
  private static final String PATIENT = "patient";
  private static final String RELATIONS = "relations";
  private static final String PREDICATES = "predicates";
  private static final String FAILING = "failing";
  private static final String LABELS = "labels";
  private static final String RECORD = "record";
  private static final String CONTEXT = "context";
  private static final String AT = "at";
  private static final String RECIPIENT = "recipient";
  private static final String REASON = "reason";
  private static final String APPROVER = "approver";
  private static final String BREAK_GLASS = "break-glass";
  private static final String FIELDS = "fields";
  private static final String FILTER = "filter";
  private static final String EXPECT = "expect";
  private static final Set<String> KEYS = Set.of(
      NAME,
      GROUPS,
      ACTOR,
      ASSURANCE,
      ACTION,
      RECORD_TYPE,
      PURPOSE,
      PATIENT,
      RELATIONS,
      PREDICATES,
      FAILING,
      LABELS,
      RECORD,
      CONTEXT,
      AT,
      RECIPIENT,
      REASON,
      APPROVER,
      BREAK_GLASS,
      FIELDS,
      FILTER,
      EXPECT);

  private static final ActorId ASKING = ActorId.of("asking");
  private static final ActorId SECOND = ActorId.of("second");
  private static final PatientId SOMEBODY = PatientId.of("somebody");
  private static final Duration TICKET = Duration.ofHours(1);

  private final TableFile file;

  private PolicyTableReader(String source) {
    this.file = new TableFile(source);
  }

  static List<PolicyCase> read(String source, String text) {
    return new PolicyTableReader(source).read(text);
  }

  private List<PolicyCase> read(String text) {
    Node root = file.root(text);
    Map<String, Node> top = file.mapping(root, Set.of(FORMAT, CASES));
    Node format = file.need(root, top, FORMAT);
    if (!"1".equals(file.scalar(format))) {
      throw file.at(format, "table format '" + file.scalar(format) + "' is not known; known: 1");
    }
    List<PolicyCase> cases = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Node node : file.list(file.need(root, top, CASES))) {
      PolicyCase read = readCase(node);
      if (!names.add(read.name())) {
        throw file.at(node, "two cases are named '" + read.name() + "'");
      }
      cases.add(read);
    }
    if (cases.isEmpty()) {
      throw file.at(root, "a table needs at least one case");
    }
    return cases;
  }

  private PolicyCase readCase(Node node) {
    Map<String, Node> map = file.mapping(node, KEYS);
    String name = file.scalar(file.need(node, map, NAME));
    AccessRequest request = request(node, map);
    Set<String> named = new TreeSet<>();
    for (String key : List.of(RELATIONS, PREDICATES, FAILING)) {
      named.addAll(optional(map, key, file::strings).orElse(List.of()));
    }
    return new PolicyCase(
        name, file.line(node), request, named, expectation(file.need(node, map, EXPECT)));
  }

  private <T> Optional<T> optional(Map<String, Node> map, String key, Function<Node, T> read) {
    @Nullable Node node = map.get(key);
    return node == null ? Optional.empty() : Optional.of(read.apply(node));
  }

  private AccessRequest request(Node node, Map<String, Node> map) {
    Actor actor = Actor.authenticated(
            ASKING,
            groups(file.need(node, map, GROUPS)),
            optional(map, ASSURANCE, this::assurance).orElse(Assurance.AAL1),
            Instant.EPOCH)
        .with(optional(map, ACTOR, this::attributes).orElse(Attributes.none()));
    AccessRequest.Builder request = AccessRequest.builder(
        actor,
        file.known(
            file.need(node, map, ACTION),
            Action::find,
            "action",
            Arrays.stream(Action.values()).map(Action::label).toList()),
        file.located(file.need(node, map, RECORD_TYPE), RecordType::of),
        file.known(
            file.need(node, map, PURPOSE),
            Purpose::find,
            "purpose",
            Arrays.stream(Purpose.values()).map(Purpose::label).toList()));
    record(request, map);
    optional(map, CONTEXT, this::attributes).ifPresent(request::context);
    optional(map, RECIPIENT, this::recipient).ifPresent(request::recipient);
    optional(map, REASON, file::scalar).ifPresent(request::reason);
    optional(map, FIELDS, this::fields).ifPresent(request::fields);
    optional(map, FILTER, this::fields).ifPresent(request::filterFields);
    optional(map, APPROVER, this::groups)
        .ifPresent(groups ->
            request.approver(Actor.authenticated(SECOND, groups, Assurance.AAL1, Instant.EPOCH)));
    Optional<Instant> at = optional(map, AT, this::instant);
    at.ifPresent(request::at);
    optional(map, BREAK_GLASS, value -> ticket(value, at)).ifPresent(request::ticket);
    return request.build();
  }

  private void record(AccessRequest.Builder request, Map<String, Node> map) {
    Optional<Node> patient = optional(map, PATIENT, Function.identity());
    if (patient.isPresent() && !"none".equals(file.scalar(patient.get()))) {
      throw file.at(patient.get(), "expected 'none'; leave the key out where there is a patient");
    }
    if (patient.isEmpty()) {
      request.patient(SOMEBODY);
    }
    optional(map, RECORD, this::attributes).ifPresent(request::attributes);
    optional(map, LABELS, node -> Set.copyOf(file.strings(node))).ifPresent(request::labels);
    List<String> relations = optional(map, RELATIONS, file::strings).orElse(List.of());
    List<String> predicates = optional(map, PREDICATES, file::strings).orElse(List.of());
    List<String> failing = optional(map, FAILING, file::strings).orElse(List.of());
    request.relations((name, who, whom) -> answer(name, relations, failing));
    request.predicates((name, asked) -> answer(name, predicates, failing));
  }

  private static boolean answer(String name, List<String> holding, List<String> failing) {
    if (failing.contains(name)) {
      throw new IllegalStateException("the case says that this lookup fails");
    }
    return holding.contains(name);
  }

  private Set<Group> groups(Node node) {
    file.strings(node);
    return file.list(node).stream()
        .map(item -> file.located(item, Group::of))
        .collect(Collectors.toSet());
  }

  private Set<FieldPath> fields(Node node) {
    file.strings(node);
    return file.list(node).stream()
        .map(item -> file.located(item, FieldPath::of))
        .collect(Collectors.toSet());
  }

  private Assurance assurance(Node node) {
    return file.known(
        node,
        text ->
            Arrays.stream(Assurance.values()).filter(a -> a.name().equals(text)).findFirst(),
        ASSURANCE,
        Arrays.stream(Assurance.values()).map(Enum::name).toList());
  }

  private Recipient recipient(Node node) {
    return file.known(
        node,
        Recipient::find,
        RECIPIENT,
        Arrays.stream(Recipient.values()).map(Recipient::label).toList());
  }

  private Instant instant(Node node) {
    try {
      return Instant.parse(file.scalar(node));
    } catch (DateTimeParseException e) {
      throw file.at(node, "expected a time such as 2026-03-02T09:00:00Z");
    }
  }

  /** A list is a set of texts; without quotes, digits are a number and true or false a flag. */
  private Attributes attributes(Node node) {
    Attributes attributes = Attributes.none();
    for (Map.Entry<String, Node> entry : file.mapping(node).entrySet()) {
      Node value = entry.getValue();
      String name = entry.getKey();
      if (file.isList(value)) {
        attributes = attributes.with(name, Set.copyOf(file.strings(value)));
      } else if (file.isPlain(value) && file.scalar(value).matches("-?[0-9]{1,18}")) {
        attributes = attributes.with(name, Long.parseLong(file.scalar(value)));
      } else if (file.isPlain(value) && file.scalar(value).matches("true|false")) {
        attributes = attributes.with(name, Boolean.parseBoolean(file.scalar(value)));
      } else {
        attributes = attributes.with(name, file.scalar(value));
      }
    }
    return attributes;
  }

  private BreakGlassTicket ticket(Node node, Optional<Instant> at) {
    if (at.isEmpty()) {
      throw file.at(node, "'break-glass' needs 'at', the time of the request");
    }
    Instant now = at.get();
    return switch (file.scalar(node)) {
      case "valid" ->
        BreakGlassTicket.forPatient("ticket", ASKING, SOMEBODY, now, now.plus(TICKET));
      case "expired" ->
        BreakGlassTicket.forPatient("ticket", ASKING, SOMEBODY, now.minus(TICKET), now);
      case "foreign" ->
        BreakGlassTicket.forPatient("ticket", SECOND, SOMEBODY, now, now.plus(TICKET));
      default -> throw file.at(node, "expected 'valid', 'expired' or 'foreign'");
    };
  }

  private Expectation expectation(Node node) {
    if (file.isScalar(node)) {
      return switch (file.scalar(node)) {
        case "permit" -> Expectation.permit();
        case "deny" -> Expectation.deny();
        default -> throw file.at(node, "expected 'permit', 'deny', or a mapping with one of them");
      };
    }
    Map<String, Node> map = file.mapping(node, Set.of("permit", "deny"));
    if (map.size() != 1) {
      throw file.at(node, "a case expects either 'permit' or 'deny'");
    }
    return map.containsKey("permit")
        ? permit(file.need(node, map, "permit"))
        : deny(file.need(node, map, "deny"));
  }

  private Expectation permit(Node node) {
    Map<String, Node> map = file.mapping(
        node, Set.of("rules", FIELDS, "quotas", "time-to-live", "notified", "watermarks"));
    return new Expectation(
        true,
        optional(map, "rules", file::strings),
        Optional.empty(),
        Optional.empty(),
        optional(map, FIELDS, this::masks),
        optional(map, "quotas", file::strings),
        optional(map, "time-to-live", this::timeToLive),
        optional(map, "notified", this::sorted),
        optional(map, "watermarks", this::sorted));
  }

  private Expectation deny(Node node) {
    Map<String, Node> map = file.mapping(node, Set.of(REASON, "rules", "step-up"));
    return new Expectation(
        false,
        optional(map, "rules", file::strings),
        optional(map, REASON, this::reason),
        optional(map, "step-up", this::assurance),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private DenyReason reason(Node node) {
    return file.known(
        node,
        text ->
            Stream.of(DenyReason.values()).filter(r -> r.name().equals(text)).findFirst(),
        REASON,
        Stream.of(DenyReason.values()).map(Enum::name).toList());
  }

  private SortedSet<String> sorted(Node node) {
    return new TreeSet<>(file.strings(node));
  }

  private SortedMap<FieldPath, Mask> masks(Node node) {
    SortedMap<FieldPath, Mask> masks = new TreeMap<>();
    file.mapping(node)
        .forEach((field, mask) -> masks.put(
            FieldPath.of(field),
            file.known(
                mask,
                Mask::find,
                "mask",
                Arrays.stream(Mask.values()).map(Mask::label).toList())));
    return masks;
  }

  private Optional<Duration> timeToLive(Node node) {
    if ("none".equals(file.scalar(node))) {
      return Optional.empty();
    }
    try {
      return Optional.of(Duration.parse(file.scalar(node)));
    } catch (DateTimeParseException e) {
      throw file.at(node, "expected 'none' or an ISO 8601 duration such as PT1H");
    }
  }
}
