package org.openhipaa.core.access.consent;

import java.util.List;
import java.util.Optional;
import org.openhipaa.core.actor.Recipient;

/**
 * Who acts for a patient (45 CFR 164.502(g)): parents until majority, but not for care that the
 * minor consented to alone ((g)(3)(i)); a personal representative with authority; after death, who
 * administers the estate ((g)(4)).
 */
final class Representatives implements ConsentCheck {
  private final String minorConsented;
  private final int majority;

  Representatives(String minorConsented, int majority) {
    this.minorConsented = minorConsented;
    this.majority = majority;
  }

  @Override
  public Optional<Objection> check(Inquiry q, List<ConsentRule> inForce) {
    if (!q.recipient().equals(Optional.of(Recipient.PERSONAL_REPRESENTATIVE))
        || namedInDirective(q, inForce)) {
      return Optional.empty();
    }
    Optional<Boolean> minor =
        q.status().deceased(q.today()) ? Optional.of(false) : q.status().minor(q.today(), majority);
    // Unknown ages count against the representative on either side.
    if (minor.orElse(true) && q.mayCarry(minorConsented)) {
      return Optional.of(Objection.withheld(
          "the minor consented to this care alone (45 CFR 164.502(g)(3)(i)); a directive may name"
              + " the representative"));
    }
    boolean represented = q.representing()
        ? q.holds(ConsentGuard.REPRESENTATIVE) || minor.orElse(false)
        : minor.orElse(false);
    return represented
        ? Optional.empty()
        : Optional.of(Objection.withheld(
            "the authority of a representative of an adult or deceased patient is not on file (45"
                + " CFR 164.502(g)(2), (4))"));
  }

  private static boolean namedInDirective(Inquiry q, List<ConsentRule> inForce) {
    return Directives.permits(q, inForce)
        .anyMatch(
            permit -> permit.scope().recipients().contains(Recipient.PERSONAL_REPRESENTATIVE));
  }
}
