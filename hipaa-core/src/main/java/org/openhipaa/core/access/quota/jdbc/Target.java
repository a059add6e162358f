package org.openhipaa.core.access.quota.jdbc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.openhipaa.core.access.quota.QuotaCharge;
import org.openhipaa.core.access.rules.QuotaMeasure;

/**
 * Where a charge goes. Keys and tokens become SHA-256 in hexadecimal digits, which any column holds
 * and any collation compares alike: no letter's case, accent or trailing space can merge two
 * budgets.
 *
 * @param charge what is charged
 * @param budget names the budget in the database
 * @param token names the patient there
 */
record Target(QuotaCharge charge, String budget, String token) {
  static Target of(QuotaCharge charge) {
    return new Target(
        charge,
        sha256(charge.limit().measure().label() + " " + charge.key()),
        sha256(charge.token()));
  }

  boolean isOfBytes() {
    return charge.limit().measure() == QuotaMeasure.BYTES;
  }

  boolean isOfPatients() {
    return charge.limit().measure().distinct();
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
