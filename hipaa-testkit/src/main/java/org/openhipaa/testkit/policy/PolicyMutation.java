package org.openhipaa.testkit.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.table.PolicyCase;
import org.openhipaa.core.access.table.PolicyTable;

/**
 * Tells how well a table guards a policy: the policy is spoilt in every way that somebody might by
 * mistake, one at a time, and each time a case of the table should fail.
 *
 * <pre>{@code
 * PolicyMutation.of(policy, table).assertScoreAtLeast(0.9);
 * }</pre>
 *
 * <p>Mistakes: a rule is missing or does the opposite; a condition is missing or turned around;
 * purposes, actions or groups are too many or one too few; a mask shows too much or too little;
 * break-glass, assurance, a quota or another obligation is missing or too weak.
 *
 * <p>Immutable and thread-safe.
 */
public final class PolicyMutation {
  private final int total;
  private final List<String> survivors;

  private PolicyMutation(int total, List<String> survivors) {
    this.total = total;
    this.survivors = List.copyOf(survivors);
  }

  /**
   * Measures.
   *
   * @param policy a policy that passes the table
   * @param table its cases
   * @return the score
   * @throws AssertionError if the policy itself fails a case, since nothing would be measured
   */
  public static PolicyMutation of(AccessPolicy policy, PolicyTable table) {
    for (PolicyTable.Result result : table.check(policy)) {
      if (result.failure().isPresent()) {
        throw new AssertionError("the policy fails the case '" + result.name() + "': "
            + result.failure().get() + "; make it pass the table first");
      }
    }
    List<String> survivors = new ArrayList<>();
    Map<String, AccessPolicy> mutants = Mutants.of(policy.model());
    mutants.forEach((sentence, mutant) -> {
      if (table.cases().stream().allMatch(one -> one.failure(mutant).isEmpty())) {
        survivors.add(sentence
            + (changesADecision(policy, mutant, table)
                ? ": a case meets it, but does not expect enough to notice"
                : ": no case meets it"));
      }
    });
    return new PolicyMutation(mutants.size(), survivors);
  }

  private static boolean changesADecision(
      AccessPolicy policy, AccessPolicy mutant, PolicyTable table) {
    return table.cases().stream()
        .map(PolicyCase::request)
        .anyMatch(
            request -> !content(policy.decide(request)).equals(content(mutant.decide(request))));
  }

  /** What a decision says, but for the hash, which always differs. */
  private static List<Object> content(Decision decision) {
    return decision.fold(
        permit -> List.of(
            permit.rules(),
            permit.fields(),
            permit.quotas(),
            permit.timeToLive(),
            permit.notified(),
            permit.watermarks()),
        deny -> List.of(deny.rules(), deny.why(), deny.stepUp()));
  }

  /**
   * The number of mistakes that were tried.
   *
   * @return how many
   */
  public int total() {
    return total;
  }

  /**
   * The mistakes that no case of the table notices.
   *
   * @return one sentence for each; unmodifiable
   */
  public List<String> survivors() {
    return survivors;
  }

  /**
   * The part of the mistakes that the table notices.
   *
   * @return 0 to 1
   */
  public double score() {
    return total == 0 ? 1 : (double) (total - survivors.size()) / total;
  }

  /**
   * Demands a score.
   *
   * @param least 0 to 1
   * @throws AssertionError if the score is less, naming each mistake that no case notices
   */
  public void assertScoreAtLeast(double least) {
    if (score() < least) {
      throw new AssertionError("the table notices " + (total - survivors.size()) + " of " + total
          + " mistakes in the policy, not these:\n" + String.join("\n", survivors));
    }
  }
}
