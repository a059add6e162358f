package org.openhipaa.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Vectors of the C2SP Wycheproof project. They stand beside the project, not in it: where there are
 * none the test is skipped, but in continuous integration their absence is a failure.
 */
public final class SharedData {
  private SharedData() {}

  public static JsonNode wycheproof(String name) throws IOException {
    Path file = Path.of(System.getProperty("shared.data", "absent"), "wycheproof", name);
    boolean there = Files.isRegularFile(file);
    if ("true".equals(System.getenv("CI"))) {
      assertThat(there)
          .as("the vectors %s, which CI must have", file.getFileName())
          .isTrue();
    }
    assumeTrue(there, () -> "no " + name + " beside the project; set -Dshared.data=FOLDER");
    return new ObjectMapper().readTree(file.toFile());
  }
}
