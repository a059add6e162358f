package org.openhipaa.testkit.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.rules.AttributeDeclaration;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.access.rules.Truth;

class RandomPoliciesTest {
  private static final long SEED = Long.getLong("test.seed", 20261124L);
  private static final int POLICIES = 60;

  @Test
  void policy_fromTheSameSeed_isTheSame() {
    RandomPolicies one = new RandomPolicies(SEED, RandomPolicies.Inputs.ANY);
    RandomPolicies same = new RandomPolicies(SEED, RandomPolicies.Inputs.ANY);
    RandomPolicies other = new RandomPolicies(SEED + 1, RandomPolicies.Inputs.ANY);

    AccessPolicy first = one.policy();
    AccessPolicy second = same.policy();

    assertThat(first.hash()).isEqualTo(second.hash()).isNotEqualTo(other.policy().hash());
    for (int i = 0; i < 50; i++) {
      AccessRequest request = one.request(first);
      assertThat(DifferentialTest.describe(same.request(second)))
          .isEqualTo(DifferentialTest.describe(request));
    }
  }

  @Test
  void policies_together_haveEveryKindOfEverything() {
    RandomPolicies random = new RandomPolicies(SEED, RandomPolicies.Inputs.ANY);
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < POLICIES; i++) {
      for (Rule rule : random.policy().model().rules()) {
        conditions(rule.condition(), seen);
        add(seen, rule.effect().name());
        if (!rule.permits()) {
          addIf(seen, rule.groups().isEmpty(), "denies everybody");
          addIf(seen, rule.types().isEmpty(), "denies every type");
          addIf(seen, rule.types().size() > 1, "denies several types");
          addIf(seen, rule.purposes().isEmpty(), "denies every purpose");
        }
        addIf(seen, rule.breakGlass(), "break-glass");
        Rule.Obligations obligations = rule.obligations();
        obligations.quotas().forEach(quota -> add(seen, quota.measure() + " " + quota.scope()));
        addIf(seen, !obligations.approvers().isEmpty(), "approvers");
        addIf(seen, obligations.reasonRequired(), "reason");
        addIf(seen, !obligations.notified().isEmpty(), "notified");
        addIf(seen, obligations.timeToLive().isPresent(), "time to live");
        addIf(seen, obligations.watermark().isPresent(), "watermark");
      }
    }

    assertThat(seen).hasSize(11 + 2 + 4 + 1 + 8 + 5);
    assertThat(seen.values()).allMatch(count -> count > 5);
  }

  private static void conditions(Condition condition, Map<String, Integer> seen) {
    add(seen, condition.getClass().getSimpleName());
    if (condition instanceof Condition.All all) {
      all.parts().forEach(part -> conditions(part, seen));
    } else if (condition instanceof Condition.Any any) {
      any.parts().forEach(part -> conditions(part, seen));
    } else if (condition instanceof Condition.Not not) {
      conditions(not.part(), seen);
    }
  }

  private static void addIf(Map<String, Integer> seen, boolean condition, String what) {
    if (condition) {
      add(seen, what);
    }
  }

  private static void add(Map<String, Integer> seen, String what) {
    seen.merge(what, 1, Integer::sum);
  }

  @Test
  void row_forTables_hasWhatColumnsHold() {
    RandomPolicies random = new RandomPolicies(SEED, RandomPolicies.Inputs.TABLE);
    Set<AttributeType> types = new HashSet<>();
    int missing = 0;
    int unknownLabels = 0;
    for (int i = 0; i < POLICIES; i++) {
      PolicyModel model = random.policy(3).model();
      Row row = random.row(model);
      assertThat(row.patient()).isPresent();
      assertThat(row.id()).isPresent();
      row.labels().ifPresent(labels ->
          assertThat(model.labels().keySet()).containsAll(labels));
      unknownLabels += row.labels().isEmpty() ? 1 : 0;
      for (AttributeDeclaration declared : model.attributes().values()) {
        if (declared.name().side() == AttributeName.Side.RECORD) {
          missing += row.attributes().value(declared.name().name()).isEmpty() ? 1 : 0;
          row.attributes().value(declared.name().name()).ifPresent(value -> {
            assertThat(value).isInstanceOf(javaType(declared.type()));
            types.add(declared.type());
          });
        }
      }
    }

    assertThat(types).containsExactlyInAnyOrder(AttributeType.values());
    assertThat(missing).isPositive();
    assertThat(unknownLabels).isPositive();
  }

  private static Class<?> javaType(AttributeType type) {
    return switch (type) {
      case TEXT -> String.class;
      case TEXTS -> Set.class;
      case INTEGER -> Long.class;
      case FLAG -> Boolean.class;
    };
  }

  @Test
  void row_withUndeclaredLabels_sometimesHasOne() {
    RandomPolicies random =
        new RandomPolicies(SEED, RandomPolicies.Inputs.TABLE_WITH_UNDECLARED_LABELS);
    PolicyModel model = random.policy().model();
    int undeclared = 0;
    for (int i = 0; i < POLICIES; i++) {
      undeclared += random
          .row(model)
          .labels()
          .filter(labels -> !model.labels().keySet().containsAll(labels))
          .map(labels -> 1)
          .orElse(0);
    }

    assertThat(undeclared).isBetween(1, POLICIES - 1);
  }

  @Test
  void question_onManyRows_permitsSomeAndDeniesSome() {
    RandomPolicies random = new RandomPolicies(SEED, RandomPolicies.Inputs.TABLE);
    int mixed = 0;
    for (int i = 0; i < POLICIES; i++) {
      AccessPolicy policy = random.policy();
      Question question = random.question(policy.model());
      int found = 0;
      for (int j = 0; j < 50; j++) {
        Decision decision = policy.decide(question.on(random.row(policy.model())));
        found += decision.permitted() ? 1 : 0;
      }
      mixed += found > 0 && found < 50 ? 1 : 0;
      RandomPolicies.PATIENTS.forEach(patient -> policy.model().relations().forEach(relation ->
          assertThat(question.relation(relation, patient)).isNotEqualTo(Truth.UNKNOWN)));
    }

    assertThat(mixed).isGreaterThan(POLICIES / 5);
  }

  @Test
  void text_readAgain_isTheSamePolicy() {
    RandomPolicies random = new RandomPolicies(SEED, RandomPolicies.Inputs.ANY);
    for (int i = 0; i < POLICIES / 3; i++) {
      PolicyModel model = random.policy().model();
      String text = PolicyText.of(model);
      assertThat(AccessPolicy.parse("random.yaml", text).model()).as(text).isEqualTo(model);
      assertThat(Policies.with(model, model.rules()).model()).isEqualTo(model);
    }
  }
}
