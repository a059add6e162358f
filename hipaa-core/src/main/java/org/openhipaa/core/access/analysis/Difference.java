package org.openhipaa.core.access.analysis;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.record.RecordType;

/**
 * One way in which two policies decide differently.
 *
 * @param kind what kind of difference it is
 * @param type for records of which type
 * @param uses for which actions and purposes; the witness shows the first
 * @param groups the groups of which membership alone is enough to see it; empty if it takes several,
 *     or none
 * @param what the difference in words, the second policy's side after the arrow
 * @param witness a request that the two policies decide differently
 */
public record Difference(
    Kind kind,
    RecordType type,
    SortedSet<Use> uses,
    SortedSet<Group> groups,
    String what,
    Witness witness) {

  /** What kind of difference it is. */
  public enum Kind {
    /** The second policy permits what the first denies. */
    GAINED,
    /** The second policy denies what the first permits. */
    LOST,
    /** Both permit, and show a field differently. */
    FIELD,
    /** Both permit, with another quota, time to live, reason, approval, notification or watermark. */
    OBLIGATION
  }

  /**
   * Copies the sets.
   *
   * @param kind see {@link #kind()}
   * @param type see {@link #type()}
   * @param uses see {@link #uses()}
   * @param groups see {@link #groups()}
   * @param what see {@link #what()}
   * @param witness see {@link #witness()}
   */
  public Difference {
    uses = Collections.unmodifiableSortedSet(new TreeSet<>(uses));
    groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
  }
}
