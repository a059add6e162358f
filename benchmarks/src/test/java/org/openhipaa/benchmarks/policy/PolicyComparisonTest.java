package org.openhipaa.benchmarks.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openhipaa.benchmarks.policy.HospitalRules.Request;
import org.openhipaa.benchmarks.policy.HospitalRules.Rule;

class PolicyComparisonTest {
  private static final long SEED = Long.getLong("test.seed", 20261124L);
  private static final HospitalRules RULES = HospitalRules.of(2);

  static Stream<Function<HospitalRules, Peer<?>>> peers() {
    return PolicyComparison.PEERS.stream();
  }

  @ParameterizedTest
  @MethodSource("peers")
  void check_everyEngine_answersAsTheRulesDo(Function<HospitalRules, Peer<?>> maker) {
    Peer<?> peer = maker.apply(RULES);

    assertThatCode(() -> PolicyComparison.check(peer, RULES, RULES.requests(SEED, 300)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("peers")
  void check_engineWithOneRuleLess_isRefused(Function<HospitalRules, Peer<?>> maker) {
    Request request =
        new Request("physician", "d001", "delete", "chart", "d001", "emergency-treatment");
    HospitalRules less = new HospitalRules(
        RULES.departments(),
        RULES.rules().stream().filter(rule -> !rule.id().equals("no-chart-all")).toList());
    Peer<?> peer = maker.apply(less);

    assertThatThrownBy(() -> PolicyComparison.check(peer, RULES, List.of(request)))
        .hasMessageContaining("permits");
  }

  @Test
  void of_departments_givesRulesOfAHospital() {
    assertThat(HospitalRules.of(1).rules()).hasSize(33 + 5);
    List<Rule> rules = HospitalRules.of(303).rules();
    assertThat(rules).hasSize(33 * 303 + 5);
    assertThat(rules.stream().map(Rule::id)).doesNotHaveDuplicates();
    assertThat(rules.stream().map(Rule::role).filter(role -> !role.isEmpty()).distinct())
        .containsExactlyInAnyOrderElementsOf(HospitalRules.ROLES);
    assertThat(rules.stream().map(Rule::type).distinct())
        .containsExactlyInAnyOrderElementsOf(HospitalRules.TYPES);
    assertThat(rules.stream().flatMap(rule -> rule.actions().stream()).distinct())
        .containsExactlyInAnyOrderElementsOf(HospitalRules.ACTIONS);
  }

  @Test
  void requests_seed_areHalfPermittedAndTheSameAgain() {
    List<Request> requests = RULES.requests(SEED, 1000);

    assertThat(requests.stream().filter(RULES::permits)).hasSize(500);
    assertThat(requests).isEqualTo(RULES.requests(SEED, 1000));
    assertThat(requests.stream().map(Request::recordDepartment).distinct()).hasSize(2);
  }
}
