package org.openhipaa.core.access;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one decision has found so far: the denials and permits that apply, and the permit that came
 * nearest to applying. One thread only.
 */
final class Matches {
  private static final Comparator<Candidate> AS_WRITTEN =
      Comparator.comparingInt(candidate -> candidate.rule.number);

  private static final RuleNode.Visitor DENIALS = Matches::askDenial;
  private static final RuleNode.Visitor PERMITS = Matches::askPermit;

  final Evaluation evaluation;
  private List<Candidate> denying = List.of();
  private List<Candidate> permitting = List.of();
  private @Nullable CompiledRule nearest;
  private DenyReason missed = DenyReason.NO_MATCHING_RULE;

  Matches(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  void lookForDenials(Slot slot) {
    slot.denies(evaluation.request.purpose()).visit(this, DENIALS);
  }

  void lookForPermits(Slot slot) {
    CompiledRule any = slot.anyPermit();
    if (any == null) {
      return;
    }
    CompiledRule first = slot.firstPermit(evaluation.request.purpose());
    if (first == null) {
      near(any, DenyReason.PURPOSE_NOT_PERMITTED);
      return;
    }
    // Rules that the tree passes over are those whose attributes differ.
    near(first, DenyReason.CONDITION_NOT_MET);
    slot.permits(evaluation.request.purpose()).visit(this, PERMITS);
  }

  private void askDenial(Candidate candidate) {
    if (candidate.denies(evaluation)) {
      denying = with(denying, candidate);
    }
  }

  private void askPermit(Candidate candidate) {
    DenyReason reason = candidate.misses(evaluation);
    if (reason == null) {
      permitting = with(permitting, candidate);
    } else if (reason != DenyReason.CONDITION_NOT_MET) {
      // The first rule, which was near for that reason before, was written before this one.
      near(candidate.rule, reason);
    }
  }

  private void near(CompiledRule rule, DenyReason reason) {
    int nearer = reason.compareTo(missed);
    if (nearest == null || nearer > 0 || (nearer == 0 && comesBefore(rule, nearest, reason))) {
      nearest = rule;
      missed = reason;
    }
  }

  /** Of those that miss the assurance alone, the one that asks for least; then the first written. */
  private static boolean comesBefore(CompiledRule rule, CompiledRule other, DenyReason reason) {
    int byAssurance = reason == DenyReason.ASSURANCE_TOO_LOW
        ? rule.rule.assurance().compareTo(other.rule.assurance())
        : 0;
    return byAssurance < 0 || (byAssurance == 0 && rule.number < other.number);
  }

  /** Most decisions match one rule; a rule that several groups lead to counts once. */
  private static List<Candidate> with(List<Candidate> list, Candidate candidate) {
    if (list.isEmpty()) {
      return List.of(candidate);
    }
    if (list.stream().anyMatch(other -> other.rule == candidate.rule)) {
      return list;
    }
    List<Candidate> longer = new ArrayList<>(list);
    longer.add(candidate);
    longer.sort(AS_WRITTEN);
    return longer;
  }

  List<Candidate> denying() {
    return denying;
  }

  List<Candidate> permitting() {
    return permitting;
  }

  @Nullable
  CompiledRule nearest() {
    return nearest;
  }

  DenyReason missed() {
    return missed;
  }
}
