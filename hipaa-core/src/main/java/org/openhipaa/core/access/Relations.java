package org.openhipaa.core.access;

import java.util.Optional;
import java.util.Set;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.record.PatientId;

/**
 * Answers whether a named relation, such as {@code treating}, holds between an actor and a patient.
 *
 * <p>For implementors: called from many threads, at most once per relation and decision. Answer
 * from current data; a relation that ended must be false at once. When you cannot know, throw: the
 * policy then takes the side that protects the patient.
 */
@FunctionalInterface
public interface Relations {
  /**
   * Tells whether a relation holds.
   *
   * @param relation a name that the policy declares
   * @param actor who asks
   * @param patient about whom
   * @return true if it holds now
   */
  boolean holds(String relation, Actor actor, PatientId patient);

  /**
   * Lists every patient with whom a relation holds, so that a search can look for their rows in one
   * query. It must agree with {@link #holds}; when you cannot know, throw.
   *
   * @param relation a name that the policy declares
   * @param actor who asks
   * @return the patients, possibly none; or empty if this relation cannot be listed
   */
  default Optional<Set<PatientId>> patients(String relation, Actor actor) {
    return Optional.empty();
  }

  /**
   * No relation ever holds.
   *
   * @return an answer of false to everything
   */
  static Relations none() {
    return (relation, actor, patient) -> false;
  }
}
