package org.openhipaa.auth.password;

import java.util.stream.Stream;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.audit.AuditEvent;

/** Ids that the audit log gives a meaning of its own, so that no account may have them. */
final class ReservedIds {
  private ReservedIds() {}

  static boolean contain(ActorId id) {
    return Stream.of(AuditEvent.SYSTEM, AuditEvent.UNKNOWN)
        .anyMatch(reserved -> reserved.value().equalsIgnoreCase(id.value()));
  }
}
