package org.openhipaa.core.access.consent;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.openhipaa.core.access.AccessGuard;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.record.PatientId;

/**
 * Denies what the policy permits but consent, a restriction or a special rule of law does not: asked
 * anew at every decision, so that a withdrawal takes effect on the next one.
 *
 * <p>In this order: guarded charts, representatives, 42 CFR Part 2, psychotherapy notes,
 * restrictions, directives. What is not known, such as a record's labels, counts as the worse case,
 * and a lookup that fails denies. Fifty years after a patient's death only Part 2 is left (45 CFR
 * 164.502(f)). Who makes a record reads nothing: of {@link Action#CREATE} only the first is asked.
 *
 * <p>A request that names no patient passes unless it takes data out, because there is nobody to
 * ask: have each patient of a search decided on their own.
 *
 * <p>Thread-safe. Made with {@link #builder}; rules in {@code docs/design/consent.md}.
 */
public final class ConsentGuard implements AccessGuard {
  /** The relation of an actor to themself as a patient. */
  public static final String SELF = "self";

  /** The relation of an actor to a member of their family. */
  public static final String FAMILY = "family";

  /** The relation of an actor to a patient who works for the same organisation. */
  public static final String COLLEAGUE = "colleague";

  /** The relation of an actor to a patient whom they treat. */
  public static final String TREATING = "treating";

  /** The relation of a parent or guardian to their child. */
  public static final String PARENT = "parent";

  /** The relation of an actor who has authority to act for a patient, or for their estate. */
  public static final String REPRESENTATIVE = "representative";

  private static final Set<Action> OUT = EnumSet.of(Action.DISCLOSE, Action.EXPORT, Action.PRINT);

  private final ConsentGuardBuilder settings;
  private final ConsentCheck guardedCharts;
  private final ConsentCheck part2;
  private final List<ConsentCheck> protectedForFiftyYears;

  ConsentGuard(ConsentGuardBuilder settings) {
    this.settings = settings;
    this.guardedCharts = new GuardedCharts(
        settings.vip, settings.guardedRelations, settings.careRelations, settings.officers);
    this.part2 = new Part2Records(settings.part2, settings.programAttribute);
    this.protectedForFiftyYears = List.of(
        guardedCharts,
        new Representatives(settings.minorConsented, settings.majority),
        part2,
        new PsychotherapyNotes(settings.psychotherapy, settings.originatorAttribute),
        new Restrictions(),
        new Directives(settings.optIn));
  }

  /**
   * Starts a guard.
   *
   * @param consents knows the directives
   * @return a builder
   */
  public static ConsentGuardBuilder builder(Consents consents) {
    return new ConsentGuardBuilder(consents);
  }

  @Override
  public Optional<Deny> check(AccessRequest request, Permit permit) {
    if (settings.notAboutPatients.contains(request.type())) {
      return Optional.empty();
    }
    return request
        .patient()
        .map(patient -> objection(request, patient))
        .orElseGet(() -> OUT.contains(request.action())
            ? Optional.of(Objection.withheld("what leaves must name the patient it is about"))
            : Optional.empty())
        .map(found ->
            new Deny(permit.rules(), permit.policyHash(), found.why(), found.explanation()));
  }

  private Optional<Objection> objection(AccessRequest request, PatientId patient) {
    Inquiry q = inquiry(request, patient);
    if (request.action() == Action.CREATE) {
      return guardedCharts.check(q, List.of());
    }
    List<ConsentRule> inForce = settings.consents.inForce(patient, q.now());
    List<ConsentCheck> checks =
        q.status().protectionEnded(q.today()) ? List.of(part2) : protectedForFiftyYears;
    for (ConsentCheck check : checks) {
      Optional<Objection> objection = check.check(q, inForce);
      if (objection.isPresent()) {
        return objection;
      }
    }
    return Optional.empty();
  }

  private Inquiry inquiry(AccessRequest request, PatientId patient) {
    // The guard's own clock: a request may state any time.
    Instant now = settings.clock.instant();
    return new Inquiry(
        request,
        patient,
        settings.facts.of(patient),
        settings.relations,
        implied(),
        labels(request),
        now,
        LocalDate.ofInstant(now, settings.zone));
  }

  private SortedMap<String, SortedSet<String>> implied() {
    return settings.model == null
        ? Collections.emptySortedMap()
        : settings.model.get().labels();
  }

  private Optional<Set<String>> labels(AccessRequest request) {
    return request.labels().isEmpty() && settings.unlabelled.contains(request.type())
        ? Optional.of(Set.of())
        : request.labels().map(known -> known);
  }
}
