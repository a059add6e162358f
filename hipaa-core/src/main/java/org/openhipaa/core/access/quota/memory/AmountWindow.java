package org.openhipaa.core.access.quota.memory;

import java.util.Arrays;
import org.openhipaa.core.access.quota.QuotaCharge;

/** Sums up amounts: a ring of times and sums, in which what happens in one millisecond is one. */
final class AmountWindow extends Window {
  private static final int FIRST_CAPACITY = 8;

  private long[] times = new long[FIRST_CAPACITY];
  private long[] sums = new long[FIRST_CAPACITY];

  /** Positions count up for ever; their last bits are the place in the ring. */
  private long head;

  private long firstCounted;
  private long end;

  @Override
  void moveTo(long newHorizon) {
    while (firstCounted < end && times[place(firstCounted)] <= newHorizon) {
      counted -= sums[place(firstCounted)];
      firstCounted++;
    }
    while (firstCounted > head && times[place(firstCounted - 1)] > newHorizon) {
      firstCounted--;
      counted += sums[place(firstCounted)];
    }
    horizon = newHorizon;
  }

  @Override
  long cost(QuotaCharge charge) {
    return charge.amount();
  }

  @Override
  void add(QuotaCharge charge, long amount, long at) {
    latest = at;
    if (amount == 0) {
      return;
    }
    if (end > head && times[place(end - 1)] == at) {
      sums[place(end - 1)] += amount;
    } else {
      if (end - head == times.length) {
        grow();
      }
      times[place(end)] = at;
      sums[place(end)] = amount;
      end++;
    }
    counted += amount;
  }

  @Override
  void remove(QuotaCharge charge, long amount, long at) {
    if (amount == 0 || at <= dropped) {
      return;
    }
    sums[place(find(at))] -= amount;
    if (at > horizon) {
      counted -= amount;
    }
  }

  @Override
  void drop(long upTo) {
    while (head < firstCounted && times[place(head)] <= upTo) {
      head++;
    }
    dropped = Math.max(dropped, upTo);
  }

  /** The position of a time that is in the ring. */
  private long find(long at) {
    long low = head;
    long high = end - 1;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (times[place(middle)] < at) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void grow() {
    int size = times.length;
    int first = place(head);
    times = unrolled(times, first);
    sums = unrolled(sums, first);
    firstCounted -= head;
    head = 0;
    end = size;
  }

  private static long[] unrolled(long[] ring, int first) {
    long[] bigger = Arrays.copyOfRange(ring, first, first + 2 * ring.length);
    System.arraycopy(ring, 0, bigger, ring.length - first, first);
    return bigger;
  }

  private int place(long position) {
    return (int) position & (times.length - 1);
  }
}
