package org.openhipaa.core.mask;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What remains visible of a value (minimum necessary, 45 CFR 164.502(b), 164.514(d)). A value of a
 * shape that a mask does not know is blotted out whole.
 */
public enum Mask {
  /** The whole value. */
  SHOW {
    @Override
    public String apply(String value) {
      return value;
    }
  },
  /**
   * The last four signs; the others are blotted out. Only ASCII spaces and punctuation are no signs
   * and stay: whatever else a script may spell a name or a number with is one.
   */
  LAST_FOUR {
    @Override
    public String apply(String value) {
      long signs = value.codePoints().filter(Mask::isSign).count();
      if (signs <= 2 * VISIBLE) {
        return BLOT;
      }
      StringBuilder out = new StringBuilder(value.length());
      long seen = 0;
      for (int c : value.codePoints().toArray()) {
        boolean sign = isSign(c);
        out.appendCodePoint(sign && seen < signs - VISIBLE ? '*' : c);
        seen += sign ? 1 : 0;
      }
      return out.toString();
    }
  },
  /** The year of an ISO 8601 date or time. */
  YEAR {
    @Override
    public String apply(String value) {
      return DATE.matcher(value).matches() ? value.substring(0, 4) : BLOT;
    }
  },
  /**
   * The first three digits of a five- or nine-digit ZIP code; says nothing about how many people
   * live there.
   */
  ZIP3 {
    @Override
    public String apply(String value) {
      return ZIP.matcher(value).matches() ? value.substring(0, 3) + "**" : BLOT;
    }
  },
  /** The first letter and a full stop. */
  INITIAL {
    @Override
    public String apply(String value) {
      return !value.isEmpty() && Character.isLetter(value.codePointAt(0))
          ? Character.toString(value.codePointAt(0)) + "."
          : BLOT;
    }
  },
  /** Nothing: the field is withheld. */
  HIDE {
    @Override
    public String apply(String value) {
      return BLOT;
    }
  };

  private static final String BLOT = "****";
  private static final int VISIBLE = 4;
  private static final int ASCII_END = 0x80;
  private static final Pattern DATE =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}(T[0-9:.]+(Z|[+-][0-9:]+)?)?");
  private static final Pattern ZIP = Pattern.compile("\\d{5}(-?\\d{4})?");

  private static boolean isSign(int c) {
    return c >= ASCII_END || Character.isLetterOrDigit(c);
  }

  /**
   * Masks a value.
   *
   * @param value the whole value
   * @return what remains visible
   */
  public abstract String apply(String value);

  /**
   * Combines two masks towards the stricter: showing yields to anything, and two different partial
   * masks hide the value, since each of them hides something that the other shows.
   *
   * @param other another mask for the same field
   * @return a mask that shows nothing that either hides
   */
  public Mask stricter(Mask other) {
    if (this == other || other == SHOW) {
      return this;
    }
    return this == SHOW ? other : HIDE;
  }

  /**
   * The name that policy files use.
   *
   * @return for instance {@code last-four}
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Finds a mask by its label.
   *
   * @param label for instance {@code last-four}
   * @return the mask, or empty if there is none
   */
  public static Optional<Mask> find(String label) {
    return Arrays.stream(values()).filter(m -> m.label().equals(label)).findFirst();
  }
}
