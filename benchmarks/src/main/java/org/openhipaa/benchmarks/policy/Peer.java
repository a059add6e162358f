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

  /** Decides. Only this is measured. */
  boolean permits(Q prepared);
}
