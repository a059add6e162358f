package org.openhipaa.audit;

import org.openhipaa.core.HipaaException;

/**
 * Something was written in a format version that this release does not know. It is not damage: a newer release reads it.
 */
public final class UnknownFormatVersionException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /** See {@link #version()}. */
  private final int version;

  /**
   * Creates the failure.
   *
   * @param what what has the unknown version, with its place
   * @param version the version found
   */
  public UnknownFormatVersionException(String what, int version) {
    super(what
        + " has format version "
        + version
        + ", which is not known here (known: 1); use a newer release");
    this.version = version;
  }

  /**
   * The version found.
   *
   * @return 0 to 255
   */
  public int version() {
    return version;
  }
}
