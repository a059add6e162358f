package org.openhipaa.cli;

import org.openhipaa.core.HipaaException;

/** The tool itself cannot do what was asked. */
final class NotDoneException extends HipaaException {
  private static final long serialVersionUID = 1L;

  NotDoneException(String message) {
    super(message);
  }
}
