package org.openhipaa.core.access;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
  private static final int MAX_BYTES = 1024 * 1024;
  private static final int MAX_DEPTH = 8;
  private static final String FORMAT_VERSION = "1";

  private static final String FORMAT = "openhipaa-policy";
  private static final String NAME = "name";
  private static final String GROUPS = "groups";
  private static final String RELATIONS = "relations";
  private static final String RECORD_TYPES = "record-types";
  private static final String RULES = "rules";
  private static final String PERMIT = "permit";
  private static final String DENY = "deny";
  private static final String ACTIONS = "actions";
  private static final String RECORD_TYPE = "record-type";
  private static final String PURPOSES = "purposes";
  private static final String WHEN = "when";
  private static final String ASSURANCE = "assurance";
  private static final String FIELDS = "fields";
  private static final String QUOTA = "quota";
  private static final String PATIENTS = "patients";
  private static final String WINDOW = "window";

  private final String source;

  private PolicyReader(String source) {
    this.source = source;
  }

  static AccessPolicy load(Path file) {
    String source = String.valueOf(file.getFileName());
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new PolicyNotLoadedException(source, 0, 0, "a policy file has at most 1 MiB");
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
      throw new PolicyNotLoadedException(source, 0, 0, "a policy file has at most 1 MiB");
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

  private AccessPolicy policy(Node root) {
    Section top = section(root, Set.of(FORMAT, NAME, GROUPS, RELATIONS, RECORD_TYPES, RULES));
    Node format = top.need(FORMAT);
    if (!scalar(format).equals(FORMAT_VERSION)) {
      throw at(
          format,
          "policy format '"
              + scalar(format)
              + "' is not known here (known: 1); use a newer release");
    }
    PolicyBuilder builder = located(top.need(NAME), node -> AccessPolicy.builder(scalar(node)));
    for (Node group : list(top.need(GROUPS))) {
      located(group, node -> builder.groups(scalar(node)));
    }
    for (Node relation : top.find(RELATIONS).map(this::list).orElse(List.of())) {
      located(relation, node -> builder.relations(scalar(node)));
    }
    mapping(top.need(RECORD_TYPES)).forEach((type, fields) -> {
      String[] names = strings(fields);
      located(fields, node -> builder.recordType(type, names));
    });
    for (Node rule : list(top.need(RULES))) {
      rule(builder, rule);
    }
    return located(root, node -> builder.build());
  }

  private void rule(PolicyBuilder builder, Node node) {
    Section rule = section(
        node,
        Set.of(
            PERMIT, DENY, GROUPS, ACTIONS, RECORD_TYPE, PURPOSES, WHEN, ASSURANCE, FIELDS, QUOTA));
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
    section.find(RECORD_TYPE).ifPresent(n -> located(n, node -> rule.recordType(scalar(node))));
    section.each(
        PURPOSES,
        node ->
            rule.purposes(known(node, Purpose::find, "purpose", Purpose.values(), Purpose::label)));
    section.each(WHEN, node -> rule.when(scalar(node)));
    section
        .find(ASSURANCE)
        .ifPresent(node -> rule.assurance(known(
            node, PolicyReader::assurance, "assurance", Assurance.values(), Assurance::name)));
    section
        .find(FIELDS)
        .ifPresent(fields -> mapping(fields)
            .forEach((field, mask) -> located(
                mask,
                node -> rule.mask(
                    known(node, Mask::find, "mask", Mask.values(), Mask::label), field))));
    section.find(QUOTA).ifPresent(node -> quota(rule, node));
  }

  private void quota(PolicyBuilder.RuleBuilder rule, Node node) {
    Section quota = section(node, Set.of(PATIENTS, WINDOW));
    Node patients = quota.need(PATIENTS);
    Node window = quota.need(WINDOW);
    located(node, n -> rule.quota(integer(patients), duration(window)));
  }

  private int integer(Node node) {
    String text = scalar(node);
    if (!text.matches("[0-9]{1,9}")) {
      throw at(node, "expected a whole number");
    }
    return Integer.parseInt(text);
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
  }
}
