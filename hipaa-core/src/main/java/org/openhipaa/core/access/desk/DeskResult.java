package org.openhipaa.core.access.desk;

import java.util.List;
import java.util.function.Function;

/**
 * What a step came to: what was asked for, or why not. Immutable and thread-safe if the value is.
 *
 * @param <T> what was asked for
 */
public sealed interface DeskResult<T> {
  /**
   * Handles both cases.
   *
   * @param done what to do with what was asked for
   * @param refused what to do if it was refused
   * @param <R> the type of the result
   * @return what the chosen function returned
   */
  <R> R fold(
      Function<? super Done<T>, ? extends R> done,
      Function<? super Refused<T>, ? extends R> refused);

  /**
   * It was done.
   *
   * @param <T> what was asked for
   */
  final class Done<T> implements DeskResult<T> {
    private final T value;

    /**
     * Wraps what was asked for.
     *
     * @param value the value
     */
    public Done(T value) {
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
        Function<? super Done<T>, ? extends R> done,
        Function<? super Refused<T>, ? extends R> refused) {
      return done.apply(this);
    }

    /** Says only that it was done: the value may name a patient. */
    @Override
    public String toString() {
      return "Done(hidden)";
    }
  }

  /**
   * It was refused, and nothing was changed.
   *
   * @param <T> what was asked for
   * @param reason a code: the name of a {@link org.openhipaa.core.access.DenyReason}, or one that
   *     the service declares
   * @param explanation one sentence for the person who asks why; holds no PHI
   * @param rules the policy rules that decided, by id
   */
  record Refused<T>(String reason, String explanation, List<String> rules)
      implements DeskResult<T> {
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
        Function<? super Done<T>, ? extends R> done,
        Function<? super Refused<T>, ? extends R> refused) {
      return refused.apply(this);
    }
  }
}
