package org.openhipaa.samples.firstread;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.audit.incident.IncidentDesk;
import org.openhipaa.audit.incident.jdbc.JdbcIncidentStore;
import org.openhipaa.audit.store.file.FileAuditLog;
import org.openhipaa.auth.password.AccountResult;
import org.openhipaa.auth.password.Accounts;
import org.openhipaa.auth.password.AuthenticationResult;
import org.openhipaa.auth.password.PasswordAuthenticator;
import org.openhipaa.auth.password.PasswordHasher;
import org.openhipaa.auth.password.PasswordPolicy;
import org.openhipaa.auth.password.jdbc.JdbcCredentialStore;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.access.quota.jdbc.JdbcQuotaStore;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.alarm.AlarmRelay;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.local.FileWrappedKeyStore;
import org.openhipaa.core.crypto.local.KeyStoreKeyWrapper;
import org.openhipaa.core.phi.PhiAccess;
import org.openhipaa.core.phi.UpdateResult;
import org.openhipaa.core.phi.file.FileSealedRecordStore;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.FieldValues;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.RecordType;
import org.openhipaa.core.record.TenantId;

/** The start-up page is this code. */
class StartUpTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "start-up.md");

  @Test
  void page_isThisCode() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/org/openhipaa/samples/firstread/StartUpTest.java"));
    String begin = "// page: begin\n";
    String region = source.substring(source.indexOf(begin) + begin.length());

    String page = Files.readString(PAGE);
    String code = page.substring(page.indexOf("```java\n") + 8);

    assertThat(flat(code.substring(0, code.indexOf("```"))))
        .isEqualTo(flat(region.substring(0, region.indexOf("// page: end\n"))));
  }

  @Test
  void code_startsStoresAndLogsIn_andStartsAgain(@TempDir Path home) throws IOException {
    Files.copy(Path.of("policy.yaml"), home.resolve("policy.yaml"));
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:file:" + home.resolve("clinic"));

    start(home, database, "a long secret from elsewhere".toCharArray(), Relations.none());
    start(home, database, "a long secret from elsewhere".toCharArray(), Relations.none());
  }

  private static void start(
      Path home, JdbcDataSource database, char[] keyStorePassword, Relations careTeam) {
    // page: begin
    Clock clock = Clock.systemUTC();
    SecureRandom random = new SecureRandom();
    TenantId clinic = TenantId.of("clinic");
    AccessPolicy policy = AccessPolicy.load(home.resolve("policy.yaml"));

    // The very first start creates; every later one opens, and fails if something is missing.
    boolean first = Files.notExists(home.resolve("key-store.p12"));
    FileWrappedKeyStore wrappedKeys = new FileWrappedKeyStore(home.resolve("keys"));
    Keyring keyring = first
        ? Keyring.create(
            clinic,
            KeyStoreKeyWrapper.create(home.resolve("key-store.p12"), keyStorePassword, random),
            wrappedKeys,
            random)
        : Keyring.open(
            clinic,
            KeyStoreKeyWrapper.open(home.resolve("key-store.p12"), keyStorePassword, random),
            wrappedKeys,
            random);

    // The log raises alarms before there is a desk for them: the relay is connected below.
    AlarmRelay alarms = new AlarmRelay();
    FileAuditLog.Builder building =
        FileAuditLog.builder(home.resolve("audit"), keyring, alarms, clock, random);
    FileAuditLog log = first ? building.create() : building.open();

    JdbcIncidentStore incidentStore = new JdbcIncidentStore(database, keyring);
    incidentStore.createSchema();
    IncidentDesk incidents = new IncidentDesk(incidentStore, log, policy, clock, random);
    alarms.connect(incidents);

    JdbcQuotaStore quotas = new JdbcQuotaStore(database);
    quotas.createSchema();
    PhiAccess door = PhiAccess.builder()
        .policy(policy)
        .relations(careTeam)
        .quotas(quotas)
        .keyring(keyring)
        .records(new FileSealedRecordStore(home.resolve("records")))
        .audit(log)
        .alarms(incidents)
        .build();

    JdbcCredentialStore credentials = new JdbcCredentialStore(database);
    credentials.createSchema();
    PasswordHasher hasher = PasswordHasher.withDefaults(random);
    PasswordPolicy passwordPolicy = new PasswordPolicy(Set.of("clinic"), word -> false);
    Accounts accounts = new Accounts(credentials, hasher, passwordPolicy, log, clock);
    PasswordAuthenticator passwords = new PasswordAuthenticator(credentials, hasher, log, clock);

    // The first account is opened by the system itself. Passwords have at least 15 characters.
    Actor system =
        Actor.authenticated(AuditEvent.SYSTEM, Set.of(), Assurance.AAL1, clock.instant());
    AccountResult account = accounts.create(
        system,
        ActorId.of("rita.registrar"),
        Set.of(Group.of("registrar")),
        "blue folders on a marble desk".toCharArray());

    // A record is stored by somebody whom a rule permits every field of it, unmasked.
    AuthenticationResult login =
        passwords.authenticate("rita.registrar", "blue folders on a marble desk".toCharArray());
    Actor rita = login.fold(in -> in.actor(), refused -> nobody());
    RecordRef chart =
        RecordRef.of(clinic, RecordType.of("patient"), PatientId.of("MRN-4711"), "chart");
    UpdateResult stored = door.update(
        rita,
        chart,
        Purpose.OPERATIONS,
        FieldValues.of(Map.of(FieldPath.of("conditions"), "Anemia")));

    // On shutdown: first what records, then what it needs.
    log.close();
    keyring.close();
    // page: end
    assertThat(stored).isInstanceOf(UpdateResult.Stored.class);
    assertThat(account instanceof AccountResult.Done).isEqualTo(first);
  }

  private static Actor nobody() {
    throw new AssertionError("the log-in was refused");
  }

  private static String flat(String code) {
    return code.replaceAll("\\s+", " ").strip();
  }
}
