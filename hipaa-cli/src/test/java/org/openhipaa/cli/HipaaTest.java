package org.openhipaa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tool as a person at a terminal meets it. */
class HipaaTest {
  @TempDir
  private Path folder;

  private Path repository;
  private Path source;
  private List<String> keys;

  @BeforeEach
  void makeKeysAndFiles() throws IOException {
    repository = folder.resolve("repo");
    source = Files.createDirectories(folder.resolve("records"));
    Files.writeString(source.resolve("one"), "one");
    Files.writeString(source.resolve("two"), "two, a little longer");
    Files.writeString(folder.resolve("password"), "correct horse battery\n");
    keys = List.of(
        "--tenant", "clinic",
        "--keys", folder.resolve("keys").toString(),
        "--key-store", folder.resolve("keys.p12").toString(),
        "--password-file", folder.resolve("password").toString());
    assertThat(hipaa(with(keys, "keys", "create")).code).isEqualTo(Hipaa.GOOD);
  }

  @Test
  void help_ofEveryCommand_isThereAndNamesItsExitCodesWhereTheyMatter() {
    assertThat(hipaa().out).contains("audit verify", "backup verify", "policy check", "Exit codes");
    for (String command : List.of(
        "audit",
        "audit verify",
        "backup",
        "backup create",
        "backup list",
        "backup verify",
        "backup restore",
        "keys",
        "keys create",
        "policy",
        "policy check",
        "policy explain",
        "policy diff",
        "policy who-can",
        "policy test")) {
      Run run = hipaa((command + " --help").split(" "));
      assertThat(run.code).as(command).isEqualTo(Hipaa.GOOD);
      assertThat(run.out).as(command).contains("Usage: hipaa " + command);
    }
    assertThat(hipaa("audit", "verify", "--help").out).contains("Exit codes");
    assertThat(hipaa("--version").out).startsWith("hipaa ");
  }

  @Test
  void misunderstoodCommand_isOneLineAndExitCode2() {
    for (String[] args : List.of(
        new String[] {"audit", "verify"},
        new String[] {"audit", "verify", "--nonsense", "x"},
        new String[] {"bakcup"},
        new String[] {"backup", "restore", "--snapshot", "many"})) {
      Run run = hipaa(args);
      assertThat(run.code).as(run.err).isEqualTo(Hipaa.USAGE);
      assertThat(run.err.lines()).hasSize(1);
      assertThat(run.err).startsWith("hipaa: ").contains("--help");
    }
  }

  @Test
  void backup_isMadeListedVerifiedAndRestored() throws Exception {
    Run made = hipaa(create("--init", "--json"));
    assertThat(made.code).as(made.err).isEqualTo(Hipaa.GOOD);
    JsonNode json = new ObjectMapper().readTree(made.out);
    assertThat(json.path("sources").path(0).path("files").asInt()).isEqualTo(2);

    assertThat(hipaa(create()).out).startsWith("done: snapshot 2").contains(" 0 new chunks");
    assertThat(hipaa(on("list")).out.lines()).hasSize(2);
    assertThat(hipaa(on("verify")).code).isEqualTo(Hipaa.GOOD);
    assertThat(hipaa(on("verify", "--expect", "1:" + json.path("digest").asText())).code)
        .isEqualTo(Hipaa.GOOD);
    assertThat(hipaa(on("verify", "--expect", "3:" + "0".repeat(64))).code)
        .isEqualTo(Hipaa.NOT_GOOD);

    Path target = folder.resolve("restored");
    Run restored = hipaa(on("restore", "--snapshot", "1", "--to", target.toString()));
    assertThat(restored.code).as(restored.err).isEqualTo(Hipaa.GOOD);
    assertThat(target.resolve("records").resolve("two")).hasContent("two, a little longer");
    Run again = hipaa(on("restore", "--snapshot", "1", "--to", target.toString()));
    assertThat(again.code).isEqualTo(Hipaa.NOT_DONE);
    assertThat(again.err.lines()).hasSize(1);
    Path one = folder.resolve("one-source");
    assertThat(
            hipaa(on("restore", "--snapshot", "2", "--source", "records", "--to", one.toString()))
                .code)
        .isEqualTo(Hipaa.GOOD);
    assertThat(one.resolve("one")).hasContent("one");

    Run log = hipaa("audit", "verify", folder.resolve("repo.audit").toString(), "--json");
    assertThat(log.code).isEqualTo(Hipaa.GOOD);
    assertThat(new ObjectMapper().readTree(log.out).path("entries").asInt()).isGreaterThan(5);
  }

  @Test
  void firstBackupThatFailed_isRepeatedWithTheSameWords() throws IOException {
    Path link = Files.createSymbolicLink(source.resolve("link"), source.resolve("one"));
    assertThat(hipaa(create("--init")).code).isEqualTo(Hipaa.NOT_DONE);
    Files.delete(link);

    Run again = hipaa(create("--init"));

    assertThat(again.code).as(again.err).isEqualTo(Hipaa.GOOD);
    assertThat(hipaa(on("verify")).code).isEqualTo(Hipaa.GOOD);
  }

  @Test
  void emptyPasswordFile_isOneClearLine() throws IOException {
    hipaa(create("--init"));
    Files.writeString(folder.resolve("empty"), "");

    assertNotDone(replaced("--password-file", folder.resolve("empty")), "empty");
  }

  @Test
  void alteredBackup_isNamedAlarmedAndNotRestored() throws IOException {
    hipaa(create("--init"));
    Path chunk = anyFile(repository.resolve("chunks"));
    byte[] bytes = Files.readAllBytes(chunk);
    bytes[bytes.length / 2] ^= 4;
    Files.write(chunk, bytes);

    Run verify = hipaa(on("verify"));
    Run restore =
        hipaa(on("restore", "--snapshot", "1", "--to", folder.resolve("r").toString()));

    assertThat(verify.code).isEqualTo(Hipaa.NOT_GOOD);
    assertThat(verify.out)
        .contains("damaged: chunks/")
        .contains(chunk.getFileName().toString());
    assertThat(verify.err).contains("ALARM INTEGRITY");
    assertThat(restore.code).isEqualTo(Hipaa.NOT_DONE);
    assertThat(folder.resolve("r")).doesNotExist();
  }

  @Test
  void alteredAuditLog_isNamedWithItsPosition() throws IOException {
    hipaa(create("--init"));
    Path log = folder.resolve("repo.audit");
    Path copy = Files.createDirectory(folder.resolve("copy"));
    Files.copy(log.resolve("log.pub"), copy.resolve("log.pub"));
    for (Path file : files(log)) {
      byte[] good = Files.readAllBytes(file);
      for (int i = 0; i < good.length; i += Math.max(1, good.length / 50)) {
        byte[] bad = good.clone();
        bad[i] ^= 1;
        Files.write(file, bad);
        Run run = hipaa(
            "audit", "verify", log.toString(), "--key", copy.resolve("log.pub").toString());
        assertThat(run.code)
            .as("%s byte %d: %s", file.getFileName(), i, run.out)
            .isEqualTo(Hipaa.NOT_GOOD);
        assertThat(run.out).startsWith("altered: ").contains(", byte ");
      }
      Files.write(file, good);
    }
    assertThat(hipaa("audit", "verify", log.toString()).code).isEqualTo(Hipaa.GOOD);
  }

  @Test
  void auditLogReplacedAsAWhole_isFoundWithAPinnedKey() throws IOException {
    hipaa(create("--init"));
    Path kept = Files.copy(folder.resolve("repo.audit/log.pub"), folder.resolve("kept.pub"));
    List<String> otherKeys = keys.stream()
        .map(option -> option.replace("keys.p12", "other.p12"))
        .collect(Collectors.toCollection(ArrayList::new));
    otherKeys.set(otherKeys.indexOf("--keys") + 1, folder.resolve("other-keys").toString());
    assertThat(hipaa(with(otherKeys, "keys", "create")).code).isEqualTo(Hipaa.GOOD);
    String otherRepository = folder.resolve("other").toString();
    Run made = hipaa(with(
        otherKeys,
        "backup",
        "create",
        "--init",
        "--repo",
        otherRepository,
        "--source",
        "records=" + source));
    assertThat(made.code).as(made.err).isEqualTo(Hipaa.GOOD);

    Run alone = hipaa("audit", "verify", otherRepository + ".audit");
    Run pinned = hipaa("audit", "verify", otherRepository + ".audit", "--key", kept.toString());

    assertThat(alone.code).as("a log is consistent with itself").isEqualTo(Hipaa.GOOD);
    assertThat(pinned.code).isEqualTo(Hipaa.NOT_GOOD);
  }

  @Test
  void badKeys_areOneClearLine() throws IOException {
    hipaa(create("--init"));
    Files.writeString(folder.resolve("wrong"), "wrong horse battery\n");

    assertNotDone(replaced("--password-file", folder.resolve("wrong")), "password is wrong");
    assertNotDone(replaced("--password-file", folder.resolve("none")), "password file");
    assertNotDone(replaced("--key-store", folder.resolve("none.p12")), "does not exist");
    assertNotDone(replaced("--keys", folder.resolve("nokeys")), "key folder");
    assertNotDone(replaced("--key-store", source), "is a folder");
    assertNotDone(replaced("--repo", folder.resolve("norepo")), "does not exist");
    assertNotDone(replaced("--tenant", Path.of("other")), "wrapped key");
  }

  @Test
  void newerFormat_isRefusedAsNewerAndNotAsDamage() throws IOException {
    hipaa(create("--init"));
    Path log = folder.resolve("repo.audit");
    Path segment = files(log).stream()
        .filter(f -> f.toString().endsWith(".seg"))
        .findFirst()
        .orElseThrow();
    byte[] bytes = Files.readAllBytes(segment);
    bytes[4] = 9;
    bytes[5] = ~9;
    Files.write(segment, bytes);

    Run run = hipaa("audit", "verify", log.toString());

    assertThat(run.code).isNotEqualTo(Hipaa.GOOD);
    assertThat(run.out + run.err).contains("9").contains("newer");
  }

  @Test
  void policy_isCheckedWithLineAndColumn() throws IOException {
    Path good = folder.resolve("good.yaml");
    Files.writeString(good, """
        openhipaa-policy: 1
        name: small
        groups: [nurse]
        record-types: {patient: [name]}
        rules:
          - permit: nurse-reads
            groups: [nurse]
            actions: [read]
            record-type: patient
            purposes: [treatment]
            fields: {name: show}
        """);
    Path bad = folder.resolve("bad.yaml");
    Files.writeString(
        bad,
        Files.readString(good)
            .replace("groups: [nurse]\n    actions", "groups: [nurze]\n    actions"));

    assertThat(hipaa("policy", "check", good.toString()).out).startsWith("good: 'small', 1 rules");
    Run run = hipaa("policy", "check", bad.toString());
    assertThat(run.code).isEqualTo(Hipaa.NOT_GOOD);
    assertThat(run.out).contains("bad.yaml:7:14").contains("nurze");
    assertThat(hipaa("policy", "check", folder.resolve("none.yaml").toString()).code)
        .isEqualTo(Hipaa.NOT_DONE);
  }

  private void assertNotDone(String[] args, String message) {
    Run run = hipaa(args);
    assertThat(run.code).as(run.out + run.err).isEqualTo(Hipaa.NOT_DONE);
    assertThat(run.err.lines()).hasSize(1);
    assertThat(run.err).startsWith("hipaa: ").contains(message).doesNotContain("horse");
  }

  private String[] replaced(String option, Path value) {
    String[] args = on("verify");
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals(option)) {
        args[i + 1] = value.toString();
      }
    }
    return args;
  }

  private String[] create(String... more) {
    return with(
        keys,
        Stream.concat(
                Stream.of(
                    "backup",
                    "create",
                    "--repo",
                    repository.toString(),
                    "--source",
                    "records=" + source),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private String[] on(String command, String... more) {
    return with(
        keys,
        Stream.concat(
                Stream.of("backup", command, "--repo", repository.toString()), Stream.of(more))
            .toArray(String[]::new));
  }

  private static String[] with(List<String> options, String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(options);
    return all.toArray(String[]::new);
  }

  private static Path anyFile(Path directory) throws IOException {
    return files(directory).get(0);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .filter(f -> !f.endsWith("lock"))
          .sorted()
          .toList();
    }
  }

  private static Run hipaa(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Hipaa.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Run(code, out.toString(), err.toString());
  }

  private record Run(int code, String out, String err) {}
}
