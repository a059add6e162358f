package org.openhipaa.core.access;

/** A tree of rules, or some rules that need none. */
interface RuleNode {
  /** No rule. */
  RuleNode NONE = (matches, visitor) -> {};

  /** Visits every rule that may apply. */
  void visit(Matches matches, Visitor visitor);

  /** Takes the rules. */
  interface Visitor {
    /** Takes one. */
    void visit(Matches matches, Candidate candidate);
  }
}
