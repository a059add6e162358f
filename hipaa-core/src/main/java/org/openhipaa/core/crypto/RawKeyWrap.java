package org.openhipaa.core.crypto;

import java.security.SecureRandom;

/**
 * Wraps keys with a key-encryption key whose bytes the caller holds, for {@link KeyWrapper}s whose
 * key is in memory. The construction is that of the envelope (C2SP chunked-encryption with
 * AES-256-GCM), so a wrapped key commits to its wrapping key and its context. Thread-safe.
 */
public final class RawKeyWrap {
  private RawKeyWrap() {}

  /**
   * Wraps a key.
   *
   * @param wrappingKey 32 uniformly random bytes
   * @param random source of the salt
   * @param key the key to wrap
   * @param context authenticated with it
   * @return the wrapped key
   */
  public static byte[] wrap(byte[] wrappingKey, SecureRandom random, byte[] key, byte[] context) {
    byte[] salt = new byte[ChunkedEncryption.SALT_SIZE];
    random.nextBytes(salt);
    byte[] out = new byte[ChunkedEncryption.sealedSize(key.length)];
    ChunkedEncryption.seal(wrappingKey, salt, context, key, out, 0);
    return out;
  }

  /**
   * Unwraps a key.
   *
   * @param wrappingKey the key it was wrapped with
   * @param wrapped what {@link #wrap} returned
   * @param context the context it was wrapped with
   * @return the key
   * @throws KeyNotAvailableException if the wrapped key was altered, or key or context are others
   */
  public static byte[] unwrap(byte[] wrappingKey, byte[] wrapped, byte[] context) {
    try {
      return ChunkedEncryption.open(wrappingKey, context, wrapped, 0);
    } catch (EnvelopeNotOpenedException e) {
      throw new KeyNotAvailableException(
          "a wrapped key did not open: it was altered, or wrapped with another key or for another place");
    }
  }
}
