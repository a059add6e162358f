package org.openhipaa.core.phi;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openhipaa.core.crypto.SealContext;
import org.openhipaa.core.crypto.Sealer;
import org.openhipaa.core.internal.CanonicalReader;
import org.openhipaa.core.internal.CanonicalReader.MalformedException;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordRef;

/**
 * One record as it is stored: each field sealed on its own, and the whole authenticated, so that no
 * field can be dropped, added or exchanged with an older one. Format: {@code
 * docs/formats/sealed-record-v1.md}.
 */
final class SealedRecord {
  private static final byte[] MAGIC = "OHSR".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int MAC_SIZE = 32;
  private static final int MAX_FIELDS = 0xFFFF;
  private static final String MAC_USE = "sealed-record-v1";

  private final RecordRef ref;
  private final Sealer sealer;
  private final long revision;
  private final SortedMap<FieldPath, byte[]> envelopes;

  private SealedRecord(
      RecordRef ref, Sealer sealer, long revision, SortedMap<FieldPath, byte[]> envelopes) {
    this.ref = ref;
    this.sealer = sealer;
    this.revision = revision;
    this.envelopes = envelopes;
  }

  static SealedRecord empty(RecordRef ref, Sealer sealer) {
    return new SealedRecord(ref, sealer, 0, new TreeMap<>());
  }

  /** Checks the whole record before anything of it is opened. */
  static SealedRecord decode(RecordRef ref, Sealer sealer, byte[] bytes) throws DamagedException {
    if (bytes.length > SealedRecordStore.MAX_SIZE) {
      throw new DamagedException("it is larger than any sealed record");
    }
    try {
      CanonicalReader in = new CanonicalReader(bytes);
      if (!Arrays.equals(in.raw(MAGIC.length), MAGIC)) {
        throw new DamagedException("it does not start with OHSR");
      }
      int version = in.u8();
      if (version != VERSION) {
        throw new UnknownVersionException(version);
      }
      int body = bytes.length - MAC_SIZE;
      byte[] mac = mac(ref, sealer, Arrays.copyOf(bytes, Math.max(body, 0)));
      if (body < 0 || !MessageDigest.isEqual(mac, Arrays.copyOfRange(bytes, body, bytes.length))) {
        throw new DamagedException("its authentication code does not match");
      }
      long revision = in.u64();
      SortedMap<FieldPath, byte[]> envelopes = new TreeMap<>();
      for (int left = in.u16(); left > 0; left--) {
        FieldPath field = FieldPath.of(in.text());
        if (!envelopes.isEmpty() && envelopes.lastKey().compareTo(field) >= 0) {
          throw new DamagedException("its fields are out of order");
        }
        envelopes.put(field, in.bytes());
      }
      in.raw(MAC_SIZE);
      in.end();
      return new SealedRecord(ref, sealer, revision, envelopes);
    } catch (MalformedException | IllegalArgumentException e) {
      throw new DamagedException(String.valueOf(e.getMessage()));
    }
  }

  /** Replaces the given fields, keeps the others. */
  SealedRecord with(Map<FieldPath, String> values) {
    SortedMap<FieldPath, byte[]> changed = new TreeMap<>(envelopes);
    values.forEach((field, value) -> changed.put(
        field, sealer.seal(value.getBytes(StandardCharsets.UTF_8), SealContext.field(ref, field))));
    if (changed.size() > MAX_FIELDS) {
      throw new IllegalArgumentException("a record has at most 65,535 fields");
    }
    return new SealedRecord(ref, sealer, revision + 1, changed);
  }

  /** How often the record was stored. */
  long revision() {
    return revision;
  }

  boolean has(FieldPath field) {
    return envelopes.containsKey(field);
  }

  /** Opens one field; the others stay sealed. */
  String open(FieldPath field) {
    byte[] envelope = envelopes.get(field);
    if (envelope == null) {
      throw new IllegalArgumentException("the record has no such field");
    }
    byte[] plaintext = sealer.open(envelope, SealContext.field(ref, field));
    try {
      return new String(plaintext, StandardCharsets.UTF_8);
    } finally {
      Arrays.fill(plaintext, (byte) 0);
    }
  }

  /**
   * The record as it is stored.
   *
   * @throws IllegalArgumentException if it would be too large
   */
  byte[] encode() {
    demandSize(
        envelopes.values().stream().mapToLong(envelope -> envelope.length).sum());
    CanonicalWriter out =
        new CanonicalWriter().raw(MAGIC).u8(VERSION).u64(revision).u16(envelopes.size());
    envelopes.forEach((field, envelope) -> out.text(field.value()).bytes(envelope));
    demandSize((long) out.size() + MAC_SIZE);
    return out.raw(mac(ref, sealer, out.toBytes())).toBytes();
  }

  private static void demandSize(long size) {
    if (size > SealedRecordStore.MAX_SIZE) {
      throw new IllegalArgumentException("a sealed record has at most 16 MiB");
    }
  }

  private static byte[] mac(RecordRef ref, Sealer sealer, byte[] body) {
    byte[] message = new CanonicalWriter()
        .text(ref.tenant().value())
        .text(ref.type().value())
        .text(ref.patient().reveal())
        .text(ref.revealId())
        .bytes(body)
        .toBytes();
    return sealer.mac(MAC_USE, message);
  }

  /** The record is not what was stored. */
  static class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
      super(message);
    }
  }

  /**
   * The record was written by a newer release: nothing is wrong with it, but it is not understood.
   */
  static final class UnknownVersionException extends DamagedException {
    private static final long serialVersionUID = 1L;

    UnknownVersionException(int version) {
      super("sealed record version "
          + version
          + " is not known here (known: 1); use a newer release");
    }
  }
}
