/**
 * The audit log that proves itself: sealed entries in a signed Merkle tree on disk, its verification,
 * and the desk where alarms become incidents.
 */
module org.openhipaa.audit {
  requires transitive java.sql;
  requires static org.jspecify;
  requires transitive org.openhipaa.core;
  requires org.slf4j;

  exports org.openhipaa.audit;
  exports org.openhipaa.audit.checkpoint;
  exports org.openhipaa.audit.entry;
  exports org.openhipaa.audit.incident;
  exports org.openhipaa.audit.incident.jdbc;
  exports org.openhipaa.audit.store.file;
  exports org.openhipaa.audit.tree;
}
