package org.openhipaa.core.access;

/** A tree of rules, or a rule that needs none. */
interface RuleNode {
  /** Visits every rule that may apply. */
  void visit(Evaluation evaluation, Visitor visitor);

  /** Takes the rules. */
  interface Visitor {
    /** Takes one. */
    void visit(Candidate candidate);
  }
}
