package org.openhipaa.core.access;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.access.rules.QuotaMeasure;
import org.openhipaa.core.access.rules.QuotaScope;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.mask.Mask;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads policy files. YAML 1.2 contains JSON, so one parser serves both. Whatever is not understood
 * refuses the whole file, with line and column.
 */
final class PolicyReader {
  private static final int MAX_BYTES = 8 * 1024 * 1024;
  private static final int MAX_DEPTH = 24;
  private static final String FORMAT_VERSION = "1";

  private static final String FORMAT = "openhipaa-policy";
  private static final String NAME = "name";
  private static final String GROUPS = "groups";
  private static final String MEMBER_OF = "member-of";
  private static final String SEPARATE = "separate-duties";
  private static final String RELATIONS = "relations";
  private static final String PREDICATES = "predicates";
  private static final String LABELS = "labels";
  private static final String ATTRIBUTES = "attributes";
  private static final String TIME_ZONE = "time-zone";
  private static final String RECORD_TYPES = "record-types";
  private static final String RULE_COUNT = "rule-count";
  private static final String RULES = "rules";
  private static final String PERMIT = "permit";
  private static final String DENY = "deny";
  private static final String ACTIONS = "actions";
  private static final String RECORD_TYPE = "record-type";
  private static final String PURPOSES = "purposes";
  private static final String WHEN = "when";
  private static final String ASSURANCE = "assurance";
  private static final String BREAK_GLASS = "break-glass";
  private static final String FIELDS = "fields";
  private static final String QUOTA = "quota";
  private static final String WINDOW = "window";
  private static final String PER = "per";
  private static final String SOFT = "soft";
  private static final String TIME_TO_LIVE = "time-to-live";
  private static final String APPROVERS = "approvers";
  private static final String REASON = "reason";
  private static final String NOTIFY = "notify";
  private static final String WATERMARK = "watermark";
  private static final String REQUIRED = "required";
  private static final String TYPE = "type";
  private static final String VALUES = "values";

  private final String source;
  private final Conditions conditions = new Conditions();
  private @Nullable PolicyBuilder builder;

  private PolicyReader(String source) {
    this.source = source;
  }

  static AccessPolicy load(Path file) {
    String source = String.valueOf(file.getFileName());
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw tooLarge(source, bytes);
      }
      return parse(
          source,
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (NoSuchFileException e) {
      throw new PolicyNotLoadedException(
          source, 0, 0, "the file does not exist; name the right one");
    } catch (CharacterCodingException e) {
      throw new PolicyNotLoadedException(source, 0, 0, "the file is not UTF-8 text");
    } catch (IOException e) {
      throw new PolicyNotLoadedException(
          source, 0, 0, "the file cannot be read; is it a folder, or not yours to read?");
    }
  }

  static AccessPolicy parse(String source, String text) {
    if (text.length() > MAX_BYTES) {
      throw tooLarge(source, text.substring(0, MAX_BYTES).getBytes(StandardCharsets.UTF_8));
    }
    return new PolicyReader(source).read(text);
  }

  private AccessPolicy read(String text) {
    LoadSettings settings = LoadSettings.builder()
        .setLabel(source)
        .setAllowDuplicateKeys(false)
        .setAllowNonScalarKeys(true) // Refused below, where the line is known.
        .setCodePointLimit(MAX_BYTES)
        .build();
    try {
      checkShape(parser(settings, text));
      Node root = new Composer(settings, parser(settings, text))
          .getSingleNode()
          .orElseThrow(() -> new PolicyNotLoadedException(source, 1, 1, "the file is empty"));
      return policy(root);
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark();
      throw new PolicyNotLoadedException(
          source,
          mark.map(m -> m.getLine() + 1).orElse(0),
          mark.map(m -> m.getColumn() + 1).orElse(0),
          "not valid YAML or JSON: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new PolicyNotLoadedException(source, 0, 0, "not valid YAML or JSON: " + firstLine(e));
    }
  }

  /**
   * Nesting is bounded and names stand for themselves before any tree is built, so that no file can
   * exhaust the stack.
   */
  private void checkShape(Parser events) {
    int depth = 0;
    while (events.hasNext()) {
      Event event = events.next();
      if (event instanceof CollectionStartEvent) {
        depth++;
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      }
      if (depth > MAX_DEPTH) {
        throw at(event.getStartMark(), "nested deeper than " + MAX_DEPTH + " levels");
      }
      if (event instanceof AliasEvent
          || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
        throw at(event.getStartMark(), "anchors and aliases are not allowed; write it out");
      }
      if (hasTag(event)) {
        throw at(event.getStartMark(), "tags are not allowed; write the plain value");
      }
    }
  }

  private static boolean hasTag(Event event) {
    return event instanceof ScalarEvent scalar
        ? scalar.getTag().isPresent()
        : event instanceof CollectionStartEvent start && start.getTag().isPresent();
  }

  private static Parser parser(LoadSettings settings, String text) {
    return new ParserImpl(settings, new StreamReader(settings, text));
  }

  /** Where the last byte that would be allowed stands. */
  private static PolicyNotLoadedException tooLarge(String source, byte[] bytes) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < Math.min(MAX_BYTES, bytes.length); i++) {
      column = bytes[i] == '\n' ? 1 : column + 1;
      line += bytes[i] == '\n' ? 1 : 0;
    }
    return new PolicyNotLoadedException(
        source, line, column, "a policy file has at most 8 MiB, and this one goes on here");
  }

  private AccessPolicy policy(Node root) {
    Section top = section(
        root,
        Set.of(
            FORMAT,
            NAME,
            TIME_ZONE,
            GROUPS,
            MEMBER_OF,
            SEPARATE,
            RELATIONS,
            PREDICATES,
            LABELS,
            ATTRIBUTES,
            RECORD_TYPES,
            RULE_COUNT,
            RULES));
    Node format = top.need(FORMAT);
    if (!scalar(format).equals(FORMAT_VERSION)) {
      throw at(
          format,
          "policy format '"
              + scalar(format)
              + "' is not known here (known: 1); use a newer release");
    }
    PolicyBuilder builder = located(top.need(NAME), node -> AccessPolicy.builder(scalar(node)));
    this.builder = builder;
    top.find(TIME_ZONE).ifPresent(node -> builder.timeZone(zone(node)));
    groups(builder, top);
    top.each(RELATIONS, node -> builder.relations(scalar(node)));
    top.entries(PREDICATES, (name, reads) -> builder.predicate(name, strings(reads)));
    top.entries(LABELS, (label, implied) -> builder.labels(label));
    top.entries(
        LABELS,
        (label, implied) ->
            list(implied).forEach(item -> located(item, n -> builder.implies(label, scalar(n)))));
    top.entries(ATTRIBUTES, (name, declared) -> attribute(builder, name, declared));
    mapping(top.need(RECORD_TYPES)).forEach((type, fields) -> {
      String[] names = strings(fields);
      located(fields, node -> builder.recordType(type, names));
    });
    List<Node> rules = list(top.need(RULES));
    top.find(RULE_COUNT).ifPresent(count -> {
      if (!scalar(count).equals(Integer.toString(rules.size()))) {
        throw at(
            count,
            "the policy has " + rules.size() + " rules and not as many as are counted here; is the"
                + " file whole?");
      }
    });
    rules.forEach(rule -> rule(builder, rule));
    return located(root, node -> builder.build());
  }

  private void groups(PolicyBuilder builder, Section top) {
    for (Node group : list(top.need(GROUPS))) {
      located(group, node -> builder.groups(scalar(node)));
    }
    top.entries(
        MEMBER_OF,
        (group, parents) ->
            list(parents).forEach(item -> located(item, n -> builder.memberOf(group, scalar(n)))));
    for (Node pair : top.find(SEPARATE).map(this::list).orElse(List.of())) {
      String[] both = strings(pair);
      if (both.length != 2) {
        throw at(pair, "expected a list of two groups");
      }
      located(pair, node -> builder.separateDuties(both[0], both[1]));
    }
  }

  private void attribute(PolicyBuilder builder, String name, Node declared) {
    if (declared instanceof ScalarNode) {
      builder.attribute(name, attributeType(declared));
      return;
    }
    Section section = section(declared, Set.of(TYPE, VALUES));
    String[] values = section.find(VALUES).map(this::strings).orElse(new String[0]);
    builder.attribute(name, attributeType(section.need(TYPE)), values);
  }

  private AttributeType attributeType(Node node) {
    return known(
        node,
        text -> Arrays.stream(AttributeType.values())
            .filter(type -> type.label().equals(text))
            .findFirst(),
        "attribute type",
        AttributeType.values(),
        AttributeType::label);
  }

  private ZoneId zone(Node node) {
    try {
      return ZoneId.of(scalar(node));
    } catch (DateTimeException e) {
      throw at(node, "unknown time zone; expected one such as America/New_York or Z");
    }
  }

  private void rule(PolicyBuilder builder, Node node) {
    Section rule = section(
        node,
        Set.of(
            PERMIT,
            DENY,
            GROUPS,
            ACTIONS,
            RECORD_TYPE,
            PURPOSES,
            WHEN,
            ASSURANCE,
            BREAK_GLASS,
            FIELDS,
            QUOTA,
            TIME_TO_LIVE,
            APPROVERS,
            REASON,
            NOTIFY,
            WATERMARK));
    rule.refuseEmptyLists();
    Optional<Node> permit = rule.find(PERMIT);
    Optional<Node> deny = rule.find(DENY);
    if (permit.isPresent() == deny.isPresent()) {
      throw at(node, "a rule starts with either 'permit: <id>' or 'deny: <id>'");
    }
    if (permit.isPresent()) {
      located(node, n -> builder.permit(scalar(permit.get()), content -> content(content, rule)));
    } else {
      located(
          node, n -> builder.deny(scalar(deny.orElseThrow()), content -> content(content, rule)));
    }
  }

  private void content(PolicyBuilder.RuleBuilder rule, Section section) {
    section.each(GROUPS, node -> rule.groups(scalar(node)));
    section.each(
        ACTIONS,
        node -> rule.actions(known(node, Action::find, "action", Action.values(), Action::label)));
    section.oneOrEach(RECORD_TYPE, node -> rule.recordType(scalar(node)));
    section.each(
        PURPOSES,
        node ->
            rule.purposes(known(node, Purpose::find, "purpose", Purpose.values(), Purpose::label)));
    section.each(WHEN, node -> rule.when(conditions.read(node)));
    section
        .find(ASSURANCE)
        .ifPresent(node -> rule.assurance(known(
            node, PolicyReader::assurance, "assurance", Assurance.values(), Assurance::name)));
    if (required(section, BREAK_GLASS)) {
      rule.breakGlass();
    }
    section
        .find(FIELDS)
        .ifPresent(fields -> mapping(fields)
            .forEach((field, mask) -> located(
                mask,
                node -> rule.mask(
                    known(node, Mask::find, "mask", Mask.values(), Mask::label), field))));
    obligations(rule, section);
  }

  private void obligations(PolicyBuilder.RuleBuilder rule, Section section) {
    section.oneOrEach(QUOTA, node -> rule.quota(quota(node)));
    section.find(TIME_TO_LIVE).ifPresent(node -> located(node, n -> rule.timeToLive(duration(n))));
    section.each(APPROVERS, node -> rule.approvers(scalar(node)));
    section.each(NOTIFY, node -> rule.notified(scalar(node)));
    if (required(section, REASON)) {
      rule.reasonRequired();
    }
    section.find(WATERMARK).ifPresent(node -> located(node, n -> rule.watermark(scalar(n))));
  }

  /** Only one word says yes, so that a misspelt one is refused rather than taken for no. */
  private boolean required(Section section, String key) {
    Optional<Node> node = section.find(key);
    if (node.isPresent() && !scalar(node.get()).equals(REQUIRED)) {
      throw at(node.get(), "expected '" + REQUIRED + "'; leave the key out otherwise");
    }
    return node.isPresent();
  }

  private QuotaLimit quota(Node node) {
    Set<String> measures =
        Arrays.stream(QuotaMeasure.values()).map(QuotaMeasure::label).collect(Collectors.toSet());
    Set<String> keys = new TreeSet<>(measures);
    keys.addAll(List.of(WINDOW, PER, SOFT, LABELS));
    Section quota = section(node, keys);
    List<QuotaMeasure> measured = Arrays.stream(QuotaMeasure.values())
        .filter(measure -> quota.find(measure.label()).isPresent())
        .toList();
    if (measured.size() != 1) {
      throw at(node, "a quota names one of patients, sensitive-patients, records, bytes");
    }
    QuotaMeasure measure = measured.get(0);
    long hard = count(quota.need(measure.label()));
    Duration window = duration(quota.need(WINDOW));
    OptionalLong soft =
        quota.find(SOFT).map(this::count).map(OptionalLong::of).orElse(OptionalLong.empty());
    QuotaScope scope = quota.find(PER).map(this::scope).orElse(QuotaScope.USER);
    SortedSet<String> labels =
        new TreeSet<>(List.of(quota.find(LABELS).map(this::strings).orElse(new String[0])));
    return located(node, n -> new QuotaLimit(measure, scope, hard, soft, window, labels));
  }

  private QuotaScope scope(Node node) {
    return known(
        node,
        text -> Arrays.stream(QuotaScope.values())
            .filter(scope -> scope.label().equals(text))
            .findFirst(),
        "scope",
        QuotaScope.values(),
        QuotaScope::label);
  }

  private long integer(Node node) {
    return located(node, n -> number(scalar(n)));
  }

  private long count(Node node) {
    if (!scalar(node).matches("[0-9]{1,18}")) {
      throw at(node, "expected a whole number");
    }
    return integer(node);
  }

  private static long number(String text) {
    if (!text.matches("-?[0-9]{1,18}")) {
      throw new IllegalArgumentException("expected a whole number");
    }
    return Long.parseLong(text);
  }

  private Duration duration(Node node) {
    try {
      return Duration.parse(scalar(node));
    } catch (DateTimeParseException e) {
      throw at(node, "expected an ISO 8601 duration such as PT1H or P1D");
    }
  }

  private static Optional<Assurance> assurance(String text) {
    return Arrays.stream(Assurance.values()).filter(a -> a.name().equals(text)).findFirst();
  }

  private <T> T known(
      Node node,
      Function<String, Optional<T>> find,
      String what,
      T[] all,
      Function<T, String> label) {
    return find.apply(scalar(node))
        .orElseThrow(() -> at(
            node,
            "unknown "
                + what
                + " '"
                + scalar(node)
                + "'; known: "
                + Stream.of(all).map(label).collect(Collectors.joining(", "))));
  }

  /** Runs a step of the builder and says where in the file its complaint comes from. */
  private <T> T located(Node node, Function<Node, T> step) {
    try {
      return step.apply(node);
    } catch (IllegalArgumentException e) {
      throw at(node, String.valueOf(e.getMessage()));
    }
  }

  private Section section(Node node, Set<String> known) {
    Map<String, Node> values = mapping(node);
    for (NodeTuple tuple : ((MappingNode) node).getValue()) {
      String key = scalar(tuple.getKeyNode());
      if (!known.contains(key)) {
        throw at(
            tuple.getKeyNode(),
            "unknown key '" + key + "'; known: " + known.stream().sorted().toList());
      }
    }
    return new Section(node, values);
  }

  private Map<String, Node> mapping(Node node) {
    if (!(node instanceof MappingNode mapping)) {
      throw at(node, "expected a mapping of names to values");
    }
    Map<String, Node> map = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (map.put(scalar(tuple.getKeyNode()), tuple.getValueNode()) != null) {
        throw at(tuple.getKeyNode(), "'" + scalar(tuple.getKeyNode()) + "' stands here twice");
      }
    }
    return map;
  }

  private List<Node> list(Node node) {
    if (!(node instanceof SequenceNode sequence)) {
      throw at(node, "expected a list");
    }
    return sequence.getValue();
  }

  private String[] strings(Node node) {
    List<String> values = new ArrayList<>();
    list(node).forEach(item -> values.add(scalar(item)));
    return values.toArray(String[]::new);
  }

  private String scalar(Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      throw at(node, "expected a single value");
    }
    return scalar.getValue();
  }

  private PolicyNotLoadedException at(Node node, String reason) {
    return at(node.getStartMark(), reason);
  }

  private PolicyNotLoadedException at(Optional<Mark> mark, String reason) {
    return new PolicyNotLoadedException(
        source,
        mark.map(m -> m.getLine() + 1).orElse(0),
        mark.map(m -> m.getColumn() + 1).orElse(0),
        reason);
  }

  private static String firstLine(YamlEngineException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** A mapping whose keys are all known. */
  private final class Section {
    private final Node node;
    private final Map<String, Node> values;

    Section(Node node, Map<String, Node> values) {
      this.node = node;
      this.values = values;
    }

    Optional<Node> find(String key) {
      return Optional.ofNullable(values.get(key));
    }

    Node need(String key) {
      @Nullable Node value = values.get(key);
      if (value == null) {
        throw at(node, "'" + key + "' is missing");
      }
      return value;
    }

    void each(String key, Function<Node, ?> step) {
      find(key).ifPresent(value -> list(value).forEach(item -> located(item, step)));
    }

    /** A list that came out empty by mistake would open what it was to limit. */
    void refuseEmptyLists() {
      values.forEach((key, value) -> {
        if (value instanceof SequenceNode list && list.getValue().isEmpty()) {
          throw at(value, "'" + key + "' is empty; leave the key out");
        }
      });
    }

    void oneOrEach(String key, Function<Node, ?> step) {
      find(key).ifPresent(value -> {
        if (value instanceof SequenceNode) {
          each(key, step);
        } else {
          located(value, step);
        }
      });
    }

    void entries(String key, BiConsumer<String, Node> step) {
      find(key)
          .ifPresent(value -> mapping(value)
              .forEach((name, content) -> located(content, n -> {
                step.accept(name, n);
                return n;
              })));
    }
  }

  /** Reads conditions: a relation by its name, or a mapping with one key. */
  private final class Conditions {
    private static final String ALL = "all";
    private static final String ANY = "any";
    private static final String NOT = "not";
    private static final String PREDICATE = "predicate";
    private static final String LABEL = "label";
    private static final String LABELS_WITHIN = "labels-within";
    private static final String SAME = "same";
    private static final String RELATION = "relation";
    private static final String IS = "is";
    private static final String IN = "in";
    private static final String FROM = "from";
    private static final String TO = "to";
    private static final List<String> WORDS =
        List.of(ALL, ANY, NOT, PREDICATE, LABEL, LABELS_WITHIN, SAME, RELATION);

    Condition read(Node node) {
      if (node instanceof ScalarNode) {
        return Condition.relation(scalar(node));
      }
      Map<String, Node> entries = mapping(node);
      if (entries.size() != 1) {
        throw at(
            node,
            "a condition has one key: an attribute such as record.department, or one of "
                + String.join(", ", WORDS));
      }
      Map.Entry<String, Node> entry = entries.entrySet().iterator().next();
      Node value = entry.getValue();
      return switch (entry.getKey()) {
        case ALL -> new Condition.All(readAll(value));
        case ANY -> new Condition.Any(readAll(value));
        case NOT -> new Condition.Not(read(value));
        case PREDICATE -> Condition.predicate(scalar(value));
        case RELATION -> Condition.relation(scalar(value));
        case LABEL -> Condition.label(scalar(value));
        case LABELS_WITHIN -> Condition.labelsWithin(unique(value));
        case SAME -> same(value);
        default -> attribute(node, entry.getKey(), value);
      };
    }

    private List<Condition> readAll(Node node) {
      return list(node).stream().map(this::read).toList();
    }

    private Condition same(Node node) {
      String[] both = strings(node);
      if (both.length != 2) {
        throw at(node, "expected a list of two attributes");
      }
      return located(node, n -> Condition.same(both[0], both[1]));
    }

    private Condition attribute(Node at, String name, Node value) {
      if (!name.contains(".")) {
        throw at(
            at,
            "unknown condition '" + name + "'; known: an attribute such as"
                + " record.department, or one of " + String.join(", ", WORDS));
      }
      Section section = section(value, Set.of(IS, IN, FROM, TO));
      if (section.find(IN).isPresent() && section.values.size() == 1) {
        return located(at, n -> Condition.oneOf(name, unique(section.need(IN))));
      }
      if (section.find(IS).isPresent() && section.values.size() == 1) {
        return located(at, n -> is(name, scalar(section.need(IS))));
      }
      if (section.find(IS).isEmpty() && section.find(IN).isEmpty() && !section.values.isEmpty()) {
        long from = section.find(FROM).map(PolicyReader.this::integer).orElse(Long.MIN_VALUE);
        long to = section.find(TO).map(PolicyReader.this::integer).orElse(Long.MAX_VALUE);
        return located(at, n -> Condition.range(name, from, to));
      }
      throw at(value, "expected 'is: value', 'in: [values]', or 'from:' and 'to:'");
    }

    /** What {@code is} means depends on the attribute's type. */
    private Condition is(String name, String value) {
      AttributeType type = Objects.requireNonNull(builder).typeOf(AttributeName.of(name));
      return switch (type) {
        case TEXT, TEXTS -> Condition.oneOf(name, value);
        case FLAG ->
          switch (value) {
            case "true" -> Condition.flag(name);
            case "false" -> Condition.not(Condition.flag(name));
            default ->
              throw new IllegalArgumentException(
                  "'" + name + "' is a flag: 'is: true' or 'is: false'");
          };
        case INTEGER -> {
          long number = number(value);
          yield Condition.range(name, number, number);
        }
      };
    }

    private String[] unique(Node node) {
      String[] values = strings(node);
      if (new TreeSet<>(List.of(values)).size() != values.length) {
        throw at(node, "a value stands here twice");
      }
      return values;
    }
  }
}
