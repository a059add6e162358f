package org.openhipaa.core.access;

/**
 * Answers the named predicates that a policy declares, such as {@code on-shift}.
 *
 * <p>For implementors: called from many threads. Read only what the policy says that the predicate
 * reads: a predicate that reads nothing of the record is asked once for all rows. When you cannot
 * know, throw: the policy then takes the side that protects the patient.
 */
@FunctionalInterface
public interface Predicates {
  /**
   * Tells whether a predicate holds.
   *
   * @param predicate a name that the policy declares
   * @param request the question
   * @return true if it holds now
   */
  boolean holds(String predicate, AccessRequest request);

  /**
   * Knows no predicate.
   *
   * @return fails for every name, which is as good as unknown
   */
  static Predicates none() {
    return (predicate, request) -> {
      throw new IllegalStateException("no predicates were given");
    };
  }
}
