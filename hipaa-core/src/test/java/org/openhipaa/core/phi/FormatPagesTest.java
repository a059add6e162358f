package org.openhipaa.core.phi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.MapWrappedKeyStore;
import org.openhipaa.core.crypto.SealContext;
import org.openhipaa.core.crypto.local.KeyStoreKeyWrapper;
import org.openhipaa.core.internal.Bits;
import org.openhipaa.core.internal.Fences;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.FieldValues;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.RecordType;
import org.openhipaa.core.record.TenantId;

/**
 * The examples of the format pages are made by this code, byte for byte: with a random source that
 * gives 00, 01, 02 … a key store, a tenant key, a patient key, a record and an envelope are made one
 * after the other.
 */
class FormatPagesTest {
  private static final char[] PASSWORD = "correct horse battery staple".toCharArray();
  private static final TenantId CLINIC = TenantId.of("clinic");
  private static final PatientId PATIENT = PatientId.of("MRN-1001");
  private static final RecordRef RECORD =
      RecordRef.of(CLINIC, RecordType.of("patient"), PATIENT, "demographics");
  private static final FieldValues VALUES =
      FieldValues.of(Map.of(FieldPath.of("name"), "Ann Lee", FieldPath.of("ssn"), "999-12-3456"));

  @TempDir
  Path folder;

  private final SecureRandom counting = Bits.counting();
  private final MapWrappedKeyStore store = new MapWrappedKeyStore();

  @Test
  void whatTheCodeWrites_isWhatThePagesShow() throws IOException {
    Fences keys = Fences.of("wrapped-keys-v1.md");
    Fences records = Fences.of("sealed-record-v1.md");
    Fences envelopes = Fences.of("envelope-v1.md");

    KeyStoreKeyWrapper wrapper =
        KeyStoreKeyWrapper.create(folder.resolve("kek.p12"), PASSWORD, counting);
    Keyring keyring = Keyring.create(CLINIC, wrapper, store, counting);
    SealedRecord record =
        SealedRecord.empty(RECORD, keyring.patientSealer(PATIENT)).with(VALUES.reveal());

    assertThat(wrapper.keyId()).isEqualTo("kek-2021222324252627");
    assertHex(store.blobs.get("tenant"), keys.bytes("tenant.key"));
    assertThat(store.onlyPatient()).isEqualTo(keys.text("patient.name").strip());
    assertHex(store.blobs.get(store.onlyPatient()), keys.bytes("patient.key"));
    assertHex(record.encode(), records.bytes("record"));
    assertThat(Bits.hex(record.encode())).contains(Bits.hex(envelopes.bytes("envelope")));
  }

  @Test
  void whatThePagesShow_isWhatTheCodeReads() throws Exception {
    Fences keys = Fences.of("wrapped-keys-v1.md");
    Path file = folder.resolve("kek.p12");
    Files.write(file, Base64.getMimeDecoder().decode(keys.text("kek.p12")));
    store.blobs.put("tenant", keys.bytes("tenant.key"));
    store.blobs.put(keys.text("patient.name").strip(), keys.bytes("patient.key"));

    Keyring keyring =
        Keyring.open(CLINIC, KeyStoreKeyWrapper.open(file, PASSWORD, counting), store, counting);
    SealedRecord record = SealedRecord.decode(
        RECORD,
        keyring.findPatientSealer(PATIENT).orElseThrow(),
        Fences.of("sealed-record-v1.md").bytes("record"));

    assertThat(record.revision()).isEqualTo(1);
    assertThat(record.open(FieldPath.of("name"))).isEqualTo("Ann Lee");
    assertThat(record.open(FieldPath.of("ssn"))).isEqualTo("999-12-3456");
    assertThat(keyring
            .patientSealer(PATIENT)
            .open(
                Fences.of("envelope-v1.md").bytes("envelope"),
                SealContext.field(RECORD, FieldPath.of("ssn"))))
        .asString()
        .isEqualTo("999-12-3456");
  }

  private static void assertHex(byte[] actual, byte[] expected) {
    assertThat(Bits.hex(actual)).isEqualTo(Bits.hex(expected));
  }
}
