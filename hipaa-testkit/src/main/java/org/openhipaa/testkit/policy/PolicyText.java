package org.openhipaa.testkit.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.access.rules.AttributeDeclaration;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/**
 * Writes a policy as the YAML file that it could have been read from, for messages of tests.
 *
 * <p>Immutable and thread-safe.
 */
public final class PolicyText {
  private PolicyText() {}

  /**
   * Writes a policy.
   *
   * @param model what it says
   * @return a file that says the same
   */
  public static String of(PolicyModel model) {
    List<String> lines = new ArrayList<>();
    lines.add("openhipaa-policy: 1");
    lines.add("name: " + quoted(model.name()));
    lines.add("time-zone: " + quoted(model.zone().getId()));
    lines.add("groups: " + list(model.groups().keySet(), Group::value));
    lines.add("member-of: " + graph(model.groups(), Group::value));
    lines.add("separate-duties: "
        + joined(model.separate().stream()
            .map(pair -> list(List.of(pair.one(), pair.other()), Group::value))
            .toList()));
    lines.add("relations: " + list(model.relations(), Function.identity()));
    lines.add("predicates: " + graph(model.predicates(), Function.identity()));
    lines.add("labels: " + graph(model.labels(), Function.identity()));
    lines.add("attributes:");
    model.attributes().values().forEach(declared -> lines.add("  " + attribute(declared)));
    lines.add("record-types:");
    model
        .types()
        .forEach((type, fields) ->
            lines.add("  " + type.value() + ": " + list(fields, FieldPath::value)));
    lines.add("rules:");
    model.rules().forEach(rule -> rule(lines, rule));
    return String.join("\n", lines)
            .replace("attributes:\nrecord-types", "attributes: {}\nrecord-types")
        + "\n";
  }

  private static String attribute(AttributeDeclaration declared) {
    String type = declared.type().label();
    return declared.name()
        + ": "
        + (declared.values().isEmpty()
            ? type
            : "{type: " + type + ", values: " + list(declared.values(), Function.identity()) + "}");
  }

  private static void rule(List<String> lines, Rule rule) {
    lines.add("  - " + (rule.permits() ? "permit: " : "deny: ") + rule.id());
    add(lines, "groups", list(rule.groups(), Group::value));
    add(lines, "actions", list(rule.actions(), Action::label));
    add(lines, "record-type", list(rule.types(), RecordType::value));
    add(lines, "purposes", list(rule.purposes(), Purpose::label));
    add(
        lines,
        "when",
        joined(Policies.conditions(rule).stream().map(PolicyText::of).toList()));
    if (rule.assurance() != Assurance.AAL1) {
      add(lines, "assurance", rule.assurance().name());
    }
    if (rule.breakGlass()) {
      add(lines, "break-glass", "required");
    }
    if (!rule.fields().isEmpty()) {
      add(lines, "fields", fields(rule.fields()));
    }
    obligations(lines, rule.obligations());
  }

  private static void obligations(List<String> lines, Rule.Obligations obligations) {
    add(
        lines,
        "quota",
        joined(obligations.quotas().stream().map(PolicyText::quota).toList()));
    add(lines, "time-to-live", obligations.timeToLive().map(Duration::toString).orElse(""));
    add(lines, "approvers", list(obligations.approvers(), Group::value));
    add(lines, "reason", obligations.reasonRequired() ? "required" : "");
    add(lines, "notify", list(obligations.notified(), Group::value));
    add(lines, "watermark", obligations.watermark().map(PolicyText::quoted).orElse(""));
  }

  private static void add(List<String> lines, String key, String value) {
    if (!value.isEmpty() && !"[]".equals(value)) {
      lines.add("    " + key + ": " + value);
    }
  }

  private static String fields(SortedMap<FieldPath, Mask> fields) {
    return fields.entrySet().stream()
        .map(entry -> entry.getKey().value() + ": " + entry.getValue().label())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String quota(QuotaLimit quota) {
    return "{"
        + quota.measure().label()
        + ": "
        + quota.hard()
        + ", window: "
        + quota.window()
        + ", per: "
        + quota.scope().label()
        + (quota.soft().isPresent() ? ", soft: " + quota.soft().getAsLong() : "")
        + (quota.labels().isEmpty() ? "" : ", labels: " + list(quota.labels(), Function.identity()))
        + "}";
  }

  /**
   * Writes a condition.
   *
   * @param condition the condition
   * @return as it stands in a policy file
   */
  public static String of(Condition condition) {
    if (condition instanceof Condition.All all) {
      return "{all: " + joined(all.parts().stream().map(PolicyText::of).toList()) + "}";
    } else if (condition instanceof Condition.Any any) {
      return "{any: " + joined(any.parts().stream().map(PolicyText::of).toList()) + "}";
    } else if (condition instanceof Condition.Not not) {
      return "{not: " + of(not.part()) + "}";
    } else if (condition instanceof Condition.Relation relation) {
      return "{relation: " + relation.name() + "}";
    } else if (condition instanceof Condition.Predicate predicate) {
      return "{predicate: " + predicate.name() + "}";
    } else if (condition instanceof Condition.Carries carries) {
      return "{label: " + carries.label() + "}";
    } else if (condition instanceof Condition.LabelsWithin within) {
      return "{labels-within: " + list(within.labels(), Function.identity()) + "}";
    } else if (condition instanceof Condition.OneOf oneOf) {
      return "{" + oneOf.attribute() + ": {in: " + list(oneOf.values(), Function.identity()) + "}}";
    } else if (condition instanceof Condition.Range range) {
      return "{" + range.attribute() + ": {" + bounds(range) + "}}";
    } else if (condition instanceof Condition.Flag flag) {
      return "{" + flag.attribute() + ": {is: true}}";
    } else if (condition instanceof Condition.Same same) {
      return "{same: [" + same.left() + ", " + same.right() + "]}";
    }
    throw new HipaaBugException("a kind of condition without text");
  }

  private static String bounds(Condition.Range range) {
    List<String> bounds = new ArrayList<>();
    if (range.from() != Long.MIN_VALUE) {
      bounds.add("from: " + range.from());
    }
    if (range.to() != Long.MAX_VALUE) {
      bounds.add("to: " + range.to());
    }
    return String.join(", ", bounds);
  }

  private static <T> String graph(SortedMap<T, SortedSet<T>> graph, Function<T, String> text) {
    return graph.entrySet().stream()
        .map(entry -> text.apply(entry.getKey()) + ": " + list(entry.getValue(), text))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static <T> String list(Collection<T> values, Function<T, String> text) {
    return joined(values.stream().map(text).map(PolicyText::quoted).toList());
  }

  private static String joined(List<String> parts) {
    return "[" + String.join(", ", parts) + "]";
  }

  /** Plain where YAML takes it for a text. */
  private static String quoted(String text) {
    return text.matches("[a-z][a-z0-9-]*") && !text.matches("true|false|null|yes|no|on|off|y|n")
        ? text
        : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
