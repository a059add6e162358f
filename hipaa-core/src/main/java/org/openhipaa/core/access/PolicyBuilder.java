package org.openhipaa.core.access;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/**
 * Writes an {@link AccessPolicy} in Java. Declare groups, relations and record types first, then
 * the rules; everything is checked as it is added. Not thread-safe.
 */
public final class PolicyBuilder {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,62}");
  private static final int MAX_NAME = 200;

  private final String name;
  private final SortedSet<Group> groups = new TreeSet<>();
  private final SortedSet<String> relations = new TreeSet<>();
  private final SortedMap<RecordType, SortedSet<FieldPath>> types = new TreeMap<>();
  private final List<Rule> rules = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();

  PolicyBuilder(String name) {
    if (name.isBlank()
        || name.length() > MAX_NAME
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a policy name has 1-200 characters, not blank");
    }
    this.name = name;
  }

  /**
   * Declares user groups.
   *
   * @param names the groups' names
   * @return this
   * @throws IllegalArgumentException if a group is declared twice or its name has another form
   */
  public PolicyBuilder groups(String... names) {
    for (String group : names) {
      if (!groups.add(Group.of(group))) {
        throw new IllegalArgumentException("group '" + group + "' is declared twice");
      }
    }
    return this;
  }

  /**
   * Declares named relations between actor and patient, such as {@code treating}.
   *
   * @param names 1 to 63 characters a-z, 0-9 or '-'
   * @return this
   * @throws IllegalArgumentException if a relation is declared twice or its name has another form
   */
  public PolicyBuilder relations(String... names) {
    for (String relation : names) {
      if (!relations.add(id(relation, "relation"))) {
        throw new IllegalArgumentException("relation '" + relation + "' is declared twice");
      }
    }
    return this;
  }

  /**
   * Declares a record type and its fields.
   *
   * @param type the type's name
   * @param fields its fields; none for a type that is only opened as a whole
   * @return this
   * @throws IllegalArgumentException if the type or a field is declared twice or a name has another
   *     form
   */
  public PolicyBuilder recordType(String type, String... fields) {
    SortedSet<FieldPath> set = new TreeSet<>();
    for (String field : fields) {
      if (!set.add(FieldPath.of(field))) {
        throw new IllegalArgumentException("field '" + field + "' is declared twice");
      }
    }
    if (types.putIfAbsent(RecordType.of(type), Collections.unmodifiableSortedSet(set)) != null) {
      throw new IllegalArgumentException("record type '" + type + "' is declared twice");
    }
    return this;
  }

  /**
   * Adds a rule that permits. It must name groups, actions, a record type and purposes, and, if the
   * type has fields, the fields it shows.
   *
   * @param id the rule's id, 1 to 63 characters a-z, 0-9 or '-', unique in the policy
   * @param content says what the rule covers
   * @return this
   * @throws IllegalArgumentException if the rule is incomplete or names something undeclared
   */
  public PolicyBuilder permit(String id, Consumer<RuleBuilder> content) {
    return rule(id, Rule.Effect.PERMIT, content);
  }

  /**
   * Adds a rule that denies, whatever other rules permit. It must name actions and a record type;
   * without groups or purposes it covers all of them.
   *
   * @param id the rule's id, 1 to 63 characters a-z, 0-9 or '-', unique in the policy
   * @param content says what the rule covers
   * @return this
   * @throws IllegalArgumentException if the rule is incomplete or names something undeclared
   */
  public PolicyBuilder deny(String id, Consumer<RuleBuilder> content) {
    return rule(id, Rule.Effect.DENY, content);
  }

  /**
   * Makes the policy.
   *
   * @return the policy
   * @throws IllegalArgumentException if it has no rules
   */
  public AccessPolicy build() {
    if (rules.isEmpty()) {
      throw new IllegalArgumentException(
          "a policy needs at least one rule; without any, everything is denied");
    }
    return new AccessPolicy(new PolicyModel(
        name,
        Collections.unmodifiableSortedSet(new TreeSet<>(groups)),
        Collections.unmodifiableSortedSet(new TreeSet<>(relations)),
        Collections.unmodifiableSortedMap(new TreeMap<>(types)),
        List.copyOf(rules)));
  }

  private PolicyBuilder rule(String id, Rule.Effect effect, Consumer<RuleBuilder> content) {
    if (!ids.add(id(id, "rule id"))) {
      throw new IllegalArgumentException("rule '" + id + "' exists twice");
    }
    RuleBuilder builder = new RuleBuilder(id, effect);
    content.accept(builder);
    rules.add(builder.build());
    return this;
  }

  private static String id(String text, String what) {
    if (!ID.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a " + what + " has 1-63 characters a-z, 0-9 or '-', starting with a letter");
    }
    return text;
  }

  /** Says what one rule covers. Not thread-safe; only valid inside the call that hands it out. */
  public final class RuleBuilder {
    private final String id;
    private final Rule.Effect effect;
    private final SortedSet<Group> ruleGroups = new TreeSet<>();
    private final Set<Action> actions = EnumSet.noneOf(Action.class);
    private final Set<Purpose> purposes = EnumSet.noneOf(Purpose.class);
    private final SortedSet<String> when = new TreeSet<>();
    private final SortedMap<FieldPath, Mask> fields = new TreeMap<>();
    private Assurance assurance = Assurance.AAL1;
    private boolean assuranceSet;
    private @Nullable RecordType type;
    private @Nullable QuotaLimit quota;

    private RuleBuilder(String id, Rule.Effect effect) {
      this.id = id;
      this.effect = effect;
    }

    /**
     * The rule covers members of these groups.
     *
     * @param names declared groups
     * @return this
     */
    public RuleBuilder groups(String... names) {
      for (String group : names) {
        declared(groups.contains(Group.of(group)), "group", group);
        ruleGroups.add(Group.of(group));
      }
      return this;
    }

    /**
     * The rule covers these actions.
     *
     * @param values the actions
     * @return this
     */
    public RuleBuilder actions(Action... values) {
      actions.addAll(List.of(values));
      return this;
    }

    /**
     * The rule covers records of this type.
     *
     * @param name a declared type
     * @return this
     */
    public RuleBuilder recordType(String name) {
      declared(types.containsKey(RecordType.of(name)), "record type", name);
      if (type != null) {
        throw broken("names two record types");
      }
      type = RecordType.of(name);
      return this;
    }

    /**
     * The rule covers these purposes.
     *
     * @param values the purposes
     * @return this
     */
    public RuleBuilder purposes(Purpose... values) {
      purposes.addAll(List.of(values));
      return this;
    }

    /**
     * The rule applies only when all these relations hold between actor and patient.
     *
     * @param names declared relations
     * @return this
     */
    public RuleBuilder when(String... names) {
      for (String relation : names) {
        declared(relations.contains(relation), "relation", relation);
        when.add(relation);
      }
      return this;
    }

    /**
     * The permission needs at least this assurance.
     *
     * @param level the level; {@link Assurance#AAL1} if never called
     * @return this
     */
    public RuleBuilder assurance(Assurance level) {
      assurance = level;
      assuranceSet = true;
      return this;
    }

    /**
     * The permission shows these fields as they are.
     *
     * @param names fields of the rule's record type, which must be named before
     * @return this
     */
    public RuleBuilder show(String... names) {
      return mask(Mask.SHOW, names);
    }

    /**
     * The permission shows these fields masked.
     *
     * @param mask what remains visible
     * @param names fields of the rule's record type, which must be named before
     * @return this
     */
    public RuleBuilder mask(Mask mask, String... names) {
      RecordType of = type;
      if (of == null) {
        throw broken("must name its record type before its fields");
      }
      for (String field : names) {
        FieldPath path = FieldPath.of(field);
        declared(
            types.getOrDefault(of, Collections.emptySortedSet()).contains(path), "field", field);
        if (fields.putIfAbsent(path, mask) != null) {
          throw broken("names field '" + field + "' twice");
        }
      }
      return this;
    }

    /**
     * The permission is limited to so many different patients per actor within a sliding window.
     *
     * @param patients 1 to 1,000,000
     * @param window one second to 366 days
     * @return this
     */
    public RuleBuilder quota(int patients, Duration window) {
      quota = new QuotaLimit(patients, window);
      return this;
    }

    private Rule build() {
      RecordType of = type;
      if (of == null) {
        throw broken("names no record type");
      }
      if (actions.isEmpty()) {
        throw broken("names no actions");
      }
      if (effect == Rule.Effect.PERMIT) {
        checkPermit(of);
      } else if (!fields.isEmpty() || quota != null || assuranceSet) {
        throw broken("denies, so it cannot have fields, a quota or an assurance");
      }
      return new Rule(
          id,
          effect,
          Collections.unmodifiableSortedSet(ruleGroups),
          Collections.unmodifiableSet(actions),
          of,
          Collections.unmodifiableSet(purposes),
          Collections.unmodifiableSortedSet(when),
          assurance,
          Collections.unmodifiableSortedMap(fields),
          quota);
    }

    private void checkPermit(RecordType of) {
      if (ruleGroups.isEmpty()) {
        throw broken("permits, so it must name groups");
      }
      if (purposes.isEmpty()) {
        throw broken("permits, so it must name purposes");
      }
      boolean typeHasFields =
          !types.getOrDefault(of, Collections.emptySortedSet()).isEmpty();
      if (typeHasFields && fields.isEmpty()) {
        throw broken("permits, so it must name the fields that it shows");
      }
    }

    private void declared(boolean known, String what, String value) {
      if (!known) {
        throw broken("names the undeclared " + what + " '" + value + "'");
      }
    }

    private IllegalArgumentException broken(String why) {
      return new IllegalArgumentException("rule '" + id + "' " + why);
    }
  }
}
