package org.openhipaa.core.actor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an actor wants to do with a record; the verbs that a policy decides about. */
public enum Action {
  /** See one record. */
  READ,
  /** Find records. */
  SEARCH,
  /** Make a record. */
  CREATE,
  /** Change a record. */
  UPDATE,
  /** Remove a record. */
  DELETE,
  /** Give to someone outside (45 CFR 160.103). */
  DISCLOSE,
  /** Put on paper. */
  PRINT,
  /** Take out of the system in bulk. */
  EXPORT,
  /** Manage rather than use. */
  ADMINISTER,
  /** Append a correction that the patient asked for (45 CFR 164.526). */
  AMEND,
  /** Take responsibility for an entry. */
  SIGN,
  /** Join two records of one patient. */
  MERGE;

  private final String label = name().toLowerCase(Locale.ROOT);

  /**
   * The name that policy files use.
   *
   * @return for instance {@code read}
   */
  public String label() {
    return label;
  }

  /**
   * Finds an action by its label.
   *
   * @param label for instance {@code read}
   * @return the action, or empty if there is none
   */
  public static Optional<Action> find(String label) {
    return Arrays.stream(values()).filter(a -> a.label().equals(label)).findFirst();
  }
}
