/**
 * Contract kits for every port, strict fakes and the policy test kit, for whoever implements a port or
 * embeds the library.
 */
module org.openhipaa.testkit {
  requires transitive org.openhipaa.audit;
  requires transitive org.openhipaa.auth;
  requires transitive org.openhipaa.backup;
  requires transitive org.openhipaa.core;
  requires transitive org.junit.jupiter.api;
  requires org.assertj.core;
  requires static transitive org.jspecify;

  exports org.openhipaa.testkit;
  exports org.openhipaa.testkit.contract;
  exports org.openhipaa.testkit.policy;

  // JUnit calls the test methods of the kits.
  opens org.openhipaa.testkit.contract;
}
