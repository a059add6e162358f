package org.openhipaa.core.audit;

/**
 * Records audit events. The port between whatever touches PHI and whatever keeps the log.
 *
 * <p>For implementors: called from many threads at once. Return only when the event would survive a
 * power failure; if that cannot be promised, throw, and never return a receipt. Called twice with
 * the same event, record it twice. A failure after which the event is on disk or not is allowed (a
 * recorded access that was not released is harmless); a receipt without a record is not. Seal
 * patient and record id before they reach a disk.
 */
@FunctionalInterface
public interface AuditSink {
  /**
   * Records one event durably.
   *
   * @param event what happened
   * @return the receipt, once the event is on disk
   * @throws AuditNotRecordedException if the event is not, or not surely, recorded; the caller must
   *     not release PHI
   */
  Receipt record(AuditEvent event);
}
