package org.openhipaa.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.openhipaa.architecture.Openhipaa.AUDIT;
import static org.openhipaa.architecture.Openhipaa.AUTH;
import static org.openhipaa.architecture.Openhipaa.BACKUP;
import static org.openhipaa.architecture.Openhipaa.CLI;
import static org.openhipaa.architecture.Openhipaa.CORE;
import static org.openhipaa.architecture.Openhipaa.ROOT;
import static org.openhipaa.architecture.Openhipaa.TESTKIT;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;

@AnalyzeClasses(packages = ROOT, importOptions = DoNotIncludeTests.class)
class ModuleArrowsTest {
  @ArchTest
  static final ArchRule core_knows_no_other_module = onlyKnows(CORE)
      .because("whoever embeds the core alone must not need the rest, and the rest builds on it");

  @ArchTest
  static final ArchRule auth_knows_only_core = onlyKnows(AUTH, CORE)
      .because(
          "authentication, audit and backup can each be used, and replaced, without the others");

  @ArchTest
  static final ArchRule audit_knows_only_core = onlyKnows(AUDIT, CORE)
      .because(
          "authentication, audit and backup can each be used, and replaced, without the others");

  @ArchTest
  static final ArchRule backup_knows_only_core = onlyKnows(BACKUP, CORE)
      .because(
          "authentication, audit and backup can each be used, and replaced, without the others");

  @ArchTest
  static final ArchRule testkit_knows_the_library = onlyKnows(TESTKIT, CORE, AUTH, AUDIT, BACKUP)
      .because("the contract kits test ports, whatever program uses them");

  @ArchTest
  static final ArchRule cli_knows_the_library = onlyKnows(CLI, CORE, AUTH, AUDIT, BACKUP)
      .because("nothing that is made for tests may get into the program that operators run");

  /** Without this, every rule would hold the day its module is missing from the class path. */
  @ArchTest
  static void every_module_is_looked_at(JavaClasses classes) {
    assertThat(Stream.of(CORE, AUTH, AUDIT, BACKUP, TESTKIT, CLI))
        .allSatisfy(module -> assertThat(classes.that(resideInAPackage(module))).isNotEmpty());
  }

  private static ArchRule onlyKnows(String module, String... others) {
    return noClasses()
        .that()
        .resideInAPackage(module)
        .should()
        .dependOnClassesThat(resideInAnyPackage(ROOT + "..")
            .and(resideOutsideOfPackages(Openhipaa.and(module, others))));
  }
}
