package org.openhipaa.testkit.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.analysis.Difference;
import org.openhipaa.core.access.analysis.PolicyAnalysis;
import org.openhipaa.core.access.analysis.PolicyDiagram;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.Rule;

/** The decision diagrams are compared with the engine. */
class DiagramDifferentialTest {
  private static final long SEED = Long.getLong("test.seed", 20261124L);
  private static final int DECISIONS = Integer.getInteger("differential.decisions", 50_000);
  /** To make the diagrams of a policy takes as long as many decisions. */
  private static final int PER_POLICY = DECISIONS > 1_000_000 ? 20_000 : 2_000;

  @Test
  void decide_randomRequests_asTheEngine() {
    RandomPolicies random = new RandomPolicies(SEED, RandomPolicies.Inputs.ANY);
    int permits = 0;
    for (int done = 0; done < DECISIONS; done += PER_POLICY) {
      AccessPolicy policy = random.policy();
      PolicyDiagram diagram = PolicyDiagram.of(policy);
      for (int i = 0; i < PER_POLICY; i++) {
        AccessRequest request = random.request(policy);
        Decision decision = policy.decide(request);
        permits += decision.permitted() ? 1 : 0;
        assertThat(comparable(diagram.decide(request)))
            .as("seed %s, decision %s", SEED, done + i)
            .isEqualTo(comparable(decision));
      }
    }
    assertThat(permits).isGreaterThan(DECISIONS / 20);
  }

  @Test
  void difference_randomPairs_emptyOnlyIfNoRequestDiffers() {
    RandomPolicies random = new RandomPolicies(SEED, RandomPolicies.Inputs.ANY);
    SplittableRandom choice = new SplittableRandom(SEED);
    int differing = 0;
    for (int pair = 0; pair < 150; pair++) {
      AccessPolicy one = random.policy(2 + choice.nextInt(8));
      AccessPolicy other = changed(one, choice);
      List<Difference> found = PolicyAnalysis.of(one).difference(other);
      for (Difference difference : found) {
        AccessRequest witness = difference.witness().request();
        assertThat(Told.by(one.decide(witness))).isNotEqualTo(Told.by(other.decide(witness)));
      }
      for (int i = 0; i < 100 && found.isEmpty(); i++) {
        AccessRequest request = random.request(one);
        assertThat(Told.by(other.decide(request)))
            .as("seed %s, pair %s", SEED, pair)
            .isEqualTo(Told.by(one.decide(request)));
      }
      differing += found.isEmpty() ? 0 : 1;
    }
    assertThat(differing).isBetween(20, 149);
  }

  private static AccessPolicy changed(AccessPolicy policy, SplittableRandom choice) {
    PolicyModel m = policy.model();
    List<Rule> rules = new ArrayList<>(m.rules());
    int place = choice.nextInt(rules.size());
    Rule rule = rules.get(place);
    switch (choice.nextInt(4)) {
      case 0 -> rules.remove(place);
      case 1 ->
        rules.set(place, RuleParts.changed(rule, parts -> parts.condition = Condition.ALWAYS));
      case 2 ->
        rules.set(
            place, RuleParts.changed(rule, parts -> parts.obligations = Rule.Obligations.NONE));
      default ->
        m = new PolicyModel(
            m.name(),
            ZoneId.of("Asia/Kathmandu"),
            m.groups(),
            List.of(),
            m.relations(),
            m.predicates(),
            m.labels(),
            m.attributes(),
            m.types(),
            m.rules());
    }
    return Policies.with(m, rules);
  }

  /** The diagrams do not tell near misses apart, and explain nothing. */
  private static Object comparable(Decision decision) {
    if (decision instanceof Deny deny) {
      boolean near = deny.why().compareTo(DenyReason.NO_MATCHING_RULE) >= 0
          && deny.why().compareTo(DenyReason.ASSURANCE_TOO_LOW) <= 0;
      return near ? List.of(DenyReason.NO_MATCHING_RULE) : List.of(deny.why(), deny.rules());
    }
    return decision;
  }
}
