package org.openhipaa.core.access;

import java.util.Optional;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.Decision.Permit;

/**
 * A safeguard beside the policy that may deny what the policy permits, such as a patient's consent
 * directives. Can never permit.
 *
 * <p>For implementors: called from many threads, for every request that the policy permits. Answer
 * from current data. When you cannot know, throw: the request is then denied.
 */
@FunctionalInterface
public interface AccessGuard {
  /**
   * Looks for a reason to deny.
   *
   * @param request the question
   * @param permit what the policy permits
   * @return the denial, or empty if there is no objection
   */
  Optional<Deny> check(AccessRequest request, Permit permit);
}
