package org.openhipaa.core.access.rules;

import org.openhipaa.core.actor.Group;

/**
 * Two groups that nobody may be in at once (separation of duties). Who is, is denied everything.
 *
 * @param one a group
 * @param other another group
 */
public record SeparateDuties(Group one, Group other) {}
