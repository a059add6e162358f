package org.openhipaa.testkit.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.PolicyBuilder;
import org.openhipaa.core.access.PolicyBuilder.RuleBuilder;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.Attributes;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordType;

/**
 * Random policies over so small a world that all requests can be tried. Each world has some of the
 * facts that a policy can depend on, with all values that rules can tell apart.
 */
final class SmallPolicies {
  static final List<String> GROUPS = List.of("a", "b", "c");

  /** Rules name the first two: of the others there are two, for they may be the same or not. */
  private static final List<String> TEXTS = List.of("x", "y", "z", "w");

  private static final RecordType TYPE = RecordType.of("chart");
  private static final List<Action> ACTIONS = List.of(Action.READ, Action.SEARCH);
  private static final List<Purpose> PURPOSES = List.of(Purpose.TREATMENT, Purpose.PAYMENT);
  private static final List<String> FIELDS = List.of("name", "note");
  private static final Instant MIDNIGHT = Instant.parse("2026-03-02T00:00:00Z");

  private final SplittableRandom random;
  private final List<Fact> facts = new ArrayList<>();
  private final boolean fields;
  private final boolean obligations;
  private final boolean nested;
  private final boolean listed;
  private final boolean separate;

  SmallPolicies(SplittableRandom random) {
    this.random = random;
    List<Fact> all = new ArrayList<>(List.of(Fact.values()));
    int product = 1;
    while (!all.isEmpty()) {
      Fact fact = all.remove(random.nextInt(all.size()));
      if (product * fact.values.size() <= 60) {
        facts.add(fact);
        product *= fact.values.size();
      }
    }
    fields = random.nextInt(4) > 0;
    obligations = random.nextInt(3) == 0;
    nested = random.nextBoolean();
    listed = random.nextInt(4) == 0;
    separate = random.nextInt(4) == 0;
  }

  /** A part of a request that conditions speak of. */
  private enum Fact {
    TREATING(3, (b, i) -> b),
    DEPARTMENT(
        TEXTS.size() + 1,
        (b, i) -> i == TEXTS.size()
            ? b
            : b.attributes(b.build().attributes().with("department", TEXTS.get(i)))),
    VIP(3, (b, i) -> i == 2 ? b : b.attributes(b.build().attributes().with("vip", i == 1))),
    LEVEL(
        6,
        (b, i) ->
            i == 5 ? b : b.context(b.build().context().with("level", i == 4 ? 9L : (long) i))),
    /** Subsets of the labels low, high (which implies low) and one that is not declared. */
    LABELS(7, (b, i) -> switch (i) {
      case 0 -> b.labels(Set.of());
      case 1 -> b.labels(Set.of("low"));
      case 2 -> b.labels(Set.of("high"));
      case 3 -> b.labels(Set.of("undeclared"));
      case 4 -> b.labels(Set.of("low", "undeclared"));
      case 5 -> b.labels(Set.of("high", "undeclared"));
      default -> b;
    }),
    HOUR(4, (b, i) -> i == 3 ? b : b.at(MIDNIGHT.plus(Duration.ofHours(8L * i)))),
    WORKPLACE(TEXTS.size() + 1, (b, i) -> b);

    private final List<Integer> values;
    private final Setter setter;

    Fact(int values, Setter setter) {
      this.values = java.util.stream.IntStream.range(0, values).boxed().toList();
      this.setter = setter;
    }
  }

  /** Puts a value into a request. */
  private interface Setter {
    AccessRequest.Builder put(AccessRequest.Builder into, int value);
  }

  AccessPolicy policy(int rules) {
    for (int attempt = 0; ; attempt++) {
      try {
        return draw(rules);
      } catch (IllegalArgumentException e) {
        // A contradiction that the builder sees.
        if (attempt == 1_000) {
          throw e;
        }
      }
    }
  }

  private AccessPolicy draw(int rules) {
    PolicyBuilder builder = AccessPolicy.builder("small")
        .groups("a", "b", "c")
        .relations("treating")
        .labels("low", "high")
        .implies("high", "low")
        .attribute(
            "record.department",
            AttributeType.TEXT,
            listed ? new String[] {"x", "y"} : new String[0])
        .attribute("actor.department", AttributeType.TEXT)
        .attribute("record.vip", AttributeType.FLAG)
        .attribute("context.level", AttributeType.INTEGER)
        .recordType("chart", fields ? FIELDS.toArray(String[]::new) : new String[0]);
    if (nested) {
      builder.memberOf("b", "a");
    }
    if (separate) {
      builder.separateDuties(nested ? "c" : "a", "b");
    }
    for (int i = 0; i < rules; i++) {
      if (random.nextInt(3) == 0) {
        builder.deny("rule-" + i, this::denial);
      } else {
        builder.permit("rule-" + i, this::permit);
      }
    }
    return builder.build();
  }

  private void denial(RuleBuilder rule) {
    rule.groups(some(GROUPS, 0, 2).toArray(String[]::new))
        .actions(some(ACTIONS, 1, 2).toArray(Action[]::new))
        .recordType("chart")
        .purposes(some(PURPOSES, 0, 1).toArray(Purpose[]::new));
    conditions(rule, 1);
  }

  private void permit(RuleBuilder rule) {
    rule.groups(some(GROUPS, 1, 2).toArray(String[]::new))
        .actions(some(ACTIONS, 1, 2).toArray(Action[]::new))
        .recordType("chart")
        .purposes(some(PURPOSES, 1, 2).toArray(Purpose[]::new));
    conditions(rule, 2);
    if (fields) {
      for (String field : some(FIELDS, 1, 2)) {
        rule.mask(
            random.nextInt(4) > 0
                ? Mask.SHOW
                : random.nextBoolean() ? Mask.INITIAL : Mask.LAST_FOUR,
            field);
      }
    }
    if (random.nextInt(8) == 0) {
      rule.assurance(Assurance.AAL2);
    }
    if (obligations) {
      oblige(rule);
    }
  }

  private void oblige(RuleBuilder rule) {
    switch (random.nextInt(8)) {
      case 0 -> rule.reasonRequired();
      case 1 -> rule.approvers(some(GROUPS, 1, 2).toArray(String[]::new));
      case 2 -> rule.timeToLive(Duration.ofMinutes(1 + random.nextInt(2)));
      case 3 -> rule.notified(some(GROUPS, 1, 1).toArray(String[]::new));
      case 4 -> rule.watermark("seen");
      default -> {
        // Nothing to do.
      }
    }
  }

  private void conditions(RuleBuilder rule, int most) {
    for (int i = random.nextInt(most + 1); i > 0 && !facts.isEmpty(); i--) {
      rule.when(condition(3));
    }
  }

  private Condition condition(int depth) {
    int kind = depth > 1 ? random.nextInt(6) : 5;
    return switch (kind) {
      case 0 -> Condition.not(condition(depth - 1));
      case 1 -> Condition.all(condition(depth - 1), condition(depth - 1));
      case 2 -> Condition.any(condition(depth - 1), condition(depth - 1));
      default -> about(facts.get(random.nextInt(facts.size())));
    };
  }

  private Condition about(Fact fact) {
    return switch (fact) {
      case TREATING -> Condition.relation("treating");
      case DEPARTMENT ->
        Condition.oneOf("record.department", some(List.of("x", "y"), 1, 2).toArray(String[]::new));
      case VIP -> Condition.flag("record.vip");
      case LEVEL -> {
        int from = random.nextInt(4);
        yield Condition.range("context.level", from, from + random.nextInt(4 - from));
      }
      case LABELS ->
        random.nextBoolean()
            ? Condition.label(random.nextBoolean() ? "low" : "high")
            : Condition.labelsWithin(some(List.of("low", "high"), 0, 1).toArray(String[]::new));
      case HOUR -> {
        int from = random.nextInt(3);
        yield Condition.range(
            "context.hour", 8L * from, 8L * (from + random.nextInt(3 - from)) + 7);
      }
      case WORKPLACE ->
        facts.contains(Fact.DEPARTMENT)
            ? Condition.same("actor.department", "record.department")
            : Condition.oneOf("actor.department", "x", "y");
    };
  }

  /** Every request for one action and purpose, as far as it can make a difference. */
  List<AccessRequest> requests() {
    List<AccessRequest> all = new ArrayList<>();
    List<int[]> values = new ArrayList<>();
    values.add(new int[facts.size()]);
    for (int i = 0; i < facts.size(); i++) {
      List<int[]> more = new ArrayList<>();
      for (int[] before : values) {
        for (int value : facts.get(i).values) {
          int[] with = before.clone();
          with[i] = value;
          more.add(with);
        }
      }
      values = more;
    }
    for (int in = 0; in < 8; in++) {
      Set<Group> groups = new HashSet<>();
      for (int i = 0; i < GROUPS.size(); i++) {
        if ((in >> i & 1) == 1) {
          groups.add(Group.of(GROUPS.get(i)));
        }
      }
      for (Assurance assurance : List.of(Assurance.AAL1, Assurance.AAL2)) {
        for (Action action : ACTIONS) {
          for (Purpose purpose : PURPOSES) {
            for (int[] chosen : values) {
              all.add(request(groups, assurance, action, purpose, chosen));
            }
          }
        }
      }
    }
    return all;
  }

  private AccessRequest request(
      Set<Group> groups, Assurance assurance, Action action, Purpose purpose, int[] chosen) {
    Attributes of = Attributes.none();
    int workplace = facts.indexOf(Fact.WORKPLACE);
    if (workplace >= 0 && chosen[workplace] < TEXTS.size()) {
      of = of.with("department", TEXTS.get(chosen[workplace]));
    }
    Actor actor =
        Actor.authenticated(ActorId.of("eve"), groups, assurance, MIDNIGHT).with(of);
    int treating = facts.indexOf(Fact.TREATING);
    AccessRequest.Builder builder = AccessRequest.builder(actor, action, TYPE, purpose)
        .patient(PatientId.of("p"))
        .reason("asked to")
        .approver(approver(Set.of(Group.of("a"), Group.of("b"), Group.of("c"))));
    if (treating >= 0) {
      builder.relations((name, who, patient) -> {
        if (chosen[treating] == 2) {
          throw new IllegalStateException("not known");
        }
        return chosen[treating] == 1;
      });
    }
    for (int i = 0; i < chosen.length; i++) {
      builder = facts.get(i).setter.put(builder, chosen[i]);
    }
    return builder.build();
  }

  private static Actor approver(Set<Group> groups) {
    return Actor.authenticated(ActorId.of("second"), groups, Assurance.AAL1, MIDNIGHT);
  }

  /** Other requests that bring along less. */
  List<UnaryOperator<AccessRequest>> lacks() {
    List<UnaryOperator<AccessRequest>> lacks = new ArrayList<>();
    lacks.add(request -> request);
    if (obligations) {
      lacks.add(request -> request.toBuilder().reason(" ").build());
      for (int in = 0; in < 7; in++) {
        Set<Group> groups = new HashSet<>();
        for (int i = 0; i < GROUPS.size(); i++) {
          if ((in >> i & 1) == 1) {
            groups.add(Group.of(GROUPS.get(i)));
          }
        }
        lacks.add(request -> request.toBuilder().approver(approver(groups)).build());
      }
    }
    return lacks;
  }

  <T> List<T> some(List<T> of, int least, int most) {
    List<T> left = new ArrayList<>(of);
    List<T> chosen = new ArrayList<>();
    int count = random.nextInt(least, most + 1);
    while (chosen.size() < count) {
      chosen.add(left.remove(random.nextInt(left.size())));
    }
    return chosen;
  }
}
