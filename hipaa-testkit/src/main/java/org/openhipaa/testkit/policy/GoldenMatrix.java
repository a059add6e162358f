package org.openhipaa.testkit.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.record.RecordType;

/**
 * Who may do what, as one text file that is kept beside the policy, so that whoever changes the
 * policy sees what that changes:
 *
 * <pre>{@code
 * GoldenMatrix.of(policy).assertMatches(Path.of("src/test/resources/policy-matrix.txt"));
 * }</pre>
 *
 * <p>Each line names a group, an action, a record type and a purpose, and the rules that cover a
 * member of that group alone: {@code +} permits, {@code -} denies, {@code ?} only under a condition,
 * a ticket or a higher assurance; and what a permit shows. What has no line is denied.
 *
 * <p>Immutable and thread-safe.
 */
public final class GoldenMatrix {
  private static final ActorId SOMEBODY = ActorId.of("somebody");

  private final List<String> lines;

  private GoldenMatrix(List<String> lines) {
    this.lines = List.copyOf(lines);
  }

  /**
   * Makes the matrix of a policy.
   *
   * @param policy the policy
   * @return the matrix
   */
  public static GoldenMatrix of(AccessPolicy policy) {
    PolicyModel model = policy.model();
    ReferenceEvaluator reference = new ReferenceEvaluator(model);
    List<String> lines = new ArrayList<>();
    for (Group group : model.groups().keySet()) {
      for (Action action : Action.values()) {
        for (RecordType type : model.types().keySet()) {
          for (Purpose purpose : Purpose.values()) {
            AccessRequest request = request(group, action, type, purpose);
            List<Rule> rules = model.rules().stream()
                .filter(rule -> reference.covers(rule, request))
                .toList();
            if (rules.stream().anyMatch(Rule::permits)) {
              lines.add(line(request, rules));
            }
          }
        }
      }
    }
    return new GoldenMatrix(lines);
  }

  private static AccessRequest request(
      Group group, Action action, RecordType type, Purpose purpose) {
    return AccessRequest.builder(
            Actor.authenticated(SOMEBODY, Set.of(group), Assurance.AAL1, Instant.EPOCH),
            action,
            type,
            purpose)
        .build();
  }

  private static String line(AccessRequest request, List<Rule> rules) {
    return request.actor().groups().first().value()
        + " "
        + request.action().label()
        + " "
        + request.type().value()
        + " "
        + request.purpose().label()
        + ": "
        + rules.stream().map(GoldenMatrix::cell).sorted().collect(Collectors.joining(" "));
  }

  private static String cell(Rule rule) {
    boolean conditional = !rule.condition().equals(Condition.ALWAYS)
        || rule.breakGlass()
        || rule.assurance() != Assurance.AAL1;
    String fields = rule.fields().entrySet().stream()
        .map(entry -> entry.getKey().value() + "=" + entry.getValue().label())
        .collect(Collectors.joining(","));
    return (rule.permits() ? "+" : "-")
        + rule.id()
        + (conditional ? "?" : "")
        + (fields.isEmpty() ? "" : "(" + fields + ")");
  }

  /**
   * Writes the matrix.
   *
   * @return one line for each group, action, record type and purpose that some rule permits
   */
  public String text() {
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  /**
   * Keeps the matrix as the golden one, after somebody has looked at the differences.
   *
   * @param golden the file to write
   * @throws UncheckedIOException if it cannot be written
   */
  public void write(Path golden) {
    try {
      Files.writeString(golden, text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Compares with the golden matrix.
   *
   * @param golden the file; one that does not exist is an empty matrix
   * @return the lines that differ, {@code -} before those that are no longer there and {@code +}
   *     before those that are new; empty if the two are equal
   * @throws UncheckedIOException if it cannot be read
   */
  public List<String> differences(Path golden) {
    List<String> before = read(golden);
    List<String> differences = new ArrayList<>();
    before.stream().filter(line -> !lines.contains(line)).forEach(l -> differences.add("- " + l));
    lines.stream().filter(line -> !before.contains(line)).forEach(l -> differences.add("+ " + l));
    return differences;
  }

  private static List<String> read(Path golden) {
    try {
      return Files.readAllLines(golden);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Demands that the policy still says what it said.
   *
   * @param golden the file
   * @throws AssertionError if it does not, with the lines that differ
   */
  public void assertMatches(Path golden) {
    List<String> differences = differences(golden);
    if (!differences.isEmpty()) {
      throw new AssertionError("the policy says something else than " + golden.getFileName()
          + "; if that is meant, write the matrix anew:\n" + String.join("\n", differences));
    }
  }
}
