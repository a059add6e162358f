package org.openhipaa.core.crypto;

/**
 * Wraps and unwraps keys with a key-encryption key that stays outside of the application's data: a
 * key store file, a hardware module, a key management service (NIST SP 800-57 part 1).
 *
 * <p>For implementors: called from several threads. {@code unwrap} must accept everything that
 * {@code wrap} of the same key ever returned, with the same context and no other, and must fail
 * rather than return a wrong key. Never log or keep the arrays.
 */
public interface KeyWrapper {
  /**
   * Names the key that {@link #wrap} uses now.
   *
   * @return a name without secrets; stored beside the wrapped key
   */
  String keyId();

  /**
   * Wraps a key.
   *
   * @param key the key's bytes
   * @param context what the key is for; authenticated, not stored
   * @return the wrapped key
   * @throws KeyNotAvailableException if the wrapping key cannot be used
   */
  byte[] wrap(byte[] key, byte[] context);

  /**
   * Unwraps a key.
   *
   * @param keyId the name that {@link #keyId} had when the key was wrapped
   * @param wrapped the wrapped key
   * @param context the context it was wrapped with
   * @return the key's bytes, in an array that the caller may wipe
   * @throws KeyNotAvailableException if the wrapping key cannot be used, is another one, or the
   *     wrapped key was altered
   */
  byte[] unwrap(String keyId, byte[] wrapped, byte[] context);
}
