package org.openhipaa.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is moved, forwards or backwards. Thread-safe. */
public final class SettableClock extends Clock {
  private final AtomicReference<Instant> now;

  /**
   * Starts at a time.
   *
   * @param start the time
   */
  public SettableClock(Instant start) {
    this.now = new AtomicReference<>(start);
  }

  /**
   * Moves the clock.
   *
   * @param by how far; negative moves it back
   */
  public void advance(Duration by) {
    now.updateAndGet(instant -> instant.plus(by));
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /**
   * Returns this clock; it has no zone of its own.
   *
   * @param zone ignored
   * @return this
   */
  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
