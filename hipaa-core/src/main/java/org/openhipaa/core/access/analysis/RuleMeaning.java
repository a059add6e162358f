package org.openhipaa.core.access.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.openhipaa.core.access.analysis.PolicyView.Typed;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.access.rules.Rule;

/**
 * Numbers the rules of two policies such that rules with the same number mean the same, apart from
 * the types, actions and purposes that they cover. Rules of which this cannot be told by looking have
 * different numbers.
 */
final class RuleMeaning {
  private final PolicyView one;
  private final PolicyView other;
  private final boolean sameGroups;
  private final boolean sameLabels;
  private final boolean sameZone;
  private final boolean sameAttributes;
  private final Map<List<Object>, Integer> numbers = new HashMap<>();
  private final List<Map<Rule, Integer>> known =
      List.of(new IdentityHashMap<>(), new IdentityHashMap<>());
  private int count;
  private int paired;

  RuleMeaning(PolicyView one, PolicyView other) {
    this.one = one;
    this.other = other;
    this.sameGroups = one.model.groups().equals(other.model.groups());
    this.sameLabels = one.model.labels().equals(other.model.labels());
    this.sameZone = one.model.zone().equals(other.model.zone());
    this.sameAttributes = one.model.attributes().equals(other.model.attributes());
    pair();
  }

  /** Rules that both policies have under the same id are told quickest: nearly all are. */
  private void pair() {
    Map<String, Rule> byId = new HashMap<>();
    one.model.rules().forEach(rule -> byId.put(rule.id(), rule));
    for (Rule rule : other.model.rules()) {
      Rule twin = byId.get(rule.id());
      if (twin != null && SameRule.same(twin, rule) && sameWords(rule)) {
        int number = count++;
        known.get(0).put(twin, number);
        known.get(1).put(rule, number);
      }
    }
    paired = count;
  }

  /** Whether the policies mean the same by what a rule names. */
  private boolean sameWords(Rule rule) {
    return (sameGroups
            || (one.expand(rule.groups()).equals(other.expand(rule.groups()))
                && one.expand(rule.obligations().approvers())
                    .equals(other.expand(rule.obligations().approvers()))))
        && !isApart(rule);
  }

  /** Whether a rule names what the policies mean differently, other than groups. */
  private boolean isApart(Rule rule) {
    if (sameLabels && sameZone && sameAttributes) {
      return false;
    }
    boolean quotaOnLabels = rule.obligations().quotas().stream()
        .map(QuotaLimit::labels)
        .anyMatch(labels -> !labels.isEmpty());
    return (!sameLabels && (quotaOnLabels || names(rule.condition(), RuleMeaning::isAboutLabels)))
        || (!sameZone && names(rule.condition(), RuleMeaning::isAboutTime))
        || (!sameAttributes && names(rule.condition(), this::isAboutOtherAttribute));
  }

  /** Those of some rules that the other policy does not have under the same id. */
  List<Rule> changed(PolicyView view, List<Rule> rules) {
    return rules.stream().filter(rule -> of(view, rule) >= paired).toList();
  }

  /** The meanings of those of some rules that the other policy does not have under the same id. */
  Set<Integer> unpaired(PolicyView view, List<Rule> rules) {
    Set<Integer> all = new HashSet<>();
    for (Rule rule : rules) {
      int number = of(view, rule);
      if (number >= paired) {
        all.add(number);
      }
    }
    return all;
  }

  int of(PolicyView view, Rule rule) {
    Map<Rule, Integer> before = known.get(view.number);
    Integer number = before.get(rule);
    if (number == null) {
      number = numbers.computeIfAbsent(meaning(view, rule), m -> count++);
      before.put(rule, number);
    }
    return number;
  }

  private List<Object> meaning(PolicyView view, Rule rule) {
    List<Object> meaning = new ArrayList<>();
    meaning.add(rule.effect());
    meaning.add(rule.groups().isEmpty() ? "everybody" : view.expand(rule.groups()));
    meaning.add(rule.condition());
    meaning.add(rule.assurance());
    meaning.add(rule.breakGlass());
    meaning.add(rule.fields());
    Rule.Obligations obligations = rule.obligations();
    if (!obligations.equals(Rule.Obligations.NONE)) {
      meaning.add(obligations);
      meaning.add(view.expand(obligations.approvers()));
      // A quota's budget is kept under the name of its rule.
      meaning.add(obligations.quotas().isEmpty() ? "" : rule.id());
    }
    if (isApart(rule)) {
      meaning.add(view.number);
    }
    return meaning;
  }

  private static boolean names(Condition condition, Predicate<Condition> what) {
    if (condition instanceof Condition.All all) {
      return all.parts().stream().anyMatch(part -> names(part, what));
    } else if (condition instanceof Condition.Any any) {
      return any.parts().stream().anyMatch(part -> names(part, what));
    } else if (condition instanceof Condition.Not not) {
      return names(not.part(), what);
    }
    return what.test(condition);
  }

  private static boolean isAboutLabels(Condition condition) {
    return condition instanceof Condition.Carries || condition instanceof Condition.LabelsWithin;
  }

  private static boolean isAboutTime(Condition condition) {
    return condition instanceof Condition.Range range
        && (range.attribute().equals(PolicyModel.HOUR)
            || range.attribute().equals(PolicyModel.WEEKDAY));
  }

  private boolean isAboutOtherAttribute(Condition condition) {
    if (condition instanceof Condition.Same same) {
      return isOther(same.left()) || isOther(same.right());
    } else if (condition instanceof Condition.OneOf oneOf) {
      return isOther(oneOf.attribute());
    } else if (condition instanceof Condition.Range range) {
      return isOther(range.attribute());
    }
    return condition instanceof Condition.Flag flag && isOther(flag.attribute());
  }

  private boolean isOther(AttributeName name) {
    return one.typed(name).type() != other.typed(name).type();
  }

  /** The texts that a rule demands of attributes of one text, whatever else it demands. */
  static Map<Typed, Set<String>> demands(PolicyView view, Rule rule) {
    Map<Typed, Set<String>> demands = new HashMap<>();
    demands(view, rule.condition(), demands);
    return demands;
  }

  private static void demands(PolicyView view, Condition condition, Map<Typed, Set<String>> into) {
    if (condition instanceof Condition.All all) {
      all.parts().forEach(part -> demands(view, part, into));
    } else if (condition instanceof Condition.OneOf oneOf
        && view.typed(oneOf.attribute()).type() == AttributeType.TEXT) {
      into.merge(view.typed(oneOf.attribute()), oneOf.values(), (before, more) -> {
        Set<String> both = new TreeSet<>(before);
        both.retainAll(more);
        return both;
      });
    }
  }
}
