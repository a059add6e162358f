package org.openhipaa.core.access.rules;

import java.util.Locale;

/** Who shares one budget. */
public enum QuotaScope {
  /** Each user has their own. */
  USER,
  /** All members of the rule's groups share one. */
  GROUP;

  /**
   * The name that policy files use.
   *
   * @return for instance {@code user}
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
