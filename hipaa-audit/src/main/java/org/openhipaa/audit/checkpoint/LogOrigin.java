package org.openhipaa.audit.checkpoint;

import java.util.regex.Pattern;
import org.openhipaa.core.record.TenantId;

/**
 * The name that tells a log from every other: the origin line of its checkpoints (C2SP tlog-checkpoint) and the name of
 * its key.
 *
 * @param value 1 to 200 characters: parts of lower-case letters, digits, {@code .} and {@code -}, each starting with a
 *     letter or digit, divided by {@code /}
 */
public record LogOrigin(String value) {
  private static final int MAX_LENGTH = 200;
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)*");

  /**
   * Checks the form.
   *
   * @param value see {@link #value()}
   * @throws IllegalArgumentException if the value has another form
   */
  public LogOrigin {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "a log origin is 1-200 characters a-z, 0-9, '.' or '-' in parts divided by '/'");
    }
  }

  /**
   * The origin of a tenant's log.
   *
   * @param tenant whose log
   * @param name which of the tenant's logs: lower-case letters, digits, {@code .} and {@code -}
   * @return {@code openhipaa/TENANT/NAME}
   * @throws IllegalArgumentException if the name has another form
   */
  public static LogOrigin of(TenantId tenant, String name) {
    return new LogOrigin("openhipaa/" + tenant.value() + "/" + name);
  }

  static boolean isValid(String value) {
    return value.length() <= MAX_LENGTH && FORM.matcher(value).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
