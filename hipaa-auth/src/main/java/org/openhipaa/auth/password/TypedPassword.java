package org.openhipaa.auth.password;

import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;

/**
 * A password as it came from the keyboard, made comparable: NFKC-normalised, in UTF-8, whole or not
 * at all (NIST SP 800-63B-4 section 3.1.1.2). The bytes are wiped on close; of a password outside
 * ASCII the JDK's normaliser leaves a string behind that only the garbage collector removes.
 */
final class TypedPassword implements AutoCloseable {
  /** The longest password, in code points after normalisation. */
  static final int MAX_LENGTH = 1_024;

  // Decomposition makes at most four characters of one, so every spelling of a permitted password
  // fits, and nobody can make us normalise megabytes.
  private static final int MAX_TYPED = 4 * MAX_LENGTH;

  private static final byte[] NOTHING = new byte[0];

  private enum Form {
    SOUND,
    TOO_LONG,
    MALFORMED
  }

  private final Form form;
  private final byte[] utf8;
  private final int length;

  private TypedPassword(Form form, byte[] utf8, int length) {
    this.form = form;
    this.utf8 = utf8;
    this.length = length;
  }

  /** Reads, but neither keeps nor changes, the given array. */
  static TypedPassword of(char[] typed) {
    if (typed.length > MAX_TYPED) {
      return new TypedPassword(Form.TOO_LONG, NOTHING, typed.length);
    }
    return isAscii(typed) ? ofAscii(typed) : ofUnicode(typed);
  }

  private static boolean isAscii(char[] typed) {
    int seen = 0;
    for (char c : typed) {
      seen |= c;
    }
    return seen < 0x80;
  }

  // ASCII is its own normal form: no string of it needs to be made.
  private static TypedPassword ofAscii(char[] typed) {
    if (typed.length > MAX_LENGTH) {
      return new TypedPassword(Form.TOO_LONG, NOTHING, typed.length);
    }
    byte[] utf8 = new byte[typed.length];
    for (int i = 0; i < typed.length; i++) {
      utf8[i] = (byte) typed[i];
    }
    return new TypedPassword(Form.SOUND, utf8, utf8.length);
  }

  private static TypedPassword ofUnicode(char[] typed) {
    String normal = Normalizer.normalize(CharBuffer.wrap(typed), Normalizer.Form.NFKC);
    int length = normal.codePointCount(0, normal.length());
    if (length > MAX_LENGTH) {
      return new TypedPassword(Form.TOO_LONG, NOTHING, length);
    }
    // UTF-8 has no halves of a pair: Java would make them all '?', and different passwords equal.
    if (normal.codePoints().anyMatch(TypedPassword::isHalfOfPair)) {
      return new TypedPassword(Form.MALFORMED, NOTHING, length);
    }
    return new TypedPassword(Form.SOUND, normal.getBytes(StandardCharsets.UTF_8), length);
  }

  private static boolean isHalfOfPair(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  boolean tooLong() {
    return form == Form.TOO_LONG;
  }

  boolean malformed() {
    return form == Form.MALFORMED;
  }

  /** In code points; of one that is too long, how long it is at least. */
  int length() {
    return length;
  }

  /** What is hashed; empty unless sound. Not a copy: it is wiped on close. */
  byte[] utf8() {
    return utf8;
  }

  /** For comparisons with words; makes a string that cannot be wiped. */
  String text() {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    Arrays.fill(utf8, (byte) 0);
  }

  @Override
  public String toString() {
    return "TypedPassword";
  }
}
