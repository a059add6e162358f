package org.openhipaa.core.crypto;

import org.openhipaa.core.HipaaException;

/** A sealed envelope did not open. Says why in kind, and nothing about the content. */
public final class EnvelopeNotOpenedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  /** See {@link #reason()}. */
  private final Reason reason;

  /** Why an envelope did not open. */
  public enum Reason {
    /** Too short or of an impossible length. */
    MALFORMED,
    /** Written by a newer version of the library. */
    UNKNOWN_VERSION,
    /** Sealed with a suite that this version does not know. */
    UNKNOWN_SUITE,
    /** Sealed with another key. */
    WRONG_KEY,
    /** Sealed for another place, or altered: the commitment does not match. */
    WRONG_CONTEXT_OR_DAMAGED,
    /** Altered: a chunk does not authenticate. */
    DAMAGED
  }

  EnvelopeNotOpenedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /**
   * Why in kind.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
