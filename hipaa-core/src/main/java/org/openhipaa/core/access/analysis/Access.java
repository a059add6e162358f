package org.openhipaa.core.access.analysis;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/**
 * What membership in a group alone gives. Whoever is in more groups can see no more through this one.
 *
 * @param groups the groups; all give the same
 * @param type records of which type
 * @param uses for which actions and purposes
 * @param fields each field that can be shown, with the masks under which it can be
 * @param conditions the ways in which it comes about, in words; any of them is enough
 * @param witness a request that is permitted
 */
public record Access(
    SortedSet<Group> groups,
    RecordType type,
    SortedSet<Use> uses,
    SortedMap<FieldPath, Set<Mask>> fields,
    List<String> conditions,
    Witness witness) {
  /**
   * Copies the collections.
   *
   * @param groups see {@link #groups()}
   * @param type see {@link #type()}
   * @param uses see {@link #uses()}
   * @param fields see {@link #fields()}
   * @param conditions see {@link #conditions()}
   * @param witness see {@link #witness()}
   */
  public Access {
    groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
    uses = Collections.unmodifiableSortedSet(new TreeSet<>(uses));
    fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    conditions = List.copyOf(conditions);
  }
}
