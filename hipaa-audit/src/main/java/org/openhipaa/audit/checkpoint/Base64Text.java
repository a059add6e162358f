package org.openhipaa.audit.checkpoint;

import java.util.Base64;

/** Base64 of RFC 4648 section 4 in its one canonical form: padded, no line breaks, unused bits zero. */
final class Base64Text {
  private Base64Text() {}

  static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static byte[] decode(String text, String what) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (encode(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Answered below, without the text.
    }
    throw new NoteNotParsedException(what + " is not canonical base64");
  }
}
