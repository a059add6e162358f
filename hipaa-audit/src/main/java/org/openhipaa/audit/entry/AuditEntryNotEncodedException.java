package org.openhipaa.audit.entry;

import org.openhipaa.core.HipaaException;

/** An event does not fit an entry: a text is empty or holds a zero character where it must not, or all of it is
 * too long. Names no content. */
public final class AuditEntryNotEncodedException extends HipaaException {
  private static final long serialVersionUID = 1L;

  AuditEntryNotEncodedException(String message) {
    super(message);
  }
}
