package org.openhipaa.testkit.policy;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.table.PolicyTable;

/**
 * Makes JUnit tests of decision tables:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> policy_decidesAsTheTableSays() {
 *   return PolicyTables.tests(policy, Path.of("policy-cases.yaml"));
 * }
 * }</pre>
 */
public final class PolicyTables {
  private PolicyTables() {}

  /**
   * Makes one test of each case, for a method annotated with {@code TestFactory}.
   *
   * @param policy what is tested
   * @param file a table, as {@link PolicyTable} describes it
   * @return the tests, in the order of the file
   * @throws org.openhipaa.core.access.table.PolicyTableNotLoadedException as {@link
   *     PolicyTable#load}
   */
  public static Stream<DynamicTest> tests(AccessPolicy policy, Path file) {
    return PolicyTable.load(file).cases().stream()
        .map(one -> DynamicTest.dynamicTest(one.name(), file.toUri(), () -> {
          Optional<String> failure = one.undeclared(policy.model()).or(() -> one.failure(policy));
          if (failure.isPresent()) {
            throw new AssertionError(file.getFileName() + ":" + one.line() + ": " + failure.get());
          }
        }));
  }
}
