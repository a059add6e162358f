package org.openhipaa.core.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.access.Decision.QuotaObligation;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.access.rules.QuotaMeasure;
import org.openhipaa.core.access.rules.Rule.Obligations;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;

/**
 * Merges the obligations of all matching permits towards the stricter. The same rules and fields
 * always give the same result, so results are kept.
 */
final class Merger {
  private static final int MAX_KEPT = 10_000;

  private final String hash;
  private final Map<Group, SortedSet<Group>> members;
  private final Cache<Key, Merged> kept =
      Caffeine.newBuilder().maximumSize(MAX_KEPT).build();

  private final Labels sensitive;

  Merger(String hash, Map<Group, SortedSet<Group>> members, Labels sensitive) {
    this.hash = hash;
    this.members = members;
    this.sensitive = sensitive;
  }

  /** What the rules permit, or why it is denied in spite of them. */
  Decision merge(List<Candidate> matching, TypeIndex index, AccessRequest request) {
    Candidate first = matching.get(0);
    boolean usual = matching.size() == 1
        && request.fields().isEmpty()
        && request.filterFields().isEmpty();
    if (usual && first.plain != null) {
      return first.plain;
    }
    List<CompiledRule> rules =
        matching.stream().map(candidate -> candidate.rule).toList();
    Merged merged = kept.get(new Key(index, rules, request.fields()), this::merge);
    if (usual) {
      // Two threads may both do so: what they find is equal and immutable.
      first.plain = merged.plain();
    }
    return merged.finish(request);
  }

  private Merged merge(Key key) {
    SortedMap<FieldPath, Mask> fields = new TreeMap<>();
    SortedSet<FieldPath> filterable = new TreeSet<>();
    for (FieldPath field : key.index.fields) {
      Mask mask = key.matching.stream()
          .map(rule -> rule.rule.fields().getOrDefault(field, Mask.HIDE))
          .reduce(Mask.SHOW, Mask::stricter);
      if (mask == Mask.SHOW) {
        filterable.add(field);
      }
      if (mask != Mask.HIDE && (key.asked.isEmpty() || key.asked.contains(field))) {
        fields.put(field, mask);
      }
    }
    List<String> ids = key.matching.stream().map(rule -> rule.rule.id()).toList();
    Decision decision = fields.isEmpty() && !key.index.fields.isEmpty()
        ? deny(
            ids,
            DenyReason.NO_PERMITTED_FIELD,
            "the matching rules show none of the fields asked for")
        : permit(ids, key.matching, fields);
    return new Merged(
        decision, filterable, firstNeedingReason(key.matching), approvals(key.matching));
  }

  private Permit permit(
      List<String> ids, List<CompiledRule> matching, SortedMap<FieldPath, Mask> fields) {
    List<QuotaObligation> quotas = new ArrayList<>();
    SortedSet<Group> notified = new TreeSet<>();
    SortedSet<String> watermarks = new TreeSet<>();
    Optional<Duration> timeToLive = Optional.empty();
    for (CompiledRule rule : matching) {
      Obligations obligations = rule.rule.obligations();
      int number = 0;
      for (QuotaLimit limit : obligations.quotas()) {
        quotas.add(new QuotaObligation(rule.rule.id(), number++, limit));
      }
      notified.addAll(obligations.notified());
      obligations.watermark().ifPresent(text -> watermarks.add(text));
      Optional<Duration> other = obligations.timeToLive();
      if (timeToLive.isEmpty()
          || (other.isPresent() && other.get().compareTo(timeToLive.get()) < 0)) {
        timeToLive = other;
      }
    }
    return new Permit(ids, hash, fields, quotas, timeToLive, notified, watermarks);
  }

  /** A quota on sensitive patients is charged unless the record is known to carry no such label. */
  private Permit withoutIdleQuotas(Permit permit, AccessRequest request) {
    List<QuotaObligation> charged = permit.quotas().stream()
        .filter(quota -> quota.limit().labels().isEmpty()
            || quota.limit().labels().stream()
                .anyMatch(label -> sensitive.carries(label, request) != Kleene.FALSE))
        .toList();
    return new Permit(
        permit.rules(),
        permit.policyHash(),
        permit.fields(),
        charged,
        permit.timeToLive(),
        permit.notified(),
        permit.watermarks());
  }

  private static Optional<String> firstNeedingReason(List<CompiledRule> matching) {
    return matching.stream()
        .filter(rule -> rule.rule.obligations().reasonRequired())
        .map(rule -> rule.rule.id())
        .findFirst();
  }

  private List<Approval> approvals(List<CompiledRule> matching) {
    return matching.stream()
        .filter(rule -> !rule.rule.obligations().approvers().isEmpty())
        .map(rule -> {
          Set<Group> groups = new HashSet<>();
          rule.rule
              .obligations()
              .approvers()
              .forEach(group ->
                  groups.addAll(members.getOrDefault(group, Collections.emptySortedSet())));
          return new Approval(rule.rule.id(), groups);
        })
        .toList();
  }

  private Deny deny(List<String> rules, DenyReason reason, String explanation) {
    return new Deny(rules, hash, reason, explanation);
  }

  /** What a result depends on. */
  private record Key(TypeIndex index, List<CompiledRule> matching, SortedSet<FieldPath> asked) {}

  /** Who may approve what a rule permits. */
  private record Approval(String rule, Set<Group> groups) {
    boolean givenBy(Optional<Actor> approver, Actor actor) {
      return approver
          .filter(second -> !second.id().samePersonAs(actor.id()))
          .filter(second -> second.groups().stream().anyMatch(groups::contains))
          .isPresent();
    }
  }

  /** A result, but for what the request itself brings along. */
  final class Merged {
    private final Decision decision;
    private final SortedSet<FieldPath> filterable;
    private final Optional<String> needsReason;
    private final List<Approval> approvals;
    private final boolean countsSensitive;

    Merged(
        Decision decision,
        SortedSet<FieldPath> filterable,
        Optional<String> needsReason,
        List<Approval> approvals) {
      this.decision = decision;
      this.filterable = filterable;
      this.needsReason = needsReason;
      this.approvals = approvals;
      this.countsSensitive = decision instanceof Permit permit
          && permit.quotas().stream()
              .anyMatch(q -> q.limit().measure() == QuotaMeasure.SENSITIVE_PATIENTS);
    }

    /** The decision, if it is the same for every request that names no field. */
    @Nullable
    Decision plain() {
      return needsReason.isEmpty() && approvals.isEmpty() && !countsSensitive ? decision : null;
    }

    Decision finish(AccessRequest request) {
      if (!decision.permitted()) {
        return decision;
      }
      for (FieldPath field : request.filterFields()) {
        if (!filterable.contains(field)) {
          return deny(
              decision.rules(),
              DenyReason.FIELD_NOT_FOR_FILTER,
              "field " + field + " is not shown unmasked, so it cannot be filtered or sorted by");
        }
      }
      if (needsReason.isPresent()
          && request.reason().filter(text -> !text.isBlank()).isEmpty()) {
        return deny(
            decision.rules(),
            DenyReason.REASON_NEEDED,
            "rule " + needsReason.get() + " demands that a reason is stated");
      }
      for (Approval approval : approvals) {
        if (!approval.givenBy(request.approver(), request.actor())) {
          return deny(
              decision.rules(),
              DenyReason.APPROVAL_NEEDED,
              "rule " + approval.rule + " demands the approval of a second person");
        }
      }
      return countsSensitive ? withoutIdleQuotas((Permit) decision, request) : decision;
    }
  }
}
