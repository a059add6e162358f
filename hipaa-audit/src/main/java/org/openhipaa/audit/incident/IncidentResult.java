package org.openhipaa.audit.incident;

import java.util.List;
import java.util.function.Function;

/**
 * The answer of the {@link IncidentDesk}: what was asked for, or why not. Either was recorded before it was given. Immutable
 * and thread-safe.
 *
 * @param <T> what was asked for
 */
public sealed interface IncidentResult<T> {
  /**
   * Handles both cases.
   *
   * @param granted what to do with what was asked for
   * @param refused what to do if it was refused
   * @param <R> the type of the result
   * @return what the chosen function returned
   */
  <R> R fold(
      Function<? super Granted<T>, ? extends R> granted,
      Function<? super Refused<T>, ? extends R> refused);

  /**
   * It was granted.
   *
   * @param <T> what was asked for
   */
  final class Granted<T> implements IncidentResult<T> {
    private final T value;

    Granted(T value) {
      this.value = value;
    }

    /**
     * What was asked for.
     *
     * @return the value
     */
    public T value() {
      return value;
    }

    @Override
    public <R> R fold(
        Function<? super Granted<T>, ? extends R> granted,
        Function<? super Refused<T>, ? extends R> refused) {
      return granted.apply(this);
    }

    @Override
    public String toString() {
      return "Granted(" + value + ")";
    }
  }

  /**
   * It was refused, and nothing was changed.
   *
   * @param <T> what was asked for
   * @param reason a code: the name of a {@link org.openhipaa.core.access.DenyReason}, or {@link IncidentDesk#SUSPECT}, {@link
   *     IncidentDesk#UNKNOWN_INCIDENT}, {@link IncidentDesk#NOT_NEW} or {@link IncidentDesk#OBLIGATION_NOT_SUPPORTED}
   * @param explanation one sentence for the person who asks why; holds no PHI
   * @param rules the policy rules that decided, by id
   */
  record Refused<T>(String reason, String explanation, List<String> rules)
      implements IncidentResult<T> {
    /**
     * Copies the list.
     *
     * @param reason see {@link #reason()}
     * @param explanation see {@link #explanation()}
     * @param rules see {@link #rules()}
     */
    public Refused {
      rules = List.copyOf(rules);
    }

    @Override
    public <R> R fold(
        Function<? super Granted<T>, ? extends R> granted,
        Function<? super Refused<T>, ? extends R> refused) {
      return refused.apply(this);
    }
  }
}
