package org.openhipaa.core.alarm;

/**
 * Takes alarms to where people see them.
 *
 * <p>For implementors: called from many threads, possibly again and again for one fault. Never
 * throw: an alarm must not hide the failure that it reports, so fall back to the log instead.
 */
@FunctionalInterface
public interface AlarmSink {
  /**
   * Raises an alarm.
   *
   * @param alarm what was found
   */
  void raise(Alarm alarm);
}
