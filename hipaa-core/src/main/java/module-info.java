/**
 * Values, access policy, encryption and the front door to PHI: what every other module of openhipaa
 * builds on.
 */
@SuppressWarnings("module") // The modules that may use the internals are compiled after this one.
module org.openhipaa.core {
  requires com.github.benmanes.caffeine;
  requires transitive java.sql;
  requires org.bouncycastle.provider;
  requires static transitive org.jspecify;
  requires org.slf4j;
  requires org.snakeyaml.engine;

  exports org.openhipaa.core;
  exports org.openhipaa.core.access;
  exports org.openhipaa.core.access.breakglass;
  exports org.openhipaa.core.access.breakglass.jdbc;
  exports org.openhipaa.core.access.consent;
  exports org.openhipaa.core.access.consent.jdbc;
  exports org.openhipaa.core.access.desk;
  exports org.openhipaa.core.access.grant;
  exports org.openhipaa.core.access.grant.jdbc;
  exports org.openhipaa.core.access.analysis;
  exports org.openhipaa.core.access.quota;
  exports org.openhipaa.core.access.quota.jdbc;
  exports org.openhipaa.core.access.rows;
  exports org.openhipaa.core.access.quota.memory;
  exports org.openhipaa.core.access.rules;
  exports org.openhipaa.core.access.table;
  exports org.openhipaa.core.actor;
  exports org.openhipaa.core.alarm;
  exports org.openhipaa.core.audit;
  exports org.openhipaa.core.crypto;
  exports org.openhipaa.core.crypto.local;
  exports org.openhipaa.core.mask;
  exports org.openhipaa.core.phi;
  exports org.openhipaa.core.phi.file;
  exports org.openhipaa.core.record;
  exports org.openhipaa.core.internal to
      org.openhipaa.audit,
      org.openhipaa.auth,
      org.openhipaa.backup;
}
