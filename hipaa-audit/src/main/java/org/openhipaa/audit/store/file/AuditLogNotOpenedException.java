package org.openhipaa.audit.store.file;

import org.openhipaa.core.HipaaException;

/**
 * A log could not be created or opened, or is open no longer: it does not exist, exists already, is in use, or its disk
 * fails. Nothing was changed that matters.
 */
public final class AuditLogNotOpenedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  AuditLogNotOpenedException(String message) {
    super(message);
  }

  AuditLogNotOpenedException(String message, Throwable cause) {
    super(message, cause);
  }
}
