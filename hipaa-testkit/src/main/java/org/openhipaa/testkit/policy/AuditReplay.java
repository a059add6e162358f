package org.openhipaa.testkit.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.openhipaa.core.access.AccessDecider;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.record.FieldPath;

/**
 * Asks a new policy about what was asked before, as the audit log has it, and reports what would have
 * ended otherwise.
 *
 * <p>The log holds neither the groups of the actor nor attributes, labels, relations or tickets: who
 * replays supplies them.
 *
 * <pre>{@code
 * AuditReplay replay = new AuditReplay(
 *     newPolicy,
 *     event -> directory.actor(event.actor()),
 *     (event, request) -> request.relations(careTeams).labels(labelsOf(event)));
 * AuditReplay.Report report = replay.of(events);
 * }</pre>
 *
 * <p>Immutable; as thread-safe as what it is given.
 */
public final class AuditReplay {
  /** Denials by safeguards beside the policy: the policy itself had permitted it. */
  private static final Set<String> BESIDE_THE_POLICY = Set.of(
      DenyReason.NOTIFICATION_FAILED.name(),
      DenyReason.QUOTA_EXCEEDED.name(),
      DenyReason.CONSENT_WITHHELD.name(),
      DenyReason.RESTRICTED.name(),
      DenyReason.SAFEGUARD_FAILED.name());

  private final AccessDecider policy;
  private final Function<AuditEvent, Optional<Actor>> actors;
  private final BiFunction<AuditEvent, AccessRequest.Builder, AccessRequest.Builder> inputs;

  /**
   * Prepares a replay.
   *
   * @param policy the new policy
   * @param actors finds who the actor of an event was, with groups and attributes; empty if nobody
   *     knows
   * @param inputs adds what the log does not hold to the request of an event
   */
  public AuditReplay(
      AccessDecider policy,
      Function<AuditEvent, Optional<Actor>> actors,
      BiFunction<AuditEvent, AccessRequest.Builder, AccessRequest.Builder> inputs) {
    this.policy = policy;
    this.actors = actors;
    this.inputs = inputs;
  }

  /**
   * Replays events.
   *
   * @param events in any order; those that are no access to records are passed over
   * @return what would have ended otherwise
   */
  public Report of(Stream<AuditEvent> events) {
    List<Change> changes = new ArrayList<>();
    int[] counts = new int[2];
    events.forEach(event -> {
      Optional<AccessRequest> request = request(event);
      counts[request.isPresent() ? 0 : 1]++;
      request.flatMap(asked -> change(event, asked)).ifPresent(changes::add);
    });
    return new Report(counts[0], counts[1], changes);
  }

  private Optional<AccessRequest> request(AuditEvent event) {
    Optional<Action> action = Action.find(event.action().name().toLowerCase(Locale.ROOT));
    Optional<Actor> actor = event.recordType().isPresent() ? actors.apply(event) : Optional.empty();
    if (action.isEmpty() || actor.isEmpty() || event.purpose().isEmpty()) {
      return Optional.empty();
    }
    AccessRequest.Builder request = AccessRequest.builder(
            actor.get(),
            action.get(),
            event.recordType().orElseThrow(),
            event.purpose().get())
        .fields(event.fields())
        .at(event.time());
    event.patient().ifPresent(request::patient);
    return Optional.of(inputs.apply(event, request).build());
  }

  private Optional<Change> change(AuditEvent event, AccessRequest request) {
    boolean before =
        event.outcome() != Outcome.REFUSED || BESIDE_THE_POLICY.contains(event.reason());
    Decision now = policy.decide(request);
    Set<FieldPath> withheld = new HashSet<>();
    if (before && now instanceof Decision.Permit permit) {
      withheld.addAll(event.fields());
      withheld.removeAll(permit.fields().keySet());
    }
    return before == now.permitted() && withheld.isEmpty()
        ? Optional.empty()
        : Optional.of(new Change(event, before, now, new TreeSet<>(withheld)));
  }

  /**
   * What a replay found.
   *
   * @param replayed how many events were asked again
   * @param passedOver how many were no access to records, or by somebody whom nobody knows
   * @param changes those that would have ended otherwise, in the order of the log
   */
  public record Report(int replayed, int passedOver, List<Change> changes) {
    /**
     * Copies the list.
     *
     * @param replayed see {@link #replayed()}
     * @param passedOver see {@link #passedOver()}
     * @param changes see {@link #changes()}
     */
    public Report {
      changes = List.copyOf(changes);
    }

    /**
     * Writes the report for people.
     *
     * @return one line for each change, then a sum; names no patient
     */
    public String text() {
      StringBuilder text = new StringBuilder();
      changes.forEach(change -> text.append(change.text()).append('\n'));
      return text.append(changes.size() + " of " + replayed + " would end otherwise; " + passedOver
              + " passed over\n")
          .toString();
    }
  }

  /**
   * An event that would have ended otherwise.
   *
   * @param event as it stands in the log; holds a patient, and prints none
   * @param permittedBefore whether the policy of then permitted it
   * @param now what the new policy says
   * @param withheld of the fields that were named then, those that a permit no longer shows
   */
  public record Change(
      AuditEvent event, boolean permittedBefore, Decision now, Set<FieldPath> withheld) {
    /**
     * Copies the set.
     *
     * @param event see {@link #event()}
     * @param permittedBefore see {@link #permittedBefore()}
     * @param now see {@link #now()}
     * @param withheld see {@link #withheld()}
     */
    public Change {
      withheld = Set.copyOf(withheld);
    }

    /**
     * Writes the change for people.
     *
     * @return one line without the patient
     */
    public String text() {
      return event.time()
          + " "
          + event.actor().value()
          + " "
          + event.action()
          + ": "
          + (permittedBefore ? "permitted" : "denied " + event.reason())
          + " -> "
          + now.fold(
              permit -> "permitted by " + permit.rules()
                  + (withheld.isEmpty() ? "" : ", withholding " + new TreeSet<>(withheld)),
              deny -> "denied " + deny.reason() + ", " + deny.explanation());
    }
  }
}
