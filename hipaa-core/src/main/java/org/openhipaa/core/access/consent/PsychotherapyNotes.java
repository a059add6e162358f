package org.openhipaa.core.access.consent;

import java.util.List;
import java.util.Optional;
import org.openhipaa.core.access.consent.ConsentDirective.Form;
import org.openhipaa.core.actor.Purpose;

/**
 * Psychotherapy notes (45 CFR 164.508(a)(2)): for treatment by whoever wrote them, else with an
 * authorization that names them. Not even the patient has a right to them (164.524(a)(1)(i)), and
 * an emergency opens none.
 */
final class PsychotherapyNotes implements ConsentCheck {
  private final String label;
  private final String originator;

  PsychotherapyNotes(String label, String originator) {
    this.label = label;
    this.originator = originator;
  }

  @Override
  public Optional<Objection> check(Inquiry q, List<ConsentRule> inForce) {
    if (!q.mayCarry(label) || treatedByOriginator(q)) {
      return Optional.empty();
    }
    boolean authorized = Directives.permits(q, inForce)
        .anyMatch(permit ->
            permit.form() == Form.AUTHORIZATION && permit.scope().labels().contains(label));
    return authorized
        ? Optional.empty()
        : Optional.of(Objection.withheld(
            "psychotherapy notes are for treatment by their author, or need an authorization that"
                + " names them (45 CFR 164.508(a)(2))"));
  }

  private boolean treatedByOriginator(Inquiry q) {
    boolean treatment =
        q.purpose() == Purpose.TREATMENT || q.purpose() == Purpose.EMERGENCY_TREATMENT;
    return treatment
        && !q.disclosing()
        && q.request()
            .attributes()
            .text(originator)
            .filter(q.request().actor().id().value()::equals)
            .isPresent();
  }
}
