package org.openhipaa.core.access.consent;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.openhipaa.core.access.consent.ConsentDirective.Effect;
import org.openhipaa.core.access.consent.ConsentDirective.Form;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.actor.Recipient;

/**
 * Opt-outs and opt-ins. The most protective wins: an opt-out that reaches a request stands, unless
 * an opt-in that covers it is narrower than the opt-out.
 */
final class Directives implements ConsentCheck {
  private final Set<Purpose> optIn;

  Directives(Set<Purpose> optIn) {
    this.optIn = optIn;
  }

  @Override
  public Optional<Objection> check(Inquiry q, List<ConsentRule> inForce) {
    Optional<ConsentDirective> standing = standing(q, inForce);
    if (standing.isPresent()) {
      return Optional.of(Objection.withheld("the patient's directive "
          + standing.get().id()
          + " ("
          + standing.get().kind()
          + ") withholds it"));
    }
    return optInMissing(q, inForce);
  }

  /** The first opt-out that no narrower opt-in lifts. */
  static Optional<ConsentDirective> standing(Inquiry q, List<ConsentRule> inForce) {
    List<ConsentDirective> permits = permits(q, inForce).toList();
    return directives(inForce)
        .filter(rule -> rule.effect() == Effect.WITHHOLD && rule.scope().reaches(q))
        .filter(
            rule -> permits.stream().noneMatch(permit -> permit.scope().narrowerThan(rule.scope())))
        .findFirst();
  }

  private Optional<Objection> optInMissing(Inquiry q, List<ConsentRule> inForce) {
    boolean family = q.purpose() == Purpose.FAMILY_REQUEST
        || q.recipient().equals(Optional.of(Recipient.FAMILY));
    if (family) {
      return familyMayKnow(q)
              || permits(q.towards(Recipient.FAMILY), inForce).findFirst().isPresent()
          ? Optional.empty()
          : Optional.of(
              Objection.withheld("no directive permits telling the family (45 CFR 164.510(b))"));
    }
    if (!optIn.contains(q.purpose())) {
      return Optional.empty();
    }
    // Marketing needs a signed authorization (45 CFR 164.508(a)(3)).
    boolean permitted = permits(q, inForce)
        .anyMatch(
            permit -> q.purpose() != Purpose.MARKETING || permit.form() == Form.AUTHORIZATION);
    return permitted
        ? Optional.empty()
        : Optional.of(Objection.withheld(
            "no directive permits it for the purpose " + q.purpose().label()));
  }

  /**
   * Without an opt-in: in an emergency or disaster, where the patient cannot be asked (45 CFR
   * 164.510(b)(3), (4)), to avert a threat (164.512(j)), and after death (164.510(b)(5)).
   */
  private static boolean familyMayKnow(Inquiry q) {
    return q.status().deceased(q.today())
        || q.purpose() == Purpose.EMERGENCY_TREATMENT
        || q.purpose() == Purpose.DISASTER
        || q.purpose() == Purpose.THREAT;
  }

  static Stream<ConsentDirective> permits(Inquiry q, List<ConsentRule> inForce) {
    return directives(inForce)
        .filter(rule -> rule.effect() == Effect.PERMIT && rule.scope().covers(q));
  }

  private static Stream<ConsentDirective> directives(List<ConsentRule> inForce) {
    return inForce.stream()
        .filter(ConsentDirective.class::isInstance)
        .map(ConsentDirective.class::cast);
  }
}
