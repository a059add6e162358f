package org.openhipaa.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.ArchCondition.from;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.openhipaa.architecture.Openhipaa.ROOT;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.Serializable;
import java.security.Key;
import java.util.regex.Pattern;
import org.openhipaa.core.phi.Phi;
import org.openhipaa.core.record.FieldValues;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;

@AnalyzeClasses(packages = ROOT, importOptions = DoNotIncludeTests.class)
class SecretsTest {
  private static final DescribedPredicate<JavaClass> PHI =
      belongToAnyOf(PatientId.class, RecordRef.class, FieldValues.class, Phi.class);

  private static final DescribedPredicate<JavaClass> RECORDS =
      describe("Java records", JavaClass::isRecord);

  private static final DescribedPredicate<JavaField> HOLD_PHI = holds("PHI", PHI);

  private static final DescribedPredicate<JavaField> HOLD_A_KEY =
      holds("a key", assignableTo(Key.class));

  /** Both ways in which a type's name may say it: {@code byte[]} and {@code [B}. */
  private static final Pattern RAW_ARRAY = Pattern.compile("(byte|char)\\[]|\\[[BC]");

  private static final DescribedPredicate<JavaField> HOLD_BYTES_OR_CHARACTERS = describe(
      "hold an array of bytes or characters",
      field -> RAW_ARRAY.matcher(field.getType().getName()).find());

  @ArchTest
  static final ArchRule no_record_holds_phi_or_a_secret = noFields()
      .that()
      .areDeclaredInClassesThat(RECORDS)
      .and()
      .areNotStatic()
      .should(from(HOLD_PHI.or(HOLD_A_KEY).or(HOLD_BYTES_OR_CHARACTERS)))
      .because("records print every component: one log line, and it is out");

  @ArchTest
  static final ArchRule phi_is_no_record = noClasses()
      .that(PHI)
      .should(from(RECORDS))
      .because("records print every component: one log line, and it is out");

  @ArchTest
  static final ArchRule no_exception_holds_phi_or_a_key = noFields()
      .that()
      .areDeclaredInClassesThat(assignableTo(Throwable.class))
      .should(from(HOLD_PHI.or(HOLD_A_KEY)))
      .because("an exception is serialisable and travels to places that nobody authorised");

  /** Exceptions and enumerations are serialisable by birth, and hold no PHI. */
  @ArchTest
  static final ArchRule nothing_is_serializable = noClasses()
      .that()
      .areNotAssignableTo(Throwable.class)
      .and()
      .areNotAssignableTo(Enum.class)
      .should()
      .beAssignableTo(Serializable.class)
      .because("serialised PHI leaves the process without permit, mask or audit entry");

  /** Looks into type arguments and arrays, too: a list of patients holds patients. */
  private static DescribedPredicate<JavaField> holds(
      String what, DescribedPredicate<? super JavaClass> wanted) {
    return describe(
        "hold " + what,
        field -> field.getType().getAllInvolvedRawTypes().stream().anyMatch(wanted));
  }
}
