package org.openhipaa.architecture;

import java.util.stream.Stream;

/** The names that the rules speak of. A pattern ends in two dots where it means the packages below, too. */
final class Openhipaa {
  static final String ROOT = "org.openhipaa";

  static final String CORE = "org.openhipaa.core..";
  static final String AUTH = "org.openhipaa.auth..";
  static final String AUDIT = "org.openhipaa.audit..";
  static final String BACKUP = "org.openhipaa.backup..";
  static final String TESTKIT = "org.openhipaa.testkit..";
  static final String CLI = "org.openhipaa.cli..";
  static final String SAMPLES = "org.openhipaa.samples..";

  /** The modules that an application embeds. */
  static final String[] LIBRARY = {CORE, AUTH, AUDIT, BACKUP};

  static final String CORE_ROOT = "org.openhipaa.core";
  static final String CORE_ACTOR = "org.openhipaa.core.actor..";
  static final String CORE_CRYPTO = "org.openhipaa.core.crypto..";
  static final String CORE_INTERNAL = "org.openhipaa.core.internal..";
  static final String CORE_PHI = "org.openhipaa.core.phi..";
  static final String CORE_RECORD = "org.openhipaa.core.record..";

  private Openhipaa() {}

  static String[] and(String first, String... others) {
    return Stream.concat(Stream.of(first), Stream.of(others)).toArray(String[]::new);
  }
}
