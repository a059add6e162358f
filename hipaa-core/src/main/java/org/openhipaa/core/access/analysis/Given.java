package org.openhipaa.core.access.analysis;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.access.rules.AttributeDeclaration;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.actor.Recipient;
import org.openhipaa.core.record.Attributes;

/**
 * What is known of the requests that a question is about, such as the labels of the record; all
 * else may be anything. Values may be PHI: it prints nothing of them.
 *
 * <p>Immutable and thread-safe.
 */
public final class Given {
  private static final Given NOTHING = new Given(new TreeMap<>(), Optional.empty());

  private final SortedMap<AttributeName, Object> attributes;
  private final Optional<SortedSet<String>> labels;

  private Given(SortedMap<AttributeName, Object> attributes, Optional<SortedSet<String>> labels) {
    this.attributes = Collections.unmodifiableSortedMap(attributes);
    this.labels = labels;
  }

  /**
   * Knows nothing.
   *
   * @return all requests
   */
  public static Given nothing() {
    return NOTHING;
  }

  /**
   * Says which sensitivity labels the record carries.
   *
   * @param carried these and no others
   * @return a copy with them
   */
  public Given labels(Set<String> carried) {
    return new Given(
        attributes, Optional.of(Collections.unmodifiableSortedSet(new TreeSet<>(carried))));
  }

  /**
   * Says what is known of the actor.
   *
   * @param known the attributes
   * @return a copy with them
   */
  public Given actor(Attributes known) {
    return with(AttributeName.Side.ACTOR, known);
  }

  /**
   * Says what is known of the record.
   *
   * @param known the attributes
   * @return a copy with them
   */
  public Given record(Attributes known) {
    return with(AttributeName.Side.RECORD, known);
  }

  /**
   * Says what is known of the circumstances, without the clock.
   *
   * @param known the attributes
   * @return a copy with them
   */
  public Given context(Attributes known) {
    return with(AttributeName.Side.CONTEXT, known);
  }

  /**
   * Says to whom a disclosure goes.
   *
   * @param kind the kind of recipient
   * @return a copy with it
   */
  public Given recipient(Recipient kind) {
    SortedMap<AttributeName, Object> all = new TreeMap<>(attributes);
    all.put(PolicyModel.RECIPIENT, kind.label());
    return new Given(all, labels);
  }

  private Given with(AttributeName.Side side, Attributes known) {
    SortedMap<AttributeName, Object> all = new TreeMap<>(attributes);
    known
        .names()
        .forEach(name ->
            known.value(name).ifPresent(value -> all.put(new AttributeName(side, name), value)));
    return new Given(all, labels);
  }

  /** The known attributes with their values. */
  Map<AttributeName, Object> attributes() {
    return attributes;
  }

  /** The labels that the record carries, if known. */
  Optional<SortedSet<String>> carried() {
    return labels;
  }

  static AttributeType type(Object value) {
    if (value instanceof String) {
      return AttributeType.TEXT;
    } else if (value instanceof Long) {
      return AttributeType.INTEGER;
    } else if (value instanceof Boolean) {
      return AttributeType.FLAG;
    } else if (value instanceof Set<?>) {
      return AttributeType.TEXTS;
    }
    throw new HipaaBugException("an attribute of unknown type");
  }

  /** Refuses what the policy does not declare: a misspelt label would be answered wrongly. */
  void check(PolicyView view) {
    labels.ifPresent(carried -> carried.forEach(label -> {
      if (!view.model.labels().containsKey(label)) {
        throw new IllegalArgumentException("the policy declares no such label as was given");
      }
    }));
    attributes.forEach((name, value) -> {
      AttributeDeclaration declared = view.declared(name)
          .orElseThrow(() ->
              new IllegalArgumentException("the policy declares no attribute '" + name + "'"));
      if (name.equals(PolicyModel.HOUR) || name.equals(PolicyModel.WEEKDAY)) {
        throw new IllegalArgumentException("'" + name + "' is read off the clock, and not given");
      }
      boolean recipient = name.equals(PolicyModel.RECIPIENT);
      if (declared.type() != type(value)
          || (recipient && Recipient.find((String) value).isEmpty())) {
        throw new IllegalArgumentException(
            "'" + name + "' is given a value that it cannot have; its type is "
                + declared.type().label());
      }
    });
  }

  /** Prints nothing of what is known. */
  @Override
  public String toString() {
    return "Given(" + attributes.size() + " attributes" + (labels.isPresent() ? ", labels)" : ")");
  }
}
