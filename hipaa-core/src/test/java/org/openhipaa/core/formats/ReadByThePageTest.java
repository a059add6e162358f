package org.openhipaa.core.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.internal.Bits;
import org.openhipaa.core.internal.Fences;

/**
 * A stranger's reader, written from docs/formats alone with nothing but the JDK: from the
 * key-encryption key down to the values of a record. It uses no code of the library, so it fails
 * when a page leaves something out.
 */
class ReadByThePageTest {
  @Test
  void keyEncryptionKey_leadsToTheValuesOfTheRecord() throws Exception {
    Fences keyPage = Fences.of("wrapped-keys-v1.md");
    byte[] kek = keyPage.bytes("kek");

    byte[] tenantSecret = openTenantKey(kek, keyPage.bytes("tenant.key"));
    String name = "patient-" + Bits.hex(token(tenantSecret, "patient-key", "MRN-1001"));
    byte[] patientSecret = openPatientKey(tenantSecret, name, keyPage.bytes("patient.key"));
    Map<String, String> values =
        openRecord(patientSecret, Fences.of("sealed-record-v1.md").bytes("record"));

    assertThat(name).isEqualTo(keyPage.text("patient.name").strip());
    assertThat(Bits.hex(tenantSecret)).isEqualTo(Bits.hex(keyPage.bytes("tenant.secret")));
    assertThat(Bits.hex(patientSecret)).isEqualTo(Bits.hex(keyPage.bytes("patient.secret")));
    assertThat(values)
        .containsExactly(Map.entry("name", "Ann Lee"), Map.entry("ssn", "999-12-3456"));
  }

  @Test
  void stepsOfTheEnvelopePage_haveTheResultsItShows() throws Exception {
    Fences page = Fences.of("envelope-v1.md");
    byte[] secret = page.bytes("secret");
    byte[] envelope = page.bytes("envelope");

    byte[] sealingKey = expand(secret, utf8("openhipaa/v1/seal/record"), 32);
    byte[] context = texts("clinic", "record", "patient", "MRN-1001", "demographics", "ssn");
    byte[] bound = bytes(bytes(new byte[0], Arrays.copyOf(envelope, 22)), context);
    byte[] derived = expand(sealingKey, info(Arrays.copyOfRange(envelope, 22, 46), bound), 76);

    assertThat(Bits.hex(sealingKey)).isEqualTo(Bits.hex(page.bytes("sealing-key")));
    assertThat(Bits.hex(context)).isEqualTo(Bits.hex(page.bytes("context")));
    assertThat(Bits.hex(bound)).isEqualTo(Bits.hex(page.bytes("bound")));
    assertThat(Bits.hex(derived)).isEqualTo(Bits.hex(page.bytes("derived")));
    assertThat(new String(openChunked(sealingKey, bound, envelope, 22), StandardCharsets.UTF_8))
        .isEqualTo(page.text("plaintext").strip());
  }

  private static byte[] openTenantKey(byte[] kek, byte[] blob) throws Exception {
    ByteBuffer in = ByteBuffer.wrap(blob);
    assertThat(in.get()).isEqualTo((byte) 1);
    byte[] id = take(in, 16);
    int version = in.getInt();
    assertThat(new String(take(in, in.getInt()), StandardCharsets.UTF_8))
        .isEqualTo("kek-2021222324252627");
    byte[] wrapped = take(in, in.getInt());
    assertThat(in.hasRemaining()).isFalse();
    byte[] context = concat(
        texts("openhipaa/v1/tenant-key", "clinic"),
        id,
        ByteBuffer.allocate(4).putInt(version).array());
    return openChunked(kek, context, wrapped, 0);
  }

  private static byte[] openPatientKey(byte[] tenantSecret, String name, byte[] blob)
      throws Exception {
    ByteBuffer in = ByteBuffer.wrap(blob);
    assertThat(in.get()).isEqualTo((byte) 1);
    byte[] id = take(in, 16);
    int version = in.getInt();
    byte[] envelope = take(in, in.getInt());
    assertThat(in.hasRemaining()).isFalse();
    byte[] context = texts("clinic", "key", "patient-key", name, Bits.hex(id), "v" + version);
    return openEnvelope(tenantSecret, "key", context, envelope);
  }

  private static Map<String, String> openRecord(byte[] patientSecret, byte[] record)
      throws Exception {
    byte[] body = Arrays.copyOf(record, record.length - 32);
    byte[] code = Arrays.copyOfRange(record, record.length - 32, record.length);
    byte[] macKey = expand(patientSecret, utf8("openhipaa/v1/mac/sealed-record-v1"), 32);
    byte[] message = bytes(texts("clinic", "patient", "MRN-1001", "demographics"), body);
    assertThat(hmac("HmacSHA256", macKey, message)).isEqualTo(code);

    ByteBuffer in = ByteBuffer.wrap(body);
    assertThat(take(in, 5)).isEqualTo(utf8("OHSR\1"));
    assertThat(in.getLong()).isEqualTo(1);
    Map<String, String> values = new LinkedHashMap<>();
    for (int left = Short.toUnsignedInt(in.getShort()); left > 0; left--) {
      String field = new String(take(in, in.getInt()), StandardCharsets.UTF_8);
      byte[] context = texts("clinic", "record", "patient", "MRN-1001", "demographics", field);
      byte[] value = openEnvelope(patientSecret, "record", context, take(in, in.getInt()));
      values.put(field, new String(value, StandardCharsets.UTF_8));
    }
    assertThat(in.hasRemaining()).isFalse();
    return values;
  }

  private static byte[] openEnvelope(byte[] secret, String purpose, byte[] context, byte[] envelope)
      throws Exception {
    assertThat(Arrays.copyOf(envelope, 2)).containsExactly(1, 1);
    byte[] bound = bytes(bytes(new byte[0], Arrays.copyOf(envelope, 22)), context);
    byte[] sealingKey = expand(secret, utf8("openhipaa/v1/seal/" + purpose), 32);
    return openChunked(sealingKey, bound, envelope, 22);
  }

  /** C2SP chunked-encryption, for messages of one chunk. */
  private static byte[] openChunked(byte[] key, byte[] context, byte[] sealed, int from)
      throws Exception {
    byte[] salt = Arrays.copyOfRange(sealed, from, from + 24);
    byte[] derived = expand(key, info(salt, context), 76);
    assertThat(Arrays.copyOfRange(sealed, from + 24, from + 56))
        .isEqualTo(Arrays.copyOfRange(derived, 44, 76));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(derived, 0, 32, "AES"),
        new GCMParameterSpec(128, derived, 32, 12));
    return cipher.doFinal(sealed, from + 56, sealed.length - from - 56);
  }

  private static byte[] info(byte[] salt, byte[] context) {
    return concat(utf8("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0"), salt, context);
  }

  private static byte[] token(byte[] tenantSecret, String use, String value)
      throws GeneralSecurityException {
    return hmac(
        "HmacSHA256", expand(tenantSecret, utf8("openhipaa/v1/token/" + use), 32), utf8(value));
  }

  /** HKDF-Expand with SHA-512 (RFC 5869 section 2.3). */
  private static byte[] expand(byte[] key, byte[] info, int length)
      throws GeneralSecurityException {
    byte[] out = new byte[0];
    byte[] block = new byte[0];
    for (int i = 1; out.length < length; i++) {
      block = hmac("HmacSHA512", key, concat(block, info, new byte[] {(byte) i}));
      out = concat(out, block);
    }
    return Arrays.copyOf(out, length);
  }

  private static byte[] hmac(String algorithm, byte[] key, byte[] message)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance(algorithm);
    mac.init(new SecretKeySpec(key, algorithm));
    return mac.doFinal(message);
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static byte[] texts(String... values) {
    byte[] out = new byte[0];
    for (String value : values) {
      out = bytes(out, utf8(value));
    }
    return out;
  }

  /** A byte string behind its length, after what stands before it. */
  private static byte[] bytes(byte[] before, byte[] value) {
    return concat(before, ByteBuffer.allocate(4).putInt(value.length).array(), value);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      try {
        out.write(part);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    return out.toByteArray();
  }
}
