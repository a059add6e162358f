package org.openhipaa.core.crypto;

import java.util.Optional;

/**
 * Keeps and finds wrapped keys. They are useless without the key-encryption key, but losing one
 * loses the data sealed with it, so they must be durable before {@link #create} returns.
 *
 * <p>For implementors: called from several threads and, where the store is shared, from several
 * processes.
 */
public interface WrappedKeyStore {
  /**
   * Finds a wrapped key.
   *
   * @param name the key's name: 1 to 100 characters {@code a-z}, {@code 0-9} and {@code -}
   * @return the wrapped key, or empty if there is none by this name
   * @throws KeyNotAvailableException if the store cannot be read
   */
  Optional<byte[]> find(String name);

  /**
   * Stores a wrapped key under a name that is free. When several try at once, exactly one succeeds.
   *
   * @param name the key's name
   * @param wrapped the wrapped key
   * @return false if the name is taken; then nothing changes
   * @throws KeyNotAvailableException if the key is not surely stored
   */
  boolean create(String name, byte[] wrapped);
}
