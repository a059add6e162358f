package org.openhipaa.core.access.grant;

import java.util.Set;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Group;

/**
 * Knows the groups that a person is in without any grant, such as from a staff directory.
 *
 * <p>For implementors: called from many threads. Throw when you cannot know; nothing is granted then.
 */
@FunctionalInterface
public interface BaseGroups {
  /**
   * Looks them up.
   *
   * @param person who
   * @return the groups, possibly none
   */
  Set<Group> of(ActorId person);
}
