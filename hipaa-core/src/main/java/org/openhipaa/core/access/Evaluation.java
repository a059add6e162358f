package org.openhipaa.core.access;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.record.PatientId;

/**
 * One decision under way: the request, and what was looked up for it so far, so that each relation
 * and predicate is asked once. Confined to one thread.
 */
final class Evaluation {
  /** Nothing else was asked before. */
  private static final byte NOT_ASKED = Byte.MIN_VALUE;

  final AccessRequest request;
  private final Lookups lookups;
  private final Symbols symbols;
  private final int[] texts;
  private byte @Nullable [] answers;
  private @Nullable ZonedDateTime local;

  Evaluation(AccessRequest request, Lookups lookups, Symbols symbols) {
    this.request = request;
    this.lookups = lookups;
    this.symbols = symbols;
    this.texts = new int[symbols.size()];
  }

  /** The number of the text that the request brings along; looked up once. */
  int symbol(int attribute) {
    // Zero means that it was not looked up yet.
    if (texts[attribute] == 0) {
      int number = symbols.read(attribute, this);
      texts[attribute] = number < 0 ? number : number + 1;
    }
    return texts[attribute] < 0 ? texts[attribute] : texts[attribute] - 1;
  }

  /** The hour of the day, or null if the time is not known. */
  @Nullable
  Object hour() {
    ZonedDateTime time = local();
    return time == null ? null : (Object) (long) time.getHour();
  }

  /** The day of the week, or null if the time is not known. */
  @Nullable
  Object weekday() {
    ZonedDateTime time = local();
    return time == null ? null : (Object) (long) time.getDayOfWeek().getValue();
  }

  private @Nullable ZonedDateTime local() {
    Optional<Instant> at = request.at();
    if (local == null && at.isPresent()) {
      local = at.get().atZone(lookups.zone());
    }
    return local;
  }

  /** Whether a relation holds; asked once. */
  int relation(int number) {
    byte known = answers()[number];
    if (known != NOT_ASKED) {
      return known;
    }
    byte answer = (byte) askRelation(lookups.relations().get(number));
    answers()[number] = answer;
    return answer;
  }

  /** Whether a predicate holds; asked once. */
  int predicate(int number) {
    int slot = lookups.relations().size() + number;
    byte known = answers()[slot];
    if (known != NOT_ASKED) {
      return known;
    }
    byte answer = (byte) askPredicate(lookups.predicates().get(number));
    answers()[slot] = answer;
    return answer;
  }

  private byte[] answers() {
    byte[] all = answers;
    if (all == null) {
      all = new byte[lookups.relations().size() + lookups.predicates().size()];
      Arrays.fill(all, NOT_ASKED);
      answers = all;
    }
    return all;
  }

  private int askRelation(String name) {
    Optional<PatientId> patient = request.patient();
    if (patient.isEmpty()) {
      return Kleene.UNKNOWN;
    }
    try {
      return Kleene.of(request.relations().holds(name, request.actor(), patient.get()));
    } catch (RuntimeException e) {
      // An unknown relation is a missing input; its message may hold PHI and is not repeated.
      return Kleene.UNKNOWN;
    }
  }

  private int askPredicate(String name) {
    try {
      return Kleene.of(request.predicates().holds(name, request));
    } catch (RuntimeException e) {
      // As for relations.
      return Kleene.UNKNOWN;
    }
  }
}
