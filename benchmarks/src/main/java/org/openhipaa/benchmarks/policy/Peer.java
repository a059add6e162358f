package org.openhipaa.benchmarks.policy;

import org.openhipaa.benchmarks.policy.HospitalRules.Request;

/**
 * A policy engine that holds the rules of a hospital.
 *
 * @param <Q> a request as the engine takes it
 */
interface Peer<Q> {
  /** For the table. */
  String name();

  /** What an answer holds, besides permit or deny. */
  String answers();

  /** Turns a request into the engine's own, once and unmeasured. */
  Q prepare(Request request);

  /**
   * Makes sure that an answer holds what {@link #answers} says; before anything is measured.
   *
   * @throws IllegalStateException if it does not
   */
  default void checkAnswer(Q prepared) {}

  /** Decides. Only this is measured. */
  boolean permits(Q prepared);
}
