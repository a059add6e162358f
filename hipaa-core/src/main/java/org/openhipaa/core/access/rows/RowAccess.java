package org.openhipaa.core.access.rows;

import java.util.function.Function;
import org.openhipaa.core.access.Decision;

/** Whether a search can find rows at all: no, or those that a filter lets through. */
public sealed interface RowAccess {
  /**
   * Handles both cases.
   *
   * @param denied what to do if no row can be permitted
   * @param filtered what to do with the filter
   * @param <R> the type of the result
   * @return what the chosen function returned
   */
  <R> R fold(
      Function<? super Decision.Deny, ? extends R> denied,
      Function<? super RowFilter, ? extends R> filtered);

  /**
   * No row can be permitted: there is nothing to ask the database.
   *
   * @param denial why
   */
  record Denied(Decision.Deny denial) implements RowAccess {
    @Override
    public <R> R fold(
        Function<? super Decision.Deny, ? extends R> denied,
        Function<? super RowFilter, ? extends R> filtered) {
      return denied.apply(denial);
    }
  }

  /**
   * Some rows may be permitted.
   *
   * @param filter tells which
   */
  record Filtered(RowFilter filter) implements RowAccess {
    @Override
    public <R> R fold(
        Function<? super Decision.Deny, ? extends R> denied,
        Function<? super RowFilter, ? extends R> filtered) {
      return filtered.apply(filter);
    }
  }
}
