package org.openhipaa.audit.checkpoint;

import org.openhipaa.core.HipaaException;

/** A text is no signed note, checkpoint, proof or verifier key, or not the canonical form of one. */
public final class NoteNotParsedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  NoteNotParsedException(String message) {
    super(message);
  }
}
