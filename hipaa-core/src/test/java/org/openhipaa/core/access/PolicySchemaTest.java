package org.openhipaa.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openhipaa.core.internal.Fences;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The published schema takes what the reader takes, and refuses what a schema can see. */
class PolicySchemaTest {
  private final Schema schema = schema();

  @Test
  void examplesOfThePage_areValid() throws IOException {
    Fences page = Fences.of("policy-v1.md");

    assertThat(errors(page.text("example.yaml"))).isEmpty();
    assertThat(errors(page.text("example.json"))).isEmpty();
    assertThat(errors(page.text("full.yaml"))).isEmpty();
  }

  /** Each edit of the full example is refused by the reader as well. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "openhipaa-policy: 1|openhipaa-policy: 2",
        "name: Riverside hospital|title: Riverside hospital",
        "time-zone: America/New_York|rule-count: 0",
        "relations: [treating, co-worker]|relations: {treating: x}",
        "  - [billing, cashier]|  - [billing]",
        "record.age: integer|record.age: number",
        "record.age: integer|patient.age: integer",
        "actions: [read, search]|actions: [look]",
        "purposes: [treatment]|purposes: [fun]",
        "break-glass: required|break-glass: maybe",
        "reason: required|reason: true",
        "assurance: AAL2|assurance: AAL4",
        "birth-date: year|birth-date: blur",
        "per: group|per: all",
        "labels: [hiv], window|window",
        "{patients: 40, soft: 30, window: PT12H}|{patients: 40, records: 3, window: PT12H}",
        "watermark: Opened in an emergency|obligations: [burn]",
        "- not: {label: restricted}|- not: {label: restricted, any: [treating]}",
        "{is: health-plan}|{is: health-plan, in: [x]}",
        "{from: 0, to: 17}|{from: young}",
        "- deny: nobody-exports|- refuse: nobody-exports",
      })
  void brokenPolicy_isRefusedByTheSchema_andByTheReader(String old, String now) throws IOException {
    String full = Fences.of("policy-v1.md").text("full.yaml");
    assertThat(full).contains(old);
    String broken = full.replace(old, now);

    assertThat(errors(broken)).isNotEmpty();
    assertThat(catchThrowable(() -> AccessPolicy.parse("p", broken)))
        .isInstanceOf(PolicyNotLoadedException.class);
  }

  private List<?> errors(String yaml) throws IOException {
    Object tree = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    return schema.validate(new ObjectMapper().writeValueAsString(tree), InputFormat.JSON);
  }

  private static Schema schema() {
    String path = "/org/openhipaa/core/access/policy-v1.schema.json";
    try (InputStream in =
        Objects.requireNonNull(AccessPolicy.class.getResourceAsStream(path), path)) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
