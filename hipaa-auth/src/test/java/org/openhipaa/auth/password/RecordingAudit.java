package org.openhipaa.auth.password;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.audit.Receipt;

/** Keeps events in memory, or fails on request. */
final class RecordingAudit implements AuditSink {
  private final List<AuditEvent> events = new CopyOnWriteArrayList<>();
  private volatile boolean failing;

  @Override
  public Receipt record(AuditEvent event) {
    if (failing) {
      throw new AuditNotRecordedException("the disk is full; make room");
    }
    events.add(event);
    return new Receipt("test", events.size() - 1L, "0".repeat(64));
  }

  void fail(boolean now) {
    failing = now;
  }

  void forget() {
    events.clear();
  }

  List<AuditEvent> events() {
    return events;
  }

  AuditEvent only() {
    if (events.size() != 1) {
      throw new AssertionError("expected one event but there are " + summaries());
    }
    return events.get(0);
  }

  /** Outcome, actor and reason of each event. */
  List<String> summaries() {
    return events.stream().map(RecordingAudit::summary).toList();
  }

  static String summary(AuditEvent event) {
    String reason = event.outcome() == Outcome.SUCCESS ? "" : " " + event.reason();
    return event.action() + " " + event.outcome() + " " + event.actor().value() + reason;
  }
}
