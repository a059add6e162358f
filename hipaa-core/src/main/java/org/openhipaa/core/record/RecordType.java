package org.openhipaa.core.record;

import java.util.regex.Pattern;

/**
 * A kind of record that the policy speaks about, such as {@code patient} or {@code incident}.
 *
 * @param value 1 to 63 characters: lower-case letters, digits and hyphens, starting with a letter
 */
public record RecordType(String value) implements Comparable<RecordType> {
  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  /**
   * Checks the form.
   *
   * @param value see {@link #value()}
   * @throws IllegalArgumentException if the value has another form
   */
  public RecordType {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "record type must be 1-63 characters a-z, 0-9 or '-', starting with a letter");
    }
  }

  /**
   * Makes a record type.
   *
   * @param value see {@link #value()}
   * @return the record type
   */
  public static RecordType of(String value) {
    return new RecordType(value);
  }

  @Override
  public int compareTo(RecordType other) {
    return value.compareTo(other.value);
  }

  /** The value alone. */
  @Override
  public String toString() {
    return value;
  }
}
