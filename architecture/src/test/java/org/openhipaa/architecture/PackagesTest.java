package org.openhipaa.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.all;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.openhipaa.architecture.Openhipaa.ROOT;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.AbstractClassesTransformer;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ClassesTransformer;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

@AnalyzeClasses(packages = ROOT, importOptions = DoNotIncludeTests.class)
class PackagesTest {
  @ArchTest
  static final ArchRule packages_have_no_cycles = slices()
      .matching(ROOT + ".(**)")
      .namingSlices("$1")
      .should()
      .beFreeOfCycles()
      .because("a package that can be read, tested and replaced alone needs nothing that needs it");

  @ArchTest
  static final ArchRule no_parent_imports_a_built_in_implementation = noClasses()
      .should(new ImportAnImplementationBelow())
      .because(
          "a built-in implementation is one among several: whoever assembles the parts chooses it");

  @ArchTest
  static final ArchRule every_package_is_null_marked = all(packages())
      .should(new BeNullMarked())
      .because("a null is then an error of the build, not of the night shift");

  private static ClassesTransformer<JavaPackage> packages() {
    return new AbstractClassesTransformer<>("packages") {
      @Override
      public Iterable<JavaPackage> doTransform(JavaClasses classes) {
        return classes.stream()
            .filter(type -> !type.getSimpleName().equals("module-info"))
            .map(JavaClass::getPackage)
            .collect(Collectors.toSet());
      }
    };
  }

  private static final class BeNullMarked extends ArchCondition<JavaPackage> {
    private BeNullMarked() {
      super("have a package-info.java with @NullMarked");
    }

    @Override
    public void check(JavaPackage subject, ConditionEvents events) {
      boolean marked = subject.isAnnotatedWith(NullMarked.class);
      events.add(new SimpleConditionEvent(
          subject, marked, subject.getName() + (marked ? " is" : " is not") + " @NullMarked"));
    }
  }

  /** A package is a built-in implementation when a class in it implements a port of a package above it. */
  private static final class ImportAnImplementationBelow extends ArchCondition<JavaClass> {
    private ImportAnImplementationBelow() {
      super("depend on a package below that implements a port");
    }

    @Override
    public void check(JavaClass subject, ConditionEvents events) {
      for (Dependency dependency : subject.getDirectDependenciesFromSelf()) {
        JavaPackage target = dependency.getTargetClass().getPackage();
        if (isBelow(target, subject.getPackage()) && implementsAPortAbove(target)) {
          events.add(SimpleConditionEvent.satisfied(dependency, dependency.getDescription()));
        }
      }
    }

    private static boolean implementsAPortAbove(JavaPackage child) {
      return child.getClasses().stream()
          .flatMap(type -> type.getAllRawInterfaces().stream())
          .anyMatch(
              port -> port.getPackageName().startsWith(ROOT) && isBelow(child, port.getPackage()));
    }

    private static boolean isBelow(JavaPackage child, JavaPackage parent) {
      return child.getName().startsWith(parent.getName() + ".");
    }
  }
}
