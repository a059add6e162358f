package org.openhipaa.core.access.rules;

/** The truth of a condition, by the three-valued logic of Kleene. */
public enum Truth {
  /** It is known not to hold. */
  FALSE,
  /** An input is missing or failed. */
  UNKNOWN,
  /** It is known to hold. */
  TRUE
}
