package org.openhipaa.core.record;

import java.util.regex.Pattern;

/**
 * The name of a field of a record. Field names are schema, not PHI: they stand in policies, logs
 * and files in clear.
 *
 * @param value 1 to 127 characters: letters, digits, {@code .}, {@code _} and {@code -}, starting
 *     with a letter
 */
public record FieldPath(String value) implements Comparable<FieldPath> {
  private static final Pattern FORM = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,126}");

  /**
   * Checks the form.
   *
   * @param value see {@link #value()}
   * @throws IllegalArgumentException if the value has another form; the message does not repeat the
   *     value
   */
  public FieldPath {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "field path must be 1-127 letters, digits, '.', '_' or '-', starting with a letter");
    }
  }

  /**
   * Makes a field path.
   *
   * @param value see {@link #value()}
   * @return the field path
   */
  public static FieldPath of(String value) {
    return new FieldPath(value);
  }

  @Override
  public int compareTo(FieldPath other) {
    return value.compareTo(other.value);
  }

  /** The value alone. */
  @Override
  public String toString() {
    return value;
  }
}
