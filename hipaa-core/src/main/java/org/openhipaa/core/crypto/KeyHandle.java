package org.openhipaa.core.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One unwrapped key with its name, and the purpose keys derived from it. Never leaves the package.
 * Thread-safe.
 *
 * <p>Keys are given out as copies: whoever seals while another thread closes must finish with the
 * key or not begin, and never seal with a key that is half wiped.
 */
final class KeyHandle {
  static final int ID_SIZE = 16;

  private final byte[] id;
  private final int version;
  private final byte[] secret;
  private final @Nullable KeyHandle parent;
  private final Map<KeyPurpose, byte[]> sealing = new EnumMap<>(KeyPurpose.class);
  private boolean closed;

  KeyHandle(byte[] id, int version, byte[] secret) {
    this(id, version, secret, null);
  }

  /** A handle with a parent is closed when its parent is, whether or not anybody still knows it. */
  KeyHandle(byte[] id, int version, byte[] secret, @Nullable KeyHandle parent) {
    if (secret.length != ChunkedEncryption.KEY_SIZE) {
      throw new IllegalArgumentException("a key has 32 bytes, not " + secret.length);
    }
    this.id = id.clone();
    this.version = version;
    this.secret = secret.clone();
    this.parent = parent;
    for (KeyPurpose purpose : KeyPurpose.values()) {
      sealing.put(purpose, expand(this.secret, "seal/" + purpose.label()));
    }
  }

  byte[] id() {
    return id;
  }

  int version() {
    return version;
  }

  /** A copy, for the caller to wipe. */
  byte[] sealingKey(KeyPurpose purpose) {
    byte[] key = sealing.get(purpose);
    if (key == null) {
      throw new IllegalArgumentException("no key for purpose " + purpose);
    }
    return copy(key);
  }

  /** Derives an independent key; the label is part of the formats. */
  byte[] derive(String label) {
    byte[] copy = copy(secret);
    try {
      return expand(copy, label);
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  synchronized void close() {
    closed = true;
    Arrays.fill(secret, (byte) 0);
    sealing.values().forEach(key -> Arrays.fill(key, (byte) 0));
  }

  synchronized void demandOpen() {
    if (closed) {
      throw new IllegalStateException("the keyring is closed");
    }
    if (parent != null) {
      parent.demandOpen();
    }
  }

  private synchronized byte[] copy(byte[] key) {
    demandOpen();
    return key.clone();
  }

  private static byte[] expand(byte[] secret, String label) {
    return Hkdf.expand(
        secret,
        ChunkedEncryption.KEY_SIZE,
        ("openhipaa/v1/" + label).getBytes(StandardCharsets.UTF_8));
  }
}
