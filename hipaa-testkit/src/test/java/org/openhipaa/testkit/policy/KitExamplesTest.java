package org.openhipaa.testkit.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.access.table.PolicyTable;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.audit.AuditEvent;

/** The examples in the documentation of the kit are compiled here, and run. */
class KitExamplesTest {
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final Path TESTS = Path.of("src", "test", "java");
  private static final String PACKAGE = "org/openhipaa/testkit/policy/";
  private static final Path TABLES = Path.of("..", "hipaa-core")
      .resolve(SOURCES)
      .resolve("org/openhipaa/core/access/table/PolicyTable.java");
  private static final Pattern EXAMPLE =
      Pattern.compile("<pre>\\{@code\\n(.*?) \\* }</pre>", Pattern.DOTALL);

  private final AccessPolicy policy = Clinic.policy();
  private final PolicyTable table = Clinic.table();

  private static List<String> examples(String type) throws IOException {
    return examples(SOURCES.resolve(PACKAGE + type + ".java"));
  }

  private static List<String> examples(Path file) throws IOException {
    String source = Files.readString(file);
    return EXAMPLE
        .matcher(source)
        .results()
        .map(match -> match.group(1).replaceAll("(?m)^ \\* ?", ""))
        .toList();
  }

  /** Line breaks, indentation and the names of files differ. */
  private static String plain(String code) {
    return code.replaceAll("Path\\.of\\(\"[^\"]*\"\\)", "FILE")
        .replaceAll("Clinic\\.(TABLE|path\\(\"[^\"]*\"\\))", "FILE")
        .replaceAll("\\s+", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"PolicyTables", "PolicyCoverage", "PolicyMutation", "GoldenMatrix", "AuditReplay"})
  void example_inTheDocumentation_isCompiledHere(String type) throws IOException {
    String here = plain(Files.readString(TESTS.resolve(PACKAGE + "KitExamplesTest.java")));
    List<String> examples = examples(type);

    assertThat(examples).isNotEmpty();
    assertThat(examples)
        .filteredOn(example -> !example.contains("cases:"))
        .isNotEmpty()
        .allSatisfy(example -> assertThat(here).contains(plain(example)));
  }

  @Test
  void table_inTheDocumentation_isRead() throws IOException {
    assertThat(examples(TABLES))
        .filteredOn(example -> example.contains("cases:"))
        .singleElement()
        .satisfies(example ->
            assertThat(PolicyTable.parse("example.yaml", example).cases()).hasSize(1));
  }

  @TestFactory
  Stream<DynamicTest> policy_decidesAsTheTableSays() {
    return PolicyTables.tests(policy, Clinic.TABLE);
  }

  @Test
  void coverage() {
    PolicyCoverage.of(policy, table).assertComplete();
  }

  @Test
  void mutation() {
    PolicyMutation.of(policy, table).assertScoreAtLeast(0.9);
  }

  @Test
  void matrix() {
    GoldenMatrix.of(policy).assertMatches(Clinic.path("clinic-matrix.txt"));
  }

  @Test
  void replay() {
    AccessPolicy newPolicy = policy;
    Directory directory = id -> Optional.empty();
    Relations careTeams = Relations.none();
    Stream<AuditEvent> events = new ArrayList<AuditEvent>().stream();

    AuditReplay replay = new AuditReplay(
        newPolicy,
        event -> directory.actor(event.actor()),
        (event, request) -> request.relations(careTeams).labels(labelsOf(event)));
    AuditReplay.Report report = replay.of(events);

    assertThat(report.replayed()).isZero();
  }

  private static Set<String> labelsOf(AuditEvent event) {
    return event.recordType().isPresent() ? Set.of("sensitive") : Set.of();
  }

  private interface Directory {
    Optional<Actor> actor(ActorId id);
  }
}
