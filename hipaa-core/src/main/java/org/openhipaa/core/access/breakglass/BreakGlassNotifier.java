package org.openhipaa.core.access.breakglass;

/**
 * Tells the people who watch over break-glass, such as the privacy officer, that it was used.
 *
 * <p>For implementors: called from many threads, before the ticket is given out. Return once the
 * message is surely on its way; throw if it is not, and there will be no ticket. May be called for a
 * use that then fails. A mail or a pager is no place for PHI: send the id and the actor.
 */
@FunctionalInterface
public interface BreakGlassNotifier {
  /**
   * Tells.
   *
   * @param use what happened
   */
  void opened(BreakGlassUse use);
}
