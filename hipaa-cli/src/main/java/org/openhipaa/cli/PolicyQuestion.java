package org.openhipaa.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What somebody wants to do with which records, and why; reads names, and refuses unknown ones. */
final class PolicyQuestion {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--action",
      required = true,
      paramLabel = "ACTION",
      description = "What is done, such as read.")
  private String action = "";

  @Option(
      names = "--record-type",
      required = true,
      paramLabel = "TYPE",
      description = "With records of which type.")
  private String type = "";

  @Option(
      names = "--purpose",
      required = true,
      paramLabel = "PURPOSE",
      description = "Why, such as treatment.")
  private String purpose = "";

  PolicyQuestion() {
    // Picocli sets the annotated field before anything runs.
    this.spec = CommandSpec.create();
  }

  static AccessPolicy load(Path file) {
    needReadable(file, "policy");
    return AccessPolicy.load(file);
  }

  static void needReadable(Path file, String what) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new NotDoneException(
          "there is no readable " + what + " file " + file + "; name the right one");
    }
  }

  /** For instance {@code name: show, birth-date: year}. */
  static String words(Map<FieldPath, ? extends Collection<Mask>> fields) {
    List<String> parts = new ArrayList<>();
    fields.forEach((field, masks) -> parts.add(
        field + ": " + String.join(" or ", masks.stream().map(Mask::label).toList())));
    return parts.isEmpty() ? "none" : String.join(", ", parts);
  }

  Action action() {
    return find(
        "action",
        action,
        Action::find,
        Arrays.stream(Action.values()).map(Action::label).toList());
  }

  Purpose purpose() {
    return find(
        "purpose",
        purpose,
        Purpose::find,
        Arrays.stream(Purpose.values()).map(Purpose::label).toList());
  }

  RecordType type(AccessPolicy policy) {
    return declared("record type", type, RecordType::of, policy.model().types().keySet());
  }

  FieldPath field(AccessPolicy policy, String name) {
    RecordType of = type(policy);
    return declared(
        "field", name, FieldPath::of, policy.model().types().getOrDefault(of, emptyFields()));
  }

  private static SortedSet<FieldPath> emptyFields() {
    return Collections.emptySortedSet();
  }

  /** Names that the policy declares. */
  Set<String> declared(String what, List<String> names, Set<String> known) {
    return names.stream()
        .map(name -> declared(what, name, Function.identity(), known))
        .collect(Collectors.toSet());
  }

  /** One of the names that the policy declares. */
  <T> T declared(String what, String name, Function<String, T> read, Set<T> declared) {
    return find(
        what,
        name,
        text -> {
          try {
            return Optional.of(read.apply(text)).filter(declared::contains);
          } catch (IllegalArgumentException e) {
            return Optional.empty();
          }
        },
        declared.stream().map(Object::toString).toList());
  }

  <T> T find(String what, String name, Function<String, Optional<T>> find, List<String> known) {
    return find.apply(name)
        .orElseThrow(() -> wrong("there is no " + what + " '" + name + "'; known: "
            + (known.isEmpty() ? "none" : String.join(", ", known))));
  }

  ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
