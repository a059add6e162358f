package org.openhipaa.audit.store.file;

import org.openhipaa.core.HipaaException;

/** A log could not be read: there is none, or its files are not readable. Says nothing about whether it is intact. */
public final class AuditLogNotReadException extends HipaaException {
  private static final long serialVersionUID = 1L;

  AuditLogNotReadException(String message) {
    super(message);
  }

  AuditLogNotReadException(String message, Throwable cause) {
    super(message, cause);
  }
}
