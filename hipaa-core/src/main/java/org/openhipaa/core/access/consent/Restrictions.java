package org.openhipaa.core.access.consent;

import java.util.List;
import java.util.Optional;
import org.openhipaa.core.access.DenyReason;

/**
 * Restrictions (45 CFR 164.522(a)). No opt-in lifts one. Emergency treatment is not among the
 * purposes that a restriction can name, so that those who treat in an emergency are not kept from
 * what they need (164.522(a)(1)(iii)).
 */
final class Restrictions implements ConsentCheck {
  @Override
  public Optional<Objection> check(Inquiry q, List<ConsentRule> inForce) {
    return inForce.stream()
        .filter(Restriction.class::isInstance)
        .filter(rule -> rule.scope().reaches(q))
        .findFirst()
        .map(rule -> new Objection(
            DenyReason.RESTRICTED,
            "restriction " + rule.id() + " (" + rule.kind() + ") stands against it"));
  }
}
