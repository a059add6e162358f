package org.openhipaa.core.access.grant;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.openhipaa.core.actor.ActorId;

/**
 * Keeps and finds grants; the port of {@link Grants}, which decides who may do what.
 *
 * <p>For implementors: called from many threads and, where the store is shared, from several
 * processes. What a method returned survives a power failure. Ids of persons differ by case. Must
 * never happen: two changes to one person's file that were both decided from the same version.
 * Every method throws {@link GrantNotKeptException} if it cannot surely do what it says.
 */
public interface GrantStore {
  /**
   * Finds a person's file.
   *
   * @param person who
   * @return the file; an empty one of version 0 if there is none
   */
  GrantFile find(ActorId person);

  /**
   * Replaces a person's file, if nobody has changed it meanwhile. When several try at once, exactly
   * one succeeds.
   *
   * @param before what {@link #find} returned
   * @param after the file after the change; the version is counted up by the store
   * @return false if the file was changed meanwhile; then nothing changes
   */
  boolean replace(GrantFile before, GrantFile after);

  /**
   * Finds out whose grant it is.
   *
   * @param grant the grant's id
   * @return the person, or empty if there is no such grant
   */
  Optional<ActorId> personOf(UUID grant);

  /**
   * Lists the requests that wait for approval.
   *
   * @param limit how many at most
   * @return the requests, oldest first
   */
  List<Grant> requested(int limit);

  /**
   * Lists the active grants that have to be confirmed within a time.
   *
   * @param after leaves out what has lapsed by then
   * @param until inclusive
   * @param limit how many at most
   * @return the grants, the most urgent first
   */
  List<Grant> due(Instant after, Instant until, int limit);
}
