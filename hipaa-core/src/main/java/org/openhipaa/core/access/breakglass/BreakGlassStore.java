package org.openhipaa.core.access.breakglass;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.openhipaa.core.access.breakglass.BreakGlassReview.Verdict;
import org.openhipaa.core.actor.ActorId;

/**
 * Keeps and finds uses of break-glass; the port of {@link BreakGlass}, {@link BreakGlassReviews} and
 * {@link BreakGlassGuard}, which decide who may do what.
 *
 * <p>For implementors: called from many threads and, where the store is shared, from several
 * processes. What a method returned survives a power failure. Times are kept in milliseconds.
 * Patient, record, session, reason and notes may be PHI: seal them before they reach a disk. Must
 * never happen: a use that is open after {@link #close} has returned, or one that two reviewers
 * have judged from the same state. Every method throws {@link BreakGlassNotKeptException} if it
 * cannot surely do what it says; calling it again is then safe.
 */
public interface BreakGlassStore {
  /**
   * Keeps a new use, which is thereby waiting for its review.
   *
   * @param use the use
   */
  void add(BreakGlassUse use);

  /**
   * Finds a use.
   *
   * @param id its id
   * @return the use, or empty if there is none of this id
   */
  Optional<BreakGlassUse> find(UUID id);

  /**
   * Lists the uses that nobody has reviewed.
   *
   * @param limit how many at most
   * @return the uses, oldest first
   */
  List<BreakGlassUse> unreviewed(int limit);

  /**
   * Lists the uses of an actor that are unreviewed or not justified.
   *
   * @param actor whose
   * @return the uses, oldest first
   */
  List<BreakGlassUse> held(ActorId actor);

  /**
   * Ends a use, unless it was ended before.
   *
   * @param id its id
   * @param at when
   * @return false if there is no such use or it was ended before by this method
   */
  boolean close(UUID id, Instant at);

  /**
   * Lists the uses of an actor that were not ended before their time.
   *
   * @param actor whose
   * @param now uses whose time is over are left out
   * @return the uses, oldest first
   */
  List<BreakGlassUse> open(ActorId actor, Instant now);

  /**
   * Adds a judgement, if the use is still in the state that it was judged in. When several try at
   * once, exactly one succeeds. In the same step a use that is found not justified ends, if it was
   * not ended before.
   *
   * @param id the use
   * @param from the verdict that must stand, or empty if nobody must have reviewed it
   * @param review the judgement
   * @return false if there is no such use or another verdict stands; then nothing changes
   */
  boolean judge(UUID id, Optional<Verdict> from, BreakGlassReview review);

  /**
   * Lists the uses whose patient has still to be told.
   *
   * @param limit how many at most
   * @return the uses, oldest first
   */
  List<BreakGlassUse> noticesDue(int limit);

  /**
   * Says that the patient was told.
   *
   * @param id the use
   */
  void noticeGiven(UUID id);
}
