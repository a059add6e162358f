package org.openhipaa.audit;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.alarm.AlarmSink;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.crypto.KeyWrapper;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.RawKeyWrap;
import org.openhipaa.core.crypto.WrappedKeyStore;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordType;
import org.openhipaa.core.record.TenantId;

/** What the tests of this module share: keys in memory, chance from a seed, one clock, some events. */
public final class Fixtures {
  public static final TenantId TENANT = TenantId.of("clinic");
  public static final PatientId PATIENT = PatientId.of("MRN-000417-PATIENT");
  public static final String RECORD_ID = "RECORD-88213";
  public static final Instant NOW = Instant.parse("2026-11-24T10:00:00.123456789Z");
  public static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private Fixtures() {}

  /** Chance that is the same in every run: SHA-256 over a seed and a counter. */
  public static final class SeededRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final long seed;
    private long counter;

    public SeededRandom(long seed) {
      this.seed = seed;
    }

    @Override
    public synchronized void nextBytes(byte[] bytes) {
      try {
        for (int i = 0; i < bytes.length; i += 32) {
          byte[] block =
              ByteBuffer.allocate(16).putLong(seed).putLong(counter++).array();
          block = MessageDigest.getInstance("SHA-256").digest(block);
          System.arraycopy(block, 0, bytes, i, Math.min(32, bytes.length - i));
        }
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Wrapped keys in memory; {@link #destroy} is what shredding comes to. */
  public static final class MemoryKeys implements WrappedKeyStore {
    private final Map<String, byte[]> keys = new ConcurrentHashMap<>();

    @Override
    public Optional<byte[]> find(String name) {
      return Optional.ofNullable(keys.get(name));
    }

    @Override
    public boolean create(String name, byte[] wrapped) {
      return keys.putIfAbsent(name, wrapped) == null;
    }

    public void destroy(String name) {
      assertNotNull(keys.remove(name));
    }

    private static void assertNotNull(Object key) {
      if (key == null) {
        throw new AssertionError("there was no such key");
      }
    }
  }

  /** A key-encryption key in memory. */
  public static final class MemoryWrapper implements KeyWrapper {
    private final byte[] key = new byte[32];
    private final SecureRandom random;

    public MemoryWrapper(SecureRandom random) {
      this.random = random;
      random.nextBytes(key);
    }

    @Override
    public String keyId() {
      return "memory";
    }

    @Override
    public byte[] wrap(byte[] plain, byte[] context) {
      return RawKeyWrap.wrap(key, random, plain, context);
    }

    @Override
    public byte[] unwrap(String keyId, byte[] wrapped, byte[] context) {
      return RawKeyWrap.unwrap(key, wrapped, context);
    }
  }

  /** The keys of a tenant and all that is needed to open them again. */
  public static final class Keys {
    public final SeededRandom random;
    public final MemoryKeys store = new MemoryKeys();
    private final MemoryWrapper wrapper;
    private final TenantId tenant;
    public final Keyring keyring;

    public Keys(long seed) {
      this(TENANT, seed);
    }

    public Keys(TenantId tenant, long seed) {
      this.tenant = tenant;
      this.random = new SeededRandom(seed);
      this.wrapper = new MemoryWrapper(random);
      this.keyring = Keyring.create(tenant, wrapper, store, random);
    }

    /** Another keyring over the same keys, as after a restart. */
    public Keyring reopened() {
      return Keyring.open(tenant, wrapper, store, random);
    }
  }

  /** Remembers alarms. */
  public static final class Alarms implements AlarmSink {
    public final List<Alarm> raised = new CopyOnWriteArrayList<>();

    @Override
    public void raise(Alarm alarm) {
      raised.add(alarm);
    }
  }

  /** An event with everything in it. */
  public static AuditEvent fullEvent() {
    return AuditEvent.builder(NOW, AuditAction.READ, Outcome.SUCCESS, ActorId.of("nurse.joy"))
        .correlation(new UUID(0x0123456789abcdefL, 0x8edcba9876543210L))
        .purpose(Purpose.TREATMENT)
        .recordType(RecordType.of("patient"))
        .patient(PATIENT)
        .recordId(RECORD_ID)
        .fields(Set.of(FieldPath.of("name"), FieldPath.of("birthdate")))
        .rules(List.of("nurse-reads", "own-ward"))
        .policyHash("ab".repeat(32))
        .detail("ward 7, caf\u00e9")
        .build();
  }

  /** A short event without a subject, told from others by its number. */
  public static AuditEvent event(int number) {
    return AuditEvent.builder(
            NOW.plusSeconds(number), AuditAction.LOGIN, Outcome.SUCCESS, ActorId.of("a" + number))
        .detail("event " + number)
        .build();
  }
}
