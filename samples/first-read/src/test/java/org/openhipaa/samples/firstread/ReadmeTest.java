package org.openhipaa.samples.firstread;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.audit.incident.IncidentDesk;
import org.openhipaa.audit.store.file.FileAuditLog;
import org.openhipaa.audit.store.file.LoggedEntry;
import org.openhipaa.auth.password.AuthenticationResult;
import org.openhipaa.auth.password.PasswordAuthenticator;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.access.quota.jdbc.JdbcQuotaStore;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.phi.PhiAccess;
import org.openhipaa.core.phi.ReadRequest;
import org.openhipaa.core.phi.ReadResult;
import org.openhipaa.core.phi.file.FileSealedRecordStore;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;

/** What the README shows is what compiles, runs and is printed. */
class ReadmeTest {
  private static final Path README = Path.of("..", "..", "README.md");

  @Test
  void firstExample_isThisCode() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/org/openhipaa/samples/firstread/ReadmeTest.java"));
    String region = source.substring(
        source.indexOf("// readme: begin\n") + 17, source.indexOf("// readme: end\n"));

    assertThat(flat(block("java", 0))).isEqualTo(flat(region));
  }

  @Test
  void firstExample_printsWhatTheReadmeShows(@TempDir Path home) throws IOException {
    SyntheticPatients patients = SyntheticPatients.load(Path.of("data"));
    try (Clinic clinic =
        Clinic.create(home, AccessPolicy.load(Path.of("policy.yaml")), patients.relations())) {
      PatientId patient = patients.patient(2, true);
      clinic
          .accounts()
          .create(
              actor(clinic, AuditEvent.SYSTEM.value(), "support"),
              Staff.NURSE,
              Set.of(Group.of("nurse")),
              "seven lanterns over the harbour".toCharArray());
      clinic
          .door()
          .update(
              actor(clinic, "rita.registrar", "registrar"),
              Clinic.chart(patient),
              Purpose.OPERATIONS,
              patients.chart(patient));
      JdbcDataSource database = new JdbcDataSource();
      database.setURL("jdbc:h2:mem:readme;DB_CLOSE_DELAY=-1");
      new JdbcQuotaStore(database).createSchema();

      String printed = example(
          patients.relations(),
          database,
          clinic.keyring(),
          clinic.recordFolder(),
          clinic.log(),
          clinic.incidents(),
          clinic.passwords(),
          "seven lanterns over the harbour".toCharArray(),
          Clinic.chart(patient));

      String shown = block("", 0);
      Matcher cut = Pattern.compile("…").matcher(shown);
      assertThat(cut.find()).isTrue();
      assertThat(printed.strip())
          .startsWith(shown.substring(0, cut.start()))
          .endsWith(shown.substring(cut.end()).strip());
    }
  }

  @Test
  void policyExcerpt_isThePolicyOfTheSample() throws IOException {
    assertThat(Files.readString(Path.of("policy.yaml"))).contains(block("yaml", 0));
  }

  @Test
  void commands_areThoseThatContinuousIntegrationRuns() throws IOException {
    String ci = Files.readString(Path.of("..", "..", ".ci", "run"));

    assertThat(block("", 1)).isEqualTo("mvn -q -Pfirst-read\n");
    assertThat(block("", 2)).isEqualTo("mvn verify\n");
    assertThat(ci)
        .contains(
            "maven=(mvn -B -ntp)", "\"${maven[@]}\" verify", "\"${maven[@]}\" -q -Pfirst-read");
  }

  private static String example(
      Relations careTeam,
      DataSource database,
      Keyring keyring,
      Path records,
      FileAuditLog log,
      IncidentDesk incidents,
      PasswordAuthenticator passwords,
      char[] typed,
      RecordRef record) {
    // readme: begin
    PhiAccess door = PhiAccess.builder()
        .policy(AccessPolicy.load(Path.of("policy.yaml")))
        .relations(careTeam) // yours: does this person treat this patient?
        .quotas(new JdbcQuotaStore(database))
        .keyring(keyring)
        .records(new FileSealedRecordStore(records))
        .audit(log)
        .alarms(incidents)
        .build();

    AuthenticationResult login = passwords.authenticate("nora.nurse", typed);
    Actor nora = login.fold(in -> in.actor(), refused -> nobody());

    ReadResult chart = door.read(nora, ReadRequest.allPermitted(record, Purpose.TREATMENT));
    ReadResult bill = door.read(nora, ReadRequest.allPermitted(record, Purpose.PAYMENT));
    // readme: end
    return "chart: " + print(chart) + "\nbill:  " + print(bill) + "\n\n" + trail(log);
  }

  private static Actor nobody() {
    throw new AssertionError("the log-in was refused");
  }

  private static String print(ReadResult result) {
    return result.fold(
        released -> released.content().reveal().reveal().entrySet().stream()
            .map(e -> e.getKey().value() + "=" + e.getValue())
            .collect(Collectors.joining(" ")),
        refused -> "refused, " + refused.decision().explanation(),
        absent -> "absent");
  }

  private static String trail(FileAuditLog log) {
    log.checkpointNow();
    try (Stream<LoggedEntry> entries = log.reader().entries(log.size() - 2)) {
      return entries.map(entry -> print(entry.entry().event())).collect(Collectors.joining("\n"));
    }
  }

  private static String print(AuditEvent event) {
    return String.join(
        " ",
        event.action().name(),
        event.outcome().name(),
        event.actor().value(),
        event.purpose().orElseThrow().label(),
        event.reason().isEmpty() ? event.rules().toString() : event.reason());
  }

  private static Actor actor(Clinic clinic, String id, String group) {
    return Actor.authenticated(
        org.openhipaa.core.actor.ActorId.of(id),
        Set.of(Group.of(group)),
        Assurance.AAL1,
        clinic.clock().instant());
  }

  /** The n-th fenced block of a language. */
  private static String block(String language, int n) throws IOException {
    List<String> blocks = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(
            Files.readString(README).replaceAll("(?s)```(?!" + language + "\n)[a-z]+\n.*?```", ""))
        .results()
        .map(match -> match.group(1))
        .toList();
    return blocks.get(n);
  }

  private static String flat(String code) {
    return code.replaceAll("\\s+", " ").strip();
  }
}
