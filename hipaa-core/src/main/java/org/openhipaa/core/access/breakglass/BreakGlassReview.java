package org.openhipaa.core.access.breakglass;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.internal.CanonicalWriter;

/**
 * One judgement of a use. The note may hold PHI, so this is no Java record and prints no note.
 * Immutable and thread-safe.
 */
public final class BreakGlassReview {
  /** The longest note, in characters. */
  public static final int MAX_NOTE = 2000;

  private final Verdict verdict;
  private final ActorId reviewer;
  private final Instant at;
  private final String note;

  /** What a reviewer found. The names are kept in stores and are never renamed. */
  public enum Verdict {
    /** It was an emergency. */
    JUSTIFIED,
    /** It was none: the user may not break the glass again. */
    NOT_JUSTIFIED,
    /** It was none, and the user may break the glass again nevertheless. */
    RESTORED
  }

  private BreakGlassReview(Verdict verdict, ActorId reviewer, Instant at, String note) {
    this.verdict = verdict;
    this.reviewer = reviewer;
    this.at = at.truncatedTo(ChronoUnit.MILLIS);
    this.note = note;
  }

  /**
   * Makes a judgement.
   *
   * @param verdict what was found
   * @param reviewer by whom
   * @param at when; kept in milliseconds
   * @param note why, at most {@link #MAX_NOTE} characters, may be empty
   * @return the judgement
   * @throws IllegalArgumentException if the note is too long or holds half a surrogate pair; the
   *     message does not repeat it
   */
  public static BreakGlassReview of(Verdict verdict, ActorId reviewer, Instant at, String note) {
    if (note.length() > MAX_NOTE || !CanonicalWriter.isWellFormed(note)) {
      throw new IllegalArgumentException("a note has at most " + MAX_NOTE + " whole characters");
    }
    return new BreakGlassReview(verdict, reviewer, at, note);
  }

  /**
   * What was found.
   *
   * @return the verdict
   */
  public Verdict verdict() {
    return verdict;
  }

  /**
   * By whom.
   *
   * @return the reviewer
   */
  public ActorId reviewer() {
    return reviewer;
  }

  /**
   * When.
   *
   * @return the time in milliseconds
   */
  public Instant at() {
    return at;
  }

  /**
   * Why. May hold PHI: never log it.
   *
   * @return the note, possibly empty
   */
  public String revealNote() {
    return note;
  }

  /** Prints all but the note. */
  @Override
  public String toString() {
    return "BreakGlassReview(" + verdict + " by " + reviewer.value() + " at " + at + ")";
  }
}
