package org.openhipaa.core.actor;

import java.util.regex.Pattern;

/**
 * A user group: the unit that privileges and limits are given to.
 *
 * @param value 1 to 63 characters: lower-case letters, digits and hyphens, starting with a letter
 */
public record Group(String value) implements Comparable<Group> {
  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  /**
   * Checks the form.
   *
   * @param value see {@link #value()}
   * @throws IllegalArgumentException if the value has another form
   */
  public Group {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "group must be 1-63 characters a-z, 0-9 or '-', starting with a letter");
    }
  }

  /**
   * Makes a group.
   *
   * @param value see {@link #value()}
   * @return the group
   */
  public static Group of(String value) {
    return new Group(value);
  }

  @Override
  public int compareTo(Group other) {
    return value.compareTo(other.value);
  }

  /** The value alone. */
  @Override
  public String toString() {
    return value;
  }
}
