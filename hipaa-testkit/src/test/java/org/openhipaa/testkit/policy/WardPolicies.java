package org.openhipaa.testkit.policy;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.PolicyBuilder;
import org.openhipaa.core.access.PolicyBuilder.RuleBuilder;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.mask.Mask;

/** Policies as hospitals have them: much the same rules for each of many wards, without fault. */
final class WardPolicies {
  /** The record types with the fields of each. */
  static final String[] FIELDS = {"name", "birth-date", "ssn", "problem", "note"};

  static final List<String> TYPES = List.of(
      "chart", "note", "result", "order", "image", "allergy", "visit", "claim", "consent", "log");
  static final List<String> ROLES = List.of(
      "physician",
      "nurse",
      "pharmacist",
      "laboratory",
      "billing",
      "registrar",
      "researcher",
      "officer",
      "patient");

  private final SplittableRandom random;
  private final PolicyBuilder builder = AccessPolicy.builder("wards");

  WardPolicies(SplittableRandom random) {
    this.random = random;
  }

  /** A ward's rules stand together, and all demand that the record is of the ward. */
  AccessPolicy policy(int wards) {
    builder
        .groups(ROLES.toArray(String[]::new))
        .groups("clinician", "workforce", "intern", "auditor")
        .memberOf("physician", "clinician")
        .memberOf("nurse", "clinician")
        .memberOf("intern", "physician")
        .memberOf("clinician", "workforce")
        .separateDuties("billing", "officer")
        .relations("treating", "family")
        .predicate("on-shift", "actor.id")
        .labels("restricted", "psychotherapy", "hiv", "notes-of-therapist")
        .implies("psychotherapy", "restricted")
        .implies("hiv", "restricted")
        .implies("notes-of-therapist", "psychotherapy")
        .attribute("actor.ward", AttributeType.TEXT)
        .attribute("actor.skills", AttributeType.TEXTS)
        .attribute("record.ward", AttributeType.TEXT)
        .attribute("record.topics", AttributeType.TEXTS)
        .attribute("record.status", AttributeType.TEXT, "open", "closed", "archived")
        .attribute("record.vip", AttributeType.FLAG)
        .attribute("record.level", AttributeType.INTEGER);
    TYPES.forEach(type -> builder.recordType(type, FIELDS));
    for (int ward = 0; ward < wards; ward++) {
      for (int i = 0; i < 33; i++) {
        rule(ward, i);
      }
    }
    builder.deny("no-export", rule -> rule.actions(Action.EXPORT).recordType("log"));
    builder.permit(
        "log-export",
        rule -> rule.groups("officer")
            .actions(Action.EXPORT, Action.READ)
            .recordType("log")
            .purposes(Purpose.OPERATIONS)
            .show("name"));
    return builder.build();
  }

  static String ward(int number) {
    return "w" + number;
  }

  /** Each of the 33 rules of a ward has a type, role and action of its own, so that all matter. */
  private void rule(int ward, int number) {
    String role = ROLES.get(number % ROLES.size());
    String type = TYPES.get(number % TYPES.size());
    Action[] actions = {Action.READ, Action.SEARCH, Action.CREATE, Action.UPDATE, Action.PRINT};
    Action action = actions[number / 9];
    String id = "w" + ward + "-" + number;
    if (number == 32) {
      builder.deny(
          id,
          rule -> rule.groups("nurse")
              .recordType(TYPES.get(1))
              .actions(Action.READ)
              .when(Condition.oneOf("record.ward", ward(ward)), Condition.flag("record.vip")));
      return;
    }
    builder.permit(id, rule -> {
      rule.groups(role)
          .recordType(type)
          .actions(action, number % 2 == 0 ? Action.SIGN : Action.AMEND)
          .purposes(Purpose.TREATMENT, Purpose.OPERATIONS)
          .when(Condition.oneOf("record.ward", ward(ward)));
      condition(rule, number);
      rule.show("name", "problem");
      if (number % 3 == 0) {
        rule.mask(Mask.LAST_FOUR, "ssn");
      }
      oblige(rule, number);
    });
  }

  private void condition(RuleBuilder rule, int number) {
    switch (number % 8) {
      case 0 -> rule.when("treating");
      case 1 -> rule.when(Condition.same("actor.ward", "record.ward"));
      case 2 -> rule.when(Condition.range("record.level", 2, 2 + random.nextInt(6)));
      case 3 -> rule.when(Condition.not(Condition.label("psychotherapy")));
      case 4 -> rule.when(Condition.oneOf("record.status", "open", "closed"));
      case 5 -> rule.when(Condition.predicate("on-shift"));
      case 6 -> rule.when(Condition.range("context.hour", 6, 20));
      default -> {
        // Always.
      }
    }
  }

  private void oblige(RuleBuilder rule, int number) {
    switch (random.nextInt(10) == 0 ? number % 7 : 7) {
      case 0 -> rule.assurance(Assurance.AAL2);
      case 1 -> rule.quota(20, Duration.ofHours(8));
      case 2 -> rule.reasonRequired();
      case 3 -> rule.approvers("auditor");
      case 4 -> rule.timeToLive(Duration.ofMinutes(5));
      case 5 -> rule.notified("auditor");
      case 6 -> rule.watermark("confidential");
      default -> {
        // Nothing.
      }
    }
  }
}
