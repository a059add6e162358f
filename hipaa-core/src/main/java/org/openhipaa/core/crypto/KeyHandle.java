package org.openhipaa.core.crypto;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * One unwrapped key with its name, and the purpose keys derived from it. Never leaves the package.
 * Thread-safe.
 */
final class KeyHandle {
  static final int ID_SIZE = 16;

  private final byte[] id;
  private final int version;
  private final byte[] secret;
  private final Map<KeyPurpose, byte[]> sealing = new EnumMap<>(KeyPurpose.class);
  private volatile boolean closed;

  KeyHandle(byte[] id, int version, byte[] secret) {
    this.id = id.clone();
    this.version = version;
    this.secret = secret.clone();
    for (KeyPurpose purpose : KeyPurpose.values()) {
      sealing.put(purpose, derive("seal/" + purpose.label()));
    }
  }

  byte[] id() {
    return id;
  }

  int version() {
    return version;
  }

  byte[] sealingKey(KeyPurpose purpose) {
    demandOpen();
    byte[] key = sealing.get(purpose);
    if (key == null) {
      throw new IllegalArgumentException("no key for purpose " + purpose);
    }
    return key;
  }

  /** Derives an independent key; the label is part of the formats. */
  byte[] derive(String label) {
    demandOpen();
    return Hkdf.expand(
        secret,
        ChunkedEncryption.KEY_SIZE,
        ("openhipaa/v1/" + label).getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  void close() {
    closed = true;
    Arrays.fill(secret, (byte) 0);
    sealing.values().forEach(key -> Arrays.fill(key, (byte) 0));
  }

  private void demandOpen() {
    if (closed) {
      throw new IllegalStateException("the keyring is closed");
    }
  }
}
