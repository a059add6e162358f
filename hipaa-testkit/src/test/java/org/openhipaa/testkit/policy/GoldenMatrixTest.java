package org.openhipaa.testkit.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.rules.Rule;

class GoldenMatrixTest {
  private final AccessPolicy policy = Clinic.policy();

  private AccessPolicy without(String rule) {
    List<Rule> rules =
        policy.model().rules().stream().filter(r -> !r.id().equals(rule)).toList();
    return Policies.with(policy.model(), rules);
  }

  @Test
  void matrix_ofTheClinic_isTheGoldenOne() {
    GoldenMatrix.of(policy).assertMatches(Clinic.path("clinic-matrix.txt"));
  }

  @Test
  void matrix_ofAGroupWithinAnother_hasTheRulesOfBoth() {
    assertThat(GoldenMatrix.of(policy).text())
        .contains(
            "nurse read patient treatment: +staff-reads-own-patients?"
                + "(birth-date=show,diagnosis=show,name=show) -psychotherapy-only-for-physicians?\n",
            "researcher export patient research: +researcher-exports(birth-date=year,diagnosis=show)"
                + " -psychotherapy-only-for-physicians?\n");
  }

  @Test
  void differences_toAPolicyWithARuleLess_areItsLines() {
    GoldenMatrix matrix = GoldenMatrix.of(without("billing-reads"));

    assertThat(matrix.differences(Clinic.path("clinic-matrix.txt")))
        .containsExactly("- billing read patient payment: +billing-reads?(name=show,ssn=last-four)"
            + " -psychotherapy-only-for-physicians?");
    assertThatThrownBy(() -> matrix.assertMatches(Clinic.path("clinic-matrix.txt")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("clinic-matrix.txt")
        .hasMessageContaining("- billing read patient payment");
  }

  @Test
  void write_thenCompared_hasNoDifferences(@TempDir Path folder) throws IOException {
    Path golden = folder.resolve("golden.txt");
    GoldenMatrix matrix = GoldenMatrix.of(policy);

    assertThat(matrix.differences(golden))
        .hasSize(matrix.text().split("\n").length)
        .allMatch(line -> line.startsWith("+ "));
    matrix.write(golden);

    assertThat(matrix.differences(golden)).isEmpty();
    assertThat(Files.readString(golden)).isEqualTo(matrix.text());
  }
}
