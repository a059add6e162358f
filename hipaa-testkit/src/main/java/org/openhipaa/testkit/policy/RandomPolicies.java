package org.openhipaa.testkit.policy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.BreakGlassTicket;
import org.openhipaa.core.access.Circumstances;
import org.openhipaa.core.access.PolicyBuilder;
import org.openhipaa.core.access.rules.AttributeDeclaration;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.access.rules.QuotaMeasure;
import org.openhipaa.core.access.rules.QuotaScope;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.access.rules.Truth;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.actor.Recipient;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.Attributes;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.RecordType;

/**
 * Makes random policies, questions and rows, the same ones from the same seed. Domains are small, so
 * that rules overlap and requests meet what rules ask for.
 *
 * <p>Not thread-safe.
 */
public final class RandomPolicies {
  /** What rows and answers there are. */
  public enum Inputs {
    /**
     * All that there can be: rows without patient, attributes of wrong types, undeclared labels,
     * lookups that fail.
     */
    ANY,
    /**
     * What a database table holds: each row has a patient and an id; attributes have their declared
     * types or are missing; labels are declared or not known; no relation fails.
     */
    TABLE,
    /** As {@link #TABLE}, but rows may carry labels that the policy does not declare. */
    TABLE_WITH_UNDECLARED_LABELS
  }

  /** Everybody whom rows are about. */
  public static final List<PatientId> PATIENTS =
      IntStream.range(0, 6).mapToObj(i -> PatientId.of("patient-" + i)).toList();

  /** Requests are made within two weeks from here. */
  public static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  private static final String[] TEXTS = {"a", "b", "c", "d", "e", "f"};
  /** Texts of which a rule, if any, asks for all, so that most rules ask for few of what there is. */
  private static final String[] RARE =
      IntStream.range(0, 60).mapToObj(i -> "rare-" + i).toArray(String[]::new);

  private static final String UNDECLARED = "undeclared";
  private static final int MAX_NUMBER = 12;
  private static final int MAX_ATTEMPTS = 100;
  private static final List<Action> ACTIONS = List.of(Action.READ, Action.SEARCH, Action.DISCLOSE);
  private static final List<Purpose> PURPOSES =
      List.of(Purpose.TREATMENT, Purpose.PAYMENT, Purpose.RESEARCH);
  private static final List<ActorId> ACTORS =
      List.of(ActorId.of("ada"), ActorId.of("ben"), ActorId.of("cleo"));
  private static final List<Recipient> RECIPIENTS =
      List.of(Recipient.PATIENT, Recipient.FAMILY, Recipient.COURT);
  private static final List<ZoneId> ZONES =
      List.of(ZoneOffset.UTC, ZoneId.of("America/New_York"), ZoneId.of("Asia/Kolkata"));

  private final SplittableRandom random;
  private final Inputs inputs;

  /**
   * Starts a sequence.
   *
   * @param seed fixes everything that follows
   * @param inputs what rows and answers there are
   */
  public RandomPolicies(long seed, Inputs inputs) {
    this.random = new SplittableRandom(seed);
    this.inputs = inputs;
  }

  /**
   * Makes a policy.
   *
   * @return the next one, of 2 to 40 rules
   */
  public AccessPolicy policy() {
    return policy(2 + random.nextInt(39));
  }

  /**
   * Makes a policy.
   *
   * @param rules the number of rules
   * @return the next one
   */
  public AccessPolicy policy(int rules) {
    for (int attempt = 0; ; attempt++) {
      try {
        return new Draft(rules).build();
      } catch (IllegalArgumentException e) {
        // The groups that were drawn cannot be separate: draw again.
        if (attempt == MAX_ATTEMPTS) {
          throw new HipaaBugException("no policy drawn is accepted", e);
        }
      }
    }
  }

  /**
   * Makes a request that has something to do with a policy.
   *
   * @param policy the policy
   * @return the next one
   */
  public AccessRequest request(AccessPolicy policy) {
    Row row = row(policy.model());
    return question(policy.model(), Optional.of(row)).on(row);
  }

  /**
   * Makes a question that has something to do with a policy, to be asked of many rows.
   *
   * @param model what the policy says
   * @return the next one
   */
  public Question question(PolicyModel model) {
    return question(model, Optional.empty());
  }

  /**
   * Makes a row.
   *
   * @param model what the policy says
   * @return the next one
   */
  public Row row(PolicyModel model) {
    boolean table = inputs != Inputs.ANY;
    Optional<PatientId> patient = maybe(table ? 100 : 90, () -> one(PATIENTS));
    Optional<String> id = patient.isPresent()
        ? maybe(table ? 100 : 70, () -> "r" + random.nextInt(table ? 1_000_000_000 : 3))
        : Optional.empty();
    return new Row(
        patient, id, attributes(model, AttributeName.Side.RECORD), maybe(85, () -> labels(model)));
  }

  private SortedSet<String> labels(PolicyModel model) {
    SortedSet<String> labels = new TreeSet<>();
    for (String label : model.labels().keySet()) {
      if (chance(25)) {
        labels.add(label);
      }
    }
    if (inputs != Inputs.TABLE && chance(10)) {
      labels.add(UNDECLARED);
    }
    return labels;
  }

  private Attributes attributes(PolicyModel model, AttributeName.Side side) {
    Attributes attributes = Attributes.none();
    boolean strict = inputs != Inputs.ANY && side == AttributeName.Side.RECORD;
    for (AttributeDeclaration declared : model.attributes().values()) {
      if (declared.name().side() == side && chance(88)) {
        AttributeType type =
            strict || chance(95) ? declared.type() : one(List.of(AttributeType.values()));
        attributes = with(attributes, declared.name().name(), type);
      }
    }
    return attributes;
  }

  private Attributes with(Attributes attributes, String name, AttributeType type) {
    return switch (type) {
      case TEXT -> attributes.with(name, chance(4) ? one(RARE) : one(TEXTS));
      case TEXTS -> attributes.with(name, Set.copyOf(some(List.of(TEXTS), 0, 3)));
      case INTEGER -> attributes.with(name, (long) random.nextInt(-1, MAX_NUMBER + 2));
      case FLAG -> attributes.with(name, random.nextBoolean());
    };
  }

  /** Mostly asks what one of the permits covers. */
  private Question question(PolicyModel model, Optional<Row> near) {
    List<Rule> permits = model.rules().stream().filter(Rule::permits).toList();
    Optional<Rule> aim = permits.isEmpty() ? Optional.empty() : maybe(85, () -> one(permits));
    RecordType type = aim.filter(rule -> chance(95))
        .map(rule -> rule.types().first())
        .orElseGet(() -> chance(20)
            ? RecordType.of(UNDECLARED)
            : one(List.copyOf(model.types().keySet())));
    Action action = aim.filter(rule -> chance(95))
        .map(rule -> one(List.copyOf(rule.actions())))
        .orElseGet(() -> one(ACTIONS));
    Purpose purpose = aim.filter(rule -> chance(90))
        .map(rule -> one(List.copyOf(rule.purposes())))
        .orElseGet(() -> chance(90) ? one(PURPOSES) : Purpose.LEGAL);
    Optional<Instant> at = maybe(92, this::time);
    Actor actor = actor(model, aim);
    return new Question(
        actor,
        action,
        type,
        purpose,
        fields(model, type, 30),
        fields(model, type, 8),
        circumstances(model, actor, at, near, type),
        at,
        byPatient(model.relations(), inputs == Inputs.ANY ? 5 : 0),
        answers(predicates(model, false), name -> answer(10)),
        byPatient(predicates(model, true), 10));
  }

  private static SortedSet<String> predicates(PolicyModel model, boolean ofRows) {
    SortedSet<String> names = new TreeSet<>();
    model.predicates().forEach((name, reads) -> {
      if (reads.contains("patient") == ofRows) {
        names.add(name);
      }
    });
    return names;
  }

  private Map<String, Map<PatientId, Truth>> byPatient(SortedSet<String> names, int failing) {
    return answers(names, name -> {
      Map<PatientId, Truth> answers = new HashMap<>();
      PATIENTS.forEach(patient -> answers.put(patient, answer(failing)));
      return answers;
    });
  }

  private static <T> Map<String, T> answers(SortedSet<String> names, Function<String, T> answer) {
    Map<String, T> answers = new HashMap<>();
    names.forEach(name -> answers.put(name, answer.apply(name)));
    return answers;
  }

  private Truth answer(int failing) {
    return chance(failing) ? Truth.UNKNOWN : chance(65) ? Truth.TRUE : Truth.FALSE;
  }

  private Set<FieldPath> fields(PolicyModel model, RecordType type, int percent) {
    List<FieldPath> known = List.copyOf(model.types().getOrDefault(type, new TreeSet<>()));
    Set<FieldPath> fields = new HashSet<>();
    if (chance(percent) && !known.isEmpty()) {
      fields.addAll(some(known, 1, 2));
    }
    if (chance(1)) {
      fields.add(FieldPath.of(UNDECLARED));
    }
    return fields;
  }

  private Instant time() {
    return START.plus(Duration.ofMinutes(random.nextInt(14 * 24 * 60)));
  }

  private Actor actor(PolicyModel model, Optional<Rule> aim) {
    List<Group> all = List.copyOf(model.groups().keySet());
    Set<Group> groups = new HashSet<>();
    aim.filter(rule -> chance(92)).ifPresent(rule -> groups.add(one(List.copyOf(rule.groups()))));
    if (groups.isEmpty() || chance(30)) {
      groups.addAll(some(all, 0, 2));
    }
    if (chance(5)) {
      groups.add(Group.of(UNDECLARED));
    }
    return Actor.authenticated(
            one(ACTORS), groups, one(List.of(Assurance.values())), START.minusSeconds(60))
        .with(actorAttributes(model));
  }

  private Attributes actorAttributes(PolicyModel model) {
    Attributes attributes = attributes(model, AttributeName.Side.ACTOR);
    attributes = chance(80) ? attributes.with("workstation", one(TEXTS)) : attributes;
    return chance(80) ? attributes.with("location", one(TEXTS)) : attributes;
  }

  private Circumstances circumstances(
      PolicyModel model, Actor actor, Optional<Instant> at, Optional<Row> near, RecordType type) {
    Circumstances all = Circumstances.none().context(attributes(model, AttributeName.Side.CONTEXT));
    if (chance(85)) {
      all = all.recipient(one(RECIPIENTS));
    }
    if (chance(70)) {
      all = all.session("session-" + random.nextInt(2));
    }
    if (chance(60)) {
      all = all.reason(chance(80) ? "asked to" : " ");
    }
    if (chance(50)) {
      ActorId second = chance(90) ? one(ACTORS) : actor.id();
      all = all.approver(Actor.authenticated(
          second,
          Set.copyOf(some(List.copyOf(model.groups().keySet()), 0, 3)),
          Assurance.AAL1,
          START));
    }
    return chance(45) ? all.ticket(ticket(actor, at, near, type, all)) : all;
  }

  private BreakGlassTicket ticket(
      Actor actor, Optional<Instant> at, Optional<Row> near, RecordType type, Circumstances all) {
    ActorId holder = chance(90) ? actor.id() : one(ACTORS);
    Instant time = at.orElse(START);
    Instant from = chance(90) ? time : time.plusSeconds(1);
    Instant until = chance(90) ? time.plusSeconds(1) : time;
    PatientId patient =
        near.flatMap(Row::patient).filter(who -> chance(85)).orElseGet(() -> one(PATIENTS));
    return switch (random.nextInt(3)) {
      case 0 ->
        BreakGlassTicket.forRecord(
            "ticket",
            holder,
            RecordRef.of(
                Question.TENANT,
                type,
                patient,
                near.flatMap(Row::id).filter(id -> chance(85)).orElse("r0")),
            from,
            until);
      case 1 -> BreakGlassTicket.forPatient("ticket", holder, patient, from, until);
      default ->
        BreakGlassTicket.forSession(
            "ticket",
            holder,
            all.session().filter(id -> chance(85)).orElse("session-0"),
            from,
            until);
    };
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> Optional<T> maybe(int percent, Supplier<T> value) {
    return chance(percent) ? Optional.of(value.get()) : Optional.empty();
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private String one(String... of) {
    return of[random.nextInt(of.length)];
  }

  /** So many different ones, at least; in no order. */
  private <T> List<T> some(List<T> of, int least, int most) {
    List<T> left = new ArrayList<>(of);
    List<T> chosen = new ArrayList<>();
    int count = Math.min(of.size(), random.nextInt(least, most + 1));
    while (chosen.size() < count) {
      chosen.add(left.remove(random.nextInt(left.size())));
    }
    return chosen;
  }

  private String[] names(List<String> of, int least, int most) {
    return some(of, least, most).toArray(String[]::new);
  }

  /** A policy that is being made. */
  private final class Draft {
    private final PolicyBuilder builder = AccessPolicy.builder("random");
    private final List<String> groups = new ArrayList<>();
    private final List<String> relations = names("treating", "assigned", "related");
    private final List<String> predicates = names("on-shift", "author");
    private final List<String> labels = names("vip", "psych", "hiv", "sud", "minor");
    private final Map<AttributeType, List<String>> attributes = new HashMap<>();
    private final Map<String, List<String>> types = new HashMap<>();
    private final int rules;
    /** Rules that differ in one text, so that the engine looks that text up. */
    private final boolean byText = chance(35);
    /** Some of these rules ask for very many texts. */
    private final boolean wide = byText && chance(50);

    private final int denials = one(List.of(0, 5, 10, 25));

    Draft(int rules) {
      this.rules = rules;
      IntStream.range(0, random.nextInt(2, 7)).forEach(i -> groups.add("group-" + i));
    }

    private List<String> names(String... all) {
      return some(List.of(all), 0, all.length);
    }

    AccessPolicy build() {
      builder.timeZone(one(ZONES)).groups(groups.toArray(String[]::new));
      builder.relations(relations.toArray(String[]::new));
      builder.labels(labels.toArray(String[]::new));
      graph(groups, builder::memberOf);
      graph(labels, builder::implies);
      if (chance(20) && groups.size() > 3) {
        List<String> pair = some(groups, 2, 2);
        builder.separateDuties(pair.get(0), pair.get(1));
      }
      for (String predicate : predicates) {
        builder.predicate(predicate, "author".equals(predicate) ? "patient" : "actor.id");
      }
      declareAttributes();
      declareTypes();
      for (int i = 0; i < rules; i++) {
        addRule("rule-" + i);
      }
      return builder.build();
    }

    /** The names of the attributes of a type. */
    private List<String> of(AttributeType type) {
      return attributes.computeIfAbsent(type, t -> new ArrayList<>());
    }

    /** Edges from later to earlier names only, so that there is no cycle. */
    private void graph(List<String> names, Edge edge) {
      for (int i = 1; i < names.size(); i++) {
        for (int j = 0; j < i; j++) {
          if (chance(25)) {
            edge.add(names.get(i), names.get(j));
          }
        }
      }
    }

    private void declareAttributes() {
      for (String side : List.of("actor.", "record.", "context.")) {
        declare(
            side + "department", AttributeType.TEXT, !wide && chance(50) ? TEXTS : new String[0]);
        if (chance(50)) {
          declare(side + "area", AttributeType.TEXT);
        }
        declare(side + "units", AttributeType.TEXTS, chance(50) ? TEXTS : new String[0]);
        declare(side + "level", AttributeType.INTEGER);
        declare(side + "senior", AttributeType.FLAG);
      }
      of(AttributeType.TEXT)
          .addAll(List.of("actor.workstation", "actor.location", "context.recipient"));
      of(AttributeType.INTEGER).addAll(List.of("context.hour", "context.weekday"));
    }

    private void declare(String name, AttributeType type, String... values) {
      builder.attribute(name, type, values);
      of(type).add(name);
    }

    private void declareTypes() {
      int count = byText ? 1 : random.nextInt(1, 4);
      for (int i = 0; i < count; i++) {
        List<String> fields = i == 1 ? List.of() : List.of("name", "birth-date", "ssn", "note");
        types.put("type-" + i, fields);
        builder.recordType("type-" + i, fields.toArray(String[]::new));
      }
    }

    /** Draws until the builder finds no contradiction in the rule. */
    private void addRule(String id) {
      for (int attempt = 0; ; attempt++) {
        String name = attempt == 0 ? id : id + "-" + attempt;
        try {
          if (chance(denials)) {
            builder.deny(name, this::denial);
          } else {
            builder.permit(name, this::permit);
          }
          return;
        } catch (IllegalArgumentException e) {
          // A contradiction: draw again.
          if (attempt == MAX_ATTEMPTS) {
            throw e;
          }
        }
      }
    }

    private void denial(PolicyBuilder.RuleBuilder rule) {
      rule.actions(some(ACTIONS, 1, 2).toArray(Action[]::new));
      rule.recordType(RandomPolicies.this.names(List.copyOf(types.keySet()), 0, 2));
      rule.groups(RandomPolicies.this.names(groups, 0, 2));
      rule.purposes(some(PURPOSES, 0, 2).toArray(Purpose[]::new));
      conditions(rule, 1, 3);
    }

    private void permit(PolicyBuilder.RuleBuilder rule) {
      String type = one(List.copyOf(types.keySet()));
      rule.recordType(type)
          .groups(RandomPolicies.this.names(groups, 1, 2))
          .actions(some(ACTIONS, 1, 3).toArray(Action[]::new))
          .purposes(some(PURPOSES, 1, 3).toArray(Purpose[]::new));
      conditions(rule, 0, 2);
      mask(rule, type);
      if (chance(15)) {
        rule.breakGlass();
      }
      if (chance(40)) {
        rule.assurance(one(List.of(Assurance.values())));
      }
      oblige(rule);
    }

    private void mask(PolicyBuilder.RuleBuilder rule, String type) {
      boolean generous = chance(70);
      for (String field : types.getOrDefault(type, List.of())) {
        if (generous ? chance(90) : chance(45)) {
          rule.mask(generous && chance(80) ? Mask.SHOW : one(List.of(Mask.values())), field);
        }
      }
    }

    private void oblige(PolicyBuilder.RuleBuilder rule) {
      if (chance(30)) {
        quotas(rule);
      }
      if (chance(20)) {
        rule.timeToLive(Duration.ofMinutes(random.nextInt(1, 5)));
      }
      if (chance(8)) {
        rule.reasonRequired();
      }
      if (chance(8)) {
        rule.approvers(RandomPolicies.this.names(groups, 1, 2));
      }
      if (chance(15)) {
        rule.notified(RandomPolicies.this.names(groups, 1, 2));
      }
      if (chance(25)) {
        rule.watermark(one("confidential", "do not copy"));
      }
    }

    private void quotas(PolicyBuilder.RuleBuilder rule) {
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        QuotaMeasure measure = one(Arrays.asList(QuotaMeasure.values()));
        boolean sensitive = measure == QuotaMeasure.SENSITIVE_PATIENTS;
        if (!sensitive || !labels.isEmpty()) {
          long hard = random.nextInt(1, 100);
          rule.quota(new QuotaLimit(
              measure,
              one(Arrays.asList(QuotaScope.values())),
              hard,
              chance(50) ? OptionalLong.of(1 + random.nextLong(hard)) : OptionalLong.empty(),
              Duration.ofHours(random.nextInt(1, 48)),
              new TreeSet<>(sensitive ? some(labels, 1, 2) : List.of())));
        }
      }
    }

    private void conditions(PolicyBuilder.RuleBuilder rule, int least, int most) {
      if (byText && chance(70)) {
        rule.when(Condition.oneOf(
            chance(80) ? "record.department" : "actor.department",
            wide && chance(8) ? RARE : RandomPolicies.this.names(List.of(TEXTS), 1, 2)));
      }
      for (int i = random.nextInt(least, most + 1); i > 0; i--) {
        rule.when(condition(3));
      }
    }

    private Condition condition(int depth) {
      return switch (random.nextInt(depth > 1 ? 12 : 9)) {
        case 0 -> relations.isEmpty() ? condition(depth) : Condition.relation(one(relations));
        case 1 -> predicates.isEmpty() ? condition(depth) : Condition.predicate(one(predicates));
        case 2 -> labels.isEmpty() ? condition(depth) : Condition.label(one(labels));
        case 3 -> Condition.labelsWithin(RandomPolicies.this.names(labels, 0, labels.size()));
        case 4 ->
          Condition.oneOf(
              one(of(AttributeType.TEXTS)), RandomPolicies.this.names(List.of(TEXTS), 1, 3));
        case 5 -> oneOfText();
        case 6 -> range();
        case 7 -> Condition.flag(one(of(AttributeType.FLAG)));
        case 8 -> same();
        case 9 -> Condition.not(condition(depth - 1));
        case 10 -> new Condition.All(parts(depth));
        default -> new Condition.Any(parts(depth));
      };
    }

    private List<Condition> parts(int depth) {
      return IntStream.range(0, random.nextInt(1, 4))
          .mapToObj(i -> condition(depth - 1))
          .toList();
    }

    private Condition oneOfText() {
      String name = one(of(AttributeType.TEXT));
      return "context.recipient".equals(name)
          ? Condition.oneOf(name, one(RECIPIENTS).label())
          : Condition.oneOf(name, RandomPolicies.this.names(List.of(TEXTS), 1, 4));
    }

    private Condition range() {
      String name = one(of(AttributeType.INTEGER));
      int bound =
          "context.hour".equals(name) ? 24 : "context.weekday".equals(name) ? 8 : MAX_NUMBER;
      long from = random.nextInt(bound);
      return switch (random.nextInt(3)) {
        case 0 -> Condition.range(name, from, Long.MAX_VALUE);
        case 1 -> Condition.range(name, Long.MIN_VALUE, from);
        default -> Condition.range(name, from, from + random.nextInt(bound));
      };
    }

    private Condition same() {
      List<String> all = new ArrayList<>(of(AttributeType.TEXT));
      all.addAll(of(AttributeType.TEXTS));
      List<String> both = some(all, 2, 2);
      return Condition.same(both.get(0), both.get(1));
    }
  }

  /** Takes an edge of a graph. */
  private interface Edge {
    void add(String from, String to);
  }
}
