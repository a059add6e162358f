package org.openhipaa.core.access.consent;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.record.PatientId;

/**
 * What a patient permits or withholds: for which purposes, recipients, labels and record types, from
 * when to when, and who brought it about. A written form has to have what its rule demands, or it is
 * refused when it is made (45 CFR 164.508(b)(2); 42 CFR 2.31).
 *
 * <p>Immutable and thread-safe.
 */
public final class ConsentDirective implements ConsentRule {
  private static final int MAX_SOURCE = 200;
  private static final Set<Purpose> CARE =
      Set.of(Purpose.TREATMENT, Purpose.PAYMENT, Purpose.OPERATIONS);

  private final UUID id;
  private final PatientId patient;
  private final Effect effect;
  private final Form form;
  private final ConsentScope scope;
  private final String source;
  private final Instant from;
  private final @Nullable Instant until;
  private final @Nullable Instant endedAt;

  /** Whether it permits or withholds. The names are kept in stores and are never renamed. */
  public enum Effect {
    /** Opt-in. */
    PERMIT,
    /** Opt-out. */
    WITHHOLD
  }

  /** How it was given. The names are kept in stores and are never renamed. */
  public enum Form {
    /** Said or written informally: a preference, an agreement or an objection (45 CFR 164.510). */
    PREFERENCE,
    /** A signed authorization (45 CFR 164.508(c)). */
    AUTHORIZATION,
    /** A signed consent to the disclosure of substance use disorder records (42 CFR 2.31). */
    PART2_CONSENT
  }

  ConsentDirective(
      UUID id,
      PatientId patient,
      Effect effect,
      Form form,
      ConsentScope scope,
      String source,
      Instant from,
      @Nullable Instant until,
      @Nullable Instant endedAt) {
    this.id = Objects.requireNonNull(id);
    this.patient = Objects.requireNonNull(patient);
    this.effect = effect;
    this.form = form;
    this.scope = scope;
    this.source = source;
    this.from = from.truncatedTo(ChronoUnit.MILLIS);
    this.until = until == null ? null : until.truncatedTo(ChronoUnit.MILLIS);
    this.endedAt = endedAt == null ? null : endedAt.truncatedTo(ChronoUnit.MILLIS);
    check();
  }

  /**
   * Makes an opt-in.
   *
   * @param id names it
   * @param patient whose data
   * @param form how it was given
   * @param scope what it permits
   * @param source who brought it about, such as the organisation that discloses; 1 to 200 characters
   * @param from from when it holds
   * @param until until when, exclusive; or null if without end
   * @return the directive
   * @throws IllegalArgumentException if something is missing that its form demands
   */
  public static ConsentDirective optIn(
      UUID id,
      PatientId patient,
      Form form,
      ConsentScope scope,
      String source,
      Instant from,
      @Nullable Instant until) {
    return new ConsentDirective(id, patient, Effect.PERMIT, form, scope, source, from, until, null);
  }

  /**
   * Makes an opt-out.
   *
   * @param id names it
   * @param patient whose data
   * @param scope what it withholds
   * @param source who brought it about; 1 to 200 characters
   * @param from from when it holds
   * @param until until when, exclusive; or null if without end
   * @return the directive
   * @throws IllegalArgumentException if the source has another form or the period is empty
   */
  public static ConsentDirective optOut(
      UUID id,
      PatientId patient,
      ConsentScope scope,
      String source,
      Instant from,
      @Nullable Instant until) {
    return new ConsentDirective(
        id, patient, Effect.WITHHOLD, Form.PREFERENCE, scope, source, from, until, null);
  }

  private void check() {
    demand(
        !source.isBlank() && source.length() <= MAX_SOURCE && CanonicalWriter.isWellFormed(source),
        "a directive needs a source of 1 to 200 characters");
    demand(until == null || from.isBefore(until), "a directive ends after it begins");
    if (effect == Effect.WITHHOLD || form == Form.PREFERENCE) {
      return;
    }
    demand(
        !scope.purposes().isEmpty() && !scope.recipients().isEmpty(),
        "a signed form names its purposes and its recipients (45 CFR 164.508(c)(1), 42 CFR 2.31(a))");
    Set<Purpose> endless =
        form == Form.PART2_CONSENT ? EnumSet.copyOf(CARE) : EnumSet.of(Purpose.RESEARCH);
    demand(
        until != null || endless.containsAll(scope.purposes()),
        "a signed form for these purposes needs an end (45 CFR 164.508(c)(1)(v), 42 CFR 2.31(a)(7))");
    demand(
        form != Form.PART2_CONSENT
            || !scope.purposes().contains(Purpose.LEGAL)
            || scope.purposes().size() == 1,
        "a consent to legal proceedings stands alone (42 CFR 2.31(d))");
  }

  private static void demand(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  ConsentDirective ended(Instant at) {
    return new ConsentDirective(id, patient, effect, form, scope, source, from, until, at);
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public PatientId patient() {
    return patient;
  }

  /**
   * Whether it permits or withholds.
   *
   * @return the effect
   */
  public Effect effect() {
    return effect;
  }

  /**
   * How it was given.
   *
   * @return the form
   */
  public Form form() {
    return form;
  }

  @Override
  public ConsentScope scope() {
    return scope;
  }

  /**
   * Who brought it about. May hold anything: never log it.
   *
   * @return 1 to 200 characters
   */
  public String source() {
    return source;
  }

  @Override
  public String kind() {
    return effect == Effect.WITHHOLD
        ? "opt-out"
        : "opt-in " + form.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public Instant from() {
    return from;
  }

  @Override
  public Optional<Instant> until() {
    return Optional.ofNullable(until);
  }

  @Override
  public Optional<Instant> endedAt() {
    return Optional.ofNullable(endedAt);
  }

  /** Prints id, kind and period, never the patient. */
  @Override
  public String toString() {
    return "ConsentDirective(" + id + ", " + kind() + ", " + from + " to " + until + ")";
  }
}
