package org.openhipaa.samples.hospital;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.table.PolicyTable;
import org.openhipaa.testkit.policy.GoldenMatrix;
import org.openhipaa.testkit.policy.PolicyCoverage;
import org.openhipaa.testkit.policy.PolicyMutation;
import org.openhipaa.testkit.policy.PolicyTables;

/** How a policy is tested: a table of cases, and how good the table is. */
class HospitalPolicyTest {
  private static final Path CASES = Path.of("cases.yaml");
  private static final Path MATRIX = Path.of("matrix.txt");

  private final AccessPolicy policy = AccessPolicy.load(Path.of("policy.yaml"));

  @TestFactory
  Stream<DynamicTest> policy_decidesAsTheTableSays() {
    return PolicyTables.tests(policy, CASES);
  }

  @Test
  void everyRule_isSeenToApply_andNotToApply() {
    PolicyCoverage.of(policy, PolicyTable.load(CASES)).assertComplete();
  }

  @Test
  void table_noticesAlmostEveryChangeOfThePolicy() {
    PolicyMutation.of(policy, PolicyTable.load(CASES)).assertScoreAtLeast(0.95);
  }

  /** Who may do what for which purpose, at a glance; a change of the policy shows in its diff. */
  @Test
  void matrix_isTheOneThatWasReviewed() {
    GoldenMatrix.of(policy).assertMatches(MATRIX);
  }
}
