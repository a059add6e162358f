package org.openhipaa.audit.entry;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.record.PatientId;

/** Whom an entry is about, as far as the keys at hand tell. Immutable and thread-safe; prints no identifier. */
public sealed interface AuditSubject {
  /**
   * Handles all cases.
   *
   * @param known what to do with the identifiers
   * @param none what to do if the entry is about nobody
   * @param shredded what to do if the patient's key is destroyed
   * @param <R> the type of the result
   * @return what the chosen function returned
   */
  <R> R fold(
      Function<? super Known, ? extends R> known,
      Supplier<? extends R> none,
      Supplier<? extends R> shredded);

  /** The identifiers. PHI: prints only that it is there. */
  final class Known implements AuditSubject {
    private final @Nullable PatientId patient;
    private final @Nullable String recordId;

    Known(@Nullable PatientId patient, @Nullable String recordId) {
      this.patient = patient;
      this.recordId = recordId;
    }

    /**
     * The patient. PHI.
     *
     * @return the patient, or empty if the entry names only a record
     */
    public Optional<PatientId> patient() {
      return Optional.ofNullable(patient);
    }

    /**
     * The record's identifier within type and patient. May identify a person: never log it.
     *
     * @return the identifier, or empty if the entry names only a patient
     */
    public Optional<String> revealRecordId() {
      return Optional.ofNullable(recordId);
    }

    @Override
    public <R> R fold(
        Function<? super Known, ? extends R> known,
        Supplier<? extends R> none,
        Supplier<? extends R> shredded) {
      return known.apply(this);
    }

    @Override
    public String toString() {
      return "AuditSubject(hidden)";
    }
  }

  /** The entry is about no patient and no record. */
  final class None implements AuditSubject {
    None() {}

    @Override
    public <R> R fold(
        Function<? super Known, ? extends R> known,
        Supplier<? extends R> none,
        Supplier<? extends R> shredded) {
      return none.get();
    }

    @Override
    public String toString() {
      return "AuditSubject(none)";
    }
  }

  /** The key that sealed the subject is destroyed: nobody can tell any more whom the entry is about. */
  final class Shredded implements AuditSubject {
    Shredded() {}

    @Override
    public <R> R fold(
        Function<? super Known, ? extends R> known,
        Supplier<? extends R> none,
        Supplier<? extends R> shredded) {
      return shredded.get();
    }

    @Override
    public String toString() {
      return "AuditSubject(shredded)";
    }
  }
}
