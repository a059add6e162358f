package org.openhipaa.samples.firstread;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Set;
import org.h2.jdbcx.JdbcConnectionPool;
import org.openhipaa.audit.incident.IncidentDesk;
import org.openhipaa.audit.incident.jdbc.JdbcIncidentStore;
import org.openhipaa.audit.store.file.FileAuditLog;
import org.openhipaa.auth.password.Accounts;
import org.openhipaa.auth.password.PasswordAuthenticator;
import org.openhipaa.auth.password.PasswordHasher;
import org.openhipaa.auth.password.PasswordPolicy;
import org.openhipaa.auth.password.jdbc.JdbcCredentialStore;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.access.quota.jdbc.JdbcQuotaStore;
import org.openhipaa.core.alarm.AlarmRelay;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.local.FileWrappedKeyStore;
import org.openhipaa.core.crypto.local.KeyStoreKeyWrapper;
import org.openhipaa.core.phi.PhiAccess;
import org.openhipaa.core.phi.file.FileSealedRecordStore;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.RecordType;
import org.openhipaa.core.record.TenantId;

/** The clinic's application: the modules put together over one folder and one embedded database. */
final class Clinic implements AutoCloseable {
  static final TenantId TENANT = TenantId.of("clinic");
  static final RecordType CHART = RecordType.of("patient");

  /** A real installation keeps it in a secret store. Here the operator's tool shall find it. */
  private static final String PASSWORD_FILE = "key-store-password.txt";

  private final Path home;
  private final Clock clock = Clock.systemUTC();
  private final SecureRandom random = new SecureRandom();
  private final AccessPolicy policy;
  private final Relations relations;
  private final Keyring keyring;
  private final JdbcConnectionPool database;
  private final FileAuditLog log;
  private final IncidentDesk incidents;
  private final PasswordAuthenticator passwords;
  private final Accounts accounts;
  private final PhiAccess door;

  private Clinic(Path home, AccessPolicy policy, Relations relations, boolean create) {
    this.home = home;
    this.policy = policy;
    this.relations = relations;
    this.keyring = openKeys(create);
    this.database = JdbcConnectionPool.create(
        "jdbc:h2:file:" + home.resolve("clinic").toAbsolutePath(), "", "");

    // The log raises alarms before there is a desk that takes them, and the desk records in the
    // log.
    AlarmRelay alarms = new AlarmRelay();
    FileAuditLog.Builder building =
        FileAuditLog.builder(auditFolder(), keyring, alarms, clock, random);
    this.log = create ? building.create() : building.open();
    JdbcIncidentStore incidentStore = new JdbcIncidentStore(database, keyring);
    incidentStore.createSchema();
    this.incidents = new IncidentDesk(incidentStore, log, policy, clock, random);
    alarms.connect(incidents);

    JdbcCredentialStore credentials = new JdbcCredentialStore(database);
    credentials.createSchema();
    PasswordHasher hasher = PasswordHasher.withDefaults(random);
    this.passwords = new PasswordAuthenticator(credentials, hasher, log, clock);
    this.accounts = new Accounts(
        credentials, hasher, new PasswordPolicy(Set.of("clinic"), word -> false), log, clock);
    this.door = door(recordFolder(), log);
  }

  static Clinic create(Path home, AccessPolicy policy, Relations relations) {
    return new Clinic(home, policy, relations, true);
  }

  static Clinic open(Path home, AccessPolicy policy, Relations relations) {
    return new Clinic(home, policy, relations, false);
  }

  /** The front door over the clinic's records. */
  PhiAccess door() {
    return door;
  }

  /** The front door over records in some folder, recording somewhere. */
  PhiAccess door(Path records, AuditSink audit) {
    JdbcQuotaStore quotas = new JdbcQuotaStore(database);
    quotas.createSchema();
    return PhiAccess.builder()
        .policy(policy)
        .relations(relations)
        .quotas(quotas)
        .keyring(keyring)
        .records(new FileSealedRecordStore(records))
        .audit(audit)
        .alarms(incidents)
        .clock(clock)
        .random(random)
        .build();
  }

  static RecordRef chart(PatientId patient) {
    return RecordRef.of(TENANT, CHART, patient, "chart");
  }

  PasswordAuthenticator passwords() {
    return passwords;
  }

  Accounts accounts() {
    return accounts;
  }

  IncidentDesk incidents() {
    return incidents;
  }

  FileAuditLog log() {
    return log;
  }

  Keyring keyring() {
    return keyring;
  }

  Clock clock() {
    return clock;
  }

  SecureRandom random() {
    return random;
  }

  Path recordFolder() {
    return home.resolve("records");
  }

  Path keyFolder() {
    return home.resolve("keys");
  }

  Path auditFolder() {
    return home.resolve("audit");
  }

  @Override
  public void close() {
    log.close();
    database.dispose();
    keyring.close();
  }

  private Keyring openKeys(boolean create) {
    try {
      Path safe = home.resolve("safe");
      Path passwordFile = safe.resolve(PASSWORD_FILE);
      Path keyStore = safe.resolve("key-store.p12");
      if (!create) {
        char[] password = Files.readString(passwordFile).strip().toCharArray();
        return Keyring.open(
            TENANT,
            KeyStoreKeyWrapper.open(keyStore, password, random),
            new FileWrappedKeyStore(keyFolder()),
            random);
      }
      Files.createDirectories(safe);
      String password = new java.math.BigInteger(160, random).toString(36);
      Files.writeString(passwordFile, password + "\n");
      return Keyring.create(
          TENANT,
          KeyStoreKeyWrapper.create(keyStore, password.toCharArray(), random),
          new FileWrappedKeyStore(keyFolder()),
          random);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the clinic's safe in " + home, e);
    }
  }
}
