package org.openhipaa.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.audit.incident.IncidentStore;
import org.openhipaa.audit.incident.jdbc.JdbcIncidentStore;
import org.openhipaa.audit.store.file.AuditLogReader;
import org.openhipaa.audit.store.file.FileAuditLog;
import org.openhipaa.audit.store.file.LoggedEntry;
import org.openhipaa.auth.password.CredentialStore;
import org.openhipaa.auth.password.jdbc.JdbcCredentialStore;
import org.openhipaa.backup.store.BlobStore;
import org.openhipaa.backup.store.directory.DirectoryBlobStore;
import org.openhipaa.core.access.breakglass.BreakGlassStore;
import org.openhipaa.core.access.breakglass.jdbc.JdbcBreakGlassStore;
import org.openhipaa.core.access.consent.ConsentStore;
import org.openhipaa.core.access.consent.jdbc.JdbcConsentStore;
import org.openhipaa.core.access.grant.GrantStore;
import org.openhipaa.core.access.grant.jdbc.JdbcGrantStore;
import org.openhipaa.core.access.quota.QuotaStore;
import org.openhipaa.core.access.quota.jdbc.JdbcQuotaStore;
import org.openhipaa.core.access.quota.memory.MemoryQuotaStore;
import org.openhipaa.core.alarm.LoggingAlarmSink;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.audit.Receipt;
import org.openhipaa.core.crypto.KeyWrapper;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.WrappedKeyStore;
import org.openhipaa.core.crypto.local.FileWrappedKeyStore;
import org.openhipaa.core.crypto.local.KeyStoreKeyWrapper;
import org.openhipaa.core.phi.SealedRecordStore;
import org.openhipaa.core.phi.file.FileSealedRecordStore;
import org.openhipaa.core.record.TenantId;

/** Every built-in implementation of a port passes the port's contract. */
class BuiltInsTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @Nested
  class FileSealedRecords extends SealedRecordStoreContract {
    @TempDir
    private Path folder;

    @Override
    protected SealedRecordStore open() {
      return new FileSealedRecordStore(folder);
    }
  }

  @Nested
  class FileWrappedKeys extends WrappedKeyStoreContract {
    @TempDir
    private Path folder;

    @Override
    protected WrappedKeyStore open() {
      return new FileWrappedKeyStore(folder);
    }
  }

  @Nested
  class KeyStoreFile extends KeyWrapperContract {
    @TempDir
    private Path folder;

    @Override
    protected KeyWrapper open() {
      return openOrCreate(folder.resolve("one.p12"));
    }

    @Override
    protected KeyWrapper openOther() {
      return openOrCreate(folder.resolve("other.p12"));
    }

    private static KeyWrapper openOrCreate(Path file) {
      char[] password = "correct horse".toCharArray();
      return Files.exists(file)
          ? KeyStoreKeyWrapper.open(file, password, RANDOM)
          : KeyStoreKeyWrapper.create(file, password, RANDOM);
    }
  }

  @Nested
  class JdbcQuotas extends QuotaStoreContract {
    private final DataSource database = database();

    @Override
    protected QuotaStore open() {
      JdbcQuotaStore store = new JdbcQuotaStore(database);
      store.createSchema();
      return store;
    }
  }

  @Nested
  class MemoryQuotas extends QuotaStoreContract {
    private final QuotaStore store = new MemoryQuotaStore(System::nanoTime);

    @Override
    protected QuotaStore open() {
      return store;
    }

    @Override
    protected int randomRequests() {
      return 5_000;
    }
  }

  @Nested
  class JdbcCredentials extends CredentialStoreContract {
    private final DataSource database = database();

    @Override
    protected CredentialStore open() {
      JdbcCredentialStore store = new JdbcCredentialStore(database);
      store.createSchema();
      return store;
    }
  }

  @Nested
  class JdbcIncidents extends IncidentStoreContract {
    private final DataSource database = database();

    @TempDir
    private Path folder;

    private Keyring keyring;

    @Override
    protected IncidentStore open() {
      if (keyring == null) {
        keyring = keyring(folder);
      }
      JdbcIncidentStore store = new JdbcIncidentStore(database, keyring);
      store.createSchema();
      return store;
    }
  }

  @Nested
  class JdbcBreakGlass extends BreakGlassStoreContract {
    private final DataSource database = database();

    @TempDir
    private Path folder;

    private Keyring keyring;

    @Override
    protected BreakGlassStore open() {
      if (keyring == null) {
        keyring = keyring(folder);
      }
      JdbcBreakGlassStore store = new JdbcBreakGlassStore(database, keyring);
      store.createSchema();
      return store;
    }
  }

  @Nested
  class JdbcConsents extends ConsentStoreContract {
    private final DataSource database = database();

    @Override
    protected ConsentStore open() {
      JdbcConsentStore store = new JdbcConsentStore(database);
      store.createSchema();
      return store;
    }
  }

  @Nested
  class JdbcGrants extends GrantStoreContract {
    private final DataSource database = database();

    @TempDir
    private Path folder;

    private Keyring keyring;

    @Override
    protected GrantStore open() {
      if (keyring == null) {
        keyring = keyring(folder);
      }
      JdbcGrantStore store = new JdbcGrantStore(database, keyring);
      store.createSchema();
      return store;
    }
  }

  @Nested
  class DirectoryBlobs extends BlobStoreContract {
    @TempDir
    private Path folder;

    @Override
    protected BlobStore open() {
      return new DirectoryBlobStore(folder);
    }
  }

  @Nested
  class FileLog extends AuditSinkContract {
    @TempDir
    private Path folder;

    private FileAuditLog log;

    @Override
    protected AuditSink open() {
      if (log == null) {
        log = FileAuditLog.builder(
                folder.resolve("log"),
                keyring(folder),
                new LoggingAlarmSink(),
                Clock.systemUTC(),
                RANDOM)
            .create();
      }
      return log;
    }

    @Override
    protected AuditEvent reread(Receipt receipt) {
      log.close();
      try (Stream<LoggedEntry> entries =
          AuditLogReader.of(folder.resolve("log")).entries(receipt.index())) {
        LoggedEntry entry = entries.findFirst().orElseThrow();
        assertThat(entry.leafHash().toHex()).isEqualTo(receipt.leafHash());
        return entry.entry().event();
      }
    }

    @Override
    protected List<byte[]> storedBytes() {
      try (Stream<Path> files = Files.walk(folder.resolve("log"))) {
        return files.filter(Files::isRegularFile).map(BuiltInsTest::read).toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @AfterEach
    void closeLog() {
      if (log != null) {
        log.close();
      }
    }
  }

  private static Keyring keyring(Path folder) {
    return Keyring.create(
        TenantId.of("clinic"),
        KeyStoreKeyWrapper.create(
            folder.resolve("keys.p12"), "correct horse".toCharArray(), RANDOM),
        new FileWrappedKeyStore(folder.resolve("keys")),
        RANDOM);
  }

  private static DataSource database() {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    return database;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
