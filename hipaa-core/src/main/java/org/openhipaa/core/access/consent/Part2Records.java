package org.openhipaa.core.access.consent;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openhipaa.core.access.consent.ConsentDirective.Form;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.actor.Recipient;

/**
 * Substance use disorder records (42 CFR Part 2): whoever is outside of the program needs the
 * patient's written consent that names purpose and recipient (2.31), except the patient themself
 * (2.23) and medical personnel in a documented emergency (2.51). Protection does not end 50 years
 * after death.
 */
final class Part2Records implements ConsentCheck {
  private static final Set<Purpose> WITHIN_PROGRAM = EnumSet.of(
      Purpose.TREATMENT,
      Purpose.EMERGENCY_TREATMENT,
      Purpose.PAYMENT,
      Purpose.OPERATIONS,
      Purpose.SYSTEM_ADMINISTRATION);

  private final String label;
  private final String program;

  Part2Records(String label, String program) {
    this.label = label;
    this.program = program;
  }

  @Override
  public Optional<Objection> check(Inquiry q, List<ConsentRule> inForce) {
    if (!q.mayCarry(label) || forThePatient(q) || withinProgram(q) || emergency(q)) {
      return Optional.empty();
    }
    // To the staff outside of the program, a use is a disclosure to a provider.
    Inquiry outwards = q.disclosing() ? q : q.towards(Recipient.PROVIDER);
    boolean consented = Directives.permits(outwards, inForce)
        .anyMatch(permit -> permit.form() == Form.PART2_CONSENT);
    return consented
        ? Optional.empty()
        : Optional.of(Objection.withheld(
            "substance use disorder records need a written consent that names purpose and"
                + " recipient, or a documented medical emergency (42 CFR 2.31, 2.51)"));
  }

  private static boolean forThePatient(Inquiry q) {
    return q.purpose() == Purpose.PATIENT_REQUEST
        && q.recipient()
            .filter(who -> who == Recipient.PATIENT || who == Recipient.PERSONAL_REPRESENTATIVE)
            .isPresent();
  }

  /** Staff of the program who need it for their duties (42 CFR 2.12(c)(3)). */
  private boolean withinProgram(Inquiry q) {
    Optional<String> ofRecord = q.request().attributes().text(program);
    return !q.disclosing()
        && WITHIN_PROGRAM.contains(q.purpose())
        && ofRecord.isPresent()
        && ofRecord.equals(q.request().actor().attributes().text(program));
  }

  private static boolean emergency(Inquiry q) {
    return q.purpose() == Purpose.EMERGENCY_TREATMENT && q.withinCare() && q.documented();
  }
}
