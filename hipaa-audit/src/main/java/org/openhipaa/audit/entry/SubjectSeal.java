package org.openhipaa.audit.entry;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.crypto.EnvelopeNotOpenedException;
import org.openhipaa.core.crypto.KeyPurpose;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.SealContext;
import org.openhipaa.core.crypto.Sealer;
import org.openhipaa.core.internal.CanonicalReader;
import org.openhipaa.core.internal.CanonicalReader.MalformedException;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.record.PatientId;

/**
 * Seals and opens the subject of one entry.
 *
 * <p>A patient's identifiers are sealed with the patient's key, and that envelope together with the key's name is sealed with
 * the tenant's key. The name is a pseudonym that is the same in all entries about a patient; in clear it would let anybody
 * who sees the log count and link visits, and would outlive the shredding.
 */
final class SubjectSeal {
  private static final String OUTER = "audit-subject";
  private static final String INNER = "audit-patient";

  private final Keyring keyring;
  private final String entryId;

  SubjectSeal(Keyring keyring, byte[] entryId) {
    this.keyring = keyring;
    this.entryId = HexFormat.of().formatHex(entryId);
  }

  /** A sealed subject and the key that hides it. */
  static final class Sealed {
    private final SubjectKey key;
    private final byte[] envelope;

    Sealed(SubjectKey key, byte[] envelope) {
      this.key = key;
      this.envelope = envelope;
    }

    SubjectKey key() {
      return key;
    }

    byte[] envelope() {
      return envelope;
    }
  }

  Sealed seal(Optional<PatientId> patient, Optional<String> recordId) {
    if (patient.isEmpty() && recordId.isEmpty()) {
      return new Sealed(SubjectKey.NONE, new byte[0]);
    }
    byte[] identifiers = identifiers(patient, recordId);
    try {
      if (patient.isPresent()) {
        String keyName = keyring.patientKeyName(patient.get());
        Optional<Sealer> own = keyring.findSealerByKeyName(keyName);
        if (own.isPresent()) {
          byte[] inner = own.get().seal(identifiers, context(INNER));
          byte[] named = new CanonicalWriter().text(keyName).bytes(inner).toBytes();
          return new Sealed(SubjectKey.PATIENT, outer(named));
        }
      }
      return new Sealed(SubjectKey.TENANT, outer(identifiers));
    } finally {
      Arrays.fill(identifiers, (byte) 0);
    }
  }

  AuditSubject open(SubjectKey key, byte[] envelope) {
    if (key == SubjectKey.NONE) {
      return new AuditSubject.None();
    }
    byte[] opened = keyring.tenantSealer().open(envelope, context(OUTER));
    return key == SubjectKey.TENANT ? known(opened) : openInner(opened);
  }

  private AuditSubject openInner(byte[] named) {
    try {
      CanonicalReader in = new CanonicalReader(named);
      String keyName = in.text();
      byte[] inner = in.bytes();
      in.end();
      Optional<Sealer> own = keyring.findSealerByKeyName(keyName);
      if (own.isEmpty()) {
        return new AuditSubject.Shredded();
      }
      return known(own.get().open(inner, context(INNER)));
    } catch (EnvelopeNotOpenedException e) {
      if (e.reason() == EnvelopeNotOpenedException.Reason.WRONG_KEY) {
        // The patient has a new key since the one that sealed this was destroyed.
        return new AuditSubject.Shredded();
      }
      throw e;
    } catch (MalformedException | IllegalArgumentException e) {
      throw malformed();
    }
  }

  private byte[] outer(byte[] plaintext) {
    return keyring.tenantSealer().seal(plaintext, context(OUTER));
  }

  private SealContext context(String type) {
    return SealContext.of(keyring.tenant(), KeyPurpose.AUDIT, type, "", entryId, "");
  }

  private static byte[] identifiers(Optional<PatientId> patient, Optional<String> recordId) {
    CanonicalWriter out = new CanonicalWriter();
    optional(out, patient.map(PatientId::reveal));
    optional(out, recordId);
    return out.toBytes();
  }

  private static AuditSubject known(byte[] identifiers) {
    try {
      CanonicalReader in = new CanonicalReader(identifiers);
      String patient = optional(in);
      String recordId = optional(in);
      in.end();
      return new AuditSubject.Known(patient == null ? null : PatientId.of(patient), recordId);
    } catch (MalformedException | IllegalArgumentException e) {
      throw malformed();
    } finally {
      Arrays.fill(identifiers, (byte) 0);
    }
  }

  private static void optional(CanonicalWriter out, Optional<String> text) {
    out.u8(text.isPresent() ? 1 : 0);
    text.ifPresent(out::text);
  }

  private static @Nullable String optional(CanonicalReader in) {
    int present = in.u8();
    if (present > 1) {
      throw new MalformedException("neither present nor absent");
    }
    return present == 1 ? in.text() : null;
  }

  private static AuditEntryNotDecodedException malformed() {
    return new AuditEntryNotDecodedException("the sealed subject has an unknown form");
  }
}
