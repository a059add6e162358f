package org.openhipaa.core.access.analysis;

import java.util.Comparator;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Purpose;

/**
 * What somebody wants to do, and why.
 *
 * @param action what
 * @param purpose why
 */
public record Use(Action action, Purpose purpose) implements Comparable<Use> {
  private static final Comparator<Use> ORDER =
      Comparator.comparing(Use::action).thenComparing(Use::purpose);

  @Override
  public int compareTo(Use other) {
    return ORDER.compare(this, other);
  }

  /** For instance {@code read for treatment}. */
  @Override
  public String toString() {
    return action.label() + " for " + purpose.label();
  }
}
