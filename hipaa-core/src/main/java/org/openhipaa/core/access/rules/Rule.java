package org.openhipaa.core.access.rules;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/**
 * One rule of a policy. An empty set of groups, types or purposes, allowed in deny rules only, means
 * all. Immutable.
 *
 * @param id unique in the policy
 * @param effect permits or denies
 * @param groups the groups it covers, with all that are members of them
 * @param actions the actions it covers; at least one
 * @param types the record types it covers; a permit rule covers exactly one
 * @param purposes the purposes it covers
 * @param condition what has to hold besides
 * @param assurance how surely the actor must be authenticated; {@link Assurance#AAL1} in deny rules
 * @param breakGlass whether the rule applies only under a valid break-glass ticket; false in deny
 *     rules
 * @param fields for permit rules, the mask of each field that is not withheld
 * @param obligations for permit rules, what must happen for the permit to be used
 */
public record Rule(
    String id,
    Effect effect,
    SortedSet<Group> groups,
    Set<Action> actions,
    SortedSet<RecordType> types,
    Set<Purpose> purposes,
    Condition condition,
    Assurance assurance,
    boolean breakGlass,
    SortedMap<FieldPath, Mask> fields,
    Obligations obligations) {

  /** What a rule does when it applies. */
  public enum Effect {
    /** Allows. */
    PERMIT,
    /** Refuses, whatever permits. */
    DENY
  }

  /**
   * What must happen for a permit to be used.
   *
   * @param quotas budgets that are charged before anything is read
   * @param timeToLive how long a released value may be kept, if limited
   * @param approvers if not empty, a second person of one of these groups must approve
   * @param reasonRequired whether the actor must state a reason
   * @param notified the groups that are told of each use, before anything is released
   * @param watermark a text that whatever shows the value must show with it
   */
  public record Obligations(
      List<QuotaLimit> quotas,
      Optional<Duration> timeToLive,
      SortedSet<Group> approvers,
      boolean reasonRequired,
      SortedSet<Group> notified,
      Optional<String> watermark) {
    /** Nothing. */
    public static final Obligations NONE = new Obligations(
        List.of(),
        Optional.empty(),
        Collections.emptySortedSet(),
        false,
        Collections.emptySortedSet(),
        Optional.empty());

    /**
     * Copies the collections.
     *
     * @param quotas see {@link #quotas()}
     * @param timeToLive see {@link #timeToLive()}
     * @param approvers see {@link #approvers()}
     * @param reasonRequired see {@link #reasonRequired()}
     * @param notified see {@link #notified()}
     * @param watermark see {@link #watermark()}
     */
    public Obligations {
      quotas = List.copyOf(quotas);
      approvers = Collections.unmodifiableSortedSet(new TreeSet<>(approvers));
      notified = Collections.unmodifiableSortedSet(new TreeSet<>(notified));
    }
  }

  /**
   * Copies the collections.
   *
   * @param id see {@link #id()}
   * @param effect see {@link #effect()}
   * @param groups see {@link #groups()}
   * @param actions see {@link #actions()}
   * @param types see {@link #types()}
   * @param purposes see {@link #purposes()}
   * @param condition see {@link #condition()}
   * @param assurance see {@link #assurance()}
   * @param breakGlass see {@link #breakGlass()}
   * @param fields see {@link #fields()}
   * @param obligations see {@link #obligations()}
   */
  public Rule {
    groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
    actions = Collections.unmodifiableSet(
        actions.isEmpty() ? EnumSet.noneOf(Action.class) : EnumSet.copyOf(actions));
    types = Collections.unmodifiableSortedSet(new TreeSet<>(types));
    purposes = Collections.unmodifiableSet(
        purposes.isEmpty() ? EnumSet.noneOf(Purpose.class) : EnumSet.copyOf(purposes));
    fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
  }

  /**
   * Tells what the rule does.
   *
   * @return true if it permits, false if it denies
   */
  public boolean permits() {
    return effect == Effect.PERMIT;
  }
}
