package org.openhipaa.core.alarm;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes alarms to SLF4J at level ERROR: the least that anybody should have. Thread-safe. */
public final class LoggingAlarmSink implements AlarmSink {
  private static final Logger LOG = LoggerFactory.getLogger(LoggingAlarmSink.class);

  /** Creates the sink. */
  public LoggingAlarmSink() {}

  @Override
  public void raise(Alarm alarm) {
    LOG.error(
        "ALARM {} from {} at {}: {}",
        alarm.kind(),
        alarm.source(),
        alarm.location(),
        alarm.message());
  }
}
