package org.openhipaa.core.access.table;

import org.openhipaa.core.HipaaException;

/** A decision table was refused as a whole: it says something that is not understood. */
public final class PolicyTableNotLoadedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /** See {@link #line()}. */
  private final int line;
  /** See {@link #column()}. */
  private final int column;

  PolicyTableNotLoadedException(String source, int line, int column, String reason) {
    super(source + (line > 0 ? ":" + line + ":" + column : "") + ": " + reason);
    this.line = line;
    this.column = column;
  }

  /**
   * Where the trouble is.
   *
   * @return the line, from 1, or 0 if no line is known
   */
  public int line() {
    return line;
  }

  /**
   * Where the trouble is.
   *
   * @return the column, from 1, or 0 if no column is known
   */
  public int column() {
    return column;
  }
}
