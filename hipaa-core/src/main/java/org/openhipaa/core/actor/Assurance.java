package org.openhipaa.core.actor;

/**
 * How surely an actor was authenticated, as authenticator assurance levels of NIST SP 800-63B. The
 * order of the constants is the order of strength.
 */
public enum Assurance {
  /** One factor. */
  AAL1,
  /** Two different factors, or one that is multi-factor. */
  AAL2,
  /** Two factors, one of them a hardware authenticator that resists phishing. */
  AAL3;

  /**
   * Compares strength.
   *
   * @param required the level asked for
   * @return true if this level is at least as strong
   */
  public boolean atLeast(Assurance required) {
    return compareTo(required) >= 0;
  }
}
