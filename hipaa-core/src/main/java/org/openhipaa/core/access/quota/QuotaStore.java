package org.openhipaa.core.access.quota;

import java.time.Instant;
import org.openhipaa.core.access.QuotaLimit;

/**
 * Counts how many different patients somebody reached within a sliding window (quantity limit; 45
 * CFR 164.502(b)).
 *
 * <p>For implementors: called from many threads and, where the store is shared, from many
 * processes; never admit more than the limit between them. A reservation is durable before {@link
 * #reserve} returns, so that a restart does not open the window. A clock that goes backwards must
 * not open it either. After a crash between reserving and releasing, the patient stays counted.
 * Must never happen: a patient that is released to somebody without being counted.
 */
public interface QuotaStore {
  /**
   * Counts a patient, before anything is read.
   *
   * @param key whose budget: tenant, rule and actor
   * @param patientToken a keyed pseudonym of the patient
   * @param limit how many patients in which window
   * @param now the time by the caller's clock
   * @return granted, or exceeded
   * @throws QuotaNotCheckedException if it cannot be known; the caller must release nothing
   */
  QuotaReservation reserve(String key, String patientToken, QuotaLimit limit, Instant now);
}
