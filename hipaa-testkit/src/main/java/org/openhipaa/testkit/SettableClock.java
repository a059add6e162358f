package org.openhipaa.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is moved, forwards or backwards. Thread-safe. */
public final class SettableClock extends Clock {
  private Instant now;

  /**
   * Starts at a time.
   *
   * @param start the time
   */
  public SettableClock(Instant start) {
    this.now = start;
  }

  /**
   * Moves the clock.
   *
   * @param by how far; negative moves it back
   */
  public synchronized void advance(Duration by) {
    now = now.plus(by);
  }

  @Override
  public synchronized Instant instant() {
    return now;
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
