package org.openhipaa.core.phi;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import org.openhipaa.core.access.Decision;
import org.openhipaa.core.audit.Receipt;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.FieldValues;

/** How a read ended. Every case has the receipt of its audit entry. Immutable and thread-safe. */
public sealed interface ReadResult {
  /**
   * The proof that this read is recorded.
   *
   * @return the receipt of its audit entry
   */
  Receipt receipt();

  /**
   * Handles all cases.
   *
   * @param released what to do with released PHI
   * @param refused what to do if refused
   * @param absent what to do if there is no such record
   * @param <R> the type of the result
   * @return what the chosen function returned
   */
  <R> R fold(
      Function<? super Released, ? extends R> released,
      Function<? super Refused, ? extends R> refused,
      Function<? super Absent, ? extends R> absent);

  /**
   * The PHI, if it was released.
   *
   * @return the PHI, or empty
   */
  default Optional<Phi<FieldValues>> phi() {
    return fold(
        released -> Optional.of(released.content()),
        refused -> Optional.empty(),
        absent -> Optional.empty());
  }

  /** PHI was released. */
  final class Released implements ReadResult {
    private final Phi<FieldValues> content;
    private final SortedSet<FieldPath> withheld;
    private final Optional<Instant> keepUntil;
    private final SortedSet<String> watermarks;

    Released(
        Phi<FieldValues> content,
        SortedSet<FieldPath> withheld,
        Optional<Instant> keepUntil,
        SortedSet<String> watermarks) {
      this.content = content;
      this.withheld = withheld;
      this.keepUntil = keepUntil;
      this.watermarks = watermarks;
    }

    /**
     * The permitted fields, masked.
     *
     * @return the PHI
     */
    public Phi<FieldValues> content() {
      return content;
    }

    /**
     * The fields that were asked for by name but are not permitted.
     *
     * @return unmodifiable, sorted
     */
    public SortedSet<FieldPath> withheld() {
      return withheld;
    }

    /**
     * How long the values may be kept, if the policy limits it.
     *
     * @return when to drop them at the latest, or empty
     */
    public Optional<Instant> keepUntil() {
      return keepUntil;
    }

    /**
     * What has to be shown wherever the values are shown.
     *
     * @return texts, usually none
     */
    public SortedSet<String> watermarks() {
      return watermarks;
    }

    @Override
    public Receipt receipt() {
      return content.receipt();
    }

    @Override
    public <R> R fold(
        Function<? super Released, ? extends R> released,
        Function<? super Refused, ? extends R> refused,
        Function<? super Absent, ? extends R> absent) {
      return released.apply(this);
    }
  }

  /**
   * The policy or the quota refused.
   *
   * @param decision which rule, why
   * @param receipt the receipt of the audit entry of the refusal
   */
  record Refused(Decision.Deny decision, Receipt receipt) implements ReadResult {
    @Override
    public <R> R fold(
        Function<? super Released, ? extends R> released,
        Function<? super Refused, ? extends R> refused,
        Function<? super Absent, ? extends R> absent) {
      return refused.apply(this);
    }
  }

  /**
   * The read was permitted, but there is no such record. It counts against the quota, so that
   * nobody can try out identifiers for free.
   *
   * @param receipt the receipt of the audit entry
   */
  record Absent(Receipt receipt) implements ReadResult {
    @Override
    public <R> R fold(
        Function<? super Released, ? extends R> released,
        Function<? super Refused, ? extends R> refused,
        Function<? super Absent, ? extends R> absent) {
      return absent.apply(this);
    }
  }
}
