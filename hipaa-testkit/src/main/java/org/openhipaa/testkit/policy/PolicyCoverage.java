package org.openhipaa.testkit.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.access.table.PolicyCase;
import org.openhipaa.core.access.table.PolicyTable;
import org.openhipaa.core.actor.Assurance;

/**
 * Tells for each rule of a policy whether a table tries it both ways: a case to which it applies, and
 * one from which it keeps away.
 *
 * <pre>{@code
 * PolicyCoverage.of(policy, table).assertComplete();
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class PolicyCoverage {
  private final List<RuleCoverage> rules;

  private PolicyCoverage(List<RuleCoverage> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * Measures the coverage by a table.
   *
   * @param policy the policy
   * @param table its cases
   * @return the coverage
   */
  public static PolicyCoverage of(AccessPolicy policy, PolicyTable table) {
    return of(policy, table.cases().stream().map(PolicyCase::request).toList());
  }

  /**
   * Measures the coverage by requests.
   *
   * @param policy the policy
   * @param requests what is asked of it
   * @return the coverage
   */
  public static PolicyCoverage of(AccessPolicy policy, Collection<AccessRequest> requests) {
    ReferenceEvaluator reference = new ReferenceEvaluator(policy.model());
    return new PolicyCoverage(policy.model().rules().stream()
        .map(rule -> of(rule, reference, requests))
        .toList());
  }

  private static RuleCoverage of(
      Rule rule, ReferenceEvaluator reference, Collection<AccessRequest> requests) {
    int applied = 0;
    int keptAway = 0;
    for (AccessRequest request : requests) {
      if (reference.applying(request).contains(rule)) {
        applied++;
      } else if (hasConditions(rule)
          ? reference.covers(rule, request)
          : rule.types().isEmpty() || rule.types().contains(request.type())) {
        keptAway++;
      }
    }
    return new RuleCoverage(rule.id(), applied, keptAway);
  }

  private static boolean hasConditions(Rule rule) {
    return !rule.condition().equals(Condition.ALWAYS)
        || rule.breakGlass()
        || rule.assurance() != Assurance.AAL1;
  }

  /**
   * The rules and their coverage.
   *
   * @return in the order of the policy; unmodifiable
   */
  public List<RuleCoverage> rules() {
    return rules;
  }

  /**
   * What is missing.
   *
   * @return one sentence for each rule that is not tried both ways; empty if none is missing
   */
  public List<String> gaps() {
    List<String> gaps = new ArrayList<>();
    for (RuleCoverage rule : rules) {
      if (rule.applied() == 0) {
        gaps.add("rule " + rule.rule() + " applies in no case");
      }
      if (rule.keptAway() == 0) {
        gaps.add("rule " + rule.rule() + " is in no case kept from applying");
      }
    }
    return gaps;
  }

  /**
   * Demands that every rule is tried both ways.
   *
   * @throws AssertionError if one is not, naming each
   */
  public void assertComplete() {
    if (!gaps().isEmpty()) {
      throw new AssertionError(String.join("\n", gaps()));
    }
  }

  /**
   * Writes the coverage for people.
   *
   * @return one line for each rule
   */
  public String report() {
    return rules.stream()
        .map(rule ->
            rule.rule() + ": applies " + rule.applied() + ", kept away " + rule.keptAway() + "\n")
        .collect(Collectors.joining());
  }

  /**
   * How often a rule was tried.
   *
   * @param rule its id
   * @param applied in how many cases it applies
   * @param keptAway in how many cases a condition, a ticket or the assurance kept it from applying
   *     though it covers the request; for a rule without any of them, how many requests for one of
   *     its record types it does not cover
   */
  public record RuleCoverage(String rule, int applied, int keptAway) {}
}
