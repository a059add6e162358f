package org.openhipaa.core.crypto;

import java.security.SecureRandom;

/** Wraps with a key that the test knows. */
public final class FixedKeyWrapper implements KeyWrapper {
  private final String keyId;
  private final byte[] key;
  private final SecureRandom random;

  public FixedKeyWrapper(String keyId, byte[] key, SecureRandom random) {
    this.keyId = keyId;
    this.key = key.clone();
    this.random = random;
  }

  /** Some key, for tests that do not care which. */
  public static FixedKeyWrapper any() {
    return new FixedKeyWrapper("test-kek", new byte[32], new SecureRandom());
  }

  @Override
  public String keyId() {
    return keyId;
  }

  @Override
  public byte[] wrap(byte[] plain, byte[] context) {
    return RawKeyWrap.wrap(key, random, plain, context);
  }

  @Override
  public byte[] unwrap(String id, byte[] wrapped, byte[] context) {
    if (!id.equals(keyId)) {
      throw new KeyNotAvailableException("wrapped by another key");
    }
    return RawKeyWrap.unwrap(key, wrapped, context);
  }
}
