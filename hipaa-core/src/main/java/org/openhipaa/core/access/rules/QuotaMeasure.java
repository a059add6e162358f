package org.openhipaa.core.access.rules;

import java.util.Locale;

/** What a quota counts. */
public enum QuotaMeasure {
  /** Different patients; the same one again within the window costs nothing. */
  PATIENTS,
  /** Different patients whose record carries a label that the limit names. */
  SENSITIVE_PATIENTS,
  /** Records, each time they are read. */
  RECORDS,
  /** Bytes of released plaintext in UTF-8. */
  BYTES;

  /**
   * The name that policy files use.
   *
   * @return for instance {@code sensitive-patients}
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Tells whether the same patient counts once.
   *
   * @return true for patients, false for records and bytes
   */
  public boolean distinct() {
    return this == PATIENTS || this == SENSITIVE_PATIENTS;
  }
}
