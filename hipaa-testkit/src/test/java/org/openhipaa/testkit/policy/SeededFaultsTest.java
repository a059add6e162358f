package org.openhipaa.testkit.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.BreakGlassTicket;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.analysis.Difference;
import org.openhipaa.core.access.analysis.Finding;
import org.openhipaa.core.access.analysis.PolicyAnalysis;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.Rule;
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
import org.openhipaa.core.record.RecordType;

/** Faults are put into faultless policies by chance, and the analysis has to find each. */
class SeededFaultsTest {
  private static final long SEED = Long.getLong("test.seed", 20261124L);
  private static final int FAULTS = Integer.getInteger("seeded.faults", 400);
  private static final int PER_POLICY = 12;
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

  private final SplittableRandom random = new SplittableRandom(SEED);
  private int number;

  private AccessPolicy clean() {
    return new WardPolicies(random).policy(PER_POLICY + random.nextInt(4));
  }

  private AccessPolicy sample() {
    return AccessPolicy.load(java.nio.file.Path.of("../samples/hospital-policy/policy.yaml"));
  }

  @Test
  void findings_faultlessPolicies_none() {
    for (int wards = 1; wards < 20; wards += 6) {
      assertThat(PolicyAnalysis.of(new WardPolicies(random).policy(wards)).findings())
          .extracting(Finding::what)
          .isEmpty();
    }
  }

  @Test
  void findings_seededFaults_eachFound() {
    for (int done = 0; done < FAULTS; done += PER_POLICY) {
      AccessPolicy base = clean();
      List<Rule> rules = new ArrayList<>(base.model().rules());
      Map<String, Set<Finding.Kind>> expected = new TreeMap<>();
      Set<String> touched = new TreeSet<>();
      for (int ward = 0; ward < PER_POLICY; ward++) {
        String name = WardPolicies.ward(ward);
        Rule victim = victim(base, ward);
        Faulty faulty = fault(name, victim);
        rules.remove(victim);
        rules.addAll(faulty.rules);
        expected.put(faulty.id, faulty.kinds);
        touched.add(name + "-");
      }
      Collections.shuffle(rules, new java.util.Random(random.nextLong()));
      AccessPolicy policy = Policies.with(base.model(), rules);

      List<Finding> found = PolicyAnalysis.of(policy).findings();
      Map<String, Finding.Kind> kinds = found.stream()
          .collect(Collectors.toMap(finding -> finding.rules().get(0), Finding::kind));
      expected.forEach((id, kind) -> assertThat(kinds.get(id))
          .as(
              "seed %s, %s: %s",
              SEED, id, rules.stream().filter(r -> r.id().equals(id)).toList())
          .isIn(kind));
      // Rules of wards without fault stay without finding.
      assertThat(kinds.keySet())
          .allMatch(id -> touched.stream().anyMatch(id::startsWith) || id.startsWith("f"));
    }
  }

  /** A permit of the ward that applies at all times but for its own conditions. */
  private Rule victim(AccessPolicy base, int ward) {
    List<Rule> of = base.model().rules().stream()
        .filter(rule -> rule.permits() && rule.id().startsWith("w" + ward + "-"))
        .toList();
    return of.get(random.nextInt(of.size()));
  }

  /** Rules that replace a victim, and what has to be found of one of them. */
  private record Faulty(List<Rule> rules, String id, Set<Finding.Kind> kinds) {}

  private Faulty fault(String ward, Rule victim) {
    return random.nextInt(3) == 0
        ? redundant(victim)
        : random.nextBoolean() ? unreachable(victim) : shadowed(ward, victim);
  }

  private Faulty unreachable(Rule victim) {
    Condition contradiction = pick(List.of(
        all(range(1, 3), not(range(0, 5))),
        all(range(4, 6), any(range(1, 2), range(8, 9))),
        all(any(range(0, 3), range(7, 9)), any(range(4, 6), range(10, 12))),
        all(status("open"), not(status("open", "closed"))),
        all(any(status("open"), status("closed")), not(any(status("open"), status("closed")))),
        all(Condition.flag("record.vip"), any(not(Condition.flag("record.vip")))),
        all(rel("treating"), not(any(rel("treating"), rel("family")))),
        all(any(rel("treating"), rel("family")), not(rel("treating")), not(rel("family"))),
        all(Condition.label("psychotherapy"), not(Condition.label("restricted"))),
        all(Condition.label("notes-of-therapist"), not(any(Condition.label("restricted")))),
        all(Condition.labelsWithin(), Condition.label("hiv")),
        all(Condition.labelsWithin("psychotherapy"), Condition.label("hiv")),
        all(
            Condition.labelsWithin("restricted", "hiv"),
            any(Condition.label("psychotherapy"), Condition.label("notes-of-therapist"))),
        all(not(Condition.oneOf(
            "context.recipient",
            Arrays.stream(Recipient.values()).map(Recipient::label).toArray(String[]::new)))),
        all(
            not(Condition.range("context.weekday", 1, 5)),
            Condition.range("context.weekday", 2, 5)),
        all(not(
            any(Condition.range("context.hour", 0, 11), Condition.range("context.hour", 12, 23)))),
        all(
            Condition.same("actor.ward", "record.ward"),
            Condition.oneOf("actor.ward", "elsewhere")),
        all(
            Condition.same("actor.ward", "record.ward"),
            Condition.oneOf("actor.skills", "a"),
            not(Condition.same("record.ward", "actor.ward"))),
        all(
            Condition.same("actor.skills", "record.topics"),
            not(any(Condition.same("record.topics", "actor.skills")))),
        all(
            Condition.oneOf("actor.skills", "a"),
            Condition.oneOf("record.topics", "a", "b"),
            Condition.oneOf("record.topics", "a"),
            not(Condition.same("actor.skills", "record.topics"))),
        any(all(rel("family"), not(rel("family"))), all(range(1, 1), not(range(1, 1))))));
    // What contradicts itself plainly, the builder refuses.
    Rule broken = with(victim, all(victim.condition(), any(contradiction)));
    return new Faulty(List.of(broken), broken.id(), Set.of(Finding.Kind.UNREACHABLE));
  }

  private Faulty shadowed(String ward, Rule victim) {
    List<Rule> rules = new ArrayList<>();
    Condition here = Condition.oneOf("record.ward", ward);
    Optional<Condition> more = Optional.empty();
    Set<Finding.Kind> kinds = Set.of(Finding.Kind.SHADOWED);
    switch (random.nextInt(12)) {
      case 0 -> rules.add(denial(victim, victim.groups(), victim.condition()));
      case 1 -> rules.add(denial(victim, Set.of(), here));
      case 2 -> rules.add(denial(victim, Set.of("workforce"), here));
      case 3 -> {
        rules.add(denial(victim, victim.groups(), all(here, Condition.flag("record.vip"))));
        rules.add(denial(victim, victim.groups(), all(here, not(Condition.flag("record.vip")))));
      }
      case 4 ->
        victim
            .actions()
            .forEach(action -> victim
                .purposes()
                .forEach(purpose ->
                    rules.add(narrowed(denial(victim, victim.groups(), here), action, purpose))));
      case 5 -> {
        more = Optional.of(Condition.label("notes-of-therapist"));
        rules.add(denial(victim, Set.of(), all(here, Condition.label("restricted"))));
      }
      case 6 -> {
        more = Optional.of(range(3, 9));
        rules.add(denial(victim, Set.of(), all(here, range(0, 5))));
        rules.add(denial(victim, Set.of(), all(here, range(6, 20))));
      }
      case 7 -> {
        more = Optional.of(Condition.range("context.hour", 6, 22));
        rules.add(denial(victim, Set.of(), all(here, Condition.range("context.hour", 0, 12))));
        rules.add(denial(victim, Set.of(), all(here, Condition.range("context.hour", 13, 23))));
      }
      case 8 -> {
        more = Optional.of(Condition.oneOf("actor.ward", "x", "y", "z"));
        rules.add(denial(victim, Set.of(), all(here, Condition.oneOf("actor.ward", "x", "q"))));
        rules.add(denial(victim, Set.of(), Condition.oneOf("actor.ward", "z", "y")));
      }
      case 9 -> {
        rules.add(denial(victim, Set.of(), all(here, not(rel("treating")))));
        rules.add(denial(victim, Set.of(), any(all(here, rel("treating")), range(700, 800))));
      }
      case 10 -> {
        // Nobody lists another status than these, though the engine would decide on one.
        more = Optional.of(not(status("open", "closed", "archived")));
        kinds = Set.of(Finding.Kind.UNLISTED_ONLY);
      }
      default -> {
        more = Optional.of(Condition.labelsWithin("psychotherapy"));
        rules.add(denial(victim, Set.of(), all(here, Condition.labelsWithin("restricted", "hiv"))));
        rules.add(denial(
            victim,
            Set.of(),
            all(here, any(Condition.label("psychotherapy"), Condition.label("hiv")))));
      }
    }
    Rule dead = with(victim, more.map(demand -> all(here, any(demand))).orElse(victim.condition()));
    // A denial for the groups above covers those below, but not the groups that are beside them.
    if (rules.stream().anyMatch(rule -> rule.groups().contains(Group.of("workforce")))
        && !Set.of("physician", "nurse").containsAll(texts(victim.groups()))) {
      dead = with(dead, groups("nurse", "intern"));
    }
    rules.add(dead);
    return new Faulty(rules, dead.id(), kinds);
  }

  private Faulty redundant(Rule victim) {
    String id = "f" + number++;
    Set<Finding.Kind> kinds = Set.of(Finding.Kind.REDUNDANT);
    Rule plain = with(victim, victim.condition(), Rule.Obligations.NONE);
    List<Rule> rules = new ArrayList<>(List.of(plain));
    Condition more = pick(
        List.of(rel("family"), range(1, 4), Condition.flag("record.vip"), Condition.label("hiv")));
    switch (random.nextInt(5)) {
      case 0 -> rules.add(named(with(plain, all(plain.condition(), more)), id));
      case 1 ->
        rules.add(named(
            narrowed(
                plain,
                plain.actions().iterator().next(),
                plain.purposes().iterator().next()),
            id));
      case 2 -> {
        Rule wide = with(plain, groups("clinician"));
        rules.set(0, wide);
        rules.add(named(with(plain, groups("intern", "nurse")), id));
      }
      case 3 -> {
        // What holds wherever the flag is known is covered by two halves.
        Condition vip = Condition.flag("record.vip");
        rules.set(0, with(plain, all(plain.condition(), vip)));
        rules.add(named(with(plain, all(plain.condition(), not(vip))), "g" + id));
        rules.add(named(with(plain, all(plain.condition(), any(vip, not(vip)), more)), id));
      }
      default -> {
        // More fields make no difference: the stricter wins.
        SortedMap<FieldPath, Mask> fields = new TreeMap<>(plain.fields());
        fields.put(FieldPath.of("note"), Mask.SHOW);
        rules.add(named(with(with(plain, all(plain.condition(), more)), fields), id));
      }
    }
    return new Faulty(rules, id, kinds);
  }

  @Test
  void difference_seededOverGrants_eachShownWithWitness() {
    int shown = 0;
    for (int done = 0; done < FAULTS; done++) {
      AccessPolicy base =
          done % 4 == 0 ? sample() : new WardPolicies(random).policy(1 + random.nextInt(6));
      List<Rule> rules = new ArrayList<>(base.model().rules());
      int place = random.nextInt(rules.size());
      Rule rule = rules.get(place);
      Optional<Rule> wider = rule.permits() ? Optional.of(wider(base, rule)) : Optional.empty();
      rules.remove(place);
      wider.ifPresent(rules::add);
      AccessPolicy other = Policies.with(base.model(), rules);
      String fault = "seed " + SEED + ", over-grant " + done + ": " + rule + " -> " + wider;

      List<Difference> found = PolicyAnalysis.of(base).difference(other);
      for (Difference difference : found) {
        AccessRequest witness = difference.witness().request();
        assertThat(Told.by(base.decide(witness)))
            .as(fault)
            .isNotEqualTo(Told.by(other.decide(witness)));
      }
      for (int i = 0; i < 300; i++) {
        AccessRequest request = request(base, rule, wider.orElse(rule));
        Decision before = base.decide(request);
        Decision after = other.decide(request);
        if (!Told.by(before).equals(Told.by(after))) {
          boolean gained = after.permitted() && !before.permitted();
          assertThat(found)
              .as(fault)
              .anyMatch(difference -> difference.type().equals(request.type())
                  && difference.uses().stream()
                      .anyMatch(use ->
                          use.action() == request.action() && use.purpose() == request.purpose())
                  && (!gained
                      || difference.kind() == Difference.Kind.GAINED
                      || difference.kind() == Difference.Kind.OBLIGATION));
          shown++;
          break;
        }
      }
    }
    assertThat(shown).isGreaterThan(FAULTS * 6 / 10);
  }

  /** A permit that gives more than another in one way. */
  private Rule wider(AccessPolicy policy, Rule rule) {
    List<Rule> all = new ArrayList<>();
    Set<Group> groups = new TreeSet<>(rule.groups());
    groups.add(pick(List.copyOf(policy.model().groups().keySet())));
    all.add(with(rule, new TreeSet<>(groups)));
    Set<Action> actions = EnumSet.copyOf(rule.actions());
    actions.add(pick(List.of(Action.values())));
    Set<Purpose> purposes = EnumSet.copyOf(rule.purposes());
    purposes.add(pick(List.of(Purpose.values())));
    all.add(covering(rule, actions, rule.purposes()));
    all.add(covering(rule, rule.actions(), purposes));
    all.add(with(rule, wider(rule.condition())));
    all.add(with(rule, wider(rule.condition())));
    all.add(with(rule, Condition.ALWAYS));
    all.add(with(rule, rule.condition(), Rule.Obligations.NONE));
    if (rule.breakGlass() || rule.assurance() != Assurance.AAL1) {
      all.add(open(rule));
    }
    List<FieldPath> fields = List.copyOf(policy.model().types().get(rule.types().first()));
    if (!fields.isEmpty()) {
      SortedMap<FieldPath, Mask> shown = new TreeMap<>(rule.fields());
      shown.put(pick(fields), Mask.SHOW);
      all.add(with(rule, shown));
    }
    return pick(all);
  }

  private Condition wider(Condition condition) {
    if (condition instanceof Condition.All parts && !parts.parts().isEmpty()) {
      List<Condition> some = new ArrayList<>(parts.parts());
      int place = random.nextInt(some.size());
      Condition part = some.remove(place);
      if (random.nextInt(3) > 0) {
        some.add(part instanceof Condition.All ? any(part, status("closed")) : wider(part));
      }
      return new Condition.All(some);
    } else if (condition instanceof Condition.OneOf oneOf) {
      SortedSet<String> values = new TreeSet<>(oneOf.values());
      String more = oneOf.attribute().name().equals("status") ? "archived" : "w-more";
      if (oneOf.attribute().equals(AttributeName.of("context.recipient"))) {
        more = "court";
      } else if (oneOf.attribute().name().equals("network")) {
        more = "remote";
      } else if (oneOf.attribute().name().equals("status")
          && values.contains("open")
          && values.size() == 1) {
        more = "closed";
      }
      values.add(more);
      return new Condition.OneOf(oneOf.attribute(), values);
    } else if (condition instanceof Condition.Range range) {
      return random.nextBoolean()
          ? new Condition.Range(range.attribute(), range.from() - 1, range.to())
          : new Condition.Range(range.attribute(), range.from(), range.to() + 1);
    } else if (condition instanceof Condition.LabelsWithin) {
      return Condition.labelsWithin("restricted");
    }
    return condition.equals(Condition.ALWAYS) ? condition : any(condition, status("closed"));
  }

  /** A request near what the rules before and after cover. */
  private AccessRequest request(AccessPolicy policy, Rule before, Rule after) {
    List<Group> groups = after.groups().isEmpty()
        ? List.copyOf(policy.model().groups().keySet())
        : List.copyOf(after.groups());
    Set<Group> in = new HashSet<>(Set.of(pick(groups)));
    Actor actor = Actor.authenticated(
            ActorId.of("eve"), in, pick(List.of(Assurance.AAL1, Assurance.AAL3)), NOON)
        .with(attributes(after, AttributeName.Side.ACTOR));
    Set<Purpose> purposes =
        after.purposes().isEmpty() ? EnumSet.allOf(Purpose.class) : after.purposes();
    List<RecordType> types =
        List.copyOf(after.types().isEmpty() ? policy.model().types().keySet() : after.types());
    Set<String> relations = some(policy.model().relations());
    Set<String> predicates = some(policy.model().predicates().keySet());
    AccessRequest.Builder builder = AccessRequest.builder(
            actor, pick(List.copyOf(after.actions())), pick(types), pick(List.copyOf(purposes)))
        .patient(PatientId.of("p"))
        .session("s")
        .attributes(attributes(after, AttributeName.Side.RECORD))
        .context(attributes(after, AttributeName.Side.CONTEXT))
        .labels(random.nextBoolean() ? Set.of() : some(policy.model().labels().keySet()))
        .relations((name, who, patient) -> relations.contains(name))
        .predicates((name, asked) -> predicates.contains(name))
        .recipient(pick(List.of(Recipient.HEALTH_PLAN, Recipient.COURT)))
        .at(NOON.plusSeconds(3_600L * random.nextInt(24)));
    if (random.nextInt(4) > 0) {
      builder
          .reason("asked to")
          .approver(Actor.authenticated(
              ActorId.of("second"), policy.model().groups().keySet(), Assurance.AAL1, NOON));
    }
    if (random.nextBoolean()) {
      builder.ticket(BreakGlassTicket.forSession(
          "t", ActorId.of("eve"), "s", NOON.minusSeconds(1), NOON.plusSeconds(90_000)));
    }
    return builder.build();
  }

  /** Values near those that the condition asks for. */
  private Attributes attributes(Rule rule, AttributeName.Side side) {
    Attributes attributes = Attributes.none();
    for (Condition part : leaves(rule.condition())) {
      if (part instanceof Condition.OneOf oneOf && oneOf.attribute().side() == side) {
        attributes = attributes.with(oneOf.attribute().name(), pick(List.copyOf(oneOf.values())));
      } else if (part instanceof Condition.Range range && range.attribute().side() == side) {
        attributes =
            attributes.with(range.attribute().name(), pick(List.of(range.from(), range.to())));
      } else if (part instanceof Condition.Same same) {
        String ward = random.nextBoolean()
            ? "w0"
            : rule.id().contains("-") ? rule.id().substring(0, rule.id().indexOf('-')) : "w1";
        AttributeName name = same.left().side() == side ? same.left() : same.right();
        if (name.side() == side && !attributes.names().contains(name.name())) {
          attributes = attributes.with(name.name(), ward);
        }
      }
    }
    if (side == AttributeName.Side.RECORD && random.nextInt(4) > 0) {
      attributes = attributes.with("vip", random.nextBoolean());
      attributes = attributes.with("employee", random.nextInt(4) == 0);
      if (!attributes.names().contains("status")) {
        attributes = attributes.with("status", "closed");
      }
    }
    return attributes;
  }

  private static List<Condition> leaves(Condition condition) {
    List<Condition> leaves = new ArrayList<>();
    if (condition instanceof Condition.All all) {
      all.parts().forEach(part -> leaves.addAll(leaves(part)));
    } else if (condition instanceof Condition.Any any) {
      any.parts().forEach(part -> leaves.addAll(leaves(part)));
    } else if (condition instanceof Condition.Not not) {
      leaves.addAll(leaves(not.part()));
    } else {
      leaves.add(condition);
    }
    return leaves;
  }

  @Test
  void difference_sameRulesWrittenDifferently_empty() {
    for (int done = 0; done < FAULTS; done += 10) {
      AccessPolicy base = new WardPolicies(random).policy(1 + random.nextInt(4));
      List<Rule> rules = new ArrayList<>();
      for (Rule rule : base.model().rules()) {
        rules.addAll(rewritten(rule));
      }
      Collections.shuffle(rules, new java.util.Random(random.nextLong()));
      AccessPolicy other = Policies.with(base.model(), rules);

      assertThat(PolicyAnalysis.of(base).difference(other))
          .as("seed %s, policy %s", SEED, done)
          .extracting(difference -> difference.what() + " " + difference.witness())
          .isEmpty();
    }
  }

  private List<Rule> rewritten(Rule rule) {
    boolean quotas = !rule.obligations().quotas().isEmpty();
    String id = quotas ? rule.id() : "f" + number++;
    if (rule.condition().equals(Condition.ALWAYS)) {
      return List.of(quotas ? rule : named(rule, id));
    }
    return switch (random.nextInt(quotas ? 3 : 6)) {
      case 0 -> List.of(named(with(rule, not(not(rule.condition()))), id));
      case 1 -> List.of(named(with(rule, any(rule.condition(), rule.condition())), id));
      case 2 -> List.of(rule);
      case 3 ->
        rule.actions().stream()
            .map(action -> named(covering(rule, Set.of(action), rule.purposes()), "f" + number++))
            .toList();
      case 4 -> List.of(rule, named(with(rule, all(rule.condition(), rel("family"))), id));
      default -> {
        Condition vip = Condition.flag("record.vip");
        yield List.of(
            named(with(rule, all(rule.condition(), any(vip, rel("family")))), id),
            named(with(rule, rule.condition()), "f" + number++));
      }
    };
  }

  private <T> T pick(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private Set<String> some(Set<String> of) {
    Set<String> some = new TreeSet<>(of);
    some.removeIf(one -> random.nextInt(3) == 0);
    return some;
  }

  private Rule denial(Rule victim, Set<?> groups, Condition condition) {
    SortedSet<Group> of = new TreeSet<>();
    groups.forEach(group -> of.add(Group.of(group.toString())));
    return new Rule(
        "f" + number++,
        Rule.Effect.DENY,
        of,
        victim.actions(),
        victim.types(),
        random.nextBoolean() ? Set.of() : victim.purposes(),
        condition,
        Assurance.AAL1,
        false,
        new TreeMap<>(),
        Rule.Obligations.NONE);
  }

  private Rule narrowed(Rule rule, Action action, Purpose purpose) {
    Rule one = covering(rule, Set.of(action), Set.of(purpose));
    return rule.permits() ? one : named(one, "f" + number++);
  }

  /** Leaves out what holds always: the builder takes no empty conjunction. */
  private static Condition all(Condition... parts) {
    List<Condition> some =
        Arrays.stream(parts).filter(part -> !part.equals(Condition.ALWAYS)).toList();
    return new Condition.All(some);
  }

  private static Condition any(Condition... parts) {
    return Condition.any(parts);
  }

  private static Condition not(Condition part) {
    return Condition.not(part);
  }

  private static Condition rel(String name) {
    return Condition.relation(name);
  }

  private static Condition range(long from, long to) {
    return Condition.range("record.level", from, to);
  }

  private static Condition status(String... values) {
    return Condition.oneOf("record.status", values);
  }

  private static SortedSet<Group> groups(String... names) {
    return new TreeSet<>(Arrays.stream(names).map(Group::of).toList());
  }

  private static Set<String> texts(Set<Group> groups) {
    return groups.stream().map(Group::value).collect(Collectors.toSet());
  }

  private static Rule with(Rule r, SortedSet<Group> groups) {
    return RuleParts.changed(r, parts -> parts.groups = groups);
  }

  private static Rule covering(Rule r, Set<Action> actions, Set<Purpose> purposes) {
    return RuleParts.changed(r, parts -> {
      parts.actions = actions;
      parts.purposes = purposes;
    });
  }

  private static Rule with(Rule r, Condition condition) {
    return RuleParts.changed(r, parts -> parts.condition = condition);
  }

  private static Rule with(Rule r, Condition condition, Rule.Obligations obligations) {
    return RuleParts.changed(r, parts -> {
      parts.condition = condition;
      parts.obligations = obligations;
    });
  }

  private static Rule with(Rule r, SortedMap<FieldPath, Mask> fields) {
    return RuleParts.changed(r, parts -> parts.fields = fields);
  }

  private static Rule open(Rule r) {
    return RuleParts.changed(r, parts -> {
      parts.assurance = Assurance.AAL1;
      parts.breakGlass = false;
    });
  }

  private static Rule named(Rule r, String id) {
    return RuleParts.changed(r, parts -> parts.id = id);
  }
}
