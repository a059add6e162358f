package org.openhipaa.core.actor;

import java.util.regex.Pattern;

/**
 * The unique, never reused name of a person or program (45 CFR 164.312(a)(2)(i)). It stands in
 * every audit entry in clear, so choose a staff identifier, never a patient's.
 *
 * @param value 1 to 64 characters: letters, digits, {@code .}, {@code _}, {@code -} and {@code @},
 *     starting with a letter or digit
 */
public record ActorId(String value) implements Comparable<ActorId> {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

  /**
   * Checks the form.
   *
   * @param value see {@link #value()}
   * @throws IllegalArgumentException if the value has another form; the message does not repeat it
   */
  public ActorId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "actor id must be 1-64 letters, digits, '.', '_', '-' or '@', starting with a letter or digit");
    }
  }

  /**
   * Makes an actor id.
   *
   * @param value see {@link #value()}
   * @return the actor id
   */
  public static ActorId of(String value) {
    return new ActorId(value);
  }

  /**
   * Tells whether a text has the form of an actor id.
   *
   * @param value any text
   * @return true if {@link #of} would accept it
   */
  public static boolean isValid(String value) {
    return FORM.matcher(value).matches();
  }

  /**
   * Tells whether two ids may name the same person: ids that differ in case only are not told apart
   * by every directory. For checks that two people are involved.
   *
   * @param other another id
   * @return true if they are equal but for the case of letters
   */
  public boolean samePersonAs(ActorId other) {
    return value.equalsIgnoreCase(other.value);
  }

  @Override
  public int compareTo(ActorId other) {
    return value.compareTo(other.value);
  }

  /** The value alone. */
  @Override
  public String toString() {
    return value;
  }
}
