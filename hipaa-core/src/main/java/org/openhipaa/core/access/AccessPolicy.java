package org.openhipaa.core.access;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.Decision.Permit;
import org.openhipaa.core.access.Decision.QuotaObligation;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;

/**
 * Who may do what with which fields for which purpose (45 CFR 164.308(a)(4), 164.312(a)(1),
 * 164.514(d)(2)).
 *
 * <p>What is not permitted is denied, and a deny rule overrides every permit. An input that is
 * missing or fails, such as a relation that cannot be looked up, keeps permit rules from applying
 * and lets deny rules apply. The field masks and quotas of all matching permits are merged towards
 * the stricter. A policy is written as a YAML or JSON file ({@link #load}) or in Java ({@link
 * #builder}); both give the same policy with the same {@link #hash}.
 *
 * <p>Immutable and thread-safe. File format: {@code docs/formats/policy-v1.md}.
 */
public final class AccessPolicy {
  private final PolicyModel model;
  private final String hash;

  AccessPolicy(PolicyModel model) {
    this.model = model;
    this.hash = model.hash();
  }

  /**
   * Starts a policy in Java.
   *
   * @param name for people
   * @return a builder
   */
  public static PolicyBuilder builder(String name) {
    return new PolicyBuilder(name);
  }

  /**
   * Loads a policy from a YAML or JSON file of at most 1 MiB.
   *
   * @param file the file
   * @return the policy
   * @throws PolicyNotLoadedException if the file cannot be read or says anything that is not
   *     understood, with line, column and reason; nothing of it is then in force
   */
  public static AccessPolicy load(Path file) {
    return PolicyReader.load(file);
  }

  /**
   * Reads a policy from a YAML or JSON text.
   *
   * @param source a name for messages, such as the file's
   * @param text the policy
   * @return the policy
   * @throws PolicyNotLoadedException if it says anything that is not understood, with line, column
   *     and reason
   */
  public static AccessPolicy parse(String source, String text) {
    return PolicyReader.parse(source, text);
  }

  /**
   * The policy's name.
   *
   * @return for people
   */
  public String name() {
    return model.name();
  }

  /**
   * Identifies what this policy says; stands in every decision and audit entry.
   *
   * @return SHA-256, 64 lower-case hexadecimal digits
   */
  public String hash() {
    return hash;
  }

  /**
   * The number of rules.
   *
   * @return how many
   */
  public int size() {
    return model.rules().size();
  }

  /**
   * Decides.
   *
   * @param request the question
   * @return permit with its obligations, or deny with its reason; never null, never an exception
   *     for a failing relation
   */
  public Decision decide(AccessRequest request) {
    SortedSet<FieldPath> known = model.types().get(request.type());
    if (known == null) {
      return deny(
          DenyReason.UNKNOWN_RECORD_TYPE,
          "the policy knows no record type '" + request.type().value() + "'");
    }
    for (FieldPath field : request.fields()) {
      if (!known.contains(field)) {
        return deny(
            DenyReason.UNKNOWN_FIELD,
            "record type '" + request.type().value() + "' has no such field");
      }
    }
    Lookup lookup = new Lookup(request);
    List<Rule> concerned =
        model.rules().stream().filter(rule -> rule.concerns(request)).toList();
    List<String> denying = concerned.stream()
        .filter(rule -> rule.effect() == Rule.Effect.DENY && denies(rule, request, lookup))
        .map(Rule::id)
        .toList();
    if (!denying.isEmpty()) {
      return new Deny(
          denying, hash, DenyReason.DENIED_BY_RULE, "rule " + denying.get(0) + " denies it");
    }
    List<Rule> permits =
        concerned.stream().filter(rule -> rule.effect() == Rule.Effect.PERMIT).toList();
    List<Rule> matching =
        permits.stream().filter(rule -> misses(rule, request, lookup).isEmpty()).toList();
    return matching.isEmpty()
        ? nearMiss(permits, request, lookup)
        : merge(matching, request, known);
  }

  /** A deny rule applies unless one of its conditions is known not to hold. */
  private static boolean denies(Rule rule, AccessRequest request, Lookup lookup) {
    return rule.allowsPurpose(request.purpose())
        && rule.relations().stream().allMatch(lookup::holdsOrUnknown);
  }

  /**
   * A permit rule applies only if every condition is known to hold; otherwise the first reason why
   * not.
   */
  private static Optional<DenyReason> misses(Rule rule, AccessRequest request, Lookup lookup) {
    if (!rule.allowsPurpose(request.purpose())) {
      return Optional.of(DenyReason.PURPOSE_NOT_PERMITTED);
    }
    if (!request.actor().assurance().atLeast(rule.assurance())) {
      return Optional.of(DenyReason.ASSURANCE_TOO_LOW);
    }
    if (!rule.relations().stream().allMatch(lookup::holds)) {
      return Optional.of(DenyReason.RELATION_MISSING);
    }
    return Optional.empty();
  }

  private Decision merge(List<Rule> matching, AccessRequest request, SortedSet<FieldPath> known) {
    SortedMap<FieldPath, Mask> fields = new TreeMap<>();
    for (FieldPath field : request.fields().isEmpty() ? known : request.fields()) {
      Mask mask = matching.stream()
          .map(rule -> rule.fields().getOrDefault(field, Mask.HIDE))
          .reduce(Mask.SHOW, Mask::stricter);
      if (mask != Mask.HIDE) {
        fields.put(field, mask);
      }
    }
    List<String> ids = matching.stream().map(Rule::id).toList();
    if (fields.isEmpty() && !known.isEmpty()) {
      return new Deny(
          ids,
          hash,
          DenyReason.NO_PERMITTED_FIELD,
          "the matching rules show none of the fields asked for");
    }
    List<QuotaObligation> quotas = new ArrayList<>();
    matching.forEach(rule ->
        rule.quota().ifPresent(q -> quotas.add(new QuotaObligation(rule.id(), q))));
    return new Permit(ids, hash, fields, quotas);
  }

  /** The reason that came closest to permitting is the most useful answer to "why not?". */
  private Decision nearMiss(List<Rule> permits, AccessRequest request, Lookup lookup) {
    Rule nearest = null;
    DenyReason reason = DenyReason.NO_MATCHING_RULE;
    for (Rule rule : permits) {
      DenyReason missed = misses(rule, request, lookup).orElse(reason);
      if (nearest == null || missed.compareTo(reason) > 0) {
        nearest = rule;
        reason = missed;
      }
    }
    if (nearest == null) {
      return deny(
          reason,
          "no rule permits any of the actor's groups to "
              + request.action().label()
              + " '"
              + request.type().value()
              + "'");
    }
    String needed = reason == DenyReason.PURPOSE_NOT_PERMITTED
        ? "another purpose"
        : reason == DenyReason.ASSURANCE_TOO_LOW
            ? "authentication at " + nearest.assurance()
            : "the relation " + String.join(" and ", nearest.relations());
    return deny(reason, "rule " + nearest.id() + " would permit it with " + needed);
  }

  private Deny deny(DenyReason reason, String explanation) {
    return new Deny(List.of(), hash, reason, explanation);
  }

  /** Asks each relation once per decision. */
  private static final class Lookup {
    private final AccessRequest request;
    private final Map<String, Optional<Boolean>> answers = new HashMap<>();

    Lookup(AccessRequest request) {
      this.request = request;
    }

    boolean holds(String relation) {
      return answer(relation).filter(Predicate.isEqual(true)).isPresent();
    }

    boolean holdsOrUnknown(String relation) {
      return answer(relation).orElse(true);
    }

    private Optional<Boolean> answer(String relation) {
      return answers.computeIfAbsent(relation, this::ask);
    }

    private Optional<Boolean> ask(String relation) {
      try {
        return request
            .patient()
            .map(patient -> request.relations().holds(relation, request.actor(), patient));
      } catch (RuntimeException e) {
        // An unknown relation is a missing input; its message may hold PHI and is not repeated.
        return Optional.empty();
      }
    }
  }
}
