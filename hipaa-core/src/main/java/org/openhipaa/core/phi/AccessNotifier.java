package org.openhipaa.core.phi;

import java.util.SortedSet;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.audit.AuditEvent;

/**
 * Tells people of an access, as the policy demands, before anything is released.
 *
 * <p>For implementors: called from many threads. Return only when the notice cannot be lost any
 * more; otherwise throw, and nothing is released.
 */
@FunctionalInterface
public interface AccessNotifier {
  /**
   * Tells.
   *
   * @param groups whom to tell; at least one
   * @param event what is about to be released to whom; if the audit log then fails, it is not; names the patient, so send it to nobody
   *     outside
   */
  void tell(SortedSet<Group> groups, AuditEvent event);
}
