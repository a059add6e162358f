package org.openhipaa.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.rules.AttributeDeclaration;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.actor.Recipient;
import org.openhipaa.core.record.Attributes;
import picocli.CommandLine.Option;

/** What is known of the record, of whoever asks and of the recipient; refuses unknown names. */
final class PolicyCircumstances {
  @Option(
      names = "--label",
      split = ",",
      paramLabel = "LABEL",
      description = "The record's sensitivity labels.")
  private List<String> labels = List.of();

  @Option(names = "--no-labels", description = "The record is known to carry no label.")
  private boolean noLabels;

  @Option(
      names = "--attribute",
      paramLabel = "NAME=VALUE",
      description = "An attribute, such as record.status=open; a set as x,y. Repeatable.")
  private List<String> attributes = List.of();

  @Option(
      names = "--recipient",
      paramLabel = "KIND",
      description = "To whom a disclosure goes, such as health-plan.")
  private @Nullable String recipient;

  PolicyCircumstances() {}

  /** The record's labels, if they are known. */
  Optional<Set<String>> labels(PolicyQuestion question, PolicyModel model) {
    Set<String> carried = question.declared("label", labels, model.labels().keySet());
    if (noLabels && !carried.isEmpty()) {
      throw question.wrong("--label and --no-labels exclude each other");
    }
    return noLabels || !carried.isEmpty() ? Optional.of(carried) : Optional.empty();
  }

  /** To whom a disclosure goes, if that is known. */
  Optional<Recipient> recipient(PolicyQuestion question) {
    return Optional.ofNullable(recipient)
        .map(label -> question.find(
            "recipient",
            label,
            Recipient::find,
            Arrays.stream(Recipient.values()).map(Recipient::label).toList()));
  }

  /** The known attributes of each side. */
  Map<AttributeName.Side, Attributes> attributes(PolicyQuestion question, PolicyModel model) {
    SortedMap<AttributeName, AttributeDeclaration> known = new TreeMap<>(model.attributes());
    for (AttributeName name : List.of(PolicyModel.WORKSTATION, PolicyModel.LOCATION)) {
      Optional.ofNullable(PolicyModel.BUILT_IN.get(name)).ifPresent(one -> known.put(name, one));
    }
    Map<AttributeName.Side, Attributes> sides = new LinkedHashMap<>();
    Set<AttributeName> seen = new LinkedHashSet<>();
    for (String pair : attributes) {
      int equal = pair.indexOf('=');
      if (equal < 0) {
        throw question.wrong("'" + pair + "' is no attribute; write NAME=VALUE");
      }
      AttributeName name = question.declared(
          "attribute", pair.substring(0, equal), AttributeName::of, known.keySet());
      if (!seen.add(name)) {
        throw question.wrong("attribute " + name + " is given twice");
      }
      AttributeDeclaration declaration = known.get(name);
      if (declaration != null) {
        Attributes before = sides.getOrDefault(name.side(), Attributes.none());
        sides.put(name.side(), with(question, before, declaration, pair.substring(equal + 1)));
      }
    }
    return sides;
  }

  private static Attributes with(
      PolicyQuestion question, Attributes before, AttributeDeclaration declaration, String value) {
    String name = declaration.name().name();
    return switch (declaration.type()) {
      case TEXT -> before.with(name, value);
      case TEXTS ->
        before.with(name, value.isEmpty() ? Set.of() : Set.copyOf(List.of(value.split(",", -1))));
      case INTEGER -> {
        try {
          yield before.with(name, Long.parseLong(value));
        } catch (NumberFormatException e) {
          throw question.wrong("attribute " + declaration.name() + " is a whole number");
        }
      }
      case FLAG -> {
        if (!value.equals("true") && !value.equals("false")) {
          throw question.wrong("attribute " + declaration.name() + " is true or false");
        }
        yield before.with(name, Boolean.parseBoolean(value));
      }
    };
  }
}
