package org.openhipaa.testkit.policy;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.access.AccessDecider;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.access.DenyReason;
import org.openhipaa.core.access.rules.AttributeDeclaration;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.Rule;
import org.openhipaa.core.access.rules.SeparateDuties;
import org.openhipaa.core.access.rules.Truth;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;

/**
 * The page {@code docs/design/policy-semantics.md} in code: slow, plain, and with nothing in common
 * with the engine, so that the two can be compared. Decides as {@code AccessPolicy} does; only the
 * words of its explanations differ.
 *
 * <p>Immutable and thread-safe.
 */
public final class ReferenceEvaluator implements AccessDecider {
  private final PolicyModel model;
  private final String hash;

  /**
   * Reads a policy.
   *
   * @param model what it says
   */
  public ReferenceEvaluator(PolicyModel model) {
    this.model = model;
    this.hash = model.hash();
  }

  @Override
  public Decision decide(AccessRequest request) {
    SortedSet<FieldPath> known = model.types().get(request.type());
    if (known == null) {
      return deny(List.of(), DenyReason.UNKNOWN_RECORD_TYPE);
    }
    if (!known.containsAll(request.fields()) || !known.containsAll(request.filterFields())) {
      return deny(List.of(), DenyReason.UNKNOWN_FIELD);
    }
    if (model.separate().stream().anyMatch(pair -> holdsBoth(request.actor(), pair))) {
      return deny(List.of(), DenyReason.DUTIES_NOT_SEPARATED);
    }
    List<Rule> applying = applying(request);
    List<Rule> denials = applying.stream().filter(rule -> !rule.permits()).toList();
    if (!denials.isEmpty()) {
      return deny(denials, DenyReason.DENIED_BY_RULE);
    }
    return applying.isEmpty() ? nearMiss(request) : merge(applying, known, request);
  }

  /**
   * The rules that apply, permits and denials alike.
   *
   * @param request the question
   * @return in the order of the policy
   */
  public List<Rule> applying(AccessRequest request) {
    return model.rules().stream().filter(rule -> applies(rule, request)).toList();
  }

  /**
   * Tells whether a rule covers a request, whatever else it asks for.
   *
   * @param rule a rule of the policy
   * @param request the question
   * @return true if type, action, purpose and a group of the actor are among those of the rule
   */
  public boolean covers(Rule rule, AccessRequest request) {
    return coversButPurpose(rule, request)
        && (rule.permits()
            ? rule.purposes().contains(request.purpose())
            : rule.purposes().isEmpty() || rule.purposes().contains(request.purpose()));
  }

  /**
   * Tells whether a condition holds.
   *
   * @param condition names only what the policy declares
   * @param request the question
   * @return true, false, or unknown if an input is missing or fails
   */
  public Truth test(Condition condition, AccessRequest request) {
    if (condition instanceof Condition.All all) {
      return all.parts().stream()
          .map(part -> test(part, request))
          .reduce(Truth.TRUE, ReferenceEvaluator::least);
    } else if (condition instanceof Condition.Any any) {
      return not(any.parts().stream()
          .map(part -> not(test(part, request)))
          .reduce(Truth.TRUE, ReferenceEvaluator::least));
    } else if (condition instanceof Condition.Not not) {
      return not(test(not.part(), request));
    } else if (condition instanceof Condition.Relation relation) {
      return request
          .patient()
          .map(patient ->
              ask(() -> request.relations().holds(relation.name(), request.actor(), patient)))
          .orElse(Truth.UNKNOWN);
    } else if (condition instanceof Condition.Predicate predicate) {
      return ask(() -> request.predicates().holds(predicate.name(), request));
    } else if (condition instanceof Condition.Carries carries) {
      return carries(carries.label(), request);
    } else if (condition instanceof Condition.LabelsWithin within) {
      return within(within.labels(), request);
    } else if (condition instanceof Condition.OneOf oneOf) {
      return texts(oneOf.attribute(), request)
          .map(texts -> truth(meet(texts, oneOf.values())))
          .orElse(Truth.UNKNOWN);
    } else if (condition instanceof Condition.Range range) {
      return value(range.attribute(), request)
          .map(value -> value instanceof Long number
              ? truth(range.from() <= number && number <= range.to())
              : Truth.UNKNOWN)
          .orElse(Truth.UNKNOWN);
    } else if (condition instanceof Condition.Flag flag) {
      return value(flag.attribute(), request)
          .map(value -> value instanceof Boolean yes ? truth(yes) : Truth.UNKNOWN)
          .orElse(Truth.UNKNOWN);
    } else if (condition instanceof Condition.Same same) {
      Optional<Set<String>> left = texts(same.left(), request);
      Optional<Set<String>> right = texts(same.right(), request);
      return left.isEmpty() || right.isEmpty()
          ? Truth.UNKNOWN
          : truth(meet(left.get(), right.get()));
    }
    throw new HipaaBugException("a kind of condition that the page does not know");
  }

  private boolean coversButPurpose(Rule rule, AccessRequest request) {
    boolean anyType = !rule.permits() && rule.types().isEmpty();
    boolean everybody = !rule.permits() && rule.groups().isEmpty();
    return rule.actions().contains(request.action())
        && (anyType || rule.types().contains(request.type()))
        && (everybody || rule.groups().stream().anyMatch(group -> isIn(request.actor(), group)));
  }

  private boolean applies(Rule rule, AccessRequest request) {
    if (!covers(rule, request)) {
      return false;
    }
    Truth truth = test(rule.condition(), request);
    return rule.permits()
        ? truth == Truth.TRUE && isAssured(rule, request) && isGlassBroken(rule, request)
        : truth != Truth.FALSE;
  }

  private static boolean isAssured(Rule rule, AccessRequest request) {
    return request.actor().assurance().compareTo(rule.assurance()) >= 0;
  }

  private static boolean isGlassBroken(Rule rule, AccessRequest request) {
    return !rule.breakGlass()
        || (request.ticket().isPresent() && request.ticket().get().covers(request));
  }

  private boolean isIn(Actor actor, Group group) {
    return actor.groups().stream().anyMatch(own -> isMember(own, group));
  }

  private boolean isMember(Group group, Group of) {
    return group.equals(of)
        || neighbours(model.groups(), group).stream().anyMatch(parent -> isMember(parent, of));
  }

  private boolean isImplied(String label, String by) {
    return label.equals(by)
        || neighbours(model.labels(), by).stream().anyMatch(next -> isImplied(label, next));
  }

  private static <T> Collection<T> neighbours(Map<T, SortedSet<T>> graph, T of) {
    SortedSet<T> next = graph.get(of);
    return next == null ? List.of() : next;
  }

  private boolean holdsBoth(Actor actor, SeparateDuties pair) {
    return isIn(actor, pair.one()) && isIn(actor, pair.other());
  }

  private Truth carries(String label, AccessRequest request) {
    if (request.labels().isEmpty()) {
      return Truth.UNKNOWN;
    }
    SortedSet<String> carried = request.labels().get();
    if (carried.stream().anyMatch(by -> model.labels().containsKey(by) && isImplied(label, by))) {
      return Truth.TRUE;
    }
    return model.labels().keySet().containsAll(carried) ? Truth.FALSE : Truth.UNKNOWN;
  }

  private Truth within(SortedSet<String> allowed, AccessRequest request) {
    if (request.labels().isEmpty()) {
      return Truth.UNKNOWN;
    }
    SortedSet<String> carried = request.labels().get();
    if (carried.stream()
        .filter(label -> model.labels().containsKey(label))
        .anyMatch(label -> allowed.stream().noneMatch(by -> isImplied(label, by)))) {
      return Truth.FALSE;
    }
    return model.labels().keySet().containsAll(carried) ? Truth.TRUE : Truth.UNKNOWN;
  }

  private Optional<Object> value(AttributeName name, AccessRequest request) {
    if (name.equals(PolicyModel.HOUR)) {
      return local(request).map(time -> (long) time.getHour());
    } else if (name.equals(PolicyModel.WEEKDAY)) {
      return local(request).map(time -> (long) time.getDayOfWeek().getValue());
    } else if (name.equals(PolicyModel.RECIPIENT)) {
      return request.recipient().map(recipient -> recipient.label());
    }
    return switch (name.side()) {
      case ACTOR -> request.actor().attributes().value(name.name());
      case RECORD -> request.attributes().value(name.name());
      case CONTEXT -> request.context().value(name.name());
    };
  }

  private Optional<ZonedDateTime> local(AccessRequest request) {
    return request.at().map(time -> time.atZone(model.zone()));
  }

  /** The texts of an attribute, if it has the type that it is declared with. */
  private Optional<Set<String>> texts(AttributeName name, AccessRequest request) {
    AttributeDeclaration declared = model.attributes().get(name);
    boolean single = declared == null || declared.type() == AttributeType.TEXT;
    return value(name, request).flatMap(value -> {
      if (single) {
        return value instanceof String text ? Optional.of(Set.of(text)) : Optional.empty();
      }
      Set<String> set = new HashSet<>();
      if (value instanceof Set<?> all) {
        all.forEach(text -> set.add((String) text));
      }
      return value instanceof Set<?> ? Optional.of(set) : Optional.empty();
    });
  }

  private static boolean meet(Set<String> one, Set<String> other) {
    return one.stream().anyMatch(other::contains);
  }

  private static Truth ask(BooleanSupplier question) {
    try {
      return truth(question.getAsBoolean());
    } catch (RuntimeException e) {
      return Truth.UNKNOWN;
    }
  }

  private static Truth truth(boolean value) {
    return value ? Truth.TRUE : Truth.FALSE;
  }

  private static Truth least(Truth one, Truth other) {
    if (one == Truth.FALSE || other == Truth.FALSE) {
      return Truth.FALSE;
    }
    return one == Truth.TRUE && other == Truth.TRUE ? Truth.TRUE : Truth.UNKNOWN;
  }

  private static Truth not(Truth truth) {
    return truth == Truth.UNKNOWN ? truth : truth(truth == Truth.FALSE);
  }

  private Decision nearMiss(AccessRequest request) {
    DenyReason reason = DenyReason.NO_MATCHING_RULE;
    Optional<Assurance> stepUp = Optional.empty();
    for (Rule rule : model.rules()) {
      if (rule.permits() && coversButPurpose(rule, request)) {
        DenyReason missed = missed(rule, request);
        if (missed.compareTo(reason) > 0) {
          reason = missed;
        }
        if (missed == DenyReason.ASSURANCE_TOO_LOW
            && stepUp.map(level -> level.compareTo(rule.assurance()) > 0).orElse(true)) {
          stepUp = Optional.of(rule.assurance());
        }
      }
    }
    return new Decision.Deny(List.of(), hash, reason, reason.name(), stepUp);
  }

  private DenyReason missed(Rule rule, AccessRequest request) {
    if (!rule.purposes().contains(request.purpose())) {
      return DenyReason.PURPOSE_NOT_PERMITTED;
    }
    List<Condition> parts = parts(rule.condition()).toList();
    if (parts.stream().anyMatch(part -> !looksUp(part) && test(part, request) != Truth.TRUE)) {
      return DenyReason.CONDITION_NOT_MET;
    }
    if (!isGlassBroken(rule, request)) {
      return DenyReason.BREAK_GLASS_NEEDED;
    }
    return parts.stream().anyMatch(part -> test(part, request) != Truth.TRUE)
        ? DenyReason.RELATION_MISSING
        : DenyReason.ASSURANCE_TOO_LOW;
  }

  private static Stream<Condition> parts(Condition condition) {
    return condition instanceof Condition.All all
        ? all.parts().stream().flatMap(ReferenceEvaluator::parts)
        : Stream.of(condition);
  }

  private static boolean looksUp(Condition condition) {
    if (condition instanceof Condition.All all) {
      return all.parts().stream().anyMatch(ReferenceEvaluator::looksUp);
    } else if (condition instanceof Condition.Any any) {
      return any.parts().stream().anyMatch(ReferenceEvaluator::looksUp);
    } else if (condition instanceof Condition.Not not) {
      return looksUp(not.part());
    }
    return condition instanceof Condition.Relation || condition instanceof Condition.Predicate;
  }

  private Decision merge(List<Rule> permits, SortedSet<FieldPath> known, AccessRequest request) {
    SortedMap<FieldPath, Mask> merged = new TreeMap<>();
    known.forEach(field -> merged.put(field, mask(permits, field)));
    SortedMap<FieldPath, Mask> shown = new TreeMap<>(merged);
    shown.values().removeIf(mask -> mask == Mask.HIDE);
    if (!request.fields().isEmpty()) {
      shown.keySet().retainAll(request.fields());
    }
    if (!known.isEmpty() && shown.isEmpty()) {
      return deny(permits, DenyReason.NO_PERMITTED_FIELD);
    }
    if (request.filterFields().stream().anyMatch(field -> merged.get(field) != Mask.SHOW)) {
      return deny(permits, DenyReason.FIELD_NOT_FOR_FILTER);
    }
    if (permits.stream().anyMatch(rule -> rule.obligations().reasonRequired())
        && request.reason().orElse("").isBlank()) {
      return deny(permits, DenyReason.REASON_NEEDED);
    }
    if (!permits.stream().allMatch(rule -> isApproved(rule, request))) {
      return deny(permits, DenyReason.APPROVAL_NEEDED);
    }
    return permit(permits, shown, request);
  }

  private static Mask mask(List<Rule> permits, FieldPath field) {
    Set<Mask> masks = new HashSet<>();
    permits.forEach(rule -> masks.add(rule.fields().getOrDefault(field, Mask.HIDE)));
    if (masks.size() > 1) {
      masks.remove(Mask.SHOW);
    }
    return masks.size() == 1 ? masks.iterator().next() : Mask.HIDE;
  }

  private boolean isApproved(Rule rule, AccessRequest request) {
    return rule.obligations().approvers().isEmpty()
        || request
            .approver()
            .filter(second -> !second.id().equals(request.actor().id()))
            .filter(second ->
                rule.obligations().approvers().stream().anyMatch(group -> isIn(second, group)))
            .isPresent();
  }

  private Decision permit(
      List<Rule> permits, SortedMap<FieldPath, Mask> shown, AccessRequest request) {
    List<Decision.QuotaObligation> quotas = new ArrayList<>();
    SortedSet<Duration> times = new TreeSet<>();
    SortedSet<Group> notified = new TreeSet<>();
    SortedSet<String> watermarks = new TreeSet<>();
    for (Rule rule : permits) {
      Rule.Obligations obligations = rule.obligations();
      for (int i = 0; i < obligations.quotas().size(); i++) {
        SortedSet<String> labels = obligations.quotas().get(i).labels();
        if (labels.isEmpty()
            || labels.stream().anyMatch(label -> carries(label, request) != Truth.FALSE)) {
          quotas.add(
              new Decision.QuotaObligation(rule.id(), i, obligations.quotas().get(i)));
        }
      }
      obligations.timeToLive().ifPresent(time -> times.add(time));
      notified.addAll(obligations.notified());
      obligations.watermark().ifPresent(text -> watermarks.add(text));
    }
    return new Decision.Permit(
        permits.stream().map(Rule::id).toList(),
        hash,
        shown,
        quotas,
        times.stream().findFirst(),
        notified,
        watermarks);
  }

  private Decision deny(List<Rule> rules, DenyReason reason) {
    return new Decision.Deny(rules.stream().map(Rule::id).toList(), hash, reason, reason.name());
  }
}
