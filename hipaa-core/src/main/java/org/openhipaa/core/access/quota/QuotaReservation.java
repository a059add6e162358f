package org.openhipaa.core.access.quota;

import java.util.List;
import java.util.Optional;

/** The answer of a {@link QuotaStore}. */
public sealed interface QuotaReservation {
  /**
   * All budgets are charged. May be settled once, and released once, also after it was settled. Not
   * thread-safe.
   */
  non-sealed interface Granted extends QuotaReservation {
    /**
     * The charges with which a budget reached its soft limit, so that somebody is told. A budget is
     * named by the charge that crosses the limit and not again until it was below. After {@link
     * #settle} also those which settling made cross.
     *
     * @return unmodifiable, usually empty
     */
    List<QuotaCharge> warnings();

    /**
     * Says how many bytes it was: the amount of each charge that counts bytes becomes this, and
     * counts from the latest time of its budget instead of that of the reservation, because only now
     * they are given out. To be called before anything is released.
     *
     * @param bytes at least 0
     * @return empty if it fits; otherwise the budget that it exceeds, with so many bytes as its
     *     amount, and then the whole reservation has been released
     * @throws IllegalArgumentException if {@code bytes} is negative
     * @throws IllegalStateException if it was settled or released before
     * @throws QuotaNotCheckedException if it cannot be known; the reservation stays counted and the
     *     caller must release nothing
     */
    Optional<Exceeded> settle(long bytes);

    /**
     * Takes all charges back, because nothing was given out. A patient whom another reservation has
     * counted meanwhile stays counted. Calling it again does nothing.
     *
     * @throws QuotaNotCheckedException if the store fails; the charges then stay counted
     */
    void release();
  }

  /**
   * A budget does not hold that much; nothing was charged.
   *
   * @param charge the charge that does not fit
   * @param counted how much the window holds already
   */
  record Exceeded(QuotaCharge charge, long counted) implements QuotaReservation {}
}
