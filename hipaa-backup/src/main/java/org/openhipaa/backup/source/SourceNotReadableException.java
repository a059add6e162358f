package org.openhipaa.backup.source;

import org.openhipaa.core.HipaaException;

/**
 * Something in a source could not be backed up. The message names the source; the path within it
 * may say something about people and is revealed by {@link #revealPath} only.
 */
public final class SourceNotReadableException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /** Why in kind. */
  private final Reason reason;
  /** The path within the source. */
  private final String path;

  /** Why something could not be backed up. */
  public enum Reason {
    /** It does not exist, or is no folder. */
    MISSING,
    /** It cannot be read. */
    NOT_READABLE,
    /** It kept changing while it was read. */
    CHANGING,
    /** It is a link, a pipe, a device or the like, or has a name that cannot be kept. */
    NOT_SUPPORTED
  }

  /**
   * Creates the failure.
   *
   * @param source the name of the source
   * @param reason why in kind
   * @param path the path within the source
   * @param message why, and what to do; without the path
   */
  public SourceNotReadableException(
      SourceName source, Reason reason, EntryPath path, String message) {
    super("source " + source.value() + ": " + message);
    this.reason = reason;
    this.path = path.reveal();
  }

  /**
   * Creates the failure with its cause.
   *
   * @param source the name of the source
   * @param reason why in kind
   * @param path the path within the source
   * @param message why, and what to do; without the path
   * @param cause the underlying failure; its message must hold no path
   */
  public SourceNotReadableException(
      SourceName source, Reason reason, EntryPath path, String message, Throwable cause) {
    super("source " + source.value() + ": " + message, cause);
    this.reason = reason;
    this.path = path.reveal();
  }

  /**
   * Why in kind.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }

  /**
   * Reveals what could not be backed up. It may say something about people: show it to whoever runs
   * the backup, never log it.
   *
   * @return the path within the source; the empty string for the source itself
   */
  public String revealPath() {
    return path;
  }
}
