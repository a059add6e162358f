package org.openhipaa.core.access.rules;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an attribute: whose it is, and which. Written {@code actor.department}, {@code
 * record.age} or {@code context.hour}.
 *
 * @param side whose attribute it is
 * @param name 1 to 63 characters: lower-case letters, digits and hyphens, starting with a letter
 */
public record AttributeName(Side side, String name) implements Comparable<AttributeName> {
  private static final Pattern FORM =
      Pattern.compile("(actor|record|context)\\.([a-z][a-z0-9-]{0,62})");

  /** Whose attribute it is. */
  public enum Side {
    /** The actor's. */
    ACTOR,
    /** The circumstances'. */
    CONTEXT,
    /** The record's; differs from row to row. */
    RECORD
  }

  /**
   * Reads a name.
   *
   * @param text for instance {@code record.department}
   * @return the name
   * @throws IllegalArgumentException if the text has another form
   */
  public static AttributeName of(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("an attribute is written actor.NAME, record.NAME or"
          + " context.NAME, with a name of 1-63 characters a-z, 0-9 or '-'");
    }
    return new AttributeName(
        switch (matcher.group(1)) {
          case "actor" -> Side.ACTOR;
          case "record" -> Side.RECORD;
          default -> Side.CONTEXT;
        },
        matcher.group(2));
  }

  /**
   * The name as it is written.
   *
   * @return for instance {@code record.department}
   */
  public String text() {
    return switch (side) {
          case ACTOR -> "actor.";
          case RECORD -> "record.";
          case CONTEXT -> "context.";
        }
        + name;
  }

  @Override
  public int compareTo(AttributeName other) {
    int bySide = side.compareTo(other.side);
    return bySide != 0 ? bySide : name.compareTo(other.name);
  }

  /** The name as it is written. */
  @Override
  public String toString() {
    return text();
  }
}
