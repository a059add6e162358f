package org.openhipaa.backup.source;

import java.util.regex.Pattern;

/**
 * What a source is called in snapshots, such as {@code records}. After a restore of a whole
 * snapshot it is the name of a folder.
 *
 * @param value 1 to 63 characters: lower-case letters, digits and hyphens, starting with a letter
 *     or digit
 */
public record SourceName(String value) implements Comparable<SourceName> {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  /**
   * Checks the form.
   *
   * @param value see {@link #value()}
   * @throws IllegalArgumentException if the value has another form
   */
  public SourceName {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "source name must be 1-63 characters a-z, 0-9 or '-', starting with a letter or digit");
    }
  }

  /**
   * Makes a source name.
   *
   * @param value see {@link #value()}
   * @return the source name
   */
  public static SourceName of(String value) {
    return new SourceName(value);
  }

  @Override
  public int compareTo(SourceName other) {
    return value.compareTo(other.value);
  }
}
