package org.openhipaa.testkit.policy;

import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.access.rules.Rule.Obligations;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/** The parts of a rule, to be changed. */
final class RuleParts {
  String id;
  Rule.Effect effect;
  SortedSet<Group> groups;
  Set<Action> actions;
  SortedSet<RecordType> types;
  Set<Purpose> purposes;
  Condition condition;
  Assurance assurance;
  boolean breakGlass;
  SortedMap<FieldPath, Mask> fields;
  Obligations obligations;

  private RuleParts(Rule rule) {
    this.id = rule.id();
    this.effect = rule.effect();
    this.groups = rule.groups();
    this.actions = rule.actions();
    this.types = rule.types();
    this.purposes = rule.purposes();
    this.condition = rule.condition();
    this.assurance = rule.assurance();
    this.breakGlass = rule.breakGlass();
    this.fields = new TreeMap<>(rule.fields());
    this.obligations = rule.obligations();
  }

  /** A rule like another but for what is changed of it. */
  static Rule changed(Rule rule, Consumer<RuleParts> change) {
    RuleParts parts = new RuleParts(rule);
    change.accept(parts);
    return parts.rule();
  }

  private Rule rule() {
    return new Rule(
        id,
        effect,
        groups,
        actions,
        types,
        purposes,
        condition,
        assurance,
        breakGlass,
        fields,
        obligations);
  }
}
