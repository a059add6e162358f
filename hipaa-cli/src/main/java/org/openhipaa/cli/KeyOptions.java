package org.openhipaa.cli;

import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.crypto.KeyNotAvailableException;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.local.FileWrappedKeyStore;
import org.openhipaa.core.crypto.local.KeyStoreKeyWrapper;
import org.openhipaa.core.record.TenantId;
import picocli.CommandLine.Option;

/** Where the keys are: the options that every command with keys shares. */
final class KeyOptions {
  private static final String PASSWORD_VARIABLE = "HIPAA_KEY_STORE_PASSWORD";
  private static final int MAX_PASSWORD = 1024;

  @Option(
      names = "--key-store",
      required = true,
      paramLabel = "FILE",
      description = "The PKCS#12 file with the key-encryption key.")
  private Path keyStore = Path.of("");

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = {
        "A file whose first line is the key store's password. Without it the variable",
        PASSWORD_VARIABLE + " is used, else you are asked."
      })
  private @Nullable Path passwordFile;

  @Option(
      names = "--keys",
      required = true,
      paramLabel = "DIR",
      description = "The folder with the wrapped keys.")
  private Path keys = Path.of("");

  @Option(
      names = "--tenant",
      required = true,
      paramLabel = "NAME",
      description = "Whose keys they are, as the application names its tenant.")
  private String tenant = "";

  Keyring open() {
    SecureRandom random = new SecureRandom();
    return Keyring.open(
        tenantId(),
        withPassword(password -> KeyStoreKeyWrapper.open(keyStore, password, random)),
        wrappedKeys(false),
        random);
  }

  Keyring create() {
    SecureRandom random = new SecureRandom();
    TenantId id = tenantId();
    KeyStoreKeyWrapper wrapper =
        withPassword(password -> KeyStoreKeyWrapper.create(keyStore, password, random));
    return Keyring.create(id, wrapper, wrappedKeys(true), random);
  }

  private FileWrappedKeyStore wrappedKeys(boolean make) {
    if (!make && !Files.isDirectory(keys)) {
      throw new KeyNotAvailableException(
          "the key folder " + keys + " does not exist; name the right folder with --keys");
    }
    return new FileWrappedKeyStore(keys);
  }

  private TenantId tenantId() {
    try {
      return TenantId.of(tenant);
    } catch (IllegalArgumentException e) {
      throw new KeyNotAvailableException("--tenant: " + e.getMessage());
    }
  }

  private <T> T withPassword(Function<char[], T> use) {
    char[] password = password();
    try {
      return use.apply(password);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private char[] password() {
    if (passwordFile != null) {
      return firstLine(passwordFile);
    }
    String variable = System.getenv(PASSWORD_VARIABLE);
    if (variable != null) {
      return variable.toCharArray();
    }
    return Terminal.askPassword("Password of " + keyStore + ": ")
        .orElseThrow(() -> new KeyNotAvailableException(
            "the key store's password is not known; name a file with --password-file, or set "
                + PASSWORD_VARIABLE));
  }

  private static char[] firstLine(Path file) {
    try {
      if (Files.size(file) > 4L * MAX_PASSWORD) {
        throw new KeyNotAvailableException(
            "password file " + file + " is too large to hold a password");
      }
      CharBuffer text = StandardCharsets.UTF_8
          .newDecoder()
          .decode(java.nio.ByteBuffer.wrap(Files.readAllBytes(file)));
      int end = 0;
      while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
        end++;
      }
      if (end == 0) {
        throw new KeyNotAvailableException(
            "the first line of password file " + file + " is empty; write the password there");
      }
      char[] line = new char[end];
      text.get(line);
      return line;
    } catch (IOException e) {
      throw new KeyNotAvailableException(
          "password file " + file + " cannot be read; name the right one", e);
    }
  }
}
