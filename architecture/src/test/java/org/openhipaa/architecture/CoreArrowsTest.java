package org.openhipaa.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.openhipaa.architecture.Openhipaa.CORE;
import static org.openhipaa.architecture.Openhipaa.CORE_ACTOR;
import static org.openhipaa.architecture.Openhipaa.CORE_CRYPTO;
import static org.openhipaa.architecture.Openhipaa.CORE_INTERNAL;
import static org.openhipaa.architecture.Openhipaa.CORE_PHI;
import static org.openhipaa.architecture.Openhipaa.CORE_RECORD;
import static org.openhipaa.architecture.Openhipaa.CORE_ROOT;
import static org.openhipaa.architecture.Openhipaa.ROOT;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = ROOT, importOptions = DoNotIncludeTests.class)
class CoreArrowsTest {
  @ArchTest
  static final ArchRule nothing_in_core_reads_phi = noClasses()
      .that()
      .resideInAPackage(CORE)
      .and()
      .resideOutsideOfPackage(CORE_PHI)
      .should()
      .dependOnClassesThat()
      .resideInAPackage(CORE_PHI)
      .because(
          "phi is the front door: it may use every part, and no part may lead back through it");

  @ArchTest
  static final ArchRule crypto_knows_no_other_feature = onlyKnows(CORE_CRYPTO, CORE_RECORD)
      .because("sealing binds a value to its record and must not depend on who asks for it or why");

  @ArchTest
  static final ArchRule record_is_a_leaf = onlyKnows(CORE_RECORD, CORE_ACTOR)
      .because("every feature speaks in these values, so they can know none of the features");

  @ArchTest
  static final ArchRule actor_is_a_leaf = onlyKnows(CORE_ACTOR, CORE_RECORD)
      .because("every feature speaks in these values, so they can know none of the features");

  /** The roots of the exceptions and the internal helpers are open to all of core. */
  private static ArchRule onlyKnows(String feature, String... others) {
    return noClasses()
        .that()
        .resideInAPackage(feature)
        .should()
        .dependOnClassesThat(resideInAPackage(ROOT + "..")
            .and(resideOutsideOfPackages(Openhipaa.and(feature, others)))
            .and(resideOutsideOfPackages(CORE_ROOT, CORE_INTERNAL)));
  }
}
