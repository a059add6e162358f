package org.openhipaa.audit.store.file;

import org.openhipaa.core.HipaaException;

/** There is no proof for a receipt: it is of another log, or names an entry that no checkpoint covers, or another entry. */
public final class ProofNotMadeException extends HipaaException {
  private static final long serialVersionUID = 1L;

  ProofNotMadeException(String message) {
    super(message);
  }
}
