package org.openhipaa.core.access.consent;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;

/**
 * The charts that curiosity is drawn to: one's own, those of family and colleagues, and of the well
 * known (45 CFR 164.308(a)(1)(ii)(D), 164.502(b)). Work access opens them to whoever has a care
 * relationship, has broken the glass, or brings the approval of a privacy officer. One's own chart
 * is opened by no care relationship.
 */
final class GuardedCharts implements ConsentCheck {
  private final String vip;
  private final Set<String> guarded;
  private final Set<String> care;
  private final Set<Group> officers;

  GuardedCharts(String vip, Set<String> guarded, Set<String> care, Set<Group> officers) {
    this.vip = vip;
    this.guarded = guarded;
    this.care = care;
    this.officers = officers;
  }

  @Override
  public Optional<Objection> check(Inquiry q, List<ConsentRule> inForce) {
    if (actsAsPatient(q)) {
      return Optional.empty();
    }
    boolean own = q.holds(ConsentGuard.SELF);
    if (!own && !q.mayCarry(vip) && guarded.stream().noneMatch(q::holds)) {
      return Optional.empty();
    }
    boolean opened = (!own && care.stream().anyMatch(q::holds)) || q.underTicket() || approved(q);
    // Which of the reasons it is would tell something about the patient.
    return opened
        ? Optional.empty()
        : Optional.of(new Objection(
            DenyReason.BREAK_GLASS_NEEDED,
            "a guarded chart needs a care relationship, break-glass, or the approval of a privacy"
                + " officer"));
  }

  private static boolean actsAsPatient(Inquiry q) {
    return q.request().purpose() == Purpose.PATIENT_REQUEST
        && (q.holds(ConsentGuard.SELF) || q.representing());
  }

  private boolean approved(Inquiry q) {
    Optional<Actor> approver = q.request().approver();
    return approver
        .filter(officer -> !officer.id().samePersonAs(q.request().actor().id()))
        .filter(officer -> officer.groups().stream().anyMatch(officers::contains))
        .isPresent();
  }
}
