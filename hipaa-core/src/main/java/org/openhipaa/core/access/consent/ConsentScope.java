package org.openhipaa.core.access.consent;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.actor.Recipient;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.record.RecordType;

/**
 * What a directive or restriction is about: purposes, recipients, sensitivity labels, record types
 * and single records. An empty set means any. Record ids may be PHI: prints none. Immutable.
 *
 * <p>Any purpose means those for which the patient's word counts: not emergency treatment, legal
 * proceedings, public health, threats, disasters, donation and keeping systems running, which a
 * scope has to name; nor the patient's own access (45 CFR 164.522(a)(1)(iii), (v); 164.524).
 */
public final class ConsentScope {
  private static final int MAX_NAMED = 100;
  private static final int MAX_LENGTH = 128;
  private static final Set<Purpose> ONLY_BY_NAME = Set.of(
      Purpose.EMERGENCY_TREATMENT,
      Purpose.LEGAL,
      Purpose.PUBLIC_HEALTH,
      Purpose.THREAT,
      Purpose.DISASTER,
      Purpose.DONATION,
      Purpose.SYSTEM_ADMINISTRATION);

  private final SortedSet<Purpose> purposes;
  private final SortedSet<Recipient> recipients;
  private final SortedSet<String> labels;
  private final SortedSet<RecordType> types;
  private final SortedSet<String> records;

  private ConsentScope(
      Set<Purpose> purposes,
      Set<Recipient> recipients,
      Set<String> labels,
      Set<RecordType> types,
      Set<String> records) {
    this.purposes = copy(purposes);
    this.recipients = copy(recipients);
    this.labels = copy(labels);
    this.types = copy(types);
    this.records = copy(records);
    demandShort(this.labels, "labels");
    demandShort(this.records, "records");
    if (this.types.size() > MAX_NAMED) {
      throw new IllegalArgumentException("a scope names at most 100 record types");
    }
  }

  private static void demandShort(Set<String> texts, String what) {
    boolean good = texts.stream()
        .allMatch(text ->
            !text.isBlank() && text.length() <= MAX_LENGTH && CanonicalWriter.isWellFormed(text));
    if (!good || texts.size() > MAX_NAMED) {
      throw new IllegalArgumentException(
          "a scope names at most 100 " + what + " of 1 to 128 characters");
    }
  }

  private static <T> SortedSet<T> copy(Set<T> set) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(set));
  }

  /**
   * Everything.
   *
   * @return a scope that names nothing
   */
  public static ConsentScope everything() {
    return new ConsentScope(Set.of(), Set.of(), Set.of(), Set.of(), Set.of());
  }

  /**
   * Names purposes.
   *
   * @param named replaces those so far; empty means any
   * @return a copy with these
   */
  public ConsentScope purposes(Purpose... named) {
    return purposes(Set.of(named));
  }

  ConsentScope purposes(Set<Purpose> named) {
    return new ConsentScope(named, recipients, labels, types, records);
  }

  /**
   * Names kinds of recipients: then it is about disclosures to them, not about uses inside.
   *
   * @param named replaces those so far; empty means any, and uses inside
   * @return a copy with these
   */
  public ConsentScope recipients(Recipient... named) {
    return recipients(Set.of(named));
  }

  ConsentScope recipients(Set<Recipient> named) {
    return new ConsentScope(purposes, named, labels, types, records);
  }

  /**
   * Names sensitivity labels.
   *
   * @param named replaces those so far, at most 100; empty means any record
   * @return a copy with these
   * @throws IllegalArgumentException if they are too many or too long
   */
  public ConsentScope labels(String... named) {
    return labels(Set.of(named));
  }

  ConsentScope labels(Set<String> named) {
    return new ConsentScope(purposes, recipients, named, types, records);
  }

  /**
   * Names record types.
   *
   * @param named replaces those so far; empty means any
   * @return a copy with these
   */
  public ConsentScope types(RecordType... named) {
    return types(Set.of(named));
  }

  ConsentScope types(Set<RecordType> named) {
    return new ConsentScope(purposes, recipients, labels, named, records);
  }

  /**
   * Names single records of the patient.
   *
   * @param ids their identifiers, replacing those so far, at most 100; empty means any
   * @return a copy with these
   * @throws IllegalArgumentException if they are too many or too long; the message repeats none
   */
  public ConsentScope records(String... ids) {
    return records(Set.of(ids));
  }

  ConsentScope records(Set<String> ids) {
    return new ConsentScope(purposes, recipients, labels, types, ids);
  }

  /**
   * The purposes.
   *
   * @return unmodifiable; empty means any
   */
  public SortedSet<Purpose> purposes() {
    return purposes;
  }

  /**
   * The recipients.
   *
   * @return unmodifiable; empty means any, and uses inside
   */
  public SortedSet<Recipient> recipients() {
    return recipients;
  }

  /**
   * The sensitivity labels.
   *
   * @return unmodifiable; empty means any record
   */
  public SortedSet<String> labels() {
    return labels;
  }

  /**
   * The record types.
   *
   * @return unmodifiable; empty means any
   */
  public SortedSet<RecordType> types() {
    return types;
  }

  /**
   * The identifiers of single records. May be PHI: never log them.
   *
   * @return unmodifiable; empty means any
   */
  public SortedSet<String> revealRecords() {
    return records;
  }

  /** Tells whether what withholds stands against an inquiry: what is not known counts as hit. */
  boolean reaches(Inquiry q) {
    return q.possibleRecipients().stream()
            .anyMatch(to -> reachesRecipient(to) && reachesPurpose(q.purpose(), to))
        && (labels.isEmpty() || labels.stream().anyMatch(q::mayCarry))
        && (types.isEmpty() || types.contains(q.type()))
        && (records.isEmpty() || q.recordId().map(id -> records.contains(id)).orElse(true));
  }

  /** Tells whether what permits covers an inquiry: what is not known counts as not covered. */
  boolean covers(Inquiry q) {
    return coversPurpose(q)
        && (recipients.isEmpty()
            || (q.disclosing()
                && q.recipient().map(who -> recipients.contains(who)).orElse(false)))
        && (labels.isEmpty() || q.carriesOnly(labels))
        && (types.isEmpty() || types.contains(q.type()))
        && (records.isEmpty() || q.recordId().map(id -> records.contains(id)).orElse(false));
  }

  private boolean reachesRecipient(Optional<Recipient> to) {
    return recipients.isEmpty() || to.filter(who -> recipients.contains(who)).isPresent();
  }

  private boolean reachesPurpose(Purpose purpose, Optional<Recipient> to) {
    if (purposes.contains(purpose)) {
      return true;
    }
    if (purpose == Purpose.EMERGENCY_TREATMENT) {
      // To others than providers it is no emergency treatment, whatever it is called.
      return to.filter(who -> who != Recipient.PROVIDER).isPresent()
          && (purposes.isEmpty() || purposes.contains(Purpose.TREATMENT));
    }
    if (purpose == Purpose.PATIENT_REQUEST) {
      return purposes.isEmpty() && to.filter(who -> who != Recipient.PATIENT).isPresent();
    }
    return purposes.isEmpty() && !ONLY_BY_NAME.contains(purpose);
  }

  private boolean coversPurpose(Inquiry q) {
    return purposes.isEmpty()
        ? !ONLY_BY_NAME.contains(q.purpose())
        : purposes.contains(q.purpose())
            || (q.purpose() == Purpose.EMERGENCY_TREATMENT && purposes.contains(Purpose.TREATMENT));
  }

  /** At most as wide in every respect, and not as wide in one. */
  boolean narrowerThan(ConsentScope other) {
    return within(purposes, other.purposes)
        && within(recipients, other.recipients)
        && within(labels, other.labels)
        && within(types, other.types)
        && within(records, other.records)
        && !equals(other);
  }

  private static <T> boolean within(Set<T> narrow, Set<T> wide) {
    return wide.isEmpty() || (!narrow.isEmpty() && wide.containsAll(narrow));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConsentScope that
        && purposes.equals(that.purposes)
        && recipients.equals(that.recipients)
        && labels.equals(that.labels)
        && types.equals(that.types)
        && records.equals(that.records);
  }

  @Override
  public int hashCode() {
    return purposes.hashCode() + 31 * recipients.hashCode() + 961 * labels.hashCode();
  }

  /** Prints all but the records. */
  @Override
  public String toString() {
    return "ConsentScope("
        + purposes
        + ", "
        + recipients
        + ", "
        + labels
        + ", "
        + types
        + ", "
        + records.size()
        + " records)";
  }
}
