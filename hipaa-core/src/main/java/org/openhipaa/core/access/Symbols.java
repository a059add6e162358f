package org.openhipaa.core.access;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.Condition;

/**
 * Numbers for the texts that rules ask attributes for. Each text of a request is looked up once per
 * decision; what is found by it lies in small arrays from then on, which stay in the processor's
 * cache where thousands of hash tables would not.
 */
final class Symbols {
  /** The attribute's value is missing, or no text. */
  static final int UNKNOWN = -1;
  /** A text that no rule asks for. */
  static final int OTHER = -2;

  private final List<AttributeName> names = new ArrayList<>();
  private final List<AttributeReader> readers = new ArrayList<>();
  private final List<Map<String, Integer>> numbers = new ArrayList<>();

  /**
   * Numbers the texts.
   *
   * @param single tells whether an attribute is one text, rather than a set or a number
   */
  Symbols(Collection<CompiledRule> rules, Predicate<AttributeName> single) {
    Set<AttributeName> seen = new HashSet<>();
    for (CompiledRule rule : rules) {
      for (AttributeName name : rule.asked()) {
        if (single.test(name)) {
          if (seen.add(name)) {
            names.add(name);
            readers.add(AttributeReader.of(name));
            numbers.add(new HashMap<>());
          }
          Map<String, Integer> texts = numbers.get(names.indexOf(name));
          Condition.OneOf asked = rule.asks(name);
          if (asked != null) {
            asked.values().forEach(text -> texts.putIfAbsent(text, texts.size()));
          }
        }
      }
    }
  }

  /** How many attributes there are. */
  int size() {
    return names.size();
  }

  /** The number of an attribute, or -1 if it is not one text or no rule asks for it. */
  int attribute(AttributeName name) {
    return names.indexOf(name);
  }

  /** How many texts rules ask an attribute for. */
  int texts(int attribute) {
    return numbers.get(attribute).size();
  }

  /** The number of a text. */
  int text(int attribute, String text) {
    Integer number = numbers.get(attribute).get(text);
    return number == null ? OTHER : number;
  }

  /** The number of the text that a request brings along. */
  int read(int attribute, Evaluation evaluation) {
    return readers.get(attribute).read(evaluation) instanceof String text
        ? text(attribute, text)
        : UNKNOWN;
  }
}
