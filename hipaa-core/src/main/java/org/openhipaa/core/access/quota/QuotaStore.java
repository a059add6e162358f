package org.openhipaa.core.access.quota;

import java.time.Instant;
import java.util.List;

/**
 * Counts how much PHI was reached within sliding windows (quantity limits; 45 CFR 164.502(b)):
 * reserve before anything is read, settle when it is known how much it was, release if nothing was
 * given out.
 *
 * <p>A budget is named by a key and by what is counted. It knows what it needs for the longest
 * window with which it was ever asked, so that another version of the policy may look back as far.
 * Time is counted in whole milliseconds.
 *
 * <p>For implementors: the sums are in {@link QuotaArithmetic}. A store is called from many threads and, where the store is shared, from many
 * processes; never admit more than the limit between them, and never refuse what fits. A
 * reservation is as durable as the store before {@link #reserve} returns, so that a restart does not
 * open the window. A clock that goes backwards must not open it either. After a crash between
 * reserving and settling, the reservation stays counted. Must never happen: PHI that is released to
 * somebody without being counted.
 */
public interface QuotaStore {
  /**
   * Charges all budgets, or none of them, before anything is read. What costs nothing always fits:
   * a patient who is counted already, and zero bytes.
   *
   * @param charges what the read takes from which budgets; a budget at most once
   * @param now the time by the caller's clock
   * @return granted; or exceeded, with the first charge of the list that does not fit
   * @throws IllegalArgumentException if a budget is charged twice, or the time lies outside of the
   *     years 1 to 9999
   * @throws QuotaNotCheckedException if it cannot be known; the caller must release nothing
   */
  QuotaReservation reserve(List<QuotaCharge> charges, Instant now);
}
