package org.openhipaa.core.access.consent;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.actor.Recipient;
import org.openhipaa.core.internal.Closure;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.RecordType;

/**
 * One request as the rules on consent look at it: who it goes to in effect, and which labels the
 * record carries as far as is known. Asks each relation at most once. Not thread-safe.
 */
final class Inquiry {
  private static final Set<Action> DISCLOSING = EnumSet.of(Action.DISCLOSE, Action.EXPORT);
  private static final List<Optional<Recipient>> EVERYBODY =
      Arrays.stream(Recipient.values()).map(Optional::of).toList();

  private final AccessRequest request;
  private final PatientId patient;
  private final PatientStatus status;
  private final Relations relations;
  private final SortedMap<String, SortedSet<String>> implied;
  private final Optional<Set<String>> labels;
  private final Instant now;
  private final LocalDate today;
  private final Map<String, Boolean> answers = new HashMap<>();
  private final boolean disclosing;
  private final Optional<Recipient> recipient;

  /** The labels are empty where they are not known, which is not the same as having none. */
  Inquiry(
      AccessRequest request,
      PatientId patient,
      PatientStatus status,
      Relations relations,
      SortedMap<String, SortedSet<String>> implied,
      Optional<Set<String>> labels,
      Instant now,
      LocalDate today) {
    this.request = request;
    this.patient = patient;
    this.status = status;
    this.relations = relations;
    this.implied = implied;
    this.labels = labels;
    this.now = now;
    this.today = today;
    this.recipient = effectiveRecipient();
    this.disclosing = recipient.isPresent() || DISCLOSING.contains(request.action());
  }

  private Inquiry(Inquiry other, Recipient towards) {
    this.request = other.request;
    this.patient = other.patient;
    this.status = other.status;
    this.relations = other.relations;
    this.implied = other.implied;
    this.labels = other.labels;
    this.now = other.now;
    this.today = other.today;
    this.answers.putAll(other.answers);
    this.recipient = Optional.of(towards);
    this.disclosing = true;
  }

  /** Patients and their representatives who look themselves are recipients, not workforce. */
  private Optional<Recipient> effectiveRecipient() {
    if (request.purpose() != Purpose.PATIENT_REQUEST) {
      return request.recipient();
    }
    if (representing()) {
      // Whatever they state: nobody becomes the patient by saying so.
      return Optional.of(Recipient.PERSONAL_REPRESENTATIVE);
    }
    return request.recipient().isEmpty() && holds(ConsentGuard.SELF)
        ? Optional.of(Recipient.PATIENT)
        : request.recipient();
  }

  /** The same, as if it went to somebody. */
  Inquiry towards(Recipient who) {
    return new Inquiry(this, who);
  }

  AccessRequest request() {
    return request;
  }

  Purpose purpose() {
    return request.purpose();
  }

  RecordType type() {
    return request.type();
  }

  PatientStatus status() {
    return status;
  }

  Instant now() {
    return now;
  }

  LocalDate today() {
    return today;
  }

  boolean disclosing() {
    return disclosing;
  }

  Optional<Recipient> recipient() {
    return recipient;
  }

  /** To whom it may go as far as is known; empty for a use inside. */
  List<Optional<Recipient>> possibleRecipients() {
    return disclosing && recipient.isEmpty() ? EVERYBODY : List.of(recipient);
  }

  /** Tells whether it goes to nobody else than those who treat. */
  boolean withinCare() {
    return !disclosing || recipient.equals(Optional.of(Recipient.PROVIDER));
  }

  Optional<String> recordId() {
    return request.record().map(RecordRef::revealId);
  }

  /** A failing lookup fails the guard, and the request is denied. */
  boolean holds(String relation) {
    return answers.computeIfAbsent(
        relation, name -> relations.holds(name, request.actor(), patient));
  }

  /** Tells whether the actor themself acts for the patient. */
  boolean representing() {
    return request.purpose() == Purpose.PATIENT_REQUEST
        && !holds(ConsentGuard.SELF)
        && (holds(ConsentGuard.PARENT) || holds(ConsentGuard.REPRESENTATIVE));
  }

  /**
   * Tells whether the record carries the label or one that implies it, or may do so. A label that
   * the policy does not declare may imply any.
   */
  boolean mayCarry(String label) {
    return labels
        .map(carried -> carried.stream()
            .anyMatch(
                one -> !implied.containsKey(one) || Closure.of(implied, one).contains(label)))
        .orElse(true);
  }

  /** Tells whether the record is known to carry labels, and each is one of these or implies one. */
  boolean carriesOnly(Set<String> permitted) {
    return labels
        .filter(carried -> !carried.isEmpty()
            && carried.stream()
                .allMatch(one -> implied.containsKey(one)
                    && Closure.of(implied, one).stream().anyMatch(permitted::contains)))
        .isPresent();
  }

  /** Tells whether the request states why, or acts under a ticket whose reason is on file. */
  boolean documented() {
    return request.reason().filter(text -> !text.isBlank()).isPresent() || underTicket();
  }

  /** Whether the ticket is genuine is for the break-glass guard to say. */
  boolean underTicket() {
    return request.ticket().filter(ticket -> ticket.covers(request)).isPresent();
  }
}
