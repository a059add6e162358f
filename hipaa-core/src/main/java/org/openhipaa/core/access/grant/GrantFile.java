package org.openhipaa.core.access.grant;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Group;

/**
 * All that is known of one person's grants, as it was at one moment. Changes are made to a file as a
 * whole, so that no two of them can contradict each other. Immutable.
 *
 * @param person whose
 * @param version how often it was changed; 0 if never
 * @param termination the end of all their access, or null
 * @param grants every grant there ever was, oldest first
 */
public record GrantFile(
    ActorId person, long version, @Nullable Termination termination, List<Grant> grants) {
  /**
   * Copies the list.
   *
   * @param person see {@link #person()}
   * @param version see {@link #version()}
   * @param termination see {@link #termination()}
   * @param grants see {@link #grants()}
   */
  public GrantFile {
    grants = List.copyOf(grants);
  }

  /**
   * The file of a person of whom nothing is known.
   *
   * @param person who
   * @return an empty file
   */
  public static GrantFile empty(ActorId person) {
    return new GrantFile(person, 0, null, List.of());
  }

  /**
   * Whether all access of the person was ended.
   *
   * @return true after a termination
   */
  public boolean terminated() {
    return termination != null;
  }

  /**
   * Finds a grant.
   *
   * @param id its id
   * @return the grant, or empty
   */
  public Optional<Grant> find(UUID id) {
    return grants.stream().filter(grant -> grant.id().equals(id)).findFirst();
  }

  /**
   * The groups that the person is in by grants.
   *
   * @param now the time
   * @return a modifiable copy, sorted; empty after a termination
   */
  public TreeSet<Group> groups(Instant now) {
    TreeSet<Group> groups = new TreeSet<>();
    if (!terminated()) {
      grants.stream()
          .filter(grant -> grant.active(now))
          .forEach(grant -> groups.add(grant.group()));
    }
    return groups;
  }

  /**
   * Adds a grant, or replaces the one of the same id.
   *
   * @param changed the grant
   * @return the file after the change, with the same version; the store counts it up
   */
  public GrantFile with(Grant changed) {
    List<Grant> after = new ArrayList<>(grants);
    after.replaceAll(grant -> grant.id().equals(changed.id()) ? changed : grant);
    if (find(changed.id()).isEmpty()) {
      after.add(changed);
    }
    return new GrantFile(person, version, termination, after);
  }

  /**
   * Ends all access: every grant and request is revoked.
   *
   * @param end by whom, when and why; the first one stands
   * @return the file after the change
   */
  public GrantFile ended(Termination end) {
    List<Grant> after = new ArrayList<>(grants);
    after.replaceAll(
        grant -> grant.pending() ? grant.toBuilder().revoked(end.by(), end.at()).build() : grant);
    return new GrantFile(person, version, termination == null ? end : termination, after);
  }
}
