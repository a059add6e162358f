package org.openhipaa.core.access;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.Decision.Deny;
import org.openhipaa.core.access.rules.AttributeType;
import org.openhipaa.core.access.rules.Condition;
import org.openhipaa.core.access.rules.PolicyModel;
import org.openhipaa.core.access.rules.SeparateDuties;
import org.openhipaa.core.access.rules.Truth;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.internal.Closure;
import org.openhipaa.core.record.RecordType;

/**
 * Who may do what with which fields for which purpose (45 CFR 164.308(a)(4), 164.312(a)(1),
 * 164.514(d)(2)).
 *
 * <p>What is not permitted is denied, and a deny rule overrides every permit. An input that is
 * missing or fails, such as a relation that cannot be looked up, keeps permit rules from applying
 * and lets deny rules apply. The obligations of all matching permits are merged towards the
 * stricter. {@code docs/design/policy-semantics.md} says it in full. A policy is written as a YAML or
 * JSON file ({@link #load}) or in Java ({@link #builder}); both give the same policy with the same
 * {@link #hash}.
 *
 * <p>The time of a decision does not grow with the number of rules, as long as rules differ in type,
 * action, group, purpose, or a text attribute.
 *
 * <p>Immutable and thread-safe. File format: {@code docs/formats/policy-v1.md}.
 */
public final class AccessPolicy implements AccessDecider {
  private final PolicyModel model;
  private final String hash;
  private final Lookups lookups;
  private final ConditionCompiler compiler;
  private final Symbols symbols;
  private final Map<RecordType, TypeIndex> types = new HashMap<>();
  private final Map<Group, Set<Group>> separate;
  private final Merger merger;

  AccessPolicy(PolicyModel model) {
    this.model = model;
    this.hash = model.hash();
    this.lookups = new Lookups(
        List.copyOf(model.relations()), List.copyOf(model.predicates().keySet()), model.zone());
    Labels labels = new Labels(model.labels());
    this.compiler = new ConditionCompiler(model, lookups, labels);
    Map<Group, SortedSet<Group>> members = Closure.inverse(model.groups());
    this.separate = separate(model, members);
    this.merger = new Merger(hash, members, labels);
    List<CompiledRule> rules = new ArrayList<>();
    model.rules().forEach(rule -> rules.add(new CompiledRule(rule, rules.size(), compiler)));
    this.symbols = new Symbols(rules, name -> compiler.type(name) == AttributeType.TEXT);
    Map<RecordType, List<CompiledRule>> byType = byType(rules);
    model
        .types()
        .forEach((type, fields) -> types.put(
            type,
            new TypeIndex(
                type, fields, byType.getOrDefault(type, List.of()), members, symbols, hash)));
  }

  private Map<RecordType, List<CompiledRule>> byType(List<CompiledRule> rules) {
    Map<RecordType, List<CompiledRule>> byType = new HashMap<>();
    for (CompiledRule rule : rules) {
      Set<RecordType> covered =
          rule.rule.types().isEmpty() ? model.types().keySet() : rule.rule.types();
      covered.forEach(
          type -> byType.computeIfAbsent(type, t -> new ArrayList<>()).add(rule));
    }
    return byType;
  }

  private static Set<Group> orNone(@Nullable Set<Group> groups) {
    return groups == null ? Set.of() : groups;
  }

  private static Map<Group, Set<Group>> separate(
      PolicyModel model, Map<Group, SortedSet<Group>> members) {
    Map<Group, Set<Group>> map = new HashMap<>();
    for (SeparateDuties pair : model.separate()) {
      for (Group one : orNone(members.get(pair.one()))) {
        for (Group other : orNone(members.get(pair.other()))) {
          map.computeIfAbsent(one, g -> new HashSet<>()).add(other);
          map.computeIfAbsent(other, g -> new HashSet<>()).add(one);
        }
      }
    }
    return map;
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
   * Loads a policy from a YAML or JSON file of at most 8 MiB.
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
   * What this policy says, as data.
   *
   * @return the model that this policy was made from
   */
  public PolicyModel model() {
    return model;
  }

  /**
   * Tells whether a condition holds for a request, for tools that explain or filter.
   *
   * @param condition names only what this policy declares
   * @param request the question
   * @return true, false, or unknown if an input is missing or fails
   */
  public Truth test(Condition condition, AccessRequest request) {
    return Kleene.truth(compiler.compile(condition).of(new Evaluation(request, lookups, symbols)));
  }

  /**
   * Decides.
   *
   * @param request the question
   * @return permit with its obligations, or deny with its reason; never null, never an exception
   *     for a failing relation
   */
  @Override
  public Decision decide(AccessRequest request) {
    TypeIndex index = types.get(request.type());
    if (index == null) {
      return deny(
          DenyReason.UNKNOWN_RECORD_TYPE,
          "the policy knows no record type '" + request.type().value() + "'");
    }
    if (!index.fields.containsAll(request.fields())
        || !index.fields.containsAll(request.filterFields())) {
      return deny(
          DenyReason.UNKNOWN_FIELD,
          "record type '" + request.type().value() + "' has no such field");
    }
    if (!separate.isEmpty() && hasConflictingDuties(request.actor().groups())) {
      return deny(
          DenyReason.DUTIES_NOT_SEPARATED,
          "the actor is in two groups that nobody may be in at once");
    }
    Matches matches = new Matches(new Evaluation(request, lookups, symbols));
    find(index, request, matches);
    if (!matches.denying().isEmpty()) {
      return denied(matches);
    }
    return matches.permitting().isEmpty()
        ? nearMiss(index, request.action(), matches)
        : merger.merge(matches.permitting(), index, request);
  }

  private static void find(TypeIndex index, AccessRequest request, Matches matches) {
    Slot everybody = index.everybody(request.action());
    if (everybody != null) {
      matches.lookForDenials(everybody);
    }
    for (Group group : request.actor().groups()) {
      Slot slot = index.slot(request.action(), group);
      if (slot != null) {
        matches.lookForDenials(slot);
        matches.lookForPermits(slot);
      }
    }
  }

  private boolean hasConflictingDuties(Set<Group> groups) {
    return groups.size() > 1
        && groups.stream()
            .anyMatch(group ->
                separate.getOrDefault(group, Set.of()).stream().anyMatch(groups::contains));
  }

  private Decision denied(Matches matches) {
    List<Candidate> denying = matches.denying();
    if (denying.size() == 1) {
      Candidate only = denying.get(0);
      return only.applies(matches.evaluation)
          ? only.rule.denial(hash)
          : only.rule.denialInDoubt(hash);
    }
    List<String> ids =
        denying.stream().map(candidate -> candidate.rule.rule.id()).toList();
    return new Deny(ids, hash, DenyReason.DENIED_BY_RULE, "rule " + ids.get(0) + " denies it");
  }

  /** The rule that came closest to permitting is the most useful answer to "why not?". */
  private static Decision nearMiss(TypeIndex index, Action action, Matches matches) {
    CompiledRule nearest = matches.nearest();
    return nearest == null ? index.noRule(action) : nearest.nearMiss(matches.missed(), index.hash);
  }

  private Deny deny(DenyReason reason, String explanation) {
    return new Deny(List.of(), hash, reason, explanation);
  }
}
