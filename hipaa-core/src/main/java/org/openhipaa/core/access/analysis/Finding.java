package org.openhipaa.core.access.analysis;

import java.util.List;

/**
 * Something about a policy that is most likely a mistake.
 *
 * @param kind what kind of mistake
 * @param rules the rules concerned, by id
 * @param what the mistake in words, without PHI
 */
public record Finding(Kind kind, List<String> rules, String what) {
  /** What kind of mistake it is. */
  public enum Kind {
    /** The rule's conditions contradict each other: it can never apply. */
    UNREACHABLE(true),
    /** Wherever the permit applies, a denial does too. */
    SHADOWED(true),
    /** Wherever the permit applies, other permits hide all fields. */
    NOTHING_SHOWN(true),
    /**
     * Wherever the permit applies and no denial does, an attribute has a value that its declaration
     * does not list. The engine decides on such values as on any.
     */
    UNLISTED_ONLY(true),
    /** Somebody can do two things that one person must not do (separation of duties). */
    CONFLICTING_DUTIES(true),
    /** Without the rule, and all others in place, nothing changes. */
    REDUNDANT(false),
    /** The denial denies only what no permit permits; it may be meant as a safety net. */
    IDLE_DENIAL(false);

    private final boolean severe;

    Kind(boolean severe) {
      this.severe = severe;
    }

    /**
     * Tells whether the policy surely does not do what was meant.
     *
     * @return false for what may be intended
     */
    public boolean severe() {
      return severe;
    }
  }

  /**
   * Copies the list.
   *
   * @param kind see {@link #kind()}
   * @param rules see {@link #rules()}
   * @param what see {@link #what()}
   */
  public Finding {
    rules = List.copyOf(rules);
  }
}
