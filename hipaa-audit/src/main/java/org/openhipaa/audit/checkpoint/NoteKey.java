package org.openhipaa.audit.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.openhipaa.audit.UnknownFormatVersionException;
import org.openhipaa.core.HipaaBugException;
import org.openhipaa.core.crypto.VerifyingKey;

/**
 * A public key with the name it signs notes under: the "verifier key" of C2SP signed-note, {@code
 * name+hash+base64}. Not secret.
 *
 * @param name non-empty, without spaces, plus signs or control characters
 * @param key the Ed25519 public key (RFC 8032)
 */
public record NoteKey(String name, VerifyingKey key) {
  private static final int ED25519 = 1;
  private static final int ID_SIZE = 4;
  private static final int MAX_LENGTH = 1024;

  /**
   * Checks the name.
   *
   * @param name see {@link #name()}
   * @param key see {@link #key()}
   * @throws IllegalArgumentException if the name cannot stand in a note
   */
  public NoteKey {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "a note key's name is not empty and has no spaces, plus signs or control characters");
    }
  }

  /**
   * Reads a verifier key.
   *
   * @param text {@code name+hash+base64}
   * @return the key
   * @throws NoteNotParsedException if the text is no verifier key in its canonical form
   * @throws UnknownFormatVersionException if it is one of an algorithm that this release does not know
   */
  public static NoteKey parse(String text) {
    String[] parts = text.length() > MAX_LENGTH ? new String[0] : text.split("\\+", 3);
    if (parts.length != 3 || !isName(parts[0])) {
      throw new NoteNotParsedException("a verifier key has the form name+hash+base64");
    }
    byte[] algorithmAndKey = Base64Text.decode(parts[2], "the verifier key");
    if (!parts[1].equals(HexFormat.of().formatHex(id(parts[0], algorithmAndKey)))) {
      throw new NoteNotParsedException("name, hash and key of the verifier key do not agree");
    }
    if (algorithmAndKey.length > 0 && algorithmAndKey[0] != ED25519) {
      throw new UnknownFormatVersionException(
          "the verifier key (signature type)", Byte.toUnsignedInt(algorithmAndKey[0]));
    }
    if (algorithmAndKey.length != 1 + VerifyingKey.SIZE) {
      throw new NoteNotParsedException("an Ed25519 key has 32 bytes");
    }
    return new NoteKey(parts[0], verifyingKey(algorithmAndKey));
  }

  private static VerifyingKey verifyingKey(byte[] algorithmAndKey) {
    try {
      return VerifyingKey.of(Arrays.copyOfRange(algorithmAndKey, 1, algorithmAndKey.length));
    } catch (IllegalArgumentException e) {
      throw new NoteNotParsedException("the verifier key is no Ed25519 public key");
    }
  }

  /**
   * The number that signature lines name this key by. Anybody can make a key with the same number, so it proves nothing.
   *
   * @return the first four bytes of SHA-256(name, newline, algorithm, key)
   */
  public int id() {
    return ByteBuffer.wrap(id(name, algorithmAndKey())).getInt();
  }

  /**
   * The key as text.
   *
   * @return {@code name+hash+base64}
   */
  public String encode() {
    byte[] algorithmAndKey = algorithmAndKey();
    return name
        + "+"
        + HexFormat.of().formatHex(id(name, algorithmAndKey))
        + "+"
        + Base64Text.encode(algorithmAndKey);
  }

  private byte[] algorithmAndKey() {
    return ByteBuffer.allocate(1 + VerifyingKey.SIZE)
        .put((byte) ED25519)
        .put(key.encoded())
        .array();
  }

  private static byte[] id(String name, byte[] algorithmAndKey) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update((name + "\n").getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(sha256.digest(algorithmAndKey), ID_SIZE);
    } catch (NoSuchAlgorithmException e) {
      throw new HipaaBugException("every JDK has SHA-256", e);
    }
  }

  static boolean isName(String name) {
    return !name.isEmpty()
        && name.codePoints()
            .noneMatch(c -> c == '+'
                || Character.isISOControl(c)
                || Character.isWhitespace(c)
                || Character.isSpaceChar(c));
  }

  @Override
  public String toString() {
    return encode();
  }
}
