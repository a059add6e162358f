package org.openhipaa.core.access.breakglass;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessGuard;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.BreakGlassTicket;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.alarm.AlarmSink;

/**
 * Denies requests whose ticket was never issued, has ended, or belongs to somebody else, and every
 * export under a ticket (45 CFR 164.312(a)(2)(ii)). Of a ticket it believes only the id: who it is
 * for and what it covers is asked of the store, at every decision. Raises an alarm for a ticket that
 * is not what was issued. Thread-safe.
 */
public final class BreakGlassGuard implements AccessGuard {
  private static final String SOURCE = "break-glass";

  private final BreakGlassStore store;
  private final AlarmSink alarms;
  private final Clock clock;

  /**
   * Sets up the guard.
   *
   * @param store knows the tickets
   * @param alarms hears of forged ones
   * @param clock tells whether a ticket has ended, whatever time the request states
   */
  public BreakGlassGuard(BreakGlassStore store, AlarmSink alarms, Clock clock) {
    this.store = store;
    this.alarms = alarms;
    this.clock = clock;
  }

  @Override
  public Optional<Deny> check(AccessRequest request, Permit permit) {
    if (request.ticket().isEmpty()) {
      return Optional.empty();
    }
    BreakGlassTicket presented = request.ticket().get();
    Instant now = clock.instant();
    UUID id = idOf(presented);
    Optional<BreakGlassUse> known = id == null ? Optional.empty() : store.find(id);
    if (known.isEmpty() || !isAsIssued(presented, known.get(), request)) {
      alarms.raise(forged(request, now));
      return deny(permit, "the break-glass ticket is not one that was issued for this");
    }
    if (!known.get().open(now)) {
      return deny(permit, "the break-glass ticket has ended; break the glass again if you must");
    }
    if (request.action() == Action.EXPORT) {
      return deny(permit, "a break-glass ticket never serves an export");
    }
    return Optional.empty();
  }

  /** The presented ticket must be for its bearer, end when it was issued to, and cover no more. */
  private static boolean isAsIssued(
      BreakGlassTicket presented, BreakGlassUse use, AccessRequest request) {
    BreakGlassTicket issued = use.ticket();
    return presented.actor().equals(use.actor())
        && request.actor().id().equals(use.actor())
        && presented.until().equals(use.until())
        && (issued.covers(request) || !presented.covers(request));
  }

  private static @Nullable UUID idOf(BreakGlassTicket ticket) {
    try {
      UUID id = UUID.fromString(ticket.id());
      return id.toString().equals(ticket.id()) ? id : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static Alarm forged(AccessRequest request, Instant now) {
    return new Alarm(
        Alarm.Kind.BEHAVIOUR,
        SOURCE,
        "ticket presented by " + request.actor().id().value(),
        "a request carried a break-glass ticket that was not issued for it",
        now,
        request.actor().id());
  }

  private static Optional<Deny> deny(Permit permit, String explanation) {
    return Optional.of(
        new Deny(permit.rules(), permit.policyHash(), DenyReason.BREAK_GLASS_NEEDED, explanation));
  }
}
