package org.openhipaa.core.access;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.rules.AttributeName;
import org.openhipaa.core.actor.Assurance;

/**
 * A rule in its place in a tree of rules, and those after it. Small, and holds all that the usual
 * decision needs: with thousands of rules, each further object on the way costs more than a test.
 */
final class Candidate implements RuleNode {
  final CompiledRule rule;
  /** What is left to test of attributes and labels, once the way to this place has been gone. */
  final @Nullable Test given;
  /** Whether nothing is left to test but {@link #given}. */
  private final boolean easy;

  private final @Nullable Candidate next;
  /** What the rule permits if it is the only one, if that does not depend on the request. */
  @Nullable
  Decision plain;

  private Candidate(CompiledRule rule, @Nullable Test given, @Nullable Candidate next) {
    this.next = next;
    this.rule = rule;
    this.given = given;
    this.easy = rule.lookedUpTest == null
        && !rule.rule.breakGlass()
        && rule.rule.assurance() == Assurance.AAL1;
  }

  /**
   * Rules that are asked one after the other.
   *
   * @param known attributes whose text is known to be one that the rules ask for
   */
  static RuleNode chain(List<CompiledRule> rules, Set<AttributeName> known) {
    Candidate first = null;
    for (int i = rules.size() - 1; i >= 0; i--) {
      first = new Candidate(rules.get(i), rules.get(i).givenTest(known), first);
    }
    return first == null ? NONE : first;
  }

  @Override
  public void visit(Matches matches, RuleNode.Visitor visitor) {
    for (Candidate each = this; each != null; each = each.next) {
      visitor.visit(matches, each);
    }
  }

  /** A deny rule applies unless one of its conditions is known not to hold. */
  boolean denies(Evaluation evaluation) {
    return (given == null || given.of(evaluation) != Kleene.FALSE)
        && (easy || rule.deniesWhenGiven(evaluation));
  }

  /** Whether the rule applies because its conditions hold, and not because nobody knows. */
  boolean applies(Evaluation evaluation) {
    return (given == null || given.of(evaluation) == Kleene.TRUE)
        && (rule.lookedUpTest == null || rule.lookedUpTest.of(evaluation) == Kleene.TRUE);
  }

  /**
   * A permit rule applies only if every condition is known to hold: null if it does, otherwise the
   * first reason why not.
   */
  @Nullable
  DenyReason misses(Evaluation evaluation) {
    if (given != null && given.of(evaluation) != Kleene.TRUE) {
      return DenyReason.CONDITION_NOT_MET;
    }
    return easy ? null : rule.missesWhenGiven(evaluation);
  }
}
