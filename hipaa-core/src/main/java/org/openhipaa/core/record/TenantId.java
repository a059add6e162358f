package org.openhipaa.core.record;

import java.util.regex.Pattern;

/**
 * The organisation whose data a record is. Keys, quotas and logs of one tenant never serve another
 * (45 CFR 164.308(a)(4)(ii)(A)).
 *
 * @param value 1 to 63 characters: lower-case letters, digits and hyphens, starting with a letter
 *     or digit
 */
public record TenantId(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  /**
   * Checks the form.
   *
   * @param value see {@link #value()}
   * @throws IllegalArgumentException if the value has another form
   */
  public TenantId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "tenant id must be 1-63 characters a-z, 0-9 or '-', starting with a letter or digit");
    }
  }

  /**
   * Makes a tenant id.
   *
   * @param value see {@link #value()}
   * @return the tenant id
   */
  public static TenantId of(String value) {
    return new TenantId(value);
  }

  /** The value alone. */
  @Override
  public String toString() {
    return value;
  }
}
