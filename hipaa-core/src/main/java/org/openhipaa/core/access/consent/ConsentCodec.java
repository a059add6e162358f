package org.openhipaa.core.access.consent;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.consent.ConsentDirective.Effect;
import org.openhipaa.core.access.consent.ConsentDirective.Form;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.actor.Recipient;
import org.openhipaa.core.internal.CanonicalReader;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordType;

/** Writes and reads what is sealed in an entry ({@code docs/formats/consent-v1.md}). */
final class ConsentCodec {
  private static final int VERSION = 1;
  private static final int DIRECTIVE = 1;
  private static final int RESTRICTION = 2;

  private ConsentCodec() {}

  static byte[] encode(ConsentRule rule) {
    CanonicalWriter out = new CanonicalWriter().u8(VERSION);
    if (rule instanceof ConsentDirective directive) {
      out.u8(DIRECTIVE)
          .text(directive.patient().reveal())
          .text(directive.effect().name())
          .text(directive.form().name())
          .text(directive.source());
    } else {
      Restriction restriction = (Restriction) rule;
      out.u8(RESTRICTION)
          .text(restriction.patient().reveal())
          .text(restriction.why().name());
    }
    ConsentScope scope = rule.scope();
    texts(out, scope.purposes(), Purpose::name);
    texts(out, scope.recipients(), Recipient::name);
    texts(out, scope.labels(), label -> label);
    texts(out, scope.types(), RecordType::value);
    texts(out, scope.revealRecords(), id -> id);
    out.u64(rule.from().toEpochMilli());
    out.u8(rule.until().isPresent() ? 1 : 0);
    rule.until().ifPresent(end -> out.u64(end.toEpochMilli()));
    return out.toBytes();
  }

  private static <T> void texts(CanonicalWriter out, Set<T> values, Function<T, String> text) {
    out.u16(values.size());
    values.forEach(value -> out.text(text.apply(value)));
  }

  /** Reads it back; fails with a runtime exception if it is malformed or of a newer release. */
  static ConsentRule decode(UUID id, byte[] content, @Nullable Instant endedAt) {
    CanonicalReader in = new CanonicalReader(content);
    int version = in.u8();
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "a consent of format version " + version + " is not known here (known: 1)");
    }
    int kind = in.u8();
    if (kind != DIRECTIVE && kind != RESTRICTION) {
      throw new IllegalArgumentException("a consent of an unknown kind");
    }
    PatientId patient = PatientId.of(in.text());
    if (kind == RESTRICTION) {
      Restriction.Kind why = Restriction.Kind.valueOf(in.text());
      ConsentScope scope = scope(in);
      Instant from = Instant.ofEpochMilli(in.u64());
      until(in);
      in.end();
      return new Restriction(id, patient, why, scope, from, endedAt);
    }
    Effect effect = Effect.valueOf(in.text());
    Form form = Form.valueOf(in.text());
    String source = in.text();
    ConsentScope scope = scope(in);
    Instant from = Instant.ofEpochMilli(in.u64());
    @Nullable Instant until = until(in);
    in.end();
    return new ConsentDirective(id, patient, effect, form, scope, source, from, until, endedAt);
  }

  private static ConsentScope scope(CanonicalReader in) {
    return ConsentScope.everything()
        .purposes(set(in, Purpose::valueOf))
        .recipients(set(in, Recipient::valueOf))
        .labels(set(in, text -> text))
        .types(set(in, RecordType::of))
        .records(set(in, text -> text));
  }

  private static <T extends Comparable<T>> Set<T> set(
      CanonicalReader in, Function<String, T> value) {
    int size = in.u16();
    Set<T> set = new TreeSet<>();
    for (int i = 0; i < size; i++) {
      set.add(value.apply(in.text()));
    }
    return set;
  }

  private static @Nullable Instant until(CanonicalReader in) {
    return in.u8() == 0 ? null : Instant.ofEpochMilli(in.u64());
  }
}
