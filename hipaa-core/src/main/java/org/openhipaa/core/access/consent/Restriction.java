package org.openhipaa.core.access.consent;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.actor.Recipient;
import org.openhipaa.core.record.PatientId;

/**
 * A restriction that the organisation has agreed to, or had to agree to (45 CFR 164.522(a)). It
 * holds until it is ended at the patient's wish or with their agreement.
 *
 * <p>Immutable and thread-safe.
 */
public final class Restriction implements ConsentRule {
  /** What can be restricted (45 CFR 164.522(a)(1)(i), (v)). */
  private static final Set<Purpose> RESTRICTABLE =
      EnumSet.of(Purpose.TREATMENT, Purpose.PAYMENT, Purpose.OPERATIONS, Purpose.FAMILY_REQUEST);

  private final UUID id;
  private final PatientId patient;
  private final Kind kind;
  private final ConsentScope scope;
  private final Instant from;
  private final @Nullable Instant endedAt;

  /** Why it holds. The names are kept in stores and are never renamed. */
  public enum Kind {
    /** The organisation agreed to it (164.522(a)(1)(iii)). */
    AGREED,
    /**
     * The patient has paid in full: the organisation had to agree not to tell the health plan
     * (164.522(a)(1)(vi)).
     */
    PAID_IN_FULL
  }

  Restriction(
      UUID id,
      PatientId patient,
      Kind kind,
      ConsentScope scope,
      Instant from,
      @Nullable Instant endedAt) {
    this.id = Objects.requireNonNull(id);
    this.patient = Objects.requireNonNull(patient);
    this.kind = kind;
    this.scope = scope;
    this.from = from.truncatedTo(ChronoUnit.MILLIS);
    this.endedAt = endedAt == null ? null : endedAt.truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * Makes a restriction that was agreed.
   *
   * @param id names it
   * @param patient whose data
   * @param scope what is restricted: treatment, payment, operations or requests of the family, and
   *     all of them if it names no purpose
   * @param from from when it holds
   * @return the restriction
   * @throws IllegalArgumentException if it names another purpose, which a restriction does not bind
   */
  public static Restriction agreed(UUID id, PatientId patient, ConsentScope scope, Instant from) {
    if (!RESTRICTABLE.containsAll(scope.purposes())) {
      throw new IllegalArgumentException(
          "a restriction binds treatment, payment, operations and requests of the family only"
              + " (45 CFR 164.522(a)(1)); use a directive");
    }
    return new Restriction(
        id,
        patient,
        Kind.AGREED,
        scope.purposes().isEmpty() ? scope.purposes(RESTRICTABLE) : scope,
        from,
        null);
  }

  /**
   * Makes the restriction of what the patient has paid in full: it goes to no health plan for
   * payment or operations.
   *
   * @param id names it
   * @param patient whose data
   * @param paidFor what was paid for: labels, record types or records; its purposes and recipients
   *     do not count
   * @param from from when it holds
   * @return the restriction
   * @throws IllegalArgumentException if it does not say what was paid for
   */
  public static Restriction paidInFull(
      UUID id, PatientId patient, ConsentScope paidFor, Instant from) {
    if (paidFor.labels().isEmpty()
        && paidFor.types().isEmpty()
        && paidFor.revealRecords().isEmpty()) {
      throw new IllegalArgumentException(
          "say what was paid for: labels, record types or records (45 CFR 164.522(a)(1)(vi)(B))");
    }
    return new Restriction(
        id,
        patient,
        Kind.PAID_IN_FULL,
        paidFor.purposes(Purpose.PAYMENT, Purpose.OPERATIONS).recipients(Recipient.HEALTH_PLAN),
        from,
        null);
  }

  Restriction ended(Instant at) {
    return new Restriction(id, patient, kind, scope, from, at);
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public PatientId patient() {
    return patient;
  }

  @Override
  public ConsentScope scope() {
    return scope;
  }

  /**
   * Why it holds.
   *
   * @return the kind
   */
  public Kind why() {
    return kind;
  }

  @Override
  public String kind() {
    return kind == Kind.AGREED ? "agreed restriction" : "restriction of what was paid in full";
  }

  @Override
  public Instant from() {
    return from;
  }

  @Override
  public Optional<Instant> until() {
    return Optional.empty();
  }

  @Override
  public Optional<Instant> endedAt() {
    return Optional.ofNullable(endedAt);
  }

  /** Prints id and kind, never the patient. */
  @Override
  public String toString() {
    return "Restriction(" + id + ", " + kind + ", from " + from + ")";
  }
}
