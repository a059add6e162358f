package org.openhipaa.core.access.quota;

import org.openhipaa.core.access.rules.QuotaLimit;

/**
 * What one read takes from one budget.
 *
 * @param key whose budget: tenant, rule, kind of limit, and user or group; 1 to 255 characters
 * @param limit how much the budget holds in which window
 * @param token a keyed pseudonym of the patient; counts once per window where the limit counts
 *     different patients; 1 to 255 characters
 * @param amount how much; 1 where patients or records are counted, at least 0 for bytes
 */
public record QuotaCharge(String key, QuotaLimit limit, String token, long amount) {
  private static final int MAX_LENGTH = 255;

  /**
   * Checks the ranges.
   *
   * @param key see {@link #key()}
   * @param limit see {@link #limit()}
   * @param token see {@link #token()}
   * @param amount see {@link #amount()}
   * @throws IllegalArgumentException if a value is out of range
   */
  public QuotaCharge {
    if (key.isEmpty() || key.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a quota key has 1-255 characters");
    }
    if (token.isEmpty() || token.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a quota token has 1-255 characters");
    }
    if (amount < 0 || (limit.measure().distinct() && amount != 1)) {
      throw new IllegalArgumentException("a quota is not charged " + amount);
    }
  }
}
