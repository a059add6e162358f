package org.openhipaa.core.access.analysis;

import org.openhipaa.core.HipaaException;

/**
 * The rules for one record type and action depend on too many things at once to be analysed within
 * the bounds of memory and time. Nothing is answered then, rather than half of it.
 */
public final class PolicyTooEntangledException extends HipaaException {
  private static final long serialVersionUID = 1L;

  PolicyTooEntangledException(String message) {
    super(message);
  }
}
