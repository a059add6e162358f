package org.openhipaa.core.access.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.openhipaa.core.access.AccessPolicy;

/**
 * A decision table: cases of who asks for what, and what a policy has to answer. Written in YAML, so
 * that whoever is answerable for the policy can read it:
 *
 * <pre>{@code
 * openhipaa-policy-table: 1
 * cases:
 *   - name: a nurse reads the record of her own patient
 *     groups: [nurse]
 *     action: read
 *     record-type: patient
 *     purpose: treatment
 *     relations: [treating]
 *     expect:
 *       permit: {rules: [nurse-reads], fields: {name: show, birth-date: year}}
 * }</pre>
 *
 * <p>What a case may say besides: {@code actor}, {@code record} and {@code context} (attributes),
 * {@code assurance}, {@code labels} (unknown if not said), {@code predicates} (that hold), {@code
 * failing} (relations and predicates whose lookup fails), {@code patient: none}, {@code at}, {@code
 * recipient}, {@code reason}, {@code approver} (the second person's groups), {@code break-glass}
 * ({@code valid}, {@code expired} or {@code foreign}), {@code fields} and {@code filter}. {@code
 * expect} is {@code permit} or {@code deny}, alone or with {@code rules}, {@code fields}, {@code
 * quotas} (as {@code rule#0}), {@code time-to-live}, {@code notified}, {@code watermarks}, or {@code
 * rules}, {@code reason} and {@code step-up}.
 *
 * <p>Immutable and thread-safe.
 */
public final class PolicyTable {
  private final List<PolicyCase> cases;

  private PolicyTable(List<PolicyCase> cases) {
    this.cases = List.copyOf(cases);
  }

  /**
   * Reads a table.
   *
   * @param file a YAML file
   * @return the table
   * @throws PolicyTableNotLoadedException if it cannot be read, or anything in it is not understood,
   *     with line, column and reason
   */
  public static PolicyTable load(Path file) {
    String source = String.valueOf(file.getFileName());
    try {
      return parse(source, Files.readString(file));
    } catch (IOException e) {
      throw new PolicyTableNotLoadedException(
          source, 0, 0, "the file cannot be read as UTF-8 text; does it exist?");
    }
  }

  /**
   * Reads a table.
   *
   * @param source a name for messages, such as the file's
   * @param text the table
   * @return the table
   * @throws PolicyTableNotLoadedException if anything in it is not understood, with line, column and
   *     reason
   */
  public static PolicyTable parse(String source, String text) {
    return new PolicyTable(PolicyTableReader.read(source, text));
  }

  /**
   * Asks a policy about each case.
   *
   * @param policy what is tested
   * @return one result for each case, in the order of the file
   */
  public List<Result> check(AccessPolicy policy) {
    return cases.stream().map(one -> check(policy, one)).toList();
  }

  private static Result check(AccessPolicy policy, PolicyCase one) {
    return new Result(
        one.name(), one.line(), one.undeclared(policy.model()).or(() -> one.failure(policy)));
  }

  /**
   * The cases.
   *
   * @return in the order of the file; unmodifiable, not empty
   */
  public List<PolicyCase> cases() {
    return cases;
  }

  /**
   * How a case ended.
   *
   * @param name of the case
   * @param line where it stands
   * @param failure what is wrong, or empty if the decision is as expected
   */
  public record Result(String name, int line, Optional<String> failure) {}
}
