package org.openhipaa.core.audit;

/**
 * What happened, in an audit entry (45 CFR 164.312(b); the verbs of ASTM E2147-18). The code is
 * part of the log format.
 */
public enum AuditAction {
  /** A record was read. */
  READ(1),
  /** Records were searched. */
  SEARCH(2),
  /** A record was made. */
  CREATE(3),
  /** A record was changed. */
  UPDATE(4),
  /** A record was removed. */
  DELETE(5),
  /** PHI was given to someone outside. */
  DISCLOSE(6),
  /** PHI was printed. */
  PRINT(7),
  /** PHI was exported. */
  EXPORT(8),
  /** Something was administered. */
  ADMINISTER(9),
  /** A correction was appended to a record. */
  AMEND(10),
  /** An entry was signed. */
  SIGN(11),
  /** Two records were joined. */
  MERGE(12),
  /** Somebody tried to log in. */
  LOGIN(20),
  /** A backup was made. */
  BACKUP(30),
  /** A backup was verified. */
  VERIFY(31),
  /** A backup was restored. */
  RESTORE(32),
  /** The library raised an alarm. */
  ALARM(40),
  /** Somebody opened an incident to inspect it. */
  INCIDENT_OPEN(41),
  /** Somebody acknowledged an incident. */
  INCIDENT_ACKNOWLEDGE(42),
  /** Somebody broke the glass: was given access for an emergency. */
  BREAK_GLASS_OPEN(50),
  /** A break-glass access was ended before its time. */
  BREAK_GLASS_CLOSE(51),
  /** Somebody looked at or judged a use of break-glass. */
  BREAK_GLASS_REVIEW(52),
  /** Somebody gave back the right to break the glass. */
  BREAK_GLASS_RESTORE(53),
  /** A patient was told, or had to be told, that somebody broke the glass. */
  BREAK_GLASS_NOTICE(54),
  /** A consent directive or a restriction was made or ended. */
  CONSENT_CHANGE(60),
  /** Somebody asked for membership of a group. */
  GRANT_REQUEST(70),
  /** A requested membership was granted. */
  GRANT_APPROVE(71),
  /** A requested membership was rejected. */
  GRANT_REJECT(72),
  /** A granted membership was taken away. */
  GRANT_REVOKE(73),
  /** A granted membership was confirmed. */
  GRANT_RECERTIFY(74),
  /** All access of a person was ended. */
  TERMINATE(75);

  private final int code;

  AuditAction(int code) {
    this.code = code;
  }

  /**
   * The code of this action in the log format.
   *
   * @return 1 to 255, never reused
   */
  public int code() {
    return code;
  }
}
