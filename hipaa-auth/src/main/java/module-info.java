/** Authenticators: what turns credentials into an actor. */
module org.openhipaa.auth {
  requires transitive java.sql;
  requires org.bouncycastle.provider;
  requires static transitive org.jspecify;
  requires transitive org.openhipaa.core;

  exports org.openhipaa.auth.password;
  exports org.openhipaa.auth.password.jdbc;
}
