package org.openhipaa.testkit.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.access.rules.Rule.Obligations;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;

/** Policies that differ from one in a single mistake, each with a sentence that says which. */
final class Mutants {
  private final PolicyModel model;
  private final Map<String, AccessPolicy> made = new LinkedHashMap<>();

  private Mutants(PolicyModel model) {
    this.model = model;
  }

  static Map<String, AccessPolicy> of(PolicyModel model) {
    Mutants mutants = new Mutants(model);
    for (int i = 0; i < model.rules().size(); i++) {
      mutants.mutate(i);
    }
    return mutants.made;
  }

  private void mutate(int number) {
    Rule rule = model.rules().get(number);
    Draft draft = new Draft(number, rule);
    if (model.rules().size() > 1) {
      List<Rule> rules = new ArrayList<>(model.rules());
      rules.remove(number);
      add("without rule " + rule.id(), rules);
    }
    draft.flip();
    draft.conditions();
    draft.coverage();
    if (rule.permits()) {
      draft.fields();
      draft.safeguards();
      draft.obligations();
    }
  }

  private void add(String sentence, List<Rule> rules) {
    try {
      AccessPolicy policy = Policies.with(model, rules);
      if (!policy.model().equals(model)) {
        made.put(sentence, policy);
      }
    } catch (IllegalArgumentException e) {
      // No policy can have such a rule, so nobody can make the mistake.
      return;
    }
  }

  /** Everything but one, for each. */
  private static <T> Map<T, List<T>> withoutEach(Collection<T> all) {
    Map<T, List<T>> map = new LinkedHashMap<>();
    if (all.size() > 1) {
      for (T one : all) {
        map.put(one, all.stream().filter(other -> !other.equals(one)).toList());
      }
    }
    return map;
  }

  /** Mistakes in one rule. */
  private final class Draft {
    private final int number;
    private final Rule rule;

    Draft(int number, Rule rule) {
      this.number = number;
      this.rule = rule;
    }

    private void mutant(String what, Rule changed) {
      List<Rule> rules = new ArrayList<>(model.rules());
      rules.set(number, changed);
      add("rule " + rule.id() + " " + what, rules);
    }

    private void mutant(String what, Consumer<RuleParts> change) {
      mutant(what, RuleParts.changed(rule, change));
    }

    private void oblige(String what, Function<Obligations, Obligations> change) {
      mutant(what, parts -> parts.obligations = change.apply(parts.obligations));
    }

    void flip() {
      if (rule.permits()) {
        mutant("denies instead of permitting", parts -> {
          parts.effect = Rule.Effect.DENY;
          parts.assurance = Assurance.AAL1;
          parts.breakGlass = false;
          parts.fields = new TreeMap<>();
          parts.obligations = Obligations.NONE;
        });
      } else if (rule.types().size() == 1) {
        mutant("permits instead of denying", parts -> {
          parts.effect = Rule.Effect.PERMIT;
          parts.groups = orAll(rule.groups(), model.groups().keySet());
          parts.purposes =
              rule.purposes().isEmpty() ? EnumSet.allOf(Purpose.class) : rule.purposes();
          model
              .types()
              .getOrDefault(rule.types().first(), new TreeSet<>())
              .forEach(field -> parts.fields.put(field, Mask.SHOW));
        });
      }
    }

    private SortedSet<Group> orAll(SortedSet<Group> some, Set<Group> all) {
      return some.isEmpty() ? new TreeSet<>(all) : some;
    }

    void conditions() {
      List<Condition> all = Policies.conditions(rule);
      for (int i = 0; i < all.size(); i++) {
        String text = PolicyText.of(all.get(i));
        List<Condition> dropped = new ArrayList<>(all);
        dropped.remove(i);
        mutant("no longer asks for " + text, parts -> parts.condition = new Condition.All(dropped));
        List<Condition> negated = new ArrayList<>(all);
        negated.set(i, Condition.not(all.get(i)));
        mutant(
            "asks for the opposite of " + text,
            parts -> parts.condition = new Condition.All(negated));
      }
    }

    void coverage() {
      if (!rule.purposes().isEmpty()) {
        mutant("covers every purpose", parts -> parts.purposes = EnumSet.allOf(Purpose.class));
      }
      withoutEach(rule.purposes())
          .forEach((purpose, others) -> mutant(
              "no longer covers the purpose " + purpose.label(),
              parts -> parts.purposes = Set.copyOf(others)));
      mutant("covers every action", parts -> parts.actions = EnumSet.allOf(Action.class));
      withoutEach(rule.actions())
          .forEach((action, others) -> mutant(
              "no longer covers the action " + action.label(),
              parts -> parts.actions = Set.copyOf(others)));
      if (!rule.groups().isEmpty()) {
        mutant(
            "covers every group",
            parts -> parts.groups = new TreeSet<>(model.groups().keySet()));
      }
      withoutEach(rule.groups())
          .forEach((group, others) -> mutant(
              "no longer covers the group " + group.value(),
              parts -> parts.groups = new TreeSet<>(others)));
      withoutEach(rule.types())
          .forEach((type, others) -> mutant(
              "no longer covers the record type " + type.value(),
              parts -> parts.types = new TreeSet<>(others)));
    }

    void fields() {
      SortedSet<FieldPath> all = model.types().getOrDefault(rule.types().first(), new TreeSet<>());
      for (FieldPath field : all) {
        Mask mask = rule.fields().getOrDefault(field, Mask.HIDE);
        if (mask != Mask.SHOW) {
          mutant("shows " + field.value() + " whole", parts -> parts.fields.put(field, Mask.SHOW));
        }
        if (mask != Mask.HIDE) {
          mutant("hides " + field.value(), parts -> parts.fields.put(field, Mask.HIDE));
        }
      }
    }

    void safeguards() {
      if (rule.breakGlass()) {
        mutant("needs no broken glass", parts -> parts.breakGlass = false);
      }
      List<Assurance> levels = Arrays.asList(Assurance.values());
      int level = levels.indexOf(rule.assurance());
      if (level > 0) {
        mutant(
            "is content with " + levels.get(level - 1),
            parts -> parts.assurance = levels.get(level - 1));
      }
    }

    void obligations() {
      List<QuotaLimit> quotas = rule.obligations().quotas();
      for (int i = 0; i < quotas.size(); i++) {
        List<QuotaLimit> others = new ArrayList<>(quotas);
        others.remove(i);
        oblige(
            "has lost its quota #" + i,
            o -> new Obligations(
                others,
                o.timeToLive(),
                o.approvers(),
                o.reasonRequired(),
                o.notified(),
                o.watermark()));
      }
      oblige(
          "sets no time to live",
          o -> new Obligations(
              o.quotas(),
              Optional.empty(),
              o.approvers(),
              o.reasonRequired(),
              o.notified(),
              o.watermark()));
      oblige(
          "needs no approval",
          o -> new Obligations(
              o.quotas(),
              o.timeToLive(),
              new TreeSet<>(),
              o.reasonRequired(),
              o.notified(),
              o.watermark()));
      oblige(
          "needs no reason",
          o -> new Obligations(
              o.quotas(), o.timeToLive(), o.approvers(), false, o.notified(), o.watermark()));
      oblige(
          "notifies nobody",
          o -> new Obligations(
              o.quotas(),
              o.timeToLive(),
              o.approvers(),
              o.reasonRequired(),
              new TreeSet<>(),
              o.watermark()));
      oblige(
          "has no watermark",
          o -> new Obligations(
              o.quotas(),
              o.timeToLive(),
              o.approvers(),
              o.reasonRequired(),
              o.notified(),
              Optional.empty()));
    }
  }
}
