package org.openhipaa.testkit.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.analysis.Difference;
import org.openhipaa.core.access.analysis.Finding;
import org.openhipaa.core.access.analysis.PolicyAnalysis;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;

/**
 * What the analysis says of small policies is compared with what the engine decides on every request
 * that there is: nothing is claimed wrongly, and nothing is missed.
 */
class EnumeratedFindingsTest {
  private static final long SEED = Long.getLong("test.seed", 20261124L);
  private static final int POLICIES = Integer.getInteger("seeded.policies", 60);
  private static final AttributeName DEPARTMENT = AttributeName.of("record.department");

  @Test
  void findings_randomPolicies_asEveryRequestSays() {
    SplittableRandom random = new SplittableRandom(SEED);
    Map<Finding.Kind, Integer> count = new EnumMap<>(Finding.Kind.class);
    for (int i = 0; i < POLICIES; i++) {
      SmallPolicies small = new SmallPolicies(random);
      AccessPolicy policy = small.policy(2 + random.nextInt(6));
      List<String> expected = new ArrayList<>();
      for (Rule rule : policy.model().rules()) {
        expected(small, policy, rule).ifPresent(kind -> {
          expected.add(kind + " " + rule.id());
          count.merge(kind, 1, Integer::sum);
        });
      }

      assertThat(PolicyAnalysis.of(policy).findings())
          .as("seed %s, policy %s: %s", SEED, i, policy.model().rules())
          .extracting(finding -> finding.kind() + " " + finding.rules().get(0))
          .containsExactlyElementsOf(expected);
    }
    // The test would be worth little if some kind never came about.
    Set<Finding.Kind> kinds = new TreeSet<>(List.of(Finding.Kind.values()));
    kinds.remove(Finding.Kind.CONFLICTING_DUTIES);
    assertThat(count).containsOnlyKeys(kinds.toArray(Finding.Kind[]::new));
  }

  private static Optional<Finding.Kind> expected(
      SmallPolicies small, AccessPolicy policy, Rule rule) {
    PolicyModel model = policy.model();
    AccessPolicy alone = Policies.with(model, List.of(rule));
    List<Rule> others = new ArrayList<>(model.rules());
    others.remove(rule);
    Optional<AccessPolicy> without =
        others.isEmpty() ? Optional.empty() : Optional.of(Policies.with(model, others));
    List<Rule> permits = model.rules().stream().filter(Rule::permits).toList();
    Optional<AccessPolicy> permitting =
        permits.isEmpty() ? Optional.empty() : Optional.of(Policies.with(model, permits));
    boolean reachable = false;
    boolean open = false;
    boolean shows = false;
    boolean listed = false;
    boolean needed = false;
    boolean idle = true;
    for (AccessRequest request : small.requests()) {
      Decision just = alone.decide(request);
      boolean applies = rule.permits() ? just.permitted() : isDeniedByRule(just);
      if (!applies) {
        continue;
      }
      reachable = true;
      Decision decision = policy.decide(request);
      if (!isDeniedByRule(decision)) {
        open = true;
        listed |= isListed(model, request);
      }
      shows |= decision.permitted();
      idle &= permitting.isEmpty() || !permitting.get().decide(request).permitted();
      for (UnaryOperator<AccessRequest> lack : small.lacks()) {
        AccessRequest less = lack.apply(request);
        needed |= !told(Optional.of(policy), less).equals(told(without, less));
      }
    }
    if (!reachable) {
      return Optional.of(Finding.Kind.UNREACHABLE);
    } else if (rule.permits() && !open) {
      return Optional.of(Finding.Kind.SHADOWED);
    } else if (rule.permits() && !shows) {
      return Optional.of(Finding.Kind.NOTHING_SHOWN);
    } else if (rule.permits() && !listed) {
      return Optional.of(Finding.Kind.UNLISTED_ONLY);
    } else if (needed) {
      return Optional.empty();
    }
    return Optional.of(!rule.permits() && idle ? Finding.Kind.IDLE_DENIAL : Finding.Kind.REDUNDANT);
  }

  private static boolean isDeniedByRule(Decision decision) {
    return decision instanceof Deny deny && deny.why() == DenyReason.DENIED_BY_RULE;
  }

  private static boolean isListed(PolicyModel model, AccessRequest request) {
    Set<String> listed = model.attributes().get(DEPARTMENT).values();
    return listed.isEmpty()
        || request.attributes().text(DEPARTMENT.name()).map(listed::contains).orElse(true);
  }

  @Test
  void difference_randomPairs_asEveryRequestSays() {
    SplittableRandom random = new SplittableRandom(SEED + 1);
    int same = 0;
    int fields = 0;
    for (int i = 0; i < POLICIES; i++) {
      SmallPolicies small = new SmallPolicies(random);
      AccessPolicy one = small.policy(2 + random.nextInt(5));
      List<Rule> rules = new ArrayList<>(one.model().rules());
      if (random.nextInt(3) > 0) {
        rules.remove(random.nextInt(rules.size()));
      } else {
        rules = new ArrayList<>(small.policy(rules.size()).model().rules());
      }
      AccessPolicy other = Policies.with(one.model(), rules);
      boolean differs = false;
      Set<String> expected = new TreeSet<>();
      for (AccessRequest request : small.requests()) {
        for (UnaryOperator<AccessRequest> lack : small.lacks()) {
          AccessRequest less = lack.apply(request);
          differs |= !told(Optional.of(one), less).equals(told(Optional.of(other), less));
        }
        changes(one.decide(request), other.decide(request), expected);
      }

      List<Difference> found = PolicyAnalysis.of(one).difference(other);
      assertThat(!found.isEmpty()).as("seed %s, pair %s", SEED, i).isEqualTo(differs);
      Set<String> told = new TreeSet<>();
      for (Difference difference : found) {
        if (difference.kind() != Difference.Kind.OBLIGATION) {
          told.add(difference.kind() + " " + difference.what());
        }
        AccessRequest witness = difference.witness().request();
        assertThat(told(Optional.of(one), witness)).isNotEqualTo(told(Optional.of(other), witness));
      }
      assertThat(told).as("seed %s, pair %s", SEED, i).isEqualTo(expected);
      same += found.isEmpty() ? 1 : 0;
      fields += told.stream().anyMatch(what -> what.startsWith("FIELD")) ? 1 : 0;
    }
    assertThat(same).isPositive();
    assertThat(fields).isPositive();
  }

  /** Says which differences there have to be, in the words of the analysis. */
  private static void changes(Decision before, Decision after, Set<String> into) {
    if (before instanceof Permit one && after instanceof Permit other) {
      Set<FieldPath> fields = new HashSet<>(one.fields().keySet());
      fields.addAll(other.fields().keySet());
      for (FieldPath field : fields) {
        Mask was = one.fields().getOrDefault(field, Mask.HIDE);
        Mask is = other.fields().getOrDefault(field, Mask.HIDE);
        if (was != is) {
          into.add("FIELD field " + field + ": " + was.label() + " -> " + is.label());
        }
      }
    } else if (before.permitted() != after.permitted()) {
      into.add(after.permitted() ? "GAINED denied -> permitted" : "LOST permitted -> denied");
    }
  }

  /** A policy without rules, which nobody can write, denies. */
  private static Object told(Optional<AccessPolicy> policy, AccessRequest request) {
    return policy.map(some -> Told.by(some.decide(request))).orElse(Told.DENIED);
  }
}
