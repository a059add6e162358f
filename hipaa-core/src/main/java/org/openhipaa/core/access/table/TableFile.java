package org.openhipaa.core.access.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Reads YAML nodes and says where in the file something is wrong. */
final class TableFile {
  private final String source;

  TableFile(String source) {
    this.source = source;
  }

  Node root(String text) {
    LoadSettings settings = LoadSettings.builder().setLabel(source).build();
    try {
      return new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text)))
          .getSingleNode()
          .orElseThrow(() -> new PolicyTableNotLoadedException(source, 1, 1, "the file is empty"));
    } catch (MarkedYamlEngineException e) {
      throw at(e.getProblemMark(), "not valid YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw at(Optional.empty(), "not valid YAML");
    }
  }

  /** A mapping whose keys are all known. */
  Map<String, Node> mapping(Node node, Set<String> known) {
    Map<String, Node> map = mapping(node);
    for (NodeTuple tuple : ((MappingNode) node).getValue()) {
      String key = scalar(tuple.getKeyNode());
      if (!known.contains(key)) {
        throw at(tuple.getKeyNode(), "unknown key '" + key + "'; known: " + new TreeSet<>(known));
      }
    }
    return map;
  }

  Map<String, Node> mapping(Node node) {
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

  Node need(Node in, Map<String, Node> map, String key) {
    @Nullable Node node = map.get(key);
    if (node == null) {
      throw at(in, "'" + key + "' is missing");
    }
    return node;
  }

  List<Node> list(Node node) {
    if (!(node instanceof SequenceNode sequence)) {
      throw at(node, "expected a list");
    }
    return sequence.getValue();
  }

  List<String> strings(Node node) {
    List<String> values = new ArrayList<>();
    for (Node item : list(node)) {
      if (values.contains(scalar(item))) {
        throw at(item, "'" + scalar(item) + "' stands here twice");
      }
      values.add(scalar(item));
    }
    return values;
  }

  String scalar(Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      throw at(node, "expected a single value");
    }
    return scalar.getValue();
  }

  boolean isScalar(Node node) {
    return node instanceof ScalarNode;
  }

  boolean isList(Node node) {
    return node instanceof SequenceNode;
  }

  /** Whether it stands there without quotes, so that it may be a number or a flag. */
  boolean isPlain(Node node) {
    return node instanceof ScalarNode scalar && scalar.isPlain();
  }

  <T> T known(Node node, Function<String, Optional<T>> find, String what, List<String> all) {
    return find.apply(scalar(node))
        .orElseThrow(() -> at(node, "unknown " + what + " '" + scalar(node) + "'; known: " + all));
  }

  /** Says where in the file a complaint comes from. */
  <T> T located(Node node, Function<String, T> step) {
    try {
      return step.apply(scalar(node));
    } catch (IllegalArgumentException e) {
      throw at(node, String.valueOf(e.getMessage()));
    }
  }

  int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  PolicyTableNotLoadedException at(Node node, String reason) {
    return at(node.getStartMark(), reason);
  }

  private PolicyTableNotLoadedException at(Optional<Mark> mark, String reason) {
    return new PolicyTableNotLoadedException(
        source,
        mark.map(m -> m.getLine() + 1).orElse(0),
        mark.map(m -> m.getColumn() + 1).orElse(0),
        reason);
  }
}
