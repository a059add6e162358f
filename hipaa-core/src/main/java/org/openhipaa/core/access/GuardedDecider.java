package org.openhipaa.core.access;

import java.util.List;
import java.util.Optional;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.Decision.Permit;

/** A decider whose permits have to pass guards. */
record GuardedDecider(AccessDecider decider, List<AccessGuard> guards) implements AccessDecider {
  @Override
  public Decision decide(AccessRequest request) {
    Decision decision = decider.decide(request);
    if (decision instanceof Permit permit) {
      for (AccessGuard guard : guards) {
        Optional<Deny> objection = check(guard, request, permit);
        if (objection.isPresent()) {
          return objection.get();
        }
      }
    }
    return decision;
  }

  private static Optional<Deny> check(AccessGuard guard, AccessRequest request, Permit permit) {
    try {
      return guard.check(request, permit);
    } catch (RuntimeException e) {
      // A safeguard that cannot answer protects; its message may hold PHI and is not repeated.
      return Optional.of(new Deny(
          permit.rules(),
          permit.policyHash(),
          DenyReason.SAFEGUARD_FAILED,
          "a safeguard beside the policy could not answer"));
    }
  }
}
