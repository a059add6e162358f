package org.openhipaa.testkit.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;

class PolicyCoverageTest {
  private final AccessPolicy policy = Clinic.policy();

  private static AccessRequest request(String name) {
    return Clinic.table().cases().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow()
        .request();
  }

  @Test
  void coverage_ofAThoroughTable_isComplete() {
    PolicyCoverage coverage = PolicyCoverage.of(policy, Clinic.table());

    assertThat(coverage.gaps()).isEmpty();
    assertThatCode(coverage::assertComplete).doesNotThrowAnyException();
    assertThat(coverage.rules()).hasSize(policy.size());
  }

  @Test
  void coverage_ofOneCase_countsItOneWay() {
    PolicyCoverage coverage =
        PolicyCoverage.of(policy, List.of(request("billing reads during office hours")));

    assertThat(coverage.report()).contains("billing-reads: applies 1, kept away 0\n");
    assertThat(coverage.gaps())
        .contains("rule billing-reads is in no case kept from applying")
        .contains("rule staff-reads-schedule applies in no case")
        .doesNotContain("rule billing-reads applies in no case");
    assertThatThrownBy(coverage::assertComplete)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("rule billing-reads is in no case kept from applying");
  }

  @Test
  void coverage_ofARuleWithConditions_countsOnlyWhatConditionsKeepAway() {
    PolicyCoverage coverage = PolicyCoverage.of(
        policy,
        List.of(
            request("billing does not read in the night"),
            request("billing does not read for treatment")));

    assertThat(coverage.report()).contains("billing-reads: applies 0, kept away 1\n");
  }

  @Test
  void coverage_ofARuleWithoutConditions_countsWhatItDoesNotCover() {
    PolicyCoverage coverage = PolicyCoverage.of(
        policy,
        List.of(
            request("billing does not read for treatment"),
            request("the schedule is not for marketing")));

    assertThat(coverage.report()).contains("researcher-exports: applies 0, kept away 1\n");
  }
}
