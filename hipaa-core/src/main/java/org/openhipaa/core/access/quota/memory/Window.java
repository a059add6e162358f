package org.openhipaa.core.access.quota.memory;

import org.openhipaa.core.access.quota.QuotaCharge;

/**
 * What a budget counts of one measure. Guarded by the lock of its budget.
 *
 * <p>Charges lie in the order of time. Those up to {@link #dropped} are gone for good; of the rest,
 * those after {@link #horizon} are counted. The horizon may move both ways, because a refused charge
 * does not move the time and because another window may be asked for.
 */
abstract class Window {
  /** The time of the latest charge; never goes back. */
  long latest = Long.MIN_VALUE;

  /** How much was charged after {@link #horizon}. */
  long counted;

  /** Up to here nothing is counted. */
  long horizon = Long.MIN_VALUE;

  /** Up to here nothing is known any more; never goes back. */
  long dropped = Long.MIN_VALUE;

  /** Counts what lies after the horizon. */
  abstract void moveTo(long newHorizon);

  /** What a charge would add; the horizon is set. */
  abstract long cost(QuotaCharge charge);

  /** Charges, at a time that is not before {@link #latest}; the horizon is set. */
  abstract void add(QuotaCharge charge, long amount, long at);

  /** Takes back what was charged at that time. */
  abstract void remove(QuotaCharge charge, long amount, long at);

  /** Forgets what was charged up to then. */
  abstract void drop(long upTo);
}
