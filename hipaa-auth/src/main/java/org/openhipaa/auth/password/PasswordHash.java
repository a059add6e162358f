package org.openhipaa.auth.password;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stored password hash: {@code $argon2id$v=19$m=19456,t=2,p=1$salt$tag}, the PHC string format
 * with unpadded standard Base64. There is one spelling of every hash; any other text is not read.
 * Immutable, prints nothing.
 */
final class PasswordHash {
  private static final String PREFIX = "$argon2id$";
  private static final String VERSION = "v=19$";
  private static final int MAX_TEXT = 255;
  private static final Pattern REST =
      Pattern.compile("m=([1-9][0-9]{0,6}),t=([1-9][0-9]?),p=([1-9][0-9]?)"
          + "\\$([A-Za-z0-9+/]{11,64})\\$([A-Za-z0-9+/]{22,86})");

  private final Argon2Cost cost;
  private final byte[] salt;
  private final byte[] tag;

  PasswordHash(Argon2Cost cost, byte[] salt, byte[] tag) {
    this.cost = cost;
    this.salt = salt.clone();
    this.tag = tag.clone();
  }

  static PasswordHash parse(String text) {
    // The messages repeat nothing of the text: somebody may have stored a bare password here.
    if (text.length() > MAX_TEXT) {
      throw new PasswordHashNotReadException("the stored password hash is longer than " + MAX_TEXT
          + " characters; set a new password");
    }
    if (!text.startsWith(PREFIX)) {
      throw new PasswordHashNotReadException(
          "the stored password hash is not of the kind argon2id, the only one that this version"
              + " reads; set a new password");
    }
    if (!text.startsWith(VERSION, PREFIX.length())) {
      throw new PasswordHashNotReadException(
          "the stored password hash is of another argon2id version than 19, the only one that this"
              + " version reads; set a new password");
    }
    Matcher fields = REST.matcher(text.substring(PREFIX.length() + VERSION.length()));
    if (!fields.matches()) {
      throw malformed();
    }
    PasswordHash hash = new PasswordHash(cost(fields), decode(fields, 4), decode(fields, 5));
    // Base64 has several spellings of one last character; only ours is canonical.
    if (!hash.text().equals(text)) {
      throw malformed();
    }
    return hash;
  }

  private static Argon2Cost cost(Matcher fields) {
    try {
      return new Argon2Cost(
          Integer.parseInt(fields.group(1)),
          Integer.parseInt(fields.group(2)),
          Integer.parseInt(fields.group(3)));
    } catch (IllegalArgumentException e) {
      throw new PasswordHashNotReadException("the stored password hash has a cost out of bounds ("
          + e.getMessage() + "); set a new" + " password");
    }
  }

  private static byte[] decode(Matcher fields, int group) {
    try {
      return Base64.getDecoder().decode(fields.group(group));
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
  }

  private static PasswordHashNotReadException malformed() {
    return new PasswordHashNotReadException(
        "the stored password hash is not a well-formed argon2id hash; set a new password");
  }

  /** The one spelling that {@link #parse} reads. */
  String text() {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return PREFIX
        + VERSION
        + ("m=" + cost.memoryKib() + ",t=" + cost.iterations() + ",p=" + cost.lanes())
        + ("$" + base64.encodeToString(salt) + "$" + base64.encodeToString(tag));
  }

  Argon2Cost cost() {
    return cost;
  }

  byte[] salt() {
    return salt.clone();
  }

  int saltSize() {
    return salt.length;
  }

  int tagSize() {
    return tag.length;
  }

  /** Compares in a time that does not depend on the content. */
  boolean hasTag(byte[] other) {
    return MessageDigest.isEqual(tag, other);
  }

  @Override
  public String toString() {
    return "PasswordHash";
  }
}
