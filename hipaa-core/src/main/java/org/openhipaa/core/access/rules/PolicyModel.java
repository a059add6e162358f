package org.openhipaa.core.access.rules;

import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/**
 * What a policy says, as data, however it was written: files and builders give equal models with
 * equal hashes. Read it to inspect or analyse a policy; to write one, use {@code
 * AccessPolicy.builder}, which checks what this type takes on trust.
 *
 * <p>Immutable.
 *
 * @param name for people
 * @param zone where {@code context.hour} and {@code context.weekday} are read off
 * @param groups each group with the groups that its members are members of as well; no cycles
 * @param separate the pairs of groups that nobody may be in at once
 * @param relations the relations between actor and patient that conditions may name
 * @param predicates each predicate of the application with the names of what it reads; one that
 *     reads nothing of the record is the same for every row
 * @param labels each sensitivity label with the labels that it implies; no cycles
 * @param attributes the attributes that conditions may name, without the {@link #BUILT_IN} ones
 * @param types each record type with its fields
 * @param rules the rules in the order they were written
 */
public record PolicyModel(
    String name,
    ZoneId zone,
    SortedMap<Group, SortedSet<Group>> groups,
    List<SeparateDuties> separate,
    SortedSet<String> relations,
    SortedMap<String, SortedSet<String>> predicates,
    SortedMap<String, SortedSet<String>> labels,
    SortedMap<AttributeName, AttributeDeclaration> attributes,
    SortedMap<RecordType, SortedSet<FieldPath>> types,
    List<Rule> rules) {
  /** The hour of the day, 0 to 23, where the policy's clock is. */
  public static final AttributeName HOUR = AttributeName.of("context.hour");
  /** The day of the week, 1 (Monday) to 7 (Sunday), where the policy's clock is. */
  public static final AttributeName WEEKDAY = AttributeName.of("context.weekday");
  /** The kind of recipient of a disclosure. */
  public static final AttributeName RECIPIENT = AttributeName.of("context.recipient");
  /** The workstation that the actor uses. */
  public static final AttributeName WORKSTATION = AttributeName.of("actor.workstation");
  /** The place where the actor is. */
  public static final AttributeName LOCATION = AttributeName.of("actor.location");

  /** The attributes that every policy may name without declaring them. */
  public static final SortedMap<AttributeName, AttributeDeclaration> BUILT_IN = builtIn();

  /**
   * Copies the collections.
   *
   * @param name see {@link #name()}
   * @param zone see {@link #zone()}
   * @param groups see {@link #groups()}
   * @param separate see {@link #separate()}
   * @param relations see {@link #relations()}
   * @param predicates see {@link #predicates()}
   * @param labels see {@link #labels()}
   * @param attributes see {@link #attributes()}
   * @param types see {@link #types()}
   * @param rules see {@link #rules()}
   */
  public PolicyModel {
    groups = copy(groups);
    separate = List.copyOf(separate);
    relations = Collections.unmodifiableSortedSet(new TreeSet<>(relations));
    predicates = copy(predicates);
    labels = copy(labels);
    attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    types = copy(types);
    rules = List.copyOf(rules);
  }

  /**
   * SHA-256 over the canonical encoding: equal if and only if the policies say the same in the same
   * order ({@code docs/formats/policy-v1.md}).
   *
   * @return 64 lower-case hexadecimal digits
   */
  public String hash() {
    return PolicyHash.of(this);
  }

  private static SortedMap<AttributeName, AttributeDeclaration> builtIn() {
    SortedMap<AttributeName, AttributeDeclaration> map = new TreeMap<>();
    for (AttributeName name : List.of(HOUR, WEEKDAY)) {
      map.put(
          name,
          new AttributeDeclaration(name, AttributeType.INTEGER, Collections.emptySortedSet()));
    }
    for (AttributeName name : List.of(RECIPIENT, WORKSTATION, LOCATION)) {
      map.put(
          name, new AttributeDeclaration(name, AttributeType.TEXT, Collections.emptySortedSet()));
    }
    return Collections.unmodifiableSortedMap(map);
  }

  private static <K extends Comparable<K>, V> SortedMap<K, SortedSet<V>> copy(
      SortedMap<K, ? extends SortedSet<V>> map) {
    SortedMap<K, SortedSet<V>> copy = new TreeMap<>();
    map.forEach((key, set) -> copy.put(key, Collections.unmodifiableSortedSet(new TreeSet<>(set))));
    return Collections.unmodifiableSortedMap(copy);
  }
}
