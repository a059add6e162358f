package org.openhipaa.testkit;

import java.util.ArrayList;
import java.util.List;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.alarm.AlarmSink;

/** Keeps alarms in memory. Thread-safe. */
public final class RecordingAlarmSink implements AlarmSink {
  private final List<Alarm> alarms = new ArrayList<>();

  /** Starts empty. */
  public RecordingAlarmSink() {}

  @Override
  public synchronized void raise(Alarm alarm) {
    alarms.add(alarm);
  }

  /**
   * The alarms so far.
   *
   * @return a copy, in order
   */
  public synchronized List<Alarm> alarms() {
    return List.copyOf(alarms);
  }
}
