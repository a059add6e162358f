package org.openhipaa.core.crypto.local;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.UnrecoverableKeyException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.openhipaa.core.crypto.KeyNotAvailableException;
import org.openhipaa.core.crypto.KeyWrapper;
import org.openhipaa.core.crypto.RawKeyWrap;
import org.openhipaa.core.internal.DurableFiles;

/**
 * A key-encryption key in a PKCS#12 file (RFC 7292) protected by a password: the embedded default
 * where there is no hardware module and no key management service. Keep the file and its password
 * apart from the data and from the wrapped keys. Thread-safe.
 */
public final class KeyStoreKeyWrapper implements KeyWrapper {
  private static final String TYPE = "PKCS12";
  private static final String ALIAS_PREFIX = "kek-";
  private static final int MAX_FILE_SIZE = 1024 * 1024;
  private static final int KEY_SIZE = 32;
  private static final Pattern KEY_ID = Pattern.compile(ALIAS_PREFIX + "[0-9a-f]{16}");

  private final String keyId;
  private final byte[] key;
  private final SecureRandom random;
  private boolean destroyed;

  private KeyStoreKeyWrapper(String keyId, byte[] key, SecureRandom random) {
    this.keyId = keyId;
    this.key = key;
    this.random = random;
  }

  /**
   * Makes a key store file with a new random key.
   *
   * @param file must not exist yet
   * @param password protects the file; not empty; not kept
   * @param random source of the key
   * @return the wrapper
   * @throws KeyNotAvailableException if the file exists already or cannot be written
   * @throws IllegalArgumentException if the password is empty
   */
  public static KeyStoreKeyWrapper create(Path file, char[] password, SecureRandom random) {
    if (password.length == 0) {
      throw new IllegalArgumentException("an empty password protects no key store");
    }
    byte[] key = new byte[KEY_SIZE];
    random.nextBytes(key);
    byte[] name = new byte[8];
    random.nextBytes(name);
    String alias = ALIAS_PREFIX + HexFormat.of().formatHex(name);
    try {
      KeyStore store = KeyStore.getInstance(TYPE);
      store.load(null, password);
      store.setEntry(
          alias,
          new KeyStore.SecretKeyEntry(new SecretKeySpec(key, "AES")),
          new KeyStore.PasswordProtection(password));
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      store.store(content, password);
      if (!DurableFiles.create(file, content.toByteArray())) {
        throw new KeyNotAvailableException(
            "key store " + file + " exists already; open it, or name another file");
      }
      return new KeyStoreKeyWrapper(alias, key, random);
    } catch (IOException | GeneralSecurityException e) {
      throw new KeyNotAvailableException(
          "cannot write key store "
              + file
              + "; does its folder exist, and is the disk full or read-only?",
          e);
    }
  }

  /**
   * Opens a key store file.
   *
   * @param file the file
   * @param password its password; not kept
   * @param random source of salts
   * @return the wrapper
   * @throws KeyNotAvailableException if the file is missing, unreadable, damaged or holds no key of
   *     ours, or the password is wrong
   */
  public static KeyStoreKeyWrapper open(Path file, char[] password, SecureRandom random) {
    try {
      if (Files.isDirectory(file)) {
        throw new KeyNotAvailableException(
            "key store " + file + " is a folder; name the file in it");
      }
      byte[] content = DurableFiles.readAtMost(file, MAX_FILE_SIZE + 1);
      if (content.length > MAX_FILE_SIZE) {
        throw new KeyNotAvailableException(
            "key store " + file + " is larger than 1 MiB; name the right file");
      }
      KeyStore store = KeyStore.getInstance(TYPE);
      store.load(new ByteArrayInputStream(content), password);
      List<String> aliases = Collections.list(store.aliases()).stream()
          .filter(a -> a.startsWith(ALIAS_PREFIX))
          .toList();
      if (aliases.size() != 1) {
        throw new KeyNotAvailableException("key store "
            + file
            + " holds "
            + aliases.size()
            + " keys named 'kek-…' but must hold one");
      }
      String alias = aliases.get(0);
      if (!(store.getKey(alias, password) instanceof SecretKey secret)
          || secret.getEncoded().length != KEY_SIZE) {
        throw new KeyNotAvailableException(
            "entry " + alias + " of key store " + file + " is no AES-256 key");
      }
      return new KeyStoreKeyWrapper(alias, secret.getEncoded(), random);
    } catch (NoSuchFileException e) {
      throw new KeyNotAvailableException("key store "
          + file
          + " does not exist; name the right file, or create one with 'hipaa keys create'");
    } catch (IOException e) {
      if (e.getCause() instanceof UnrecoverableKeyException) {
        throw new KeyNotAvailableException(
            "key store " + file + " did not open: the password is wrong, or the file was altered");
      }
      throw new KeyNotAvailableException("key store " + file + " cannot be read or is damaged", e);
    } catch (GeneralSecurityException | RuntimeException e) {
      if (e instanceof KeyNotAvailableException known) {
        throw known;
      }
      // The JDK's PKCS#12 parser answers some damage with unchecked exceptions.
      throw new KeyNotAvailableException("key store " + file + " is damaged", e);
    }
  }

  @Override
  public String keyId() {
    return keyId;
  }

  @Override
  public byte[] wrap(byte[] plain, byte[] context) {
    byte[] copy = copyOfKey();
    try {
      return RawKeyWrap.wrap(copy, random, plain, context);
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  @Override
  public byte[] unwrap(String id, byte[] wrapped, byte[] context) {
    if (!id.equals(keyId)) {
      throw new KeyNotAvailableException("the key was wrapped by "
          + (KEY_ID.matcher(id).matches() ? id : "another kind of key")
          + " but this key store holds "
          + keyId
          + "; use the other key store");
    }
    byte[] copy = copyOfKey();
    try {
      return RawKeyWrap.unwrap(copy, wrapped, context);
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  /**
   * Wipes the key from memory. Afterwards {@link #wrap} and {@link #unwrap} throw {@link
   * KeyNotAvailableException}.
   */
  public synchronized void destroy() {
    destroyed = true;
    Arrays.fill(key, (byte) 0);
  }

  /** A copy, so that nobody wraps with a key that another thread is wiping. */
  private synchronized byte[] copyOfKey() {
    if (destroyed) {
      throw new KeyNotAvailableException("key " + keyId + " was wiped from memory; open it again");
    }
    return key.clone();
  }

  /** Prints only the key's name. */
  @Override
  public String toString() {
    return "KeyStoreKeyWrapper(" + keyId + ")";
  }
}
