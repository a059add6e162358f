package org.openhipaa.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.openhipaa.backup.repository.BackupReport;
import org.openhipaa.backup.repository.BackupRepository;
import org.openhipaa.backup.repository.BackupWriter;
import org.openhipaa.backup.restore.RestoreReport;
import org.openhipaa.backup.restore.Restorer;
import org.openhipaa.backup.source.SnapshotSource;
import org.openhipaa.backup.store.BlobStore;
import org.openhipaa.backup.store.InMemoryBlobStore;
import org.openhipaa.backup.verify.Verifier;
import org.openhipaa.backup.verify.VerifyResult;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.Receipt;
import org.openhipaa.core.crypto.KeyWrapper;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.RawKeyWrap;
import org.openhipaa.core.crypto.WrappedKeyStore;
import org.openhipaa.core.record.TenantId;

/**
 * A tenant with keys, a store, a log and an alarm bell: what every test of this module begins with.
 */
public final class Fixture {
  public static final ActorId OPERATOR = ActorId.of("operator-1");
  public static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-24T10:15:30Z"), ZoneOffset.UTC);

  public final BlobStore store;
  public final Keyring keyring;
  public final List<AuditEvent> audited = new ArrayList<>();
  public final List<Alarm> alarms = new ArrayList<>();
  public boolean auditFails;

  public Fixture() {
    this(new InMemoryBlobStore(), keyring("clinic-a", 1));
  }

  public Fixture(BlobStore store, Keyring keyring) {
    this.store = store;
    this.keyring = keyring;
  }

  /** The same tenant and its log and alarms, over another store. */
  public Fixture over(BlobStore other) {
    return new Fixture(other, keyring);
  }

  public static Keyring keyring(String tenant, long seed) {
    SecureRandom random = predictable(seed);
    return Keyring.create(TenantId.of(tenant), wrapper(random), new MapKeyStore(), random);
  }

  public BackupRepository create() {
    return BackupRepository.create(store, keyring, alarms::add, CLOCK, predictable(7));
  }

  public BackupRepository open() {
    return BackupRepository.open(store, keyring, alarms::add, CLOCK);
  }

  public BackupReport backup(SnapshotSource... sources) {
    return writer().backup(OPERATOR, List.of(sources), Progress.NONE);
  }

  public BackupWriter writer() {
    return new BackupWriter(store, keyring, this::record, alarms::add, CLOCK);
  }

  public VerifyResult verify() {
    return verifier().verify(OPERATOR, Progress.NONE);
  }

  public Verifier verifier() {
    return Verifier.withKeyring(store, keyring, this::record, alarms::add, CLOCK);
  }

  public RestoreReport restore(long sequence, Path target) {
    return restorer().restore(OPERATOR, sequence, target, Progress.NONE);
  }

  public Restorer restorer() {
    return new Restorer(store, keyring, this::record, alarms::add, CLOCK);
  }

  public Receipt record(AuditEvent event) {
    if (auditFails) {
      throw new AuditNotRecordedException("the log is broken");
    }
    audited.add(event);
    return new Receipt("test-log", audited.size() - 1, "0".repeat(64));
  }

  /** Predictable "randomness", so that a failing test fails again. */
  public static SecureRandom predictable(long seed) {
    SplittableRandom source = new SplittableRandom(seed);
    return new SecureRandom() {
      @Override
      public void nextBytes(byte[] bytes) {
        source.nextBytes(bytes);
      }
    };
  }

  /** Where a test may write much: in memory, if the machine offers that. */
  public static Path scratch(Path otherwise) {
    Path memory = Path.of("/dev/shm");
    try {
      return Files.isWritable(memory)
          ? Files.createTempDirectory(memory, "openhipaa-test")
          : Files.createDirectory(otherwise.resolve("scratch"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void write(Path file, String content) {
    write(file, content.getBytes(StandardCharsets.UTF_8));
  }

  public static void write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] bytes(SplittableRandom random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  public static void delete(Path tree) {
    try (var paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KeyWrapper wrapper(SecureRandom random) {
    byte[] key = new byte[32];
    random.nextBytes(key);
    return new KeyWrapper() {
      @Override
      public String keyId() {
        return "test-kek";
      }

      @Override
      public byte[] wrap(byte[] plain, byte[] context) {
        return RawKeyWrap.wrap(key, random, plain, context);
      }

      @Override
      public byte[] unwrap(String keyId, byte[] wrapped, byte[] context) {
        return RawKeyWrap.unwrap(key, wrapped, context);
      }
    };
  }

  private static final class MapKeyStore implements WrappedKeyStore {
    private final Map<String, byte[]> keys = new HashMap<>();

    @Override
    public Optional<byte[]> find(String name) {
      return Optional.ofNullable(keys.get(name));
    }

    @Override
    public boolean create(String name, byte[] wrapped) {
      return keys.putIfAbsent(name, wrapped) == null;
    }
  }
}
