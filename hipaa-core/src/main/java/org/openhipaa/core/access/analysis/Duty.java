package org.openhipaa.core.access.analysis;

import org.openhipaa.core.actor.Action;
import org.openhipaa.core.record.RecordType;

/**
 * Something that somebody can do, for whichever purpose.
 *
 * @param action what
 * @param type with records of which type
 */
public record Duty(Action action, RecordType type) {
  /** For instance {@code sign order}. */
  @Override
  public String toString() {
    return action.label() + " " + type.value();
  }
}
