package org.openhipaa.core.access.quota;

import java.time.Instant;
import java.util.List;

/**
 * Counts how much PHI was reached within sliding windows (quantity limits; 45 CFR 164.502(b)):
 * reserve before anything is read, settle when it is known how much it was, release if nothing was
 * given out.
 *
 * <p>For implementors: called from many threads and, where the store is shared, from many
 * processes; never admit more than the limit between them, and never refuse what fits. A
 * reservation is as durable as the store before {@link #reserve} returns, so that a restart does not
 * open the window. A clock that goes backwards must not open it either. After a crash between
 * reserving and settling, the reservation stays counted. Must never happen: PHI that is released to
 * somebody without being counted.
 */
public interface QuotaStore {
  /**
   * Charges all budgets, or none of them, before anything is read.
   *
   * @param charges what the read takes from which budgets; a budget at most once
   * @param now the time by the caller's clock
   * @return granted, or exceeded
   * @throws QuotaNotCheckedException if it cannot be known; the caller must release nothing
   */
  QuotaReservation reserve(List<QuotaCharge> charges, Instant now);
}
