package org.openhipaa.core.access.quota.memory;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.access.rules.QuotaMeasure;

/** All that is counted under one key. */
final class Budget {
  private static final int MEASURES = QuotaMeasure.values().length;

  final ReentrantLock lock = new ReentrantLock();

  /** The longest window ever asked for, in milliseconds. Read without the lock. */
  private volatile long longest;

  /** Whether it was charged since somebody looked. */
  private boolean used = true;

  /** Set once the store has let go of this budget: nothing may be counted here any more. */
  private boolean gone;

  private final @Nullable Window[] windows = new @Nullable Window[MEASURES];

  Budget(long longest) {
    this.longest = longest;
  }

  long longest() {
    return longest;
  }

  /** Under the lock: it is charged, for a window of that many milliseconds. */
  void use(long window) {
    used = true;
    if (window > longest) {
      longest = window;
    }
  }

  /** Under the lock: whether nobody charged it since the last time this was asked. */
  boolean letGoIfIdle() {
    gone = !used;
    used = false;
    return gone;
  }

  /** Under the lock. */
  boolean isGone() {
    return gone;
  }

  /** Under the lock. */
  Window window(QuotaMeasure measure) {
    Window window = windows[measure.ordinal()];
    if (window == null) {
      window = measure.distinct() ? new PatientWindow() : new AmountWindow();
      windows[measure.ordinal()] = window;
    }
    return window;
  }
}
