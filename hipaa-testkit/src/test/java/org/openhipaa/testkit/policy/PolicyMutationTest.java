package org.openhipaa.testkit.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.table.PolicyTable;

class PolicyMutationTest {
  private static final String WEAK = """
      openhipaa-policy-table: 1
      cases:
        - name: a nurse reads
          groups: [nurse]
          actor: {department: surgery}
          action: read
          record-type: patient
          purpose: treatment
          relations: [treating]
          record: {department: surgery}
          labels: []
          expect: permit
      """;

  private final AccessPolicy policy = Clinic.policy();

  @Test
  void score_ofAThoroughTable_isHigh() {
    PolicyMutation mutation = PolicyMutation.of(policy, Clinic.table());

    assertThat(mutation.total()).isGreaterThan(60);
    assertThat(mutation.score()).isBetween(0.95, 1.0);
    assertThatCode(() -> mutation.assertScoreAtLeast(0.95)).doesNotThrowAnyException();
  }

  @Test
  void score_ofAWeakTable_isLowAndNamesWhatItMisses() {
    PolicyMutation mutation = PolicyMutation.of(policy, PolicyTable.parse("weak", WEAK));

    assertThat(mutation.score()).isLessThan(0.3);
    assertThat(mutation.survivors())
        .contains(
            "rule staff-reads-own-patients has lost its quota #0: a case meets it, but does not expect"
                + " enough to notice",
            "rule physician-breaks-the-glass is content with AAL1: no case meets it");
    assertThatThrownBy(() -> mutation.assertScoreAtLeast(0.5))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("the table notices ")
        .hasMessageContaining("rule physician-breaks-the-glass is content with AAL1");
  }

  @Test
  void of_aPolicyThatFailsItsTable_measuresNothing() {
    PolicyTable table = PolicyTable.parse("wrong", WEAK.replace("permit", "deny"));

    assertThatThrownBy(() -> PolicyMutation.of(policy, table))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("the policy fails the case 'a nurse reads': expected deny");
  }

  @Test
  void mutants_ofAPolicy_haveEveryKindOfMistake() {
    assertThat(Mutants.of(policy.model()).keySet())
        .contains(
            "without rule billing-reads",
            "rule billing-reads denies instead of permitting",
            "rule psychotherapy-only-for-physicians permits instead of denying",
            "rule staff-reads-own-patients no longer asks for {relation: treating}",
            "rule staff-reads-own-patients asks for the opposite of {relation: treating}",
            "rule billing-reads covers every purpose",
            "rule billing-reads covers every action",
            "rule billing-reads covers every group",
            "rule staff-reads-own-patients no longer covers the action search",
            "rule psychotherapy-only-for-physicians no longer covers the group nurse",
            "rule billing-reads shows ssn whole",
            "rule billing-reads hides ssn",
            "rule physician-breaks-the-glass needs no broken glass",
            "rule physician-breaks-the-glass is content with AAL1",
            "rule staff-reads-own-patients has lost its quota #0",
            "rule billing-reads sets no time to live",
            "rule researcher-exports needs no approval",
            "rule researcher-exports has no watermark",
            "rule physician-breaks-the-glass needs no reason",
            "rule physician-breaks-the-glass notifies nobody");
  }

  @Test
  void mutants_ofRandomPolicies_differFromThePolicy() {
    RandomPolicies random =
        new RandomPolicies(Long.getLong("test.seed", 20261124L), RandomPolicies.Inputs.ANY);
    for (int i = 0; i < 5; i++) {
      AccessPolicy original = random.policy(5);
      assertThat(Mutants.of(original.model()).values().stream().map(AccessPolicy::hash))
          .isNotEmpty()
          .doesNotContain(original.hash());
    }
  }
}
