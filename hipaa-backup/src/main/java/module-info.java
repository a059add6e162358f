/**
 * Sealed, deduplicated, provably unaltered copies of file trees: back up, verify, restore with
 * proof.
 */
module org.openhipaa.backup {
  requires transitive org.openhipaa.core;
  requires static org.jspecify;
  requires org.slf4j;

  exports org.openhipaa.backup;
  exports org.openhipaa.backup.repository;
  exports org.openhipaa.backup.restore;
  exports org.openhipaa.backup.snapshot;
  exports org.openhipaa.backup.source;
  exports org.openhipaa.backup.store;
  exports org.openhipaa.backup.store.directory;
  exports org.openhipaa.backup.verify;
}
