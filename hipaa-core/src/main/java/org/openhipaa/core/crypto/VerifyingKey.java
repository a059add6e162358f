package org.openhipaa.core.crypto;

import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** An Ed25519 public key (RFC 8032). Not secret. Immutable and thread-safe. */
public final class VerifyingKey {
  /** The size of an encoded key, in bytes. */
  public static final int SIZE = 32;

  private static final int SIGNATURE_SIZE = 64;

  private final Ed25519PublicKeyParameters key;

  private VerifyingKey(Ed25519PublicKeyParameters key) {
    this.key = key;
  }

  /**
   * Reads a key.
   *
   * @param encoded 32 bytes
   * @return the key
   * @throws IllegalArgumentException if the bytes are no Ed25519 public key
   */
  public static VerifyingKey of(byte[] encoded) {
    if (encoded.length != SIZE) {
      throw new IllegalArgumentException(
          "an Ed25519 public key has 32 bytes, not " + encoded.length);
    }
    return new VerifyingKey(new Ed25519PublicKeyParameters(encoded, 0));
  }

  /**
   * Verifies a signature.
   *
   * @param message the message
   * @param signature the signature
   * @return true only if this key's owner signed this message
   */
  public boolean verify(byte[] message, byte[] signature) {
    if (signature.length != SIGNATURE_SIZE) {
      return false;
    }
    Ed25519Signer verifier = new Ed25519Signer();
    verifier.init(false, key);
    verifier.update(message, 0, message.length);
    return verifier.verifySignature(signature);
  }

  /**
   * The key's encoding.
   *
   * @return 32 bytes
   */
  public byte[] encoded() {
    return key.getEncoded();
  }

  /**
   * The key in print.
   *
   * @return 64 lower-case hexadecimal digits
   */
  public String toHex() {
    return HexFormat.of().formatHex(encoded());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifyingKey that && Arrays.equals(encoded(), that.encoded());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded());
  }

  @Override
  public String toString() {
    return "VerifyingKey(" + toHex() + ")";
  }
}
