package org.openhipaa.core.access;

import java.util.List;

/**
 * Answers whether a request is permitted: a policy, a policy file that is reloaded, or either with
 * further safeguards.
 *
 * <p>For implementors: called from many threads. Deny what you cannot decide; do not throw.
 */
@FunctionalInterface
public interface AccessDecider {
  /**
   * Decides.
   *
   * @param request the question
   * @return permit with its obligations, or deny with its reason
   */
  Decision decide(AccessRequest request);

  /**
   * Adds safeguards that may deny what this permits, and never permit what this denies.
   *
   * @param guards asked in order; the first denial stands. A guard that fails denies
   * @return a decider that asks this and then the guards
   */
  default AccessDecider guardedBy(AccessGuard... guards) {
    return new GuardedDecider(this, List.of(guards));
  }
}
