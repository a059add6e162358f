package org.openhipaa.core.phi;

import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.access.Decision.QuotaObligation;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.quota.QuotaCharge;
import org.openhipaa.core.access.quota.QuotaReservation;
import org.openhipaa.core.access.quota.QuotaReservation.Exceeded;
import org.openhipaa.core.access.quota.QuotaReservation.Granted;
import org.openhipaa.core.access.quota.QuotaStore;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.access.rules.QuotaMeasure;
import org.openhipaa.core.access.rules.QuotaScope;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.alarm.AlarmSink;

/**
 * The quotas of one permit: reserved before anything is read, settled before anything is released.
 * One thread only.
 */
final class Budgets {
  private final QuotaStore store;
  private final AlarmSink alarms;
  private final Clock clock;
  private final ActorId actor;
  private final String owner;
  private final String patientToken;
  private final Set<String> warned = new HashSet<>();
  private @Nullable Permit permit;
  private @Nullable Granted granted;

  /**
   * Prepares.
   *
   * @param owner the tenant, so that tenants never share a budget
   */
  Budgets(
      QuotaStore store,
      AlarmSink alarms,
      Clock clock,
      ActorId actor,
      String owner,
      String patientToken) {
    this.store = store;
    this.alarms = alarms;
    this.clock = clock;
    this.actor = actor;
    this.owner = owner;
    this.patientToken = patientToken;
  }

  /** Charges all quotas of a permit, or none: the denial if one of them is used up. */
  Optional<Deny> reserve(Permit wanted) {
    permit = wanted;
    if (wanted.quotas().isEmpty()) {
      return Optional.empty();
    }
    List<QuotaCharge> charges = wanted.quotas().stream().map(this::charge).toList();
    QuotaReservation answer = store.reserve(charges, clock.instant());
    if (answer instanceof Exceeded exceeded) {
      return Optional.of(deny(wanted, exceeded));
    }
    granted = (Granted) answer;
    warn(granted);
    return Optional.empty();
  }

  /** Charges how many bytes it was: the denial if that is too much. */
  Optional<Deny> settle(long bytes) {
    Granted reserved = granted;
    Permit wanted = permit;
    if (reserved == null || wanted == null) {
      return Optional.empty();
    }
    Optional<Exceeded> exceeded = reserved.settle(bytes);
    if (exceeded.isPresent()) {
      granted = null;
      countVisit(wanted);
      return exceeded.map(e -> deny(wanted, e));
    }
    warn(reserved);
    return Optional.empty();
  }

  /**
   * The patient and the record stay counted although the bytes did not fit: otherwise somebody could
   * try out for nothing which patients there are.
   */
  private void countVisit(Permit wanted) {
    List<QuotaCharge> others = wanted.quotas().stream()
        .filter(quota -> quota.limit().measure() != QuotaMeasure.BYTES)
        .map(this::charge)
        .toList();
    if (!others.isEmpty()) {
      store.reserve(others, clock.instant());
    }
  }

  /** Takes the charges back, since nothing was released. */
  void release() {
    Granted reserved = granted;
    granted = null;
    if (reserved != null) {
      reserved.release();
    }
  }

  /** What went wrong first is what must be seen; a patient that stays counted is no leak. */
  void releaseBecauseOf(RuntimeException cause) {
    try {
      release();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private QuotaCharge charge(QuotaObligation quota) {
    QuotaLimit limit = quota.limit();
    String who = limit.scope() == QuotaScope.USER ? "user/" + actor.value() : "group";
    return new QuotaCharge(
        owner + "/" + quota.rule() + "/" + counted(limit) + "/" + who,
        limit,
        patientToken,
        // One byte, so that whoever has used up the bytes is refused before anything is opened.
        1);
  }

  /** What a budget counts rather than its place in the rule, which may change with the policy. */
  private static String counted(QuotaLimit limit) {
    return limit.measure().label()
        + "-"
        + limit.window().toSeconds()
        + (limit.labels().isEmpty()
            ? ""
            : "-" + Integer.toHexString(limit.labels().hashCode()));
  }

  private Deny deny(Permit wanted, Exceeded exceeded) {
    QuotaLimit limit = exceeded.charge().limit();
    String rule = wanted.quotas().stream()
        .filter(quota -> charge(quota).key().equals(exceeded.charge().key()))
        .map(QuotaObligation::rule)
        .findFirst()
        .orElse("");
    return new Deny(
        List.of(rule),
        wanted.policyHash(),
        DenyReason.QUOTA_EXCEEDED,
        "rule " + rule + " allows " + allows(limit));
  }

  private static String allows(QuotaLimit limit) {
    return limit.hard()
        + " "
        + limit.measure().label()
        + " per "
        + limit.window()
        + (limit.scope() == QuotaScope.GROUP ? " to the whole group" : "");
  }

  /** Each budget that has reached its soft limit is alarmed once. */
  private void warn(Granted reserved) {
    reserved.warnings().stream().filter(charge -> warned.add(charge.key())).forEach(this::alarm);
  }

  private void alarm(QuotaCharge charge) {
    alarms.raise(new Alarm(
        Alarm.Kind.BEHAVIOUR,
        "quota",
        charge.key(),
        "a quota has reached its soft limit; it allows " + allows(charge.limit()),
        clock.instant(),
        actor));
  }
}
