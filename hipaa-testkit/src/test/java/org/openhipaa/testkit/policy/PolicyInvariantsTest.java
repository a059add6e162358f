package org.openhipaa.testkit.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.Attributes;

/** What always holds, whatever the policy and whatever is asked. */
class PolicyInvariantsTest {
  private static final long SEED = Long.getLong("test.seed", 20261124L);
  private static final int POLICIES = 40;
  private static final int REQUESTS = 16;

  /** Steps 6 to 9 of a decision, which only an applying permit leads to. */
  private static final Set<DenyReason> IN_SPITE_OF_A_PERMIT = EnumSet.of(
      DenyReason.NO_PERMITTED_FIELD,
      DenyReason.FIELD_NOT_FOR_FILTER,
      DenyReason.REASON_NEEDED,
      DenyReason.APPROVAL_NEEDED);

  private final Random random = new Random(SEED);
  /** How often a property said anything; one that never does is no test. */
  private int tested;

  private void forAll(BiConsumer<AccessPolicy, AccessRequest> property) {
    RandomPolicies policies = new RandomPolicies(SEED, RandomPolicies.Inputs.ANY);
    for (int i = 0; i < POLICIES; i++) {
      AccessPolicy policy = policies.policy();
      for (int j = 0; j < REQUESTS; j++) {
        property.accept(policy, policies.request(policy));
      }
    }
    assertThat(tested).as("how often the property was tested").isGreaterThan(15);
  }

  private static List<Rule> applying(AccessPolicy policy, AccessRequest request) {
    return new ReferenceEvaluator(policy.model()).applying(request);
  }

  private static boolean isDeniedBeforeMerging(Decision decision) {
    return decision instanceof Deny deny && !IN_SPITE_OF_A_PERMIT.contains(deny.why());
  }

  /** The policy without the rules for which this holds, or empty if none is left. */
  private static Optional<AccessPolicy> without(AccessPolicy policy, Predicate<Rule> dropped) {
    List<Rule> left = policy.model().rules().stream().filter(dropped.negate()).toList();
    return left.isEmpty() ? Optional.empty() : Optional.of(Policies.with(policy.model(), left));
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  @Test
  void request_withoutApplyingPermit_isDenied() {
    forAll((policy, request) -> {
      if (applying(policy, request).stream().noneMatch(Rule::permits)) {
        tested++;
        assertThat(policy.decide(request).permitted()).isFalse();
      }
    });
  }

  @Test
  void request_withApplyingDenial_isDeniedWhateverPermits() {
    forAll((policy, request) -> {
      List<Rule> applying = applying(policy, request);
      if (applying.stream().anyMatch(rule -> !rule.permits())
          && applying.stream().anyMatch(Rule::permits)) {
        tested++;
        assertThat(policy.decide(request).permitted()).isFalse();
      }
    });
  }

  @Test
  void denialAdded_toAnyPolicy_permitsNothing() {
    forAll((policy, request) -> {
      List<Rule> denials =
          policy.model().rules().stream().filter(rule -> !rule.permits()).toList();
      if (!denials.isEmpty()) {
        Rule added = one(denials);
        without(policy, added::equals).ifPresent(before -> {
          if (!before.decide(request).permitted()) {
            tested++;
            assertThat(policy.decide(request).permitted()).isFalse();
          }
        });
      }
    });
  }

  /**
   * Within steps 1 to 5: where permits merge, one of them may hide what was asked for, or demand a
   * reason, and no longer does when it is gone.
   */
  @Test
  void permitRemoved_fromAnyPolicy_permitsNothing() {
    forAll((policy, request) -> {
      List<Rule> permits = policy.model().rules().stream().filter(Rule::permits).toList();
      if (isDeniedBeforeMerging(policy.decide(request)) && !permits.isEmpty()) {
        Rule removed = one(permits);
        without(policy, removed::equals).ifPresent(after -> {
          tested++;
          assertThat(after.decide(request).permitted()).isFalse();
        });
      }
    });
  }

  @Test
  void permitAdded_toAPolicyThatPermits_deniesOnlyByMerging() {
    forAll((policy, request) -> {
      List<Rule> permits = policy.model().rules().stream().filter(Rule::permits).toList();
      if (!permits.isEmpty()) {
        Rule added = one(permits);
        without(policy, added::equals)
            .filter(before -> before.decide(request).permitted())
            .ifPresent(before -> {
              tested++;
              assertThat(isDeniedBeforeMerging(policy.decide(request))).isFalse();
            });
      }
    });
  }

  @Test
  void rulesShuffled_inAnyOrder_decideTheSame() {
    forAll((policy, request) -> {
      List<Rule> rules = new ArrayList<>(policy.model().rules());
      Collections.shuffle(rules, random);
      Decision shuffled = Policies.with(policy.model(), rules).decide(request);
      tested++;
      assertThat(unordered(shuffled)).isEqualTo(unordered(policy.decide(request)));
    });
  }

  private static List<Object> unordered(Decision decision) {
    return decision.fold(
        permit -> List.of(
            Set.copyOf(permit.rules()),
            permit.fields(),
            Set.copyOf(permit.quotas()),
            permit.timeToLive(),
            permit.notified(),
            permit.watermarks()),
        deny -> List.of(Set.copyOf(deny.rules()), deny.why()));
  }

  @Test
  void rulesOfOtherTypesActionsAndGroups_leftOut_makeNoDifference() {
    forAll((policy, request) -> {
      ReferenceEvaluator reference = new ReferenceEvaluator(policy.model());
      Predicate<Rule> beside = rule -> rule.permits()
          ? rule.purposes().stream()
              .noneMatch(purpose -> reference.covers(rule, withPurpose(request, purpose)))
          : !reference.covers(rule, request);
      without(policy, beside).ifPresent(slice -> {
        tested += slice.size() < policy.size() ? 1 : 0;
        assertThat(hashless(slice.decide(request))).isEqualTo(hashless(policy.decide(request)));
      });
    });
  }

  private static AccessRequest withPurpose(
      AccessRequest request, Purpose purpose) {
    return copy(request, "purpose", purpose);
  }

  private static List<Object> hashless(Decision decision) {
    return decision.fold(
        permit -> List.of(
            permit.rules(),
            permit.fields(),
            permit.quotas(),
            permit.timeToLive(),
            permit.notified(),
            permit.watermarks()),
        deny -> List.of(deny.rules(), deny.why(), deny.explanation(), deny.stepUp()));
  }

  @Test
  void knowledge_takenAway_neverPermits() {
    forAll((policy, request) -> {
      if (isDeniedBeforeMerging(policy.decide(request))) {
        for (AccessRequest less : lessKnown(request)) {
          tested++;
          assertThat(policy.decide(less).permitted()).isFalse();
        }
      }
    });
  }

  private static List<AccessRequest> lessKnown(AccessRequest request) {
    List<AccessRequest> less = new ArrayList<>();
    for (String what : List.of("patient", "record", "labels", "time", "circumstances")) {
      less.add(copy(request, what, request.purpose()));
    }
    less.add(request.toBuilder().relations((relation, actor, patient) -> fails()).build());
    less.add(request.toBuilder().predicates((predicate, asked) -> fails()).build());
    Attributes ofRecord = request.attributes();
    ofRecord.names().forEach(name ->
        less.add(request.toBuilder().attributes(ofRecord.without(name)).build()));
    Attributes ofContext = request.context();
    ofContext.names().forEach(name ->
        less.add(request.toBuilder().context(ofContext.without(name)).build()));
    less.add(copy(request, "actor", request.purpose()));
    return less;
  }

  private static boolean fails() {
    throw new IllegalStateException("the lookup fails");
  }

  /** A copy that leaves something out. */
  private static AccessRequest copy(
      AccessRequest from, String without, Purpose purpose) {
    AccessRequest.Builder to = AccessRequest.builder(
            "actor".equals(without) ? from.actor().with(Attributes.none()) : from.actor(),
            from.action(),
            from.type(),
            purpose)
        .fields(from.fields())
        .filterFields(from.filterFields())
        .attributes(from.attributes())
        .relations(from.relations())
        .predicates(from.predicates());
    if (!"patient".equals(without)) {
      from.patient().ifPresent(to::patient);
      from.record().filter(record -> !"record".equals(without)).ifPresent(to::record);
    }
    from.labels().filter(labels -> !"labels".equals(without)).ifPresent(to::labels);
    from.at().filter(time -> !"time".equals(without)).ifPresent(to::at);
    if (!"circumstances".equals(without)) {
      to.context(from.context());
      from.recipient().ifPresent(to::recipient);
      from.session().ifPresent(to::session);
      from.reason().ifPresent(to::reason);
      from.approver().ifPresent(to::approver);
      from.ticket().ifPresent(to::ticket);
    }
    return to.build();
  }

  @Test
  void request_decidedTwice_isDecidedTheSame() {
    forAll((policy, request) -> {
      tested++;
      assertThat(policy.decide(request)).isEqualTo(policy.decide(request));
      assertThat(Policies.with(policy.model(), policy.model().rules()).decide(request))
          .isEqualTo(policy.decide(request));
    });
  }

  @Test
  void decision_namesRules_exactlyThoseThatApply() {
    forAll((policy, request) -> {
      Decision decision = policy.decide(request);
      List<String> applying = applying(policy, request).stream().map(Rule::id).toList();
      if (decision.permitted()) {
        tested++;
        assertThat(decision.rules()).isNotEmpty().isEqualTo(applying);
      } else {
        assertThat(applying).containsAll(decision.rules());
      }
    });
  }

  @Test
  void permit_ofSeveralRules_showsNoFieldThatOneHides() {
    forAll((policy, request) -> {
      if (policy.decide(request) instanceof Permit permit && permit.rules().size() > 1) {
        List<Rule> applying = applying(policy, request);
        permit.fields().forEach((field, mask) -> {
          tested++;
          assertThat(mask).isNotEqualTo(Mask.HIDE);
          assertThat(applying).allMatch(rule -> {
            Mask own = rule.fields().getOrDefault(field, Mask.HIDE);
            return own == Mask.SHOW || own == mask;
          });
        });
      }
    });
  }

  @Test
  void permit_ofSeveralRules_isAtLeastAsStrictAsEachAlone() {
    forAll((policy, request) -> {
      if (policy.decide(request) instanceof Permit merged && merged.rules().size() > 1) {
        Set<String> others = new HashSet<>(merged.rules());
        others.remove(one(merged.rules()));
        AccessPolicy single =
            without(policy, rule -> others.contains(rule.id())).orElseThrow();
        Permit alone = (Permit) single.decide(request);
        tested++;
        assertThat(alone.fields().keySet()).containsAll(merged.fields().keySet());
        assertThat(merged.quotas()).containsAll(alone.quotas());
        assertThat(merged.notified()).containsAll(alone.notified());
        assertThat(merged.watermarks()).containsAll(alone.watermarks());
        alone.timeToLive().ifPresent(time ->
            assertThat(merged.timeToLive().orElseThrow()).isLessThanOrEqualTo(time));
      }
    });
  }

  /** If not even this were found, an engine that loses a rule would pass. */
  @Test
  void differentPolicies_onRandomRequests_areToldApart() {
    RandomPolicies policies = new RandomPolicies(SEED, RandomPolicies.Inputs.ANY);
    int found = 0;
    for (int i = 0; i < POLICIES; i++) {
      AccessPolicy policy = policies.policy(8);
      Rule lost = one(policy.model().rules());
      AccessPolicy worse = without(policy, lost::equals).orElseThrow();
      boolean differs = false;
      for (int j = 0; j < 200 && !differs; j++) {
        AccessRequest request = policies.request(policy);
        differs = !hashless(policy.decide(request)).equals(hashless(worse.decide(request)));
      }
      found += differs ? 1 : 0;
    }

    assertThat(found).isGreaterThan(POLICIES * 3 / 4);
  }
}
