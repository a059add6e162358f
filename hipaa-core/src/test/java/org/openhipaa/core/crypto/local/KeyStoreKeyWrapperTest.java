package org.openhipaa.core.crypto.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhipaa.core.crypto.KeyNotAvailableException;
import org.openhipaa.core.crypto.KeyWrapper;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.MapWrappedKeyStore;
import org.openhipaa.core.internal.Bits;
import org.openhipaa.core.record.TenantId;

class KeyStoreKeyWrapperTest {
  private static final char[] PASSWORD = "correct horse battery staple".toCharArray();
  private static final List<String> ITERATIONS = List.of(
      "keystore.pkcs12.keyPbeIterationCount",
      "keystore.pkcs12.certPbeIterationCount",
      "keystore.pkcs12.macIterationCount");

  @TempDir
  Path folder;

  private final SecureRandom random = new SecureRandom();
  private Path file;

  /** Thousands of damaged files are opened here; the slow password hashing is the JDK's to test. */
  @BeforeEach
  void hashPasswordsFast() {
    ITERATIONS.forEach(name -> System.setProperty(name, "1"));
    file = folder.resolve("kek.p12");
  }

  @AfterEach
  void hashPasswordsAsEver() {
    ITERATIONS.forEach(System::clearProperty);
  }

  @Test
  void createdFile_opensAgain_andUnwrapsWhatItWrapped() {
    KeyStoreKeyWrapper created = KeyStoreKeyWrapper.create(file, PASSWORD, random);
    byte[] wrapped = created.wrap(new byte[] {1, 2, 3}, new byte[] {4});

    KeyStoreKeyWrapper opened = open();

    assertThat(opened.keyId()).isEqualTo(created.keyId()).matches("kek-[0-9a-f]{16}");
    assertThat(opened.unwrap(created.keyId(), wrapped, new byte[] {4})).containsExactly(1, 2, 3);
    assertThatThrownBy(() -> opened.unwrap(created.keyId(), wrapped, new byte[] {5}))
        .isInstanceOf(KeyNotAvailableException.class);
    assertThat(opened).hasToString("KeyStoreKeyWrapper(" + created.keyId() + ")");
  }

  @Test
  void createdWithTheJdksOwnIterations_opensAgain() {
    hashPasswordsAsEver();

    KeyStoreKeyWrapper created = KeyStoreKeyWrapper.create(file, PASSWORD, random);

    assertThat(open().keyId()).isEqualTo(created.keyId());
    assertThatThrownBy(() -> KeyStoreKeyWrapper.open(file, "wrong".toCharArray(), random))
        .isInstanceOf(KeyNotAvailableException.class);
  }

  @Test
  void existingFile_isNeverOverwritten() throws IOException {
    KeyStoreKeyWrapper.create(file, PASSWORD, random);
    byte[] before = Files.readAllBytes(file);

    assertThatThrownBy(() -> KeyStoreKeyWrapper.create(file, PASSWORD, random))
        .isInstanceOf(KeyNotAvailableException.class)
        .hasMessageEndingWith("exists already; open it, or name another file");
    assertThat(file).hasBinaryContent(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"wrong", "", "correct horse battery stapl", "Correct horse battery staple"})
  void wrongPassword_saysSo(String wrong) {
    KeyStoreKeyWrapper.create(file, PASSWORD, random);

    assertThatThrownBy(() -> KeyStoreKeyWrapper.open(file, wrong.toCharArray(), random))
        .isInstanceOf(KeyNotAvailableException.class)
        .hasMessageEndingWith("did not open: the password is wrong, or the file was altered");
  }

  @Test
  void emptyPassword_isRefusedForANewFile() {
    assertThatThrownBy(() -> KeyStoreKeyWrapper.create(file, new char[0], random))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(file).doesNotExist();
  }

  @Test
  void missingFile_saysSo() {
    assertThatThrownBy(this::open)
        .isInstanceOf(KeyNotAvailableException.class)
        .hasMessageContaining("does not exist; name the right file");
  }

  @Test
  void folderInPlaceOfTheFile_saysSo() throws IOException {
    Files.createDirectory(file);

    assertThatThrownBy(this::open)
        .isInstanceOf(KeyNotAvailableException.class)
        .hasMessageContaining("is a folder; name the file in it");
    assertThatThrownBy(() -> KeyStoreKeyWrapper.create(file, PASSWORD, random))
        .isInstanceOf(KeyNotAvailableException.class);
  }

  @Test
  void missingFolder_saysSo() {
    file = folder.resolve("absent").resolve("kek.p12");

    assertThatThrownBy(() -> KeyStoreKeyWrapper.create(file, PASSWORD, random))
        .isInstanceOf(KeyNotAvailableException.class)
        .hasMessageContaining("does its folder exist");
  }

  @Test
  void fileInPlaceOfTheFolder_saysSo() throws IOException {
    Files.createFile(folder.resolve("plain"));
    file = folder.resolve("plain").resolve("kek.p12");

    assertThatThrownBy(() -> KeyStoreKeyWrapper.create(file, PASSWORD, random))
        .isInstanceOf(KeyNotAvailableException.class);
    assertThatThrownBy(this::open).isInstanceOf(KeyNotAvailableException.class);
  }

  @Test
  void somebodyElsesKeyStore_isNoKey() throws Exception {
    store("PKCS12", "other", new SecretKeySpec(new byte[32], "AES"));

    assertThatThrownBy(this::open)
        .isInstanceOf(KeyNotAvailableException.class)
        .hasMessageContaining("holds 0 keys named 'kek-…' but must hold one");
  }

  @Test
  void keyOfAnotherSize_isNoKey() throws Exception {
    store("PKCS12", "kek-1", new SecretKeySpec(new byte[16], "AES"));

    assertThatThrownBy(this::open)
        .isInstanceOf(KeyNotAvailableException.class)
        .hasMessageContaining("is no AES-256 key");
  }

  @Test
  void otherFormats_areNoKey() throws Exception {
    store("JCEKS", "kek-1", new SecretKeySpec(new byte[32], "AES"));
    assertThatThrownBy(this::open).isInstanceOf(KeyNotAvailableException.class);

    for (byte[] content :
        List.of(new byte[0], new byte[1], new byte[5000], "-----BEGIN".getBytes("UTF-8"))) {
      Files.write(file, content);
      assertThatThrownBy(this::open).isInstanceOf(KeyNotAvailableException.class);
    }
  }

  @Test
  void hugeFile_isRefusedUnread() throws IOException {
    Files.write(file, new byte[1024 * 1024 + 1]);

    assertThatThrownBy(this::open)
        .isInstanceOf(KeyNotAvailableException.class)
        .hasMessageContaining("larger than 1 MiB");
  }

  @Test
  void keyOfAnotherKeyStore_isNamed() {
    KeyStoreKeyWrapper one = KeyStoreKeyWrapper.create(file, PASSWORD, random);
    KeyStoreKeyWrapper two =
        KeyStoreKeyWrapper.create(folder.resolve("other.p12"), PASSWORD, random);
    MapWrappedKeyStore keys = new MapWrappedKeyStore();
    Keyring.create(TenantId.of("clinic"), one, keys, random);

    assertThatThrownBy(() -> Keyring.open(TenantId.of("clinic"), two, keys, random))
        .isInstanceOf(KeyNotAvailableException.class)
        .hasMessage(
            "the key was wrapped by %s but this key store holds %s; use the other key store",
            one.keyId(), two.keyId());
  }

  /** The name comes from a file that anybody may have altered, and ends on somebody's terminal. */
  @Test
  void keyNameThatIsNone_isNotRepeated() {
    KeyWrapper wrapper = KeyStoreKeyWrapper.create(file, PASSWORD, random);

    assertThatThrownBy(() -> wrapper.unwrap("\u001b[2Jevil", new byte[100], new byte[0]))
        .isInstanceOf(KeyNotAvailableException.class)
        .hasMessageNotContaining("evil");
  }

  @Test
  void everyAlteredByteOfTheFile_isRefusedOrChangesNothing() throws IOException {
    KeyStoreKeyWrapper original = KeyStoreKeyWrapper.create(file, PASSWORD, random);
    byte[] context = {7};
    byte[] wrapped = original.wrap(new byte[] {1, 2, 3}, context);
    byte[] content = Files.readAllBytes(file);
    int harmless = 0;

    for (int i = 0; i < content.length; i++) {
      for (int mask : new int[] {1, 0x80}) {
        Files.write(file, Bits.xor(content, i, mask));
        try {
          byte[] unwrapped = open().unwrap(original.keyId(), wrapped, context);
          assertThat(unwrapped).as("byte %d", i).containsExactly(1, 2, 3);
          harmless++;
        } catch (KeyNotAvailableException e) {
          assertThat(e.toString()).doesNotContain("battery");
        }
      }
    }

    assertThat(harmless).as("harmless of %d", 2 * content.length).isLessThan(content.length / 2);
  }

  @Test
  void everyTruncationOfTheFile_isRefused() throws IOException {
    KeyStoreKeyWrapper.create(file, PASSWORD, random);
    byte[] content = Files.readAllBytes(file);

    for (int length = 0; length < content.length; length++) {
      Files.write(file, Bits.cut(content, length));
      assertThatThrownBy(this::open)
          .as("length %d", length)
          .isInstanceOf(KeyNotAvailableException.class);
    }
  }

  /** Or what is wrapped afterwards would be wrapped with zeros. */
  @Test
  void destroyedWrapper_neitherWrapsNorUnwraps() {
    KeyStoreKeyWrapper wrapper = KeyStoreKeyWrapper.create(file, PASSWORD, random);
    byte[] wrapped = wrapper.wrap(new byte[32], new byte[0]);

    wrapper.destroy();

    assertThatThrownBy(() -> wrapper.wrap(new byte[32], new byte[0]))
        .isInstanceOf(KeyNotAvailableException.class);
    assertThatThrownBy(() -> wrapper.unwrap(wrapper.keyId(), wrapped, new byte[0]))
        .isInstanceOf(KeyNotAvailableException.class);
    wrapper.destroy();
  }

  private KeyStoreKeyWrapper open() {
    return KeyStoreKeyWrapper.open(file, PASSWORD, random);
  }

  private void store(String type, String alias, SecretKeySpec key) throws Exception {
    KeyStore store = KeyStore.getInstance(type);
    store.load(null, PASSWORD);
    store.setEntry(
        alias, new KeyStore.SecretKeyEntry(key), new KeyStore.PasswordProtection(PASSWORD));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    store.store(out, PASSWORD);
    Files.write(file, out.toByteArray());
  }
}
