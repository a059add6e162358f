package org.openhipaa.audit.entry;

/** Which key seals the subject of an entry. The code is part of the log format. */
public enum SubjectKey {
  /** None: the entry has no subject. */
  NONE(0),
  /** The tenant's: the entry names a record but no patient, or a patient without a key of their own. */
  TENANT(1),
  /** The patient's own, so that destroying it makes the subject unreadable and leaves every proof intact. */
  PATIENT(2);

  private final int code;

  SubjectKey(int code) {
    this.code = code;
  }

  /**
   * The code of this key in the log format.
   *
   * @return 0 to 255, never reused
   */
  public int code() {
    return code;
  }
}
