package org.openhipaa.audit.entry;

import org.openhipaa.core.HipaaException;

/** Bytes are no audit entry in its canonical encoding. Names offsets and codes, no content. */
public final class AuditEntryNotDecodedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  AuditEntryNotDecodedException(String message) {
    super(message);
  }
}
