package org.openhipaa.core.access;

import org.jspecify.annotations.Nullable;
import org.openhipaa.core.actor.Assurance;

/**
 * A rule in its place in a tree of rules. Small, and holds all that the usual decision needs: with
 * thousands of rules, each further object on the way costs more than a test.
 */
final class Candidate implements RuleNode {
  final CompiledRule rule;
  /** What is left to test of attributes and labels, once the way to this place has been gone. */
  final @Nullable Test given;
  /** Whether nothing is left to test but {@link #given}. */
  private final boolean easy;
  /** What the rule permits if it is the only one, if that does not depend on the request. */
  @Nullable Decision plain;

  Candidate(CompiledRule rule, @Nullable Test given) {
    this.rule = rule;
    this.given = given;
    this.easy = rule.lookedUpTest == null
        && !rule.rule.breakGlass()
        && rule.rule.assurance() == Assurance.AAL1;
  }

  @Override
  public void visit(Evaluation evaluation, RuleNode.Visitor visitor) {
    visitor.visit(this);
  }

  /** A deny rule applies unless one of its conditions is known not to hold. */
  boolean denies(Evaluation evaluation) {
    return (given == null || given.of(evaluation) != Kleene.FALSE)
        && (easy || rule.deniesWhenGiven(evaluation));
  }

  /**
   * A permit rule applies only if every condition is known to hold: null if it does, otherwise the
   * first reason why not.
   */
  @Nullable DenyReason misses(Evaluation evaluation) {
    if (given != null && given.of(evaluation) != Kleene.TRUE) {
      return DenyReason.CONDITION_NOT_MET;
    }
    return easy ? null : rule.missesWhenGiven(evaluation);
  }
}
