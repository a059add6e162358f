package org.openhipaa.core.access;

import org.openhipaa.core.HipaaException;

/**
 * A policy was refused as a whole: it could not be read, or says something that is not understood.
 */
public final class PolicyNotLoadedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  PolicyNotLoadedException(String source, int line, int column, String reason) {
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
