package org.openhipaa.core.access.grant;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.access.desk.Desk;
import org.openhipaa.core.access.desk.DeskResult;
import org.openhipaa.core.access.desk.DeskResult.Done;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.alarm.AlarmSink;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.Outcome;

/** Ends all access of a person: acts first, whatever fails, and reports and records afterwards. */
final class Terminations {
  private static final int ATTEMPTS = 100;

  private final GrantStore store;
  private final Desk desk;
  private final AlarmSink alarms;
  private final Map<String, TerminationHook> hooks;
  private final Clock clock;

  Terminations(
      GrantStore store,
      Desk desk,
      AlarmSink alarms,
      Map<String, TerminationHook> hooks,
      Clock clock) {
    this.store = store;
    this.desk = desk;
    this.alarms = alarms;
    this.hooks = new LinkedHashMap<>(hooks);
    this.clock = clock;
  }

  DeskResult<TerminationReport> terminate(Actor by, ActorId person, String reason) {
    AccessRequest request = AccessRequest.builder(
            by, Action.ADMINISTER, Grants.RECORD_TYPE, Purpose.SYSTEM_ADMINISTRATION)
        .build();
    Desk.Step step = desk.step(request, AuditAction.TERMINATE, "person=" + person.value());
    Desk.Step revoking = desk.step(request, AuditAction.GRANT_REVOKE, "");
    return step.decide(permit -> new Run(person, permit, step, revoking)
        .all(Termination.of(by.id(), clock.instant(), reason)));
  }

  /** One termination. Keeps the first failure and goes on. */
  private final class Run {
    private final ActorId person;
    private final Permit permit;
    private final Desk.Step step;
    private final Desk.Step revoking;
    private @Nullable RuntimeException failure;

    Run(ActorId person, Permit permit, Desk.Step step, Desk.Step revoking) {
      this.person = person;
      this.permit = permit;
      this.step = step;
      this.revoking = revoking;
    }

    DeskResult<TerminationReport> all(Termination end) {
      List<Grant> revoked = revokeAll(end);
      boolean kept = failure == null;
      List<String> done = new ArrayList<>();
      List<String> failed = new ArrayList<>();
      hooks.forEach((name, hook) -> (call(name, hook) ? done : failed).add(name));
      revoked.forEach(grant -> record(
          revoking.knowing(null, Grants.detail(grant.id(), person, grant.group())),
          Outcome.SUCCESS,
          ""));
      done.forEach(name -> record(hook(name), Outcome.SUCCESS, ""));
      failed.forEach(name -> record(hook(name), Outcome.FAILED, "HOOK_FAILED"));
      record(step, kept ? Outcome.SUCCESS : Outcome.FAILED, kept ? "" : Grants.NOT_KEPT);
      if (failure != null) {
        throw failure;
      }
      return new Done<>(
          new TerminationReport(person, revoked.stream().map(Grant::id).toList(), done, failed));
    }

    private List<Grant> revokeAll(Termination end) {
      try {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
          GrantFile before = store.find(person);
          if (store.replace(before, before.ended(end))) {
            return before.grants().stream().filter(Grant::pending).toList();
          }
        }
        throw new GrantNotKeptException(
            "cannot revoke a person's grants, which are changed all the time; repeat it", null);
      } catch (RuntimeException e) {
        failed(e, "grants", "the grants of a person whose access ends are not surely revoked");
        return List.of();
      }
    }

    private boolean call(String name, TerminationHook hook) {
      try {
        hook.terminated(person);
        return true;
      } catch (RuntimeException e) {
        // Its message may hold anything; the report and the log name the hook.
        alarm("hook " + name, "something of a person whose access ends was not ended");
        return false;
      }
    }

    private Desk.Step hook(String name) {
      return step.knowing(null, "person=" + person.value() + " hook=" + name);
    }

    private void record(Desk.Step what, Outcome outcome, String reason) {
      try {
        what.record(outcome, permit, reason);
      } catch (RuntimeException e) {
        failed(e, "audit", "the end of a person's access is not recorded");
      }
    }

    private void failed(RuntimeException e, String location, String message) {
      if (failure == null) {
        failure = e;
        alarm(location, message);
      } else {
        failure.addSuppressed(e);
      }
    }

    private void alarm(String location, String message) {
      alarms.raise(new Alarm(
          Alarm.Kind.PIPELINE,
          "termination",
          location + " of " + person.value(),
          message,
          clock.instant(),
          null));
    }
  }
}
