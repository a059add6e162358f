package org.openhipaa.samples.firstread;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the story, and looks for PHI in everything that it leaves behind. */
class FirstReadTest {
  @Test
  void story_holds_andLeavesNoPhiOutsideOfItsPermittedViews(@TempDir Path home) throws IOException {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream systemErr = System.err;
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
    int code;
    try {
      code =
          FirstRead.tell(new PrintStream(printed, true, StandardCharsets.UTF_8), Path.of(""), home);
    } finally {
      System.setErr(systemErr);
    }

    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(code).as(text).isZero();
    assertThat(text).contains("The story holds").doesNotContain("✗");
    List<String> leaks = new ArrayList<>();
    Set<String> phi = identifiers();
    assertThat(phi).hasSizeGreaterThan(150);
    // On purpose the story prints two permitted views; they stand behind four more spaces and a
    // "=".
    String outsideViews = String.join(
        "\n",
        text.lines()
            .filter(line -> !line.startsWith("      ") || !line.contains(" = "))
            .toList());
    search("terminal", outsideViews.getBytes(StandardCharsets.UTF_8), phi, leaks);
    search("log", logged.toByteArray(), phi, leaks);
    int files = 0;
    try (Stream<Path> all = Files.walk(home)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files++;
        search(home.relativize(file).toString(), Files.readAllBytes(file), phi, leaks);
        search("file name", file.toString().getBytes(StandardCharsets.UTF_8), phi, leaks);
      }
    }
    assertThat(files).isGreaterThan(50);
    assertThat(leaks).isEmpty();
  }

  @Test
  void search_findsWhatIsThere() {
    List<String> leaks = new ArrayList<>();

    search("x", "name: Dennise990!".getBytes(StandardCharsets.UTF_8), identifiers(), leaks);
    search("y", "id 79590754-x".getBytes(StandardCharsets.UTF_16LE), Set.of("79590754"), leaks);

    assertThat(leaks).anyMatch(leak -> leak.startsWith("x")).anyMatch(leak -> leak.startsWith("y"));
  }

  /** Names, social security numbers, streets and the patients' ids, of everybody in the data set. */
  private static Set<String> identifiers() {
    Set<String> phi = new LinkedHashSet<>();
    for (Map<String, String> row : Csv.read(Path.of("data", "patients.csv"))) {
      for (String column : List.of(
          "Id", "SSN", "DRIVERS", "PASSPORT", "FIRST", "MIDDLE", "LAST", "MAIDEN", "ADDRESS")) {
        String value = row.getOrDefault(column, "");
        if (value.length() >= 4) {
          phi.add(value);
          if (column.equals("SSN")) {
            phi.add(value.replace("-", ""));
          }
        }
      }
    }
    return phi;
  }

  private static void search(String where, byte[] content, Set<String> phi, List<String> leaks) {
    String bytes = new String(content, StandardCharsets.ISO_8859_1);
    for (String value : phi) {
      for (byte[] form : Arrays.asList(
          value.getBytes(StandardCharsets.UTF_8),
          value.getBytes(StandardCharsets.UTF_16LE),
          value.getBytes(StandardCharsets.UTF_16BE))) {
        if (bytes.contains(new String(form, StandardCharsets.ISO_8859_1))) {
          leaks.add(where + " holds an identifier of length " + value.length());
        }
      }
    }
  }
}
