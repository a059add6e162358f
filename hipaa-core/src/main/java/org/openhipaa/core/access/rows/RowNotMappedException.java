package org.openhipaa.core.access.rows;

import org.openhipaa.core.HipaaException;

/**
 * A row filter cannot be written as SQL, because the policy asks for something that no column, no SQL
 * template and no list of patients answers. Leaving it out would open or close rows by accident.
 */
public final class RowNotMappedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /** See {@link #what()}. */
  private final String what;

  RowNotMappedException(String what, String cure) {
    super("the policy asks rows for " + what + ", which nothing answers: " + cure);
    this.what = what;
  }

  /**
   * What the mapping lacks.
   *
   * @return for instance {@code relation treating}; a name of the policy
   */
  public String what() {
    return what;
  }
}
