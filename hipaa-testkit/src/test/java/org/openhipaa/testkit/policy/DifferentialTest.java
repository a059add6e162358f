package org.openhipaa.testkit.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.record.Attributes;

/**
 * The engine decides as the page of its semantics says. {@code -Ddifferential.decisions=10000000}
 * compares more, {@code -Dtest.seed} others.
 */
class DifferentialTest {
  private static final long SEED = Long.getLong("test.seed", 20261124L);
  private static final long DECISIONS = Long.getLong("differential.decisions", 200_000L);
  private static final int PER_POLICY = 200;
  private static final Set<DenyReason> BESIDE_THE_POLICY = Set.of(
      DenyReason.NOTIFICATION_FAILED,
      DenyReason.QUOTA_EXCEEDED,
      DenyReason.CONSENT_WITHHELD,
      DenyReason.RESTRICTED,
      DenyReason.SAFEGUARD_FAILED);

  private final Map<String, Integer> counts = new TreeMap<>();

  @Test
  void engine_onRandomPoliciesAndRequests_decidesAsTheReference() {
    RandomPolicies random = new RandomPolicies(SEED, RandomPolicies.Inputs.ANY);
    for (long done = 0; done < DECISIONS; done += PER_POLICY) {
      AccessPolicy policy = random.policy();
      ReferenceEvaluator reference = new ReferenceEvaluator(policy.model());
      for (int i = 0; i < PER_POLICY; i++) {
        AccessRequest request = random.request(policy);
        Decision expected = reference.decide(request);
        Decision actual = policy.decide(request);
        if (!isSame(expected, actual)) {
          fail(difference(policy, request, expected, actual));
        }
        count(expected);
      }
    }
    System.out.println("differential, seed " + SEED + ": " + counts);
    assertDense();
  }

  private void count(Decision decision) {
    add(decision.fold(permit -> "PERMIT", deny -> deny.why().name()));
    boolean several = decision.rules().size() > 1;
    if (decision instanceof Decision.Deny deny) {
      addIf(several && deny.why() == DenyReason.DENIED_BY_RULE, "several denials");
    } else if (decision instanceof Decision.Permit permit) {
      addIf(several, "several permits");
      addIf(!permit.quotas().isEmpty(), "with quota");
      addIf(permit.timeToLive().isPresent(), "with time to live");
      addIf(!permit.notified().isEmpty(), "with notified groups");
      addIf(permit.watermarks().size() > 1, "with several watermarks");
    }
  }

  private void addIf(boolean condition, String what) {
    if (condition) {
      add(what);
    }
  }

  private void add(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  /** A comparison that never meets a case says nothing about it. */
  private void assertDense() {
    for (DenyReason reason : DenyReason.values()) {
      if (!BESIDE_THE_POLICY.contains(reason)) {
        assertThat(counts.getOrDefault(reason.name(), 0)).as(reason.name()).isGreaterThan((int)
            Math.min(Integer.MAX_VALUE, DECISIONS / 500));
      }
    }
    assertThat(counts.getOrDefault("PERMIT", 0)).isGreaterThan((int) (DECISIONS / 10));
    for (String what : new String[] {
      "several permits",
      "several denials",
      "with quota",
      "with time to live",
      "with notified groups",
      "with several watermarks"
    }) {
      assertThat(counts.getOrDefault(what, 0)).as(what).isGreaterThan((int) (DECISIONS / 200));
    }
  }

  /** Explanations may differ; whatever a program acts on may not. */
  static boolean isSame(Decision expected, Decision actual) {
    if (expected instanceof Decision.Deny one && actual instanceof Decision.Deny other) {
      return one.why() == other.why()
          && one.rules().equals(other.rules())
          && one.policyHash().equals(other.policyHash())
          && one.stepUp().equals(other.stepUp());
    }
    return expected.equals(actual);
  }

  private static String difference(
      AccessPolicy policy, AccessRequest request, Decision expected, Decision actual) {
    ReferenceEvaluator reference = new ReferenceEvaluator(policy.model());
    StringBuilder text = new StringBuilder("seed " + SEED + "\n" + PolicyText.of(policy.model()));
    text.append(describe(request)).append("conditions of the rules that cover it:\n");
    for (Rule rule : policy.model().rules()) {
      if (reference.covers(rule, request)) {
        text.append("  ")
            .append(rule.id())
            .append(": reference ")
            .append(reference.test(rule.condition(), request))
            .append(", engine ")
            .append(policy.test(rule.condition(), request))
            .append('\n');
      }
    }
    return text.append("reference: ")
        .append(expected)
        .append("\nengine:    ")
        .append(actual)
        .toString();
  }

  /** Random data are no PHI: all of it may be printed. */
  static String describe(AccessRequest request) {
    return request
        + "\n  groups " + request.actor().groups() + ", " + request.actor().assurance()
        + "\n  actor attributes " + values(request.actor().attributes())
        + "\n  record attributes " + values(request.attributes())
        + "\n  context " + values(request.context())
        + "\n  labels " + request.labels()
        + "\n  patient " + request.patient().map(p -> p.reveal())
        + ", record " + request.record().map(r -> r.revealId())
        + "\n  fields " + request.fields() + ", filter " + request.filterFields()
        + "\n  at " + request.at() + ", recipient " + request.recipient()
        + ", session " + request.session() + ", reason " + request.reason()
        + "\n  approver " + request.approver() + ", ticket " + request.ticket() + "\n";
  }

  private static Map<String, Object> values(Attributes attributes) {
    Map<String, Object> values = new TreeMap<>();
    attributes.names().forEach(name -> values.put(name, attributes.value(name).orElseThrow()));
    return values;
  }
}
