package org.openhipaa.core.phi;

import java.util.function.Function;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.audit.Receipt;

/** How an update ended. Each case has the receipt of its audit entry. Immutable and thread-safe. */
public sealed interface UpdateResult {
  /**
   * The proof that this update is recorded.
   *
   * @return the receipt of its audit entry
   */
  Receipt receipt();

  /**
   * Handles both cases.
   *
   * @param stored what to do if stored
   * @param refused what to do if refused
   * @param <R> the type of the result
   * @return what the chosen function returned
   */
  <R> R fold(
      Function<? super Stored, ? extends R> stored, Function<? super Refused, ? extends R> refused);

  /**
   * The fields are sealed and stored.
   *
   * @param receipt the receipt of the audit entry
   */
  record Stored(Receipt receipt) implements UpdateResult {
    @Override
    public <R> R fold(
        Function<? super Stored, ? extends R> stored,
        Function<? super Refused, ? extends R> refused) {
      return stored.apply(this);
    }
  }

  /**
   * The policy or the quota refused; nothing changed.
   *
   * @param decision which rule, why
   * @param receipt the receipt of the audit entry of the refusal
   */
  record Refused(Decision.Deny decision, Receipt receipt) implements UpdateResult {
    @Override
    public <R> R fold(
        Function<? super Stored, ? extends R> stored,
        Function<? super Refused, ? extends R> refused) {
      return refused.apply(this);
    }
  }
}
