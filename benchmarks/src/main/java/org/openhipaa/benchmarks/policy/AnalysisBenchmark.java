package org.openhipaa.benchmarks.policy;

import java.util.List;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.PolicyBuilder;
import org.openhipaa.core.access.analysis.Difference;
import org.openhipaa.core.access.analysis.PolicyAnalysis;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Purpose;

/**
 * How long does the full difference of two policies of 10,000 rules take? 33 rules for each of 303
 * departments, 9 groups, 10 record types, 12 actions.
 */
public final class AnalysisBenchmark {
  private static final int DEPARTMENTS = 303;
  private static final int RULES = 33;
  private static final int GROUPS = 9;
  private static final int TYPES = 10;
  private static final int ROUNDS = 6;

  private AnalysisBenchmark() {}

  /** Which rules differ. */
  private enum Change {
    NONE,
    THREE_RULES,
    TWO_HUNDRED_RULES,
    ONE_RULE_OF_EACH_DEPARTMENT,
    DENIAL;

    private boolean showsMore(int department, int rule) {
      return switch (this) {
        case THREE_RULES -> department == 100 && rule < 3;
        case TWO_HUNDRED_RULES -> (department * RULES + rule) % 50 == 7;
        case ONE_RULE_OF_EACH_DEPARTMENT -> rule == 7;
        case NONE, DENIAL -> false;
      };
    }
  }

  /**
   * Prints the times, the first one cold.
   *
   * @param args the only change to measure, or none for all of them; {@code NONE} measures findings
   */
  public static void main(String[] args) {
    AccessPolicy base = policy(Change.NONE);
    for (Change change : Change.values()) {
      if (args.length == 0 || change.name().equals(args[0])) {
        if (change == Change.NONE) {
          measureFindings(base);
        } else {
          measure(change.name(), base, policy(change));
        }
      }
    }
  }

  private static void measureFindings(AccessPolicy policy) {
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      int findings = PolicyAnalysis.of(policy).findings().size();
      System.out.printf(
          "findings: %d in %d ms%n", findings, (System.nanoTime() - start) / 1_000_000);
    }
  }

  private static void measure(String what, AccessPolicy one, AccessPolicy other) {
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      List<Difference> found = PolicyAnalysis.of(one).difference(other);
      System.out.printf(
          "%s: %d differences in %d ms%n",
          what, found.size(), (System.nanoTime() - start) / 1_000_000);
    }
  }

  private static AccessPolicy policy(Change change) {
    PolicyBuilder builder = AccessPolicy.builder("hospital")
        .attribute("record.department", AttributeType.TEXT)
        .attribute("record.vip", AttributeType.FLAG)
        .relations("treating");
    for (int i = 0; i < GROUPS; i++) {
      builder.groups("g" + i);
    }
    for (int i = 0; i < TYPES; i++) {
      builder.recordType("t" + i, "a", "b", "c", "d");
    }
    Action[] actions = Action.values();
    for (int d = 0; d < DEPARTMENTS; d++) {
      for (int r = 0; r < RULES; r++) {
        int number = r;
        int department = d;
        boolean more = change.showsMore(d, r);
        builder.permit(
            "d" + d + "-" + r,
            rule -> rule.groups("g" + number % GROUPS)
                .actions(
                    actions[number % actions.length],
                    actions[(number + 1) % actions.length],
                    actions[(number + 5) % actions.length])
                .recordType("t" + number % TYPES)
                .purposes(Purpose.TREATMENT, Purpose.OPERATIONS)
                .when(
                    Condition.oneOf("record.department", "dept-" + department),
                    number % 2 == 0
                        ? Condition.relation("treating")
                        : Condition.not(Condition.flag("record.vip")))
                .show(more ? new String[] {"a", "b", "c"} : new String[] {"a", "b"}));
      }
    }
    if (change == Change.DENIAL) {
      builder.deny("vip", rule -> rule.actions(Action.READ).when(Condition.flag("record.vip")));
    }
    return builder.build();
  }
}
