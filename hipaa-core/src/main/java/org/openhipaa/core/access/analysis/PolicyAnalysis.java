package org.openhipaa.core.access.analysis;

import java.util.List;
import org.openhipaa.core.access.AccessPolicy;

/**
 * Answers questions about a policy for all requests at once.
 *
 * <p>Immutable and thread-safe.
 */
public final class PolicyAnalysis {
  private final AccessPolicy policy;
  private final PolicyView view;

  private PolicyAnalysis(AccessPolicy policy) {
    this.policy = policy;
    this.view = new PolicyView(policy, 0);
  }

  public static PolicyAnalysis of(AccessPolicy policy) {
    return new PolicyAnalysis(policy);
  }

  public List<Difference> difference(AccessPolicy other) {
    return new PolicyDiffer(new PolicyView(policy, 0), new PolicyView(other, 1)).find();
  }
}
