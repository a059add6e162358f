package org.openhipaa.audit.incident;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.alarm.Alarm;

/**
 * A fault that people handle: the alarm that opened it, how often it was raised since, and what was done about it. Immutable
 * and thread-safe; prints no notes.
 */
public final class Incident {
  private final UUID id;
  private final Alarm alarm;
  private final SortedSet<ActorId> suspects;
  private final Instant lastRaisedAt;
  private final long occurrences;
  private final List<IncidentStep> steps;

  private Incident(
      UUID id,
      Alarm alarm,
      Set<ActorId> suspects,
      Instant lastRaisedAt,
      long occurrences,
      List<IncidentStep> steps) {
    this.id = id;
    this.alarm = alarm;
    this.suspects = Collections.unmodifiableSortedSet(new TreeSet<>(suspects));
    this.lastRaisedAt = lastRaisedAt.truncatedTo(ChronoUnit.MILLIS);
    this.occurrences = occurrences;
    this.steps = List.copyOf(steps);
  }

  /**
   * Puts an incident together; for stores.
   *
   * @param id its id
   * @param alarm the alarm that opened it
   * @param suspects everybody whom one of its alarms suspected
   * @param lastRaisedAt when the newest of its alarms was raised; kept in milliseconds
   * @param occurrences how many alarms it stands for, at least 1
   * @param steps what was done about it, oldest first
   * @return the incident
   */
  public static Incident of(
      UUID id,
      Alarm alarm,
      Set<ActorId> suspects,
      Instant lastRaisedAt,
      long occurrences,
      List<IncidentStep> steps) {
    return new Incident(id, alarm, suspects, lastRaisedAt, occurrences, steps);
  }

  /**
   * Its id, to open and acknowledge it by.
   *
   * @return the id
   */
  public UUID id() {
    return id;
  }

  /**
   * The alarm that opened it.
   *
   * @return the alarm
   */
  public Alarm alarm() {
    return alarm;
  }

  /**
   * Everybody whom one of its alarms suspected; none of them may handle it.
   *
   * @return unmodifiable, sorted
   */
  public SortedSet<ActorId> suspects() {
    return suspects;
  }

  /**
   * When the newest of its alarms was raised.
   *
   * @return the time in milliseconds
   */
  public Instant lastRaisedAt() {
    return lastRaisedAt;
  }

  /**
   * How many alarms it stands for.
   *
   * @return at least 1
   */
  public long occurrences() {
    return occurrences;
  }

  /**
   * What was done about it.
   *
   * @return the steps, oldest first, unmodifiable
   */
  public List<IncidentStep> steps() {
    return steps;
  }

  /**
   * How far its handling is.
   *
   * @return the state that the newest step led to
   */
  public IncidentState state() {
    return steps.isEmpty() ? IncidentState.NEW : steps.get(steps.size() - 1).state();
  }

  @Override
  public String toString() {
    return "Incident("
        + id
        + ", "
        + state()
        + ", "
        + occurrences
        + " x "
        + alarm.kind()
        + " from "
        + alarm.source()
        + " at "
        + alarm.location()
        + ")";
  }
}
