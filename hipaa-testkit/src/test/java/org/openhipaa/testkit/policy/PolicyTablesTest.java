package org.openhipaa.testkit.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhipaa.core.access.AccessPolicy;

class PolicyTablesTest {
  private final AccessPolicy policy = Clinic.policy();

  @TestFactory
  Stream<DynamicTest> clinic_decidesAsItsTableSays() {
    return PolicyTables.tests(policy, Clinic.TABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "nurse, 'cases.yaml:3: expected permit, but it is denied'",
    "nurze, 'cases.yaml:3: names the group'"
  })
  void tests_ofAFailingCase_failAndNameItsPlace(String group, String message, @TempDir Path folder)
      throws IOException {
    Path file = Files.writeString(folder.resolve("cases.yaml"), """
        openhipaa-policy-table: 1
        cases:
          - name: one
            groups: [%s]
            action: read
            record-type: schedule
            purpose: operations
            expect: permit
        """.formatted(group));
    DynamicTest test = PolicyTables.tests(policy, file).findFirst().orElseThrow();

    assertThat(test.getDisplayName()).isEqualTo("one");
    assertThatThrownBy(() -> test.getExecutable().execute())
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith(message);
  }
}
