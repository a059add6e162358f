package org.openhipaa.core.phi;

import java.util.function.Function;
import org.openhipaa.core.audit.Receipt;

/**
 * PHI that was released: authorised, masked and recorded. It exists only together with the receipt
 * of its audit entry, prints nothing, cannot be serialised, and is revealed by one searchable name.
 *
 * @param <T> the type of the content
 */
public final class Phi<T> {
  private final T content;
  private final Receipt receipt;

  Phi(T content, Receipt receipt) {
    this.content = content;
    this.receipt = receipt;
  }

  /**
   * Reveals the content. Whoever calls this takes PHI into their hands: show it to the person who
   * asked, never log it.
   *
   * @return the content
   */
  public T reveal() {
    return content;
  }

  /**
   * Turns the content into something else without taking it out.
   *
   * @param change computes the new content
   * @param <R> the type of the new content
   * @return the new content with the same receipt
   */
  public <R> Phi<R> map(Function<? super T, ? extends R> change) {
    return new Phi<>(change.apply(content), receipt);
  }

  /**
   * The proof that this release is recorded.
   *
   * @return the receipt of the audit entry
   */
  public Receipt receipt() {
    return receipt;
  }

  /** Prints nothing of the content. */
  @Override
  public String toString() {
    return "Phi(hidden)";
  }
}
