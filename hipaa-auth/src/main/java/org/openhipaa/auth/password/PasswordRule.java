package org.openhipaa.auth.password;

/**
 * A rule that a new password must keep (NIST SP 800-63B-4 section 3.1.1.2). The names are reason
 * codes of the audit log.
 */
public enum PasswordRule {
  /** Shorter than 15 characters, the least for a password that is the only factor. */
  PASSWORD_TOO_SHORT("use at least 15 characters, for instance four or more unrelated words"),
  /** Longer than 1,024 characters. */
  PASSWORD_TOO_LONG("use at most 1,024 characters"),
  /**
   * Holds something that is no character of Unicode, or none that every computer will read alike.
   */
  PASSWORD_UNSUPPORTED_CHARACTER("leave out the character that is not part of Unicode"),
  /** Contains the user id. */
  PASSWORD_CONTAINS_USER_ID("leave out the user name"),
  /** Contains a word that the deployment named, such as its own name. */
  PASSWORD_CONTAINS_CONTEXT_WORD("leave out the name of the facility or the service"),
  /** One short piece over and over. */
  PASSWORD_REPETITION("do not repeat one character or one short piece"),
  /** A walk along the alphabet, the digits or the keyboard. */
  PASSWORD_SEQUENCE("do not follow the alphabet, the digits or the rows of the keyboard"),
  /** A well-known password. */
  PASSWORD_WELL_KNOWN("choose one that is on no list of well-known passwords");

  private final String advice;

  PasswordRule(String advice) {
    this.advice = advice;
  }

  /**
   * What to tell the person who chose the password.
   *
   * @return a clause in English, without the password
   */
  public String advice() {
    return advice;
  }
}
