package org.openhipaa.benchmarks.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.openhipaa.benchmarks.policy.HospitalRules.Request;
import org.openhipaa.benchmarks.policy.HospitalRules.Rule;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.PolicyBuilder;
import org.openhipaa.core.access.rules.AttributeName;
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
import org.openhipaa.core.record.RecordType;

/** Ours: the rules with field masks and quotas by role, so that every permit carries obligations. */
final class OpenhipaaPeer implements Peer<AccessRequest> {
  private static final AttributeName OF_RECORD = AttributeName.of("record.department");
  private static final AttributeName OF_ACTOR = AttributeName.of("actor.department");

  private final AccessPolicy policy;

  OpenhipaaPeer(HospitalRules rules) {
    PolicyBuilder builder = AccessPolicy.builder("hospital")
        .groups(HospitalRules.ROLES.toArray(String[]::new))
        .attribute(OF_RECORD.text(), AttributeType.TEXT)
        .attribute(OF_ACTOR.text(), AttributeType.TEXT);
    for (String type : HospitalRules.TYPES) {
      builder.recordType(type, "id", "name", "birth-date", "zip", "summary", "detail");
    }
    for (Rule rule : rules.rules()) {
      if (rule.permit()) {
        builder.permit(rule.id(), r -> obligations(scope(r, rule), rule.role()));
      } else {
        builder.deny(rule.id(), r -> scope(r, rule));
      }
    }
    policy = builder.build();
  }

  private static PolicyBuilder.RuleBuilder scope(PolicyBuilder.RuleBuilder r, Rule rule) {
    r.recordType(rule.type())
        .actions(rule.actions().stream()
            .map(label -> Action.find(label).orElseThrow())
            .toArray(Action[]::new))
        .purposes(rule.purposes().stream()
            .map(label -> Purpose.find(label).orElseThrow())
            .toArray(Purpose[]::new));
    if (!rule.role().isEmpty()) {
      r.groups(rule.role());
    }
    List<Condition> conditions = new ArrayList<>();
    if (rule.ofRecord()) {
      conditions.add(is(OF_RECORD, rule.department()));
    }
    if (rule.ofActor()) {
      conditions.add(is(OF_ACTOR, rule.department()));
    }
    if (!conditions.isEmpty()) {
      r.when(conditions.size() == 1 ? conditions.get(0) : new Condition.All(conditions));
    }
    return r;
  }

  private static Condition is(AttributeName attribute, String value) {
    return new Condition.OneOf(attribute, new TreeSet<>(Set.of(value)));
  }

  private static void obligations(PolicyBuilder.RuleBuilder r, String role) {
    switch (role) {
      case "billing" -> r.show("id", "name").mask(Mask.ZIP3, "zip").quota(500, Duration.ofHours(1));
      case "researcher" ->
        r.show("summary")
            .mask(Mask.YEAR, "birth-date")
            .mask(Mask.ZIP3, "zip")
            .quota(1000, Duration.ofDays(1));
      case "registrar" -> r.show("id", "name", "birth-date", "zip");
      case "security-officer" -> r.show("id", "summary");
      case "lab", "pharmacist" ->
        r.show("id", "name", "birth-date", "summary", "detail").mask(Mask.ZIP3, "zip");
      default -> r.show("id", "name", "birth-date", "zip", "summary", "detail");
    }
  }

  @Override
  public String name() {
    return "openhipaa";
  }

  @Override
  public String answers() {
    return "everything";
  }

  @Override
  public AccessRequest prepare(Request r) {
    Actor actor = Actor.authenticated(
            ActorId.of("someone"),
            Set.of(Group.of(r.role())),
            Assurance.AAL2,
            Instant.parse("2026-11-24T08:00:00Z"))
        .with(Attributes.none().with("department", r.actorDepartment()));
    return AccessRequest.builder(
            actor,
            Action.find(r.action()).orElseThrow(),
            RecordType.of(r.type()),
            Purpose.find(r.purpose()).orElseThrow())
        .attributes(Attributes.none().with("department", r.recordDepartment()))
        .build();
  }

  /** The decision itself, with its rules, obligations and explanation. */
  Decision decide(AccessRequest request) {
    return policy.decide(request);
  }

  @Override
  public void checkAnswer(AccessRequest request) {
    Decision decision = decide(request);
    boolean complete = decision.fold(
        permit -> !permit.rules().isEmpty() && !permit.fields().isEmpty(),
        deny -> !deny.explanation().isBlank());
    if (!complete || !decision.policyHash().equals(policy.hash())) {
      throw new IllegalStateException("an answer without its rules, fields or explanation");
    }
  }

  @Override
  public boolean permits(AccessRequest request) {
    return decide(request).permitted();
  }
}
