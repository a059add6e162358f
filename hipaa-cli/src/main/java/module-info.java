/** The command-line tool {@code hipaa}. */
module org.openhipaa.cli {
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires static org.jspecify;
  requires org.openhipaa.audit;
  requires org.openhipaa.backup;
  requires org.openhipaa.core;

  // Picocli sets annotated fields.
  opens org.openhipaa.cli to
      info.picocli;
}
