package org.openhipaa.audit.entry;

import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.openhipaa.audit.UnknownFormatVersionException;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.Sealer;
import org.openhipaa.core.internal.CanonicalReader;
import org.openhipaa.core.internal.CanonicalReader.MalformedException;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.RecordType;

/**
 * One entry of the log: what happened in clear, and whom it is about sealed (45 CFR 164.312(b), (c)). Equal entries have
 * equal bytes, and only the bytes that {@link #of} writes are read. Format: {@code docs/formats/audit-log-v1.md}.
 *
 * <p>Immutable and thread-safe; prints no subject.
 */
public final class AuditEntry {
  /** The largest entry, in bytes: what the 16-bit length of C2SP tlog-tiles can say. */
  public static final int MAX_SIZE = 65_535;

  private static final int VERSION = 1;
  private static final int ID_SIZE = 16;
  private static final int MAX_LIST = 65_535;

  private final byte[] id;
  private final AuditEvent event;
  private final SubjectKey subjectKey;
  private final byte[] subject;
  private final byte[] encoded;

  private AuditEntry(
      byte[] id, AuditEvent event, SubjectKey subjectKey, byte[] subject, byte[] encoded) {
    this.id = id;
    this.event = event;
    this.subjectKey = subjectKey;
    this.subject = subject;
    this.encoded = encoded;
  }

  /**
   * Makes the entry of an event: seals its subject and encodes it.
   *
   * @param event what happened
   * @param keyring the tenant's keys
   * @param random source of the entry's id
   * @return the entry
   * @throws AuditEntryNotEncodedException if a text holds a zero character or half a surrogate pair, a list holds an empty text, or
   *     the entry is larger than {@link #MAX_SIZE}
   * @throws org.openhipaa.core.crypto.KeyNotAvailableException if a key cannot be read
   */
  public static AuditEntry of(AuditEvent event, Keyring keyring, SecureRandom random) {
    byte[] id = new byte[ID_SIZE];
    random.nextBytes(id);
    try {
      return of(event, id, new SubjectSeal(keyring, id).seal(event.patient(), event.recordId()));
    } catch (IllegalArgumentException e) {
      throw new AuditEntryNotEncodedException("a text of the audit event has no UTF-8 form");
    }
  }

  private static AuditEntry of(AuditEvent event, byte[] id, SubjectSeal.Sealed sealed) {
    byte[] subject = sealed.envelope();
    byte[] encoded = encode(id, event, sealed.key(), subject);
    if (encoded.length > MAX_SIZE) {
      throw new AuditEntryNotEncodedException("the audit event takes "
          + encoded.length
          + " bytes but an entry has at most "
          + MAX_SIZE
          + "; shorten its detail, rules or fields");
    }
    return new AuditEntry(id, withoutSubject(event), sealed.key(), subject, encoded);
  }

  /**
   * Reads an entry.
   *
   * @param encoded what {@link #encoded} returned
   * @return the entry
   * @throws AuditEntryNotDecodedException if the bytes are no entry in its canonical encoding, or name an action, outcome or
   *     purpose that this release does not know
   * @throws UnknownFormatVersionException if the entry is of a newer version
   */
  public static AuditEntry decode(byte[] encoded) {
    try {
      CanonicalReader in = new CanonicalReader(encoded);
      int version = in.u8();
      if (version != VERSION) {
        throw new UnknownFormatVersionException("the audit entry", version);
      }
      AuditEntry entry = decodeVersion1(in, encoded.clone());
      if (encoded.length > MAX_SIZE
          || !Arrays.equals(
              encoded, encode(entry.id, entry.event, entry.subjectKey, entry.subject))) {
        throw new MalformedException("not the canonical encoding");
      }
      return entry;
    } catch (MalformedException
        | IllegalArgumentException
        | DateTimeException
        | AuditEntryNotEncodedException e) {
      throw new AuditEntryNotDecodedException("an audit entry is malformed: " + e.getMessage());
    }
  }

  private static AuditEntry decodeVersion1(CanonicalReader in, byte[] encoded) {
    byte[] id = in.raw(ID_SIZE);
    Instant time = Instant.ofEpochSecond(in.u64(), Integer.toUnsignedLong(in.u32()));
    UUID correlation = new UUID(in.u64(), in.u64());
    AuditAction action = action(in.u8());
    Outcome outcome = outcome(in.u8());
    AuditEvent.Builder event =
        AuditEvent.builder(time, action, outcome, ActorId.of(in.text())).correlation(correlation);
    nonEmpty(in.text()).map(AuditEntry::purpose).ifPresent(event::purpose);
    nonEmpty(in.text()).map(RecordType::of).ifPresent(event::recordType);
    SortedSet<FieldPath> fields = new TreeSet<>();
    texts(in).forEach(field -> fields.add(FieldPath.of(field)));
    event.fields(fields).rules(texts(in));
    event.reason(in.text()).policyHash(in.text()).detail(in.text());
    SubjectKey subjectKey = subjectKey(in.u8());
    byte[] subject = in.bytes();
    in.end();
    int smallest = subjectKey == SubjectKey.NONE ? 0 : Sealer.OVERHEAD;
    if (subject.length < smallest || (smallest == 0 && subject.length > 0)) {
      throw new MalformedException("subject and its key do not agree");
    }
    return new AuditEntry(id, event.build(), subjectKey, subject, encoded);
  }

  private static byte[] encode(byte[] id, AuditEvent event, SubjectKey key, byte[] subject) {
    CanonicalWriter out = new CanonicalWriter();
    out.u8(VERSION).raw(id);
    Instant time = event.time();
    out.u64(time.getEpochSecond()).u32(time.getNano());
    out.u64(event.correlation().getMostSignificantBits());
    out.u64(event.correlation().getLeastSignificantBits());
    out.u8(event.action().code()).u8(event.outcome().code());
    text(out, event.actor().value());
    text(out, event.purpose().map(Purpose::code).orElse(""));
    text(out, event.recordType().map(RecordType::value).orElse(""));
    texts(out, event.fields().stream().map(FieldPath::value).toList());
    texts(out, event.rules());
    text(out, event.reason());
    text(out, event.policyHash());
    text(out, event.detail());
    out.u8(key.code()).bytes(subject);
    return out.toBytes();
  }

  private static AuditEvent withoutSubject(AuditEvent event) {
    AuditEvent.Builder clear = AuditEvent.builder(
            event.time(), event.action(), event.outcome(), event.actor())
        .correlation(event.correlation())
        .fields(event.fields())
        .rules(event.rules())
        .reason(event.reason())
        .policyHash(event.policyHash())
        .detail(event.detail());
    event.purpose().ifPresent(clear::purpose);
    event.recordType().ifPresent(clear::recordType);
    return clear.build();
  }

  /** Zero characters are refused: 512 zero bytes in a row then mean a sector that never reached the disk. */
  private static void text(CanonicalWriter out, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new AuditEntryNotEncodedException("a text of the audit event holds a zero character");
    }
    out.text(text);
  }

  private static void texts(CanonicalWriter out, List<String> texts) {
    if (texts.size() > MAX_LIST) {
      throw new AuditEntryNotEncodedException("a list of the audit event has over 65,535 elements");
    }
    out.u16(texts.size());
    for (String text : texts) {
      if (text.isEmpty()) {
        throw new AuditEntryNotEncodedException("a list of the audit event has an empty element");
      }
      text(out, text);
    }
  }

  private static List<String> texts(CanonicalReader in) {
    int count = in.u16();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(in.text());
    }
    return texts;
  }

  private static Optional<String> nonEmpty(String text) {
    return Optional.of(text).filter(t -> !t.isEmpty());
  }

  private static AuditAction action(int code) {
    return Arrays.stream(AuditAction.values())
        .filter(action -> action.code() == code)
        .findFirst()
        .orElseThrow(() -> unknown("action", code));
  }

  private static Outcome outcome(int code) {
    return Arrays.stream(Outcome.values())
        .filter(outcome -> outcome.code() == code)
        .findFirst()
        .orElseThrow(() -> unknown("outcome", code));
  }

  private static SubjectKey subjectKey(int code) {
    return Arrays.stream(SubjectKey.values())
        .filter(key -> key.code() == code)
        .findFirst()
        .orElseThrow(() -> unknown("subject key", code));
  }

  private static Purpose purpose(String code) {
    return Arrays.stream(Purpose.values())
        .filter(purpose -> purpose.code().equals(code))
        .findFirst()
        .orElseThrow(() -> new MalformedException("purpose of use is not known here"));
  }

  private static MalformedException unknown(String what, int code) {
    return new MalformedException(what + " " + code + " is not known here");
  }

  /**
   * The random identifier that binds the sealed subject to this entry.
   *
   * @return 32 lower-case hexadecimal digits
   */
  public String id() {
    return HexFormat.of().formatHex(id);
  }

  /**
   * What stands in the entry in clear. Its patient and record id are always empty.
   *
   * @return the event without its subject
   */
  public AuditEvent event() {
    return event;
  }

  /**
   * Which key hides the subject.
   *
   * @return the key
   */
  public SubjectKey subjectKey() {
    return subjectKey;
  }

  /**
   * Opens the subject. Whoever calls this takes PHI into their hands, and should have recorded that first.
   *
   * @param keyring the keys of the tenant whose log this is
   * @return whom the entry is about, or that nobody can tell any more
   * @throws org.openhipaa.core.crypto.EnvelopeNotOpenedException if the entry was altered or is of another tenant
   * @throws org.openhipaa.core.crypto.KeyNotAvailableException if a key cannot be read
   * @throws AuditEntryNotDecodedException if what was sealed has a form unknown here
   */
  public AuditSubject openSubject(Keyring keyring) {
    return new SubjectSeal(keyring, id).open(subjectKey, subject);
  }

  /**
   * The entry's canonical encoding: what is stored and hashed.
   *
   * @return a copy
   */
  public byte[] encoded() {
    return encoded.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AuditEntry that && Arrays.equals(encoded, that.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  /** Prints id, action, outcome and actor, never the subject. */
  @Override
  public String toString() {
    return "AuditEntry(" + id() + " " + event + ")";
  }
}
