package org.openhipaa.core.access.quota;

/** The answer of a {@link QuotaStore}. */
public sealed interface QuotaReservation {
  /**
   * The patient is counted.
   *
   * @param undo takes the count back; call it only if nothing was released
   */
  record Granted(Runnable undo) implements QuotaReservation {}

  /**
   * The budget is used up; nothing was counted.
   *
   * @param counted how many patients the window holds already
   */
  record Exceeded(int counted) implements QuotaReservation {}
}
