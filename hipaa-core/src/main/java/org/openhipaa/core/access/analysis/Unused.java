package org.openhipaa.core.access.analysis;

import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.record.FieldPath;

/**
 * What a permit grants and nobody used.
 *
 * @param rule the permit, by id
 * @param never whether nobody used it at all
 * @param groups the groups it names of which no member used it
 * @param fields the fields it shows that were never shown under it
 * @param purposes the purposes it covers for which it was never used
 */
public record Unused(
    String rule,
    boolean never,
    SortedSet<Group> groups,
    SortedSet<FieldPath> fields,
    Set<Purpose> purposes) {
  /**
   * Copies the sets.
   *
   * @param rule see {@link #rule()}
   * @param never see {@link #never()}
   * @param groups see {@link #groups()}
   * @param fields see {@link #fields()}
   * @param purposes see {@link #purposes()}
   */
  public Unused {
    groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
    fields = Collections.unmodifiableSortedSet(new TreeSet<>(fields));
    purposes = Collections.unmodifiableSortedSet(new TreeSet<>(purposes));
  }
}
