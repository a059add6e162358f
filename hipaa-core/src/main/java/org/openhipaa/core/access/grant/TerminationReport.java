package org.openhipaa.core.access.grant;

import java.util.List;
import java.util.UUID;
import org.openhipaa.core.actor.ActorId;

/**
 * What a termination came to.
 *
 * @param person whose access ended
 * @param revoked the grants and requests that were taken away, by id
 * @param done the hooks that ended everything, by name
 * @param failed the hooks that did not; each was alarmed, and a person must see to it
 */
public record TerminationReport(
    ActorId person, List<UUID> revoked, List<String> done, List<String> failed) {
  /**
   * Copies the lists.
   *
   * @param person see {@link #person()}
   * @param revoked see {@link #revoked()}
   * @param done see {@link #done()}
   * @param failed see {@link #failed()}
   */
  public TerminationReport {
    revoked = List.copyOf(revoked);
    done = List.copyOf(done);
    failed = List.copyOf(failed);
  }

  /**
   * Tells whether nothing is left.
   *
   * @return true if no hook failed
   */
  public boolean complete() {
    return failed.isEmpty();
  }
}
