package org.openhipaa.backup.internal;

/** In which way an object of a repository is not what it should be. */
public enum Problem {
  /** It is not there. */
  MISSING,
  /** It is there but the store cannot read it. */
  UNREADABLE,
  /** Its bytes are not those that were written. */
  ALTERED,
  /** It is authentic but contradicts another object, or itself. */
  INCONSISTENT,
  /** It is authentic, as far as can be told, but written by a newer release. */
  NEWER_VERSION,
  /** It was signed or sealed with another key. */
  OTHER_KEY;

  /**
   * Tells apart what a person must be alarmed about from what only this program cannot use.
   *
   * @return true if this is a fault of the data
   */
  public boolean isDamage() {
    return this != NEWER_VERSION && this != OTHER_KEY;
  }
}
