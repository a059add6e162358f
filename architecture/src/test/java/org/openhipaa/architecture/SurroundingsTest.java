package org.openhipaa.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.openhipaa.architecture.Openhipaa.CLI;
import static org.openhipaa.architecture.Openhipaa.LIBRARY;
import static org.openhipaa.architecture.Openhipaa.ROOT;
import static org.openhipaa.architecture.Openhipaa.SAMPLES;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.util.Date;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/** What a class takes from around it: time, chance, output, shared state. */
@AnalyzeClasses(packages = ROOT, importOptions = DoNotIncludeTests.class)
class SurroundingsTest {
  private static final DescribedPredicate<JavaAccess<?>> READS_THE_TIME =
      describe("reads the time of the machine", SurroundingsTest::readsTheTime);

  private static final DescribedPredicate<JavaClass> GUESSABLE_CHANCE =
      belongToAnyOf(Random.class, SplittableRandom.class, ThreadLocalRandom.class);

  private static final DescribedPredicate<JavaClass> OTHER_LOGGERS = belongToAnyOf(
          System.Logger.class, System.LoggerFinder.class)
      .or(JavaClass.Predicates.resideInAPackage("java.util.logging.."))
      .as("another logger");

  @ArchTest
  static final ArchRule time_comes_through_the_constructor = noClasses()
      .that()
      .resideInAnyPackage(LIBRARY)
      .should()
      .accessTargetWhere(READS_THE_TIME)
      .because("windows, expiries and audit entries are tested with a clock in the test's hand");

  @ArchTest
  static final ArchRule chance_comes_through_the_constructor = noClasses()
      .that()
      .resideInAnyPackage(LIBRARY)
      .should()
      .dependOnClassesThat(GUESSABLE_CHANCE)
      .orShould()
      .callMethod(Math.class, "random")
      .because(
          "keys, salts and tokens come from a SecureRandom, and whoever assembles the parts gives it");

  @ArchTest
  static final ArchRule only_programs_print = noClasses()
      .that()
      .resideOutsideOfPackages(CLI, SAMPLES)
      .should(ACCESS_STANDARD_STREAMS)
      .because("the output belongs to the application, and nobody masks it");

  @ArchTest
  static final ArchRule slf4j_is_the_only_logger = noClasses()
      .should()
      .accessClassesThat(OTHER_LOGGERS)
      .orShould()
      .accessTargetWhere(describe("gets a System.Logger", SurroundingsTest::getsASystemLogger))
      .because("one logger means one place where an application decides what is written where");

  @ArchTest
  static final ArchRule no_static_field_changes = fields()
      .that()
      .areStatic()
      .should()
      .beFinal()
      .because(
          "state that all instances share cannot be kept apart by tenant, nor reset by a test");

  /** A method reference counts as a call. */
  private static boolean readsTheTime(JavaAccess<?> access) {
    if (!(access.getTarget() instanceof CodeUnitAccessTarget target)) {
      return false;
    }
    JavaClass owner = target.getOwner();
    if (owner.isEquivalentTo(System.class)) {
      return target.getName().equals("currentTimeMillis");
    }
    if (owner.isEquivalentTo(Date.class)) {
      return target.getName().equals("<init>") && target.getRawParameterTypes().isEmpty();
    }
    // now() and now(ZoneId) look at the machine's clock, now(Clock) at the one it is given.
    return owner.getPackageName().equals("java.time")
        && target.getName().equals("now")
        && target.getRawParameterTypes().stream()
            .noneMatch(type -> type.isEquivalentTo(Clock.class));
  }

  private static boolean getsASystemLogger(JavaAccess<?> access) {
    return access.getTargetOwner().isEquivalentTo(System.class)
        && access.getName().equals("getLogger");
  }
}
