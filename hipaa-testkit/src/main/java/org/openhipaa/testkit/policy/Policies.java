package org.openhipaa.testkit.policy;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.PolicyBuilder;
import org.openhipaa.core.access.rules.AttributeDeclaration;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/** Makes a policy like another, with other rules. */
final class Policies {
  private Policies() {}

  /**
   * A policy that declares the same.
   *
   * @throws IllegalArgumentException if the rules are such that no policy may have them
   */
  static AccessPolicy with(PolicyModel model, List<Rule> rules) {
    PolicyBuilder builder = AccessPolicy.builder(model.name()).timeZone(model.zone());
    builder.groups(texts(model.groups().keySet(), Group::value));
    model
        .groups()
        .forEach((group, above) -> builder.memberOf(group.value(), texts(above, Group::value)));
    model
        .separate()
        .forEach(pair -> builder.separateDuties(pair.one().value(), pair.other().value()));
    builder.relations(texts(model.relations(), Function.identity()));
    model
        .predicates()
        .forEach((name, reads) -> builder.predicate(name, texts(reads, Function.identity())));
    builder.labels(texts(model.labels().keySet(), Function.identity()));
    model
        .labels()
        .forEach((label, implied) -> builder.implies(label, texts(implied, Function.identity())));
    for (AttributeDeclaration declared : model.attributes().values()) {
      builder.attribute(
          declared.name().text(), declared.type(), texts(declared.values(), Function.identity()));
    }
    model
        .types()
        .forEach(
            (type, fields) -> builder.recordType(type.value(), texts(fields, FieldPath::value)));
    rules.forEach(rule -> add(builder, rule));
    return builder.build();
  }

  private static void add(PolicyBuilder builder, Rule rule) {
    if (rule.permits()) {
      builder.permit(rule.id(), draft -> permit(draft, rule));
    } else {
      builder.deny(rule.id(), draft -> cover(draft, rule));
    }
  }

  private static void cover(PolicyBuilder.RuleBuilder draft, Rule rule) {
    draft
        .groups(texts(rule.groups(), Group::value))
        .actions(rule.actions().toArray(Action[]::new))
        .recordType(texts(rule.types(), RecordType::value))
        .purposes(rule.purposes().toArray(Purpose[]::new))
        .when(conditions(rule).toArray(Condition[]::new));
  }

  /** What has to hold at once, as it was written. */
  static List<Condition> conditions(Rule rule) {
    return rule.condition() instanceof Condition.All all ? all.parts() : List.of(rule.condition());
  }

  private static void permit(PolicyBuilder.RuleBuilder draft, Rule rule) {
    cover(draft, rule);
    if (rule.assurance() != Assurance.AAL1) {
      draft.assurance(rule.assurance());
    }
    if (rule.breakGlass()) {
      draft.breakGlass();
    }
    rule.fields().forEach((field, mask) -> draft.mask(mask, field.value()));
    Rule.Obligations obligations = rule.obligations();
    obligations.quotas().forEach(draft::quota);
    obligations.timeToLive().ifPresent(draft::timeToLive);
    draft.approvers(texts(obligations.approvers(), Group::value));
    draft.notified(texts(obligations.notified(), Group::value));
    obligations.watermark().ifPresent(draft::watermark);
    if (obligations.reasonRequired()) {
      draft.reasonRequired();
    }
  }

  private static <T> String[] texts(Collection<T> values, Function<T, String> text) {
    Stream<String> all = values.stream().map(text);
    return all.toArray(String[]::new);
  }
}
