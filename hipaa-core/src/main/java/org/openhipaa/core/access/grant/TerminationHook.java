package org.openhipaa.core.access.grant;

import org.openhipaa.core.actor.ActorId;

/**
 * Ends what else a person has: sessions, credentials, break-glass tickets.
 *
 * <p>For implementors: called from many threads, and again if somebody repeats a termination. Throw
 * if anything is left; the other hooks are called nevertheless.
 */
@FunctionalInterface
public interface TerminationHook {
  /**
   * Ends it.
   *
   * @param person whose access ends
   */
  void terminated(ActorId person);
}
