package org.openhipaa.core.audit;

/** How it ended, in an audit entry. The code is part of the log format. */
public enum Outcome {
  /** It was done. */
  SUCCESS(0),
  /** It was refused by policy, quota or authentication. */
  REFUSED(1),
  /** It was permitted but failed. */
  FAILED(2);

  private final int code;

  Outcome(int code) {
    this.code = code;
  }

  /**
   * The code of this outcome in the log format.
   *
   * @return 0 to 255, never reused
   */
  public int code() {
    return code;
  }
}
