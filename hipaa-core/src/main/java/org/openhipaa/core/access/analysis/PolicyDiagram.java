package org.openhipaa.core.access.analysis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.openhipaa.core.access.AccessDecider;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.access.Decision.QuotaObligation;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/**
 * A policy as decision diagrams: a second, independent way to decide, which tests compare with the
 * first. Where no permit applies it says {@link DenyReason#NO_MATCHING_RULE}, whichever rule came
 * nearest; otherwise it decides as {@link AccessPolicy} does. Slower than that, so not for
 * production.
 *
 * <p>Thread-safe. The diagrams for a record type, action and purpose are made when first needed.
 */
public final class PolicyDiagram implements AccessDecider {
  private final PolicyView view;
  private final Times times;
  private final String hash;
  private final IdentityHashMap<Rule, Integer> numbers = new IdentityHashMap<>();
  private final Map<Key, Compiled> parts = new ConcurrentHashMap<>();

  private PolicyDiagram(AccessPolicy policy) {
    this.view = new PolicyView(policy, 0);
    this.times = new Times(List.of(policy.model().zone()));
    this.hash = policy.hash();
    policy.model().rules().forEach(rule -> numbers.put(rule, numbers.size()));
  }

  /**
   * Makes the diagrams of a policy.
   *
   * @param policy the policy
   * @return its diagrams
   */
  public static PolicyDiagram of(AccessPolicy policy) {
    return new PolicyDiagram(policy);
  }

  /**
   * Decides.
   *
   * @param request the question
   * @return what the policy decides, but for the kind of near miss
   * @throws PolicyTooEntangledException if the diagrams would become too large
   */
  @Override
  public Decision decide(AccessRequest request) {
    RecordType type = request.type();
    if (!view.model.types().containsKey(type)) {
      return deny(List.of(), DenyReason.UNKNOWN_RECORD_TYPE);
    }
    if (!view.fields(type).containsAll(request.fields())
        || !view.fields(type).containsAll(request.filterFields())) {
      return deny(List.of(), DenyReason.UNKNOWN_FIELD);
    }
    if (view.conflicting(request.actor().groups())) {
      return deny(List.of(), DenyReason.DUTIES_NOT_SEPARATED);
    }
    List<Rule> rules = view.rules(type, new Use(request.action(), request.purpose()));
    List<Integer> ids =
        rules.stream().map(rule -> numbers.getOrDefault(rule, -1)).toList();
    return parts
        .computeIfAbsent(new Key(type, ids), key -> new Compiled(type, rules))
        .decide(request);
  }

  private Deny deny(List<String> rules, DenyReason why) {
    return new Deny(rules, hash, why, "as the diagrams say");
  }

  private record Key(RecordType type, List<Integer> rules) {}

  /** The diagrams for one type and use; not changed once made. */
  private final class Compiled {
    private final Part part;
    private final Effects effects;
    private final List<Rule> rules;
    private final List<Integer> applying;

    Compiled(RecordType type, List<Rule> rules) {
      this.part = Part.of(view, times, type, rules, new Budget());
      this.rules = rules;
      this.applying = rules.stream().map(rule -> part.applies(view, rule)).toList();
      this.effects = part.effects(0);
    }

    Decision decide(AccessRequest request) {
      int[] values = Requests.read(part.space, request);
      if (holds(effects.denied, values)) {
        return deny(applying(false, values), DenyReason.DENIED_BY_RULE);
      }
      boolean permitted = holds(effects.permitted, values);
      List<String> ids = applying(true, values);
      if (!permitted && !holds(effects.nothingShown, values)) {
        return deny(List.of(), DenyReason.NO_MATCHING_RULE);
      }
      SortedMap<FieldPath, Mask> all = permitted ? fields(values) : new TreeMap<>();
      SortedMap<FieldPath, Mask> fields = new TreeMap<>(all);
      if (!request.fields().isEmpty()) {
        fields.keySet().retainAll(request.fields());
      }
      if (!permitted || (fields.isEmpty() && !view.fields(part.type).isEmpty())) {
        return deny(ids, DenyReason.NO_PERMITTED_FIELD);
      }
      if (request.filterFields().stream().anyMatch(field -> all.get(field) != Mask.SHOW)) {
        return deny(ids, DenyReason.FIELD_NOT_FOR_FILTER);
      }
      if (holds(effects.reason, values)
          && request.reason().filter(text -> !text.isBlank()).isEmpty()) {
        return deny(ids, DenyReason.REASON_NEEDED);
      }
      if (!approved(request, values)) {
        return deny(ids, DenyReason.APPROVAL_NEEDED);
      }
      return permit(ids, fields, values);
    }

    private Permit permit(List<String> ids, SortedMap<FieldPath, Mask> fields, int[] values) {
      Optional<Duration> timeToLive =
          holding(effects.timesToLive, values).stream().findFirst();
      List<QuotaObligation> quotas = holding(effects.quotas, values);
      return new Permit(
          ids,
          hash,
          fields,
          quotas,
          timeToLive,
          new TreeSet<>(holding(effects.notified, values)),
          new TreeSet<>(holding(effects.watermarks, values)));
    }

    private SortedMap<FieldPath, Mask> fields(int[] values) {
      SortedMap<FieldPath, Mask> fields = new TreeMap<>();
      effects.shown.forEach((field, masks) -> masks.forEach((mask, where) -> {
        if (holds(where, values)) {
          fields.put(field, mask);
        }
      }));
      return fields;
    }

    private boolean approved(AccessRequest request, int[] values) {
      Optional<Actor> second =
          request.approver().filter(who -> !who.id().equals(request.actor().id()));
      SortedSet<Group> groups = second.map(Actor::groups).orElse(Collections.emptySortedSet());
      return holding(effects.approvals, values).stream()
          .allMatch(asked -> !Collections.disjoint(asked, groups));
    }

    private <K> List<K> holding(Map<K, Integer> functions, int[] values) {
      List<K> holding = new ArrayList<>();
      functions.forEach((key, where) -> {
        if (holds(where, values)) {
          holding.add(key);
        }
      });
      return holding;
    }

    private List<String> applying(boolean permits, int[] values) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < rules.size(); i++) {
        if (rules.get(i).permits() == permits && holds(applying.get(i), values)) {
          ids.add(rules.get(i).id());
        }
      }
      return ids;
    }

    private boolean holds(int function, int[] values) {
      return part.space.diagrams.holds(function, values);
    }
  }
}
