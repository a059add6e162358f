package org.openhipaa.audit.incident;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.openhipaa.core.actor.ActorId;

/**
 * One step in the handling of an incident: who did it, when, and what they wrote. The note may hold anything a person types,
 * so this is no Java record and prints no note.
 *
 * <p>Immutable and thread-safe.
 */
public final class IncidentStep {
  /** The longest note, in characters. */
  public static final int MAX_NOTE = 2000;

  private final IncidentState state;
  private final ActorId actor;
  private final Instant time;
  private final String note;

  private IncidentStep(IncidentState state, ActorId actor, Instant time, String note) {
    this.state = state;
    this.actor = actor;
    this.time = time.truncatedTo(ChronoUnit.MILLIS);
    this.note = note;
  }

  /**
   * Makes a step.
   *
   * @param state the state it leads to
   * @param actor who took it
   * @param time when; kept in milliseconds
   * @param note what they wrote, at most {@link #MAX_NOTE} characters, may be empty
   * @return the step
   * @throws IllegalArgumentException if the note is too long; the message does not repeat it
   */
  public static IncidentStep of(IncidentState state, ActorId actor, Instant time, String note) {
    if (note.length() > MAX_NOTE) {
      throw new IllegalArgumentException("a note has at most " + MAX_NOTE + " characters");
    }
    return new IncidentStep(state, actor, time, note);
  }

  /**
   * The state it led to.
   *
   * @return the state
   */
  public IncidentState state() {
    return state;
  }

  /**
   * Who took it.
   *
   * @return the actor's id
   */
  public ActorId actor() {
    return actor;
  }

  /**
   * When it was taken.
   *
   * @return the time by the desk's clock, in milliseconds
   */
  public Instant time() {
    return time;
  }

  /**
   * What they wrote. May hold PHI: never log it.
   *
   * @return the note, possibly empty
   */
  public String revealNote() {
    return note;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IncidentStep that
        && state == that.state
        && actor.equals(that.actor)
        && time.equals(that.time)
        && note.equals(that.note);
  }

  @Override
  public int hashCode() {
    return time.hashCode();
  }

  /** Prints all but the note. */
  @Override
  public String toString() {
    return "IncidentStep(" + state + " by " + actor.value() + " at " + time + ")";
  }
}
