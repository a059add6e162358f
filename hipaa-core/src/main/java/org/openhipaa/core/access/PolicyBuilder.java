package org.openhipaa.core.access;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.rules.AttributeDeclaration;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.access.rules.SeparateDuties;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.internal.Closure;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/**
 * Writes an {@link AccessPolicy} in Java. Declare groups, relations, labels, attributes and
 * record types first, then the rules; everything is checked as it is added. Not thread-safe.
 */
public final class PolicyBuilder {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,62}");
  private static final Pattern READ =
      Pattern.compile("patient|labels|(actor|record|context)\\.[a-z][a-z0-9-]{0,62}");
  private static final int MAX_NAME = 200;
  private static final int MAX_QUOTAS = 16;
  private static final int MAX_GROUPS = 5_000;
  private static final int MAX_CLOSURE = 64;
  private static final long MAX_PAIRS = 200_000;
  private static final SortedSet<FieldPath> NO_FIELDS = Collections.emptySortedSet();

  private final String name;
  private final SortedMap<Group, SortedSet<Group>> groups = new TreeMap<>();
  private final List<SeparateDuties> separate = new ArrayList<>();
  private final SortedSet<String> relations = new TreeSet<>();
  private final SortedMap<String, SortedSet<String>> predicates = new TreeMap<>();
  private final SortedMap<String, SortedSet<String>> labels = new TreeMap<>();
  private final SortedMap<AttributeName, AttributeDeclaration> attributes = new TreeMap<>();
  private final SortedMap<RecordType, SortedSet<FieldPath>> types = new TreeMap<>();
  private final List<Rule> rules = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private ZoneId zone = ZoneOffset.UTC;

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
      if (groups.putIfAbsent(Group.of(group), new TreeSet<>()) != null) {
        throw new IllegalArgumentException("group '" + group + "' is declared twice");
      }
    }
    return this;
  }

  /**
   * Says that the members of a group are members of other groups as well.
   *
   * @param group a declared group
   * @param parents declared groups
   * @return this
   * @throws IllegalArgumentException if a group is not declared, or would become a member of itself
   */
  public PolicyBuilder memberOf(String group, String... parents) {
    SortedSet<Group> above = groups.get(Group.of(group));
    demand(above != null, "group", group);
    for (String parent : parents) {
      demand(groups.containsKey(Group.of(parent)), "group", parent);
      if (Closure.of(groups, Group.of(parent)).contains(Group.of(group))) {
        throw new IllegalArgumentException(
            "group '" + group + "' would be a member of itself through '" + parent + "'");
      }
      Objects.requireNonNull(above).add(Group.of(parent));
    }
    return this;
  }

  /**
   * Says that nobody may be in both of these groups at once. Who is, is denied everything.
   *
   * @param one a declared group
   * @param other another declared group
   * @return this
   * @throws IllegalArgumentException if a group is not declared, or a group is a member of both
   */
  public PolicyBuilder separateDuties(String one, String other) {
    demand(groups.containsKey(Group.of(one)), "group", one);
    demand(groups.containsKey(Group.of(other)), "group", other);
    if (one.equals(other)) {
      throw new IllegalArgumentException("group '" + one + "' cannot be separated from itself");
    }
    SeparateDuties pair = new SeparateDuties(Group.of(one), Group.of(other));
    Set<Group> both = Set.of(pair.one(), pair.other());
    if (separate.stream().anyMatch(s -> both.containsAll(List.of(s.one(), s.other())))) {
      throw new IllegalArgumentException(
          "groups '" + one + "' and '" + other + "' are separated twice");
    }
    separate.add(pair);
    return this;
  }

  /**
   * Says where the hour and the weekday of a request are read off; UTC if never called.
   *
   * @param where a time zone
   * @return this
   */
  public PolicyBuilder timeZone(ZoneId where) {
    zone = where;
    return this;
  }

  /**
   * Declares a predicate that the application answers.
   *
   * @param predicate 1 to 63 characters a-z, 0-9 or '-'
   * @param reads what it reads, for instance {@code actor.id} or {@code record.author}; one that
   *     names nothing of the record, the patient or the labels is the same for every row
   * @return this
   * @throws IllegalArgumentException if it is declared twice, or a name has another form
   */
  public PolicyBuilder predicate(String predicate, String... reads) {
    SortedSet<String> set = new TreeSet<>();
    for (String read : reads) {
      if (!READ.matcher(read).matches()) {
        throw new IllegalArgumentException(
            "a predicate reads 'patient', 'labels', or a name such as actor.id or record.author");
      }
      set.add(read);
    }
    if (predicates.putIfAbsent(id(predicate, "predicate"), set) != null) {
      throw new IllegalArgumentException("predicate '" + predicate + "' is declared twice");
    }
    return this;
  }

  /**
   * Declares sensitivity labels that records may carry.
   *
   * @param names 1 to 63 characters a-z, 0-9 or '-'
   * @return this
   * @throws IllegalArgumentException if a label is declared twice or its name has another form
   */
  public PolicyBuilder labels(String... names) {
    for (String label : names) {
      if (labels.putIfAbsent(id(label, "label"), new TreeSet<>()) != null) {
        throw new IllegalArgumentException("label '" + label + "' is declared twice");
      }
    }
    return this;
  }

  /**
   * Says that a record with a label counts as carrying others as well, so that labels form a
   * lattice.
   *
   * @param label a declared label
   * @param implied declared labels
   * @return this
   * @throws IllegalArgumentException if a label is not declared, or would imply itself
   */
  public PolicyBuilder implies(String label, String... implied) {
    SortedSet<String> below = labels.get(label);
    demand(below != null, "label", label);
    for (String other : implied) {
      demand(labels.containsKey(other), "label", other);
      if (Closure.of(labels, other).contains(label)) {
        throw new IllegalArgumentException(
            "label '" + label + "' would imply itself through '" + other + "'");
      }
      Objects.requireNonNull(below).add(other);
    }
    return this;
  }

  /**
   * Declares an attribute that conditions may name.
   *
   * @param attribute for instance {@code record.department}
   * @param type its kind of value
   * @param values for texts, the values that conditions may name; none lets them name any
   * @return this
   * @throws IllegalArgumentException if it is declared twice or built in, its name has another form,
   *     or values are given for numbers or flags
   */
  public PolicyBuilder attribute(String attribute, AttributeType type, String... values) {
    AttributeName key = AttributeName.of(attribute);
    boolean texts = type == AttributeType.TEXT || type == AttributeType.TEXTS;
    if (values.length > 0 && !texts) {
      throw new IllegalArgumentException("only texts can list their values");
    }
    SortedSet<String> set = new TreeSet<>();
    for (String value : values) {
      ConditionCheck.checkText(value);
      if (!set.add(value)) {
        throw new IllegalArgumentException("value '" + value + "' is listed twice");
      }
    }
    if (PolicyModel.BUILT_IN.containsKey(key)) {
      throw new IllegalArgumentException("attribute '" + attribute + "' is built in");
    }
    if (attributes.putIfAbsent(key, new AttributeDeclaration(key, type, set)) != null) {
      throw new IllegalArgumentException("attribute '" + attribute + "' is declared twice");
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
   * Adds a rule that denies, whatever other rules permit. It must name actions; without
   * groups, record types or purposes it covers all of them.
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
    checkSizes();
    for (SeparateDuties pair : separate) {
      groups.keySet().stream()
          .filter(group -> Closure.of(groups, group).containsAll(List.of(pair.one(), pair.other())))
          .findFirst()
          .ifPresent(group -> {
            throw new IllegalArgumentException("group '" + group + "' is a member of '" + pair.one()
                + "' and of '" + pair.other() + "', which are to be separate");
          });
    }
    return new AccessPolicy(new PolicyModel(
        name, zone, groups, separate, relations, predicates, labels, attributes, types, rules));
  }

  /** Bounds that no hospital meets, so that no small file takes minutes to load. */
  private void checkSizes() {
    long pairs = rules.stream()
        .mapToLong(rule -> rule.types().isEmpty() ? types.size() : rule.types().size())
        .sum();
    if (pairs > MAX_PAIRS) {
      throw new IllegalArgumentException(
          "the rules cover more than " + MAX_PAIRS + " record types between them");
    }
    if (groups.size() > MAX_GROUPS || labels.size() > MAX_GROUPS) {
      throw new IllegalArgumentException(
          "a policy has at most " + MAX_GROUPS + " groups and as many labels");
    }
    if (groups.keySet().stream().anyMatch(g -> Closure.of(groups, g).size() > MAX_CLOSURE)
        || labels.keySet().stream().anyMatch(l -> Closure.of(labels, l).size() > MAX_CLOSURE)) {
      throw new IllegalArgumentException("a group is a member of, or a label implies, at most "
          + MAX_CLOSURE + " others, directly or through others");
    }
  }

  /** The type of a declared or built-in attribute. */
  AttributeType typeOf(AttributeName attribute) {
    AttributeDeclaration declaration =
        attributes.getOrDefault(attribute, PolicyModel.BUILT_IN.get(attribute));
    demand(declaration != null, "attribute", attribute.text());
    return Objects.requireNonNull(declaration).type();
  }

  private boolean isSingle(AttributeName attribute) {
    AttributeDeclaration declaration = attributes.get(attribute);
    return declaration == null || declaration.type() == AttributeType.TEXT;
  }

  private static void demand(boolean known, String what, String value) {
    if (!known) {
      throw new IllegalArgumentException("the " + what + " '" + value + "' is not declared");
    }
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
    private final SortedSet<RecordType> ruleTypes = new TreeSet<>();
    private final Set<Purpose> purposes = EnumSet.noneOf(Purpose.class);
    private final List<Condition> when = new ArrayList<>();
    private final SortedMap<FieldPath, Mask> fields = new TreeMap<>();
    private final List<QuotaLimit> quotas = new ArrayList<>();
    private final SortedSet<Group> approvers = new TreeSet<>();
    private final SortedSet<Group> notified = new TreeSet<>();
    private Assurance assurance = Assurance.AAL1;
    private boolean assuranceSet;
    private boolean breakGlass;
    private boolean reasonRequired;
    private @Nullable Duration timeToLive;
    private @Nullable String watermark;

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
        declared(groups.containsKey(Group.of(group)), "group", group);
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
     * The rule covers records of these types. A permit covers exactly one; a denial that names none
     * covers all.
     *
     * @param names declared types
     * @return this
     */
    public RuleBuilder recordType(String... names) {
      for (String type : names) {
        declared(types.containsKey(RecordType.of(type)), "record type", type);
        if (effect == Rule.Effect.PERMIT && !ruleTypes.isEmpty()) {
          throw broken("names two record types");
        }
        ruleTypes.add(RecordType.of(type));
      }
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
        when(Condition.relation(relation));
      }
      return this;
    }

    /**
     * The rule applies only when all these conditions hold, and those of other calls.
     *
     * @param conditions what they name must be declared
     * @return this
     */
    public RuleBuilder when(Condition... conditions) {
      for (Condition condition : conditions) {
        try {
          new ConditionCheck(relations, predicates.keySet(), labels.keySet(), attributes)
              .check(condition);
        } catch (IllegalArgumentException e) {
          throw broken(String.valueOf(e.getMessage()));
        }
        if (!when.contains(condition)) {
          when.add(condition);
        }
      }
      return this;
    }

    /**
     * The permission holds only under a valid break-glass ticket.
     *
     * @return this
     */
    public RuleBuilder breakGlass() {
      breakGlass = true;
      return this;
    }

    /**
     * The permission needs a reason that the actor states.
     *
     * @return this
     */
    public RuleBuilder reasonRequired() {
      reasonRequired = true;
      return this;
    }

    /**
     * The permission needs the approval of a second person.
     *
     * @param names declared groups, of which the second person is a member of at least one
     * @return this
     */
    public RuleBuilder approvers(String... names) {
      return addGroups(approvers, names);
    }

    /**
     * These groups are told of each use, before anything is released.
     *
     * @param names declared groups
     * @return this
     */
    public RuleBuilder notified(String... names) {
      return addGroups(notified, names);
    }

    /**
     * A released value may be kept for so long.
     *
     * @param limit one second to 366 days
     * @return this
     */
    public RuleBuilder timeToLive(Duration limit) {
      if (limit.compareTo(Duration.ofSeconds(1)) < 0 || limit.compareTo(Duration.ofDays(366)) > 0) {
        throw broken("has a time to live outside of 1 second to 366 days");
      }
      timeToLive = limit;
      return this;
    }

    /**
     * Whatever shows a released value must show this text with it.
     *
     * @param text 1 to 200 characters
     * @return this
     */
    public RuleBuilder watermark(String text) {
      if (text.isBlank()) {
        throw broken("has a blank watermark");
      }
      try {
        ConditionCheck.checkText(text);
      } catch (IllegalArgumentException e) {
        throw broken(String.valueOf(e.getMessage()));
      }
      watermark = text;
      return this;
    }

    private RuleBuilder addGroups(SortedSet<Group> to, String... names) {
      for (String group : names) {
        declared(groups.containsKey(Group.of(group)), "group", group);
        to.add(Group.of(group));
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
      if (ruleTypes.isEmpty()) {
        throw broken("must name its record type before its fields");
      }
      RecordType of = ruleTypes.first();
      for (String field : names) {
        FieldPath path = FieldPath.of(field);
        declared(types.getOrDefault(of, NO_FIELDS).contains(path), "field", field);
        if (fields.putIfAbsent(path, mask) != null) {
          throw broken("names field '" + field + "' twice");
        }
      }
      return this;
    }

    /**
     * The permission is limited to so many different patients per actor within a sliding window.
     *
     * @param patients 1 to 10^15
     * @param window one second to 366 days
     * @return this
     */
    public RuleBuilder quota(long patients, Duration window) {
      return quota(QuotaLimit.patients(patients, window));
    }

    /**
     * The permission is limited in quantity; several limits all count.
     *
     * @param limit how much in which window; its labels must be declared
     * @return this
     */
    public RuleBuilder quota(QuotaLimit limit) {
      limit.labels().forEach(label -> declared(labels.containsKey(label), "label", label));
      if (quotas.size() == MAX_QUOTAS) {
        throw broken("has more than " + MAX_QUOTAS + " quotas");
      }
      if (quotas.stream().anyMatch(other -> sameBudget(other, limit))) {
        throw broken("limits the same " + limit.measure().label() + " twice in the same window");
      }
      quotas.add(limit);
      return this;
    }

    private static boolean sameBudget(QuotaLimit one, QuotaLimit other) {
      return one.measure() == other.measure()
          && one.scope() == other.scope()
          && one.window().equals(other.window())
          && one.labels().equals(other.labels());
    }

    private Rule build() {
      if (actions.isEmpty()) {
        throw broken("names no actions");
      }
      Condition condition = when.isEmpty() ? Condition.ALWAYS : new Condition.All(when);
      Contradiction.in(condition, PolicyBuilder.this::isSingle).ifPresent(why -> {
        throw broken("can never apply: " + why);
      });
      Rule.Obligations obligations = new Rule.Obligations(
          quotas,
          Optional.ofNullable(timeToLive),
          approvers,
          reasonRequired,
          notified,
          Optional.ofNullable(watermark));
      if (effect == Rule.Effect.PERMIT) {
        checkPermit();
      } else if (!fields.isEmpty()
          || assuranceSet
          || breakGlass
          || !obligations.equals(Rule.Obligations.NONE)) {
        throw broken(
            "denies, so it cannot have fields, an assurance, break-glass, a quota or the like");
      }
      return new Rule(
          id,
          effect,
          ruleGroups,
          actions,
          ruleTypes,
          purposes,
          condition,
          assurance,
          breakGlass,
          fields,
          obligations);
    }

    private void checkPermit() {
      if (ruleTypes.isEmpty()) {
        throw broken("names no record type");
      }
      if (ruleGroups.isEmpty()) {
        throw broken("permits, so it must name groups");
      }
      if (purposes.isEmpty()) {
        throw broken("permits, so it must name purposes");
      }
      if (fields.isEmpty() && !types.getOrDefault(ruleTypes.first(), NO_FIELDS).isEmpty()) {
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
