package org.openhipaa.core.access;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;

/**
 * Permission to break the glass: for one actor, one record, patient or session, for a short time (45
 * CFR 164.312(a)(2)(ii)). Only the service that records and announces emergencies should issue one.
 * A ticket lets break-glass rules of the policy apply; it lifts no denial.
 *
 * <p>Anybody can make one. {@code PhiAccess.builder().policy(policy)} alone takes break-glass tickets
 * as genuine: with break-glass rules, give it {@link
 * org.openhipaa.core.access.breakglass.BreakGlass#decider breakGlass.decider()}.
 *
 * <p>Immutable and thread-safe; prints no patient.
 */
public final class BreakGlassTicket {
  private final String id;
  private final ActorId actor;
  private final Instant from;
  private final Instant until;
  private final @Nullable PatientId patient;
  private final @Nullable RecordRef record;
  private final @Nullable String session;

  private BreakGlassTicket(
      String id,
      ActorId actor,
      Instant from,
      Instant until,
      @Nullable PatientId patient,
      @Nullable RecordRef record,
      @Nullable String session) {
    this.id = Objects.requireNonNull(id);
    this.actor = Objects.requireNonNull(actor);
    this.from = Objects.requireNonNull(from);
    this.until = Objects.requireNonNull(until);
    this.patient = patient;
    this.record = record;
    this.session = session;
  }

  /**
   * Issues a ticket for one record.
   *
   * @param id names it in audit entries
   * @param actor for whom
   * @param record for which record
   * @param from valid from, inclusive
   * @param until valid until, exclusive
   * @return the ticket
   */
  public static BreakGlassTicket forRecord(
      String id, ActorId actor, RecordRef record, Instant from, Instant until) {
    return new BreakGlassTicket(id, actor, from, until, null, Objects.requireNonNull(record), null);
  }

  /**
   * Issues a ticket for all records of one patient.
   *
   * @param id names it in audit entries
   * @param actor for whom
   * @param patient for which patient
   * @param from valid from, inclusive
   * @param until valid until, exclusive
   * @return the ticket
   */
  public static BreakGlassTicket forPatient(
      String id, ActorId actor, PatientId patient, Instant from, Instant until) {
    return new BreakGlassTicket(
        id, actor, from, until, Objects.requireNonNull(patient), null, null);
  }

  /**
   * Issues a ticket for whatever the actor reads in one session.
   *
   * @param id names it in audit entries
   * @param actor for whom
   * @param session the session's id
   * @param from valid from, inclusive
   * @param until valid until, exclusive
   * @return the ticket
   */
  public static BreakGlassTicket forSession(
      String id, ActorId actor, String session, Instant from, Instant until) {
    return new BreakGlassTicket(
        id, actor, from, until, null, null, Objects.requireNonNull(session));
  }

  /**
   * Names the ticket.
   *
   * @return for audit entries
   */
  public String id() {
    return id;
  }

  /**
   * For whom it was issued.
   *
   * @return the actor
   */
  public ActorId actor() {
    return actor;
  }

  /**
   * When it ends.
   *
   * @return exclusive
   */
  public Instant until() {
    return until;
  }

  /**
   * For which patient it was issued.
   *
   * @return the patient, or empty if it was issued for a record or a session
   */
  public Optional<PatientId> patient() {
    return Optional.ofNullable(patient);
  }

  /**
   * For which record it was issued.
   *
   * @return the record, or empty if it was issued for a patient or a session
   */
  public Optional<RecordRef> record() {
    return Optional.ofNullable(record);
  }

  /**
   * Tells whether the ticket is valid for a request.
   *
   * @param request the question; one that states no time is covered by no ticket
   * @return true if actor, time, and record, patient or session are those of the ticket
   */
  public boolean covers(AccessRequest request) {
    Optional<Instant> at = request.at();
    if (at.isEmpty()
        || at.get().isBefore(from)
        || !at.get().isBefore(until)
        || !actor.equals(request.actor().id())) {
      return false;
    }
    if (record != null) {
      return request.record().filter(record::equals).isPresent();
    }
    if (patient != null) {
      return request.patient().filter(patient::equals).isPresent();
    }
    return request.session().filter(s -> s.equals(session)).isPresent();
  }

  /** Prints id, actor and end, never the patient. */
  @Override
  public String toString() {
    return "BreakGlassTicket(" + id + ", " + actor.value() + ", until " + until + ")";
  }
}
