/** Contract kits for every port and strict fakes, for whoever implements a port or embeds the library. */
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

  // JUnit calls the test methods of the kits.
  opens org.openhipaa.testkit.contract;
}
