package org.openhipaa.core.alarm;

/**
 * Passes alarms on to a sink that is decided later. A log raises alarms before there is a desk that takes them, and the desk
 * records in the log: give the log a relay, and connect the desk once it exists. Until then alarms go to SLF4J. Thread-safe.
 */
public final class AlarmRelay implements AlarmSink {
  private volatile AlarmSink target = new LoggingAlarmSink();

  /** Starts with SLF4J as the target. */
  public AlarmRelay() {}

  /**
   * Sets where alarms go from now on.
   *
   * @param sink the target
   */
  public void connect(AlarmSink sink) {
    this.target = sink;
  }

  @Override
  public void raise(Alarm alarm) {
    target.raise(alarm);
  }
}
