package org.openhipaa.core.access.analysis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.openhipaa.core.access.Decision.QuotaObligation;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/** What some rules of one policy effect, each effect as the function of where it comes about. */
final class Effects {
  /** Where a denial applies or duties are not separated. */
  final int denied;
  /** Where the request is permitted, but for what it must bring along (reason, approval). */
  final int permitted;
  /** Where the permits of no field let anything be seen. */
  final int nothingShown;
  /** Where each field is shown under each mask but {@link Mask#HIDE}. */
  final SortedMap<FieldPath, Map<Mask, Integer>> shown = new TreeMap<>();
  /** Where each quota is charged. */
  final Map<QuotaObligation, Integer> quotas;
  /** Where a permit with just this time to live applies. */
  final SortedMap<Duration, Integer> timesToLive;
  /** Where a permit applies that one of just these groups has to approve. */
  final Map<SortedSet<Group>, Integer> approvals;
  /** Where a reason is needed. */
  final int reason;

  final SortedMap<Group, Integer> notified;
  final SortedMap<String, Integer> watermarks;

  private final Diagrams diagrams;

  /**
   * Works out the effects.
   *
   * @param part holds the rules
   * @param view whose rules
   * @param rules those that matter
   * @param region where to look
   */
  Effects(Part part, PolicyView view, Collection<Rule> rules, int region) {
    Space space = part.space;
    this.diagrams = space.diagrams;
    RecordType type = part.type;
    List<Integer> denying = new ArrayList<>();
    denying.add(space.notSeparated(view));
    rules.stream()
        .filter(rule -> !rule.permits())
        .forEach(rule -> denying.add(diagrams.and(region, part.applies(view, rule))));
    denied = diagrams.any(denying);
    int open = diagrams.minus(diagrams.and(region, space.feasible()), denied);
    Map<Rule, Integer> permits = new LinkedHashMap<>();
    Collector collector = new Collector();
    for (Rule rule : rules) {
      int where = rule.permits() ? diagrams.and(open, part.applies(view, rule)) : Diagrams.NEVER;
      if (where != Diagrams.NEVER) {
        permits.put(rule, where);
        collector.add(space, view, rule, where);
      }
    }
    int applying = diagrams.any(List.copyOf(permits.values()));
    SortedSet<FieldPath> fields = view.fields(type);
    int allHidden = fields.isEmpty() ? Diagrams.NEVER : applying;
    Map<Map<Mask, Integer>, Map<Mask, Integer>> known = new HashMap<>();
    for (FieldPath field : fields) {
      Map<Mask, Integer> given = given(field, permits);
      Map<Mask, Integer> merged = known.computeIfAbsent(given, g -> merge(applying, g));
      shown.put(field, merged);
      for (int where : merged.values()) {
        allHidden = diagrams.minus(allHidden, where);
      }
    }
    nothingShown = allHidden;
    permitted = diagrams.minus(applying, allHidden);
    quotas = joined(collector.quotas);
    timesToLive = new TreeMap<>(joined(collector.timesToLive));
    approvals = joined(collector.approvals);
    reason = diagrams.any(collector.reasons);
    notified = new TreeMap<>(joined(collector.notified));
    watermarks = new TreeMap<>(joined(collector.watermarks));
  }

  /** Where a permit gives the field each mask but {@link Mask#SHOW}. */
  private Map<Mask, Integer> given(FieldPath field, Map<Rule, Integer> permits) {
    Map<Mask, List<Integer>> byMask = new EnumMap<>(Mask.class);
    permits.forEach((rule, where) -> {
      Mask mask = rule.fields().getOrDefault(field, Mask.HIDE);
      if (mask != Mask.SHOW) {
        byMask.computeIfAbsent(mask, m -> new ArrayList<>()).add(where);
      }
    });
    Map<Mask, Integer> given = new EnumMap<>(Mask.class);
    byMask.forEach((mask, list) -> given.put(mask, diagrams.any(list)));
    return given;
  }

  /** Showing yields to any mask; two different ones hide. */
  private Map<Mask, Integer> merge(int applying, Map<Mask, Integer> given) {
    Map<Mask, Integer> merged = new EnumMap<>(Mask.class);
    int unmasked = applying;
    for (int where : given.values()) {
      unmasked = diagrams.minus(unmasked, where);
    }
    merged.put(Mask.SHOW, unmasked);
    given.forEach((mask, where) -> {
      if (mask != Mask.HIDE) {
        int alone = where;
        for (Map.Entry<Mask, Integer> other : given.entrySet()) {
          alone = other.getKey() == mask ? alone : diagrams.minus(alone, other.getValue());
        }
        merged.put(mask, alone);
      }
    });
    merged.values().removeIf(where -> where == Diagrams.NEVER);
    return merged;
  }

  private <K> Map<K, Integer> joined(Map<K, List<Integer>> lists) {
    Map<K, Integer> joined = new LinkedHashMap<>();
    lists.forEach((key, list) -> joined.put(key, diagrams.any(list)));
    return joined;
  }

  /** Where the field is shown under the mask. */
  int shown(FieldPath field, Mask mask) {
    return shown.getOrDefault(field, Map.of()).getOrDefault(mask, Diagrams.NEVER);
  }

  /** Where a value may be kept no longer than this. */
  int keptAtMost(Duration limit) {
    return diagrams.any(timesToLive.entrySet().stream()
        .filter(entry -> entry.getKey().compareTo(limit) <= 0)
        .map(Map.Entry::getValue)
        .toList());
  }

  /** Where somebody of these groups has to approve. */
  int approvedWithin(SortedSet<Group> groups) {
    return diagrams.any(approvals.entrySet().stream()
        .filter(entry -> groups.containsAll(entry.getKey()))
        .map(Map.Entry::getValue)
        .toList());
  }

  /** Whether others of the same region come to the same for whoever asks. */
  boolean sameAs(Effects other) {
    if (permitted != other.permitted || !same(reason, other.reason)) {
      return false;
    }
    for (Map.Entry<FieldPath, Map<Mask, Integer>> field : shown.entrySet()) {
      for (Mask mask : Mask.values()) {
        if (!same(shown(field.getKey(), mask), other.shown(field.getKey(), mask))) {
          return false;
        }
      }
    }
    return same(quotas, other.quotas)
        && same(notified, other.notified)
        && same(watermarks, other.watermarks)
        && union(timesToLive.keySet(), other.timesToLive.keySet()).stream()
            .allMatch(limit -> same(keptAtMost(limit), other.keptAtMost(limit)))
        && union(approvals.keySet(), other.approvals.keySet()).stream()
            .allMatch(groups -> same(approvedWithin(groups), other.approvedWithin(groups)));
  }

  private boolean same(int one, int other) {
    return diagrams.and(permitted, one) == diagrams.and(permitted, other);
  }

  private <K> boolean same(Map<K, Integer> one, Map<K, Integer> other) {
    return union(one.keySet(), other.keySet()).stream()
        .allMatch(key ->
            same(one.getOrDefault(key, Diagrams.NEVER), other.getOrDefault(key, Diagrams.NEVER)));
  }

  private static <K> Set<K> union(Set<K> one, Set<K> other) {
    Set<K> all = new LinkedHashSet<>(one);
    all.addAll(other);
    return all;
  }

  /** The obligations of permits, each with where they apply. */
  private static final class Collector {
    private final Map<QuotaObligation, List<Integer>> quotas = new LinkedHashMap<>();
    private final Map<Duration, List<Integer>> timesToLive = new LinkedHashMap<>();
    private final Map<SortedSet<Group>, List<Integer>> approvals = new LinkedHashMap<>();
    private final Map<Group, List<Integer>> notified = new LinkedHashMap<>();
    private final Map<String, List<Integer>> watermarks = new LinkedHashMap<>();
    private final List<Integer> reasons = new ArrayList<>();

    private void add(Space space, PolicyView view, Rule rule, int where) {
      Rule.Obligations obligations = rule.obligations();
      int number = 0;
      for (QuotaLimit limit : obligations.quotas()) {
        put(
            quotas,
            new QuotaObligation(rule.id(), number++, limit),
            space.diagrams.and(where, charged(space, view, limit)));
      }
      obligations.timeToLive().ifPresent(limit -> put(timesToLive, limit, where));
      if (!obligations.approvers().isEmpty()) {
        put(approvals, view.expand(obligations.approvers()), where);
      }
      obligations.notified().forEach(group -> put(notified, group, where));
      obligations.watermark().ifPresent(text -> put(watermarks, text, where));
      if (obligations.reasonRequired()) {
        reasons.add(where);
      }
    }

    /** A quota on sensitive patients is charged unless each of its labels is known to be absent. */
    private static int charged(Space space, PolicyView view, QuotaLimit limit) {
      if (limit.labels().isEmpty()) {
        return Diagrams.ALWAYS;
      }
      return space.diagrams.any(limit.labels().stream()
          .map(label -> space.diagrams.not(
              space.truths(view, new Condition.Carries(label)).fails()))
          .toList());
    }

    private static <K> void put(Map<K, List<Integer>> to, K key, int where) {
      to.computeIfAbsent(key, k -> new ArrayList<>()).add(where);
    }
  }
}
