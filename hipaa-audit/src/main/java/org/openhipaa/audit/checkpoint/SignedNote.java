package org.openhipaa.audit.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openhipaa.core.crypto.SigningKey;

/**
 * A text with the signatures of one or more keys (C2SP signed-note). Do not use the text before {@link #isSignedBy} says
 * true. What is parsed is printed again byte for byte.
 *
 * <p>Immutable and thread-safe.
 */
public final class SignedNote {
  private static final int MAX_SIZE = 256 * 1024;
  private static final int MAX_SIGNATURES = 64;
  private static final int KEY_ID_SIZE = 4;
  private static final String MARK = "\u2014 ";

  private final String text;
  private final List<Signature> signatures;

  private SignedNote(String text, List<Signature> signatures) {
    this.text = text;
    this.signatures = List.copyOf(signatures);
  }

  /**
   * Signs a text.
   *
   * @param text the text; ends with a newline and has no other control characters
   * @param name the name of the key
   * @param key the key
   * @return the note
   * @throws IllegalArgumentException if the text or the name cannot stand in a note
   */
  public static SignedNote sign(String text, String name, SigningKey key) {
    if (!isText(text)) {
      throw new IllegalArgumentException(
          "a note's text ends with a newline and has no other control characters");
    }
    NoteKey verifier = new NoteKey(name, key.verifyingKey());
    byte[] signature = key.sign(text.getBytes(StandardCharsets.UTF_8));
    return new SignedNote(text, List.of(new Signature(name, verifier.id(), signature)));
  }

  /**
   * Reads a note. Signatures are read but not verified.
   *
   * @param bytes the note in UTF-8, at most 256 KiB with at most 64 signatures
   * @return the note
   * @throws NoteNotParsedException if the bytes are no note in its canonical form
   */
  public static SignedNote parse(byte[] bytes) {
    String note = utf8(bytes);
    // The last empty line ends the text.
    int end = note.lastIndexOf("\n\n") + 1;
    if (end == 0 || !isText(note)) {
      throw new NoteNotParsedException(
          "a signed note is a text, an empty line and signature lines, without control characters");
    }
    List<Signature> signatures = new ArrayList<>();
    for (String line : note.substring(end + 1).split("\n")) {
      if (signatures.size() == MAX_SIGNATURES) {
        throw new NoteNotParsedException("a signed note has at most 64 signatures");
      }
      signatures.add(Signature.parse(line));
    }
    return new SignedNote(note.substring(0, end), signatures);
  }

  private static String utf8(byte[] bytes) {
    if (bytes.length > MAX_SIZE) {
      throw new NoteNotParsedException("a signed note has at most 256 KiB");
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new NoteNotParsedException("a signed note is UTF-8");
    }
  }

  private static boolean isText(String text) {
    return text.endsWith("\n") && text.chars().allMatch(c -> c == '\n' || c >= 0x20);
  }

  /**
   * The text, with its last newline. Not to be used before the signature was verified.
   *
   * @return the text
   */
  public String text() {
    return text;
  }

  /**
   * How many signatures the note carries, verified or not.
   *
   * @return at least 1
   */
  public int signatureCount() {
    return signatures.size();
  }

  /**
   * Verifies the note. Signatures of other keys are ignored; every signature that claims to be this key's must verify.
   *
   * @param key the key that is trusted
   * @return true only if the key's owner signed this text
   */
  public boolean isSignedBy(NoteKey key) {
    List<Signature> claimed = signatures.stream()
        .filter(s -> s.name.equals(key.name()) && s.keyId == key.id())
        .toList();
    byte[] message = text.getBytes(StandardCharsets.UTF_8);
    return !claimed.isEmpty()
        && claimed.stream().allMatch(s -> key.key().verify(message, s.signature));
  }

  /**
   * The note in its canonical form.
   *
   * @return UTF-8
   */
  public byte[] toBytes() {
    return toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Prints the whole note. */
  @Override
  public String toString() {
    StringBuilder note = new StringBuilder(text).append('\n');
    signatures.forEach(signature -> note.append(signature.line()));
    return note.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignedNote that && toString().equals(that.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /** One signature line. */
  private static final class Signature {
    private final String name;
    private final int keyId;
    private final byte[] signature;

    Signature(String name, int keyId, byte[] signature) {
      this.name = name;
      this.keyId = keyId;
      this.signature = signature;
    }

    static Signature parse(String line) {
      int space = line.lastIndexOf(' ');
      if (!line.startsWith(MARK) || space < MARK.length()) {
        throw new NoteNotParsedException("a signature line is a dash, a name and base64");
      }
      String name = line.substring(MARK.length(), space);
      byte[] bytes = Base64Text.decode(line.substring(space + 1), "a signature");
      if (!NoteKey.isName(name) || bytes.length <= KEY_ID_SIZE) {
        throw new NoteNotParsedException("a signature line is a dash, a name and base64");
      }
      return new Signature(
          name,
          ByteBuffer.wrap(bytes).getInt(),
          Arrays.copyOfRange(bytes, KEY_ID_SIZE, bytes.length));
    }

    String line() {
      byte[] bytes = ByteBuffer.allocate(KEY_ID_SIZE + signature.length)
          .putInt(keyId)
          .put(signature)
          .array();
      return MARK + name + " " + Base64Text.encode(bytes) + "\n";
    }
  }
}
