package org.openhipaa.core.access;

import org.openhipaa.core.HipaaException;

/**
 * A policy was refused as a whole: it could not be read, or says something that is not understood.
 */
public final class PolicyNotLoadedException extends HipaaException {
  private static final long serialVersionUID = 1L;
  private static final int MAX_LENGTH = 500;

  /** See {@link #line()}. */
  private final int line;
  /** See {@link #column()}. */
  private final int column;

  PolicyNotLoadedException(String source, int line, int column, String reason) {
    super(oneLine(source + (line > 0 ? ":" + line + ":" + column : "") + ": " + reason));
    this.line = line;
    this.column = column;
  }

  /** A file may quote anything; what it says must not reach a terminal or a log as commands. */
  private static String oneLine(String message) {
    StringBuilder out = new StringBuilder(message.length());
    message.codePoints().limit(MAX_LENGTH).forEach(c -> out.appendCodePoint(isPlain(c) ? c : '?'));
    return out.toString();
  }

  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR -> false;
      default -> true;
    };
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
