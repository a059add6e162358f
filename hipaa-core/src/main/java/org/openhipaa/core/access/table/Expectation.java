package org.openhipaa.core.access.table;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;

/**
 * What a case expects; what is empty may be anything.
 *
 * @param permitted whether it is to be permitted
 * @param rules the rules that decide, in any order
 * @param reason for a denial
 * @param stepUp for a denial, the assurance that would do
 * @param fields for a permit, the fields that are shown, with their masks
 * @param quotas for a permit, those that are charged, as {@code rule#number}
 * @param timeToLive for a permit; an inner empty expects none
 * @param notified for a permit, the groups that are told
 * @param watermarks for a permit
 */
record Expectation(
    boolean permitted,
    Optional<List<String>> rules,
    Optional<DenyReason> reason,
    Optional<Assurance> stepUp,
    Optional<SortedMap<FieldPath, Mask>> fields,
    Optional<List<String>> quotas,
    Optional<Optional<Duration>> timeToLive,
    Optional<SortedSet<String>> notified,
    Optional<SortedSet<String>> watermarks) {
  static Expectation permit() {
    return either(true);
  }

  static Expectation deny() {
    return either(false);
  }

  private static Expectation either(boolean permitted) {
    return new Expectation(
        permitted,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** In what the decision differs, or empty if it is as expected. */
  Optional<String> mismatch(Decision decision) {
    if (permitted != decision.permitted()) {
      return Optional.of(decision.fold(
          permit -> "expected deny, but rules " + permit.rules() + " permit it",
          deny ->
              "expected permit, but it is denied: " + deny.reason() + ", " + deny.explanation()));
    }
    return differs("rules", rules.map(Set::copyOf), Set.copyOf(decision.rules()))
        .or(() -> decision.fold(this::mismatch, this::mismatch));
  }

  private Optional<String> mismatch(Deny deny) {
    return differs("the reason", reason, deny.why())
        .or(() -> stepUp.isEmpty() || stepUp.equals(deny.stepUp())
            ? Optional.empty()
            : Optional.of("expected the step-up " + stepUp.get() + ", but was "
                + deny.stepUp().map(Enum::name).orElse("none")));
  }

  private Optional<String> mismatch(Permit permit) {
    SortedSet<String> charged = new TreeSet<>();
    permit.quotas().forEach(quota -> charged.add(quota.rule() + "#" + quota.number()));
    SortedSet<String> told = new TreeSet<>();
    permit.notified().forEach(group -> told.add(group.value()));
    return differs("the fields", fields, permit.fields())
        .or(() -> differs("the quotas", quotas.map(TreeSet::new), charged))
        .or(() -> differs("the time to live", timeToLive, permit.timeToLive()))
        .or(() -> differs("the notified groups", notified, told))
        .or(() -> differs("the watermarks", watermarks, permit.watermarks()));
  }

  private static Optional<String> differs(String what, Optional<?> expected, Object actual) {
    return expected.isEmpty() || expected.get().equals(actual)
        ? Optional.empty()
        : Optional.of("expected " + what + " " + expected.get() + ", but was " + actual);
  }
}
