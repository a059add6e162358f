package org.openhipaa.core.phi;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.openhipaa.core.access.AccessPolicy;
import org.openhipaa.core.access.Relations;
import org.openhipaa.core.access.quota.QuotaCharge;
import org.openhipaa.core.access.quota.QuotaNotCheckedException;
import org.openhipaa.core.access.quota.QuotaReservation;
import org.openhipaa.core.access.quota.QuotaStore;
import org.openhipaa.core.access.rules.QuotaMeasure;
import org.openhipaa.core.actor.Action;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.audit.Receipt;
import org.openhipaa.core.crypto.FixedKeyWrapper;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.MapWrappedKeyStore;
import org.openhipaa.core.mask.Mask;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.FieldValues;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordRef;
import org.openhipaa.core.record.RecordType;
import org.openhipaa.core.record.TenantId;

/** A small clinic with fakes that remember and that fail when told to. Thread-safe. */
final class Clinic {
  static final TenantId TENANT = TenantId.of("clinic");
  static final RecordType PATIENT = RecordType.of("patient");
  static final FieldPath NAME = FieldPath.of("name");
  static final FieldPath BIRTH = FieldPath.of("birth-date");
  static final FieldPath SSN = FieldPath.of("ssn");
  static final FieldPath DIAGNOSIS = FieldPath.of("diagnosis");

  /** Every piece of PHI in these tests holds this word. */
  static final String CANARY = "canary";

  static final Actor NURSE = actor("nurse-1", "nurse");
  static final Actor CLERK = actor("clerk-1", "clerk");
  static final Actor PHYSICIAN = actor("physician-1", "physician");
  static final Actor STRANGER = actor("stranger-1");

  final AccessPolicy policy = AccessPolicy.builder("clinic")
      .groups("nurse", "clerk", "physician")
      .relations("treating")
      .recordType("patient", "name", "birth-date", "ssn", "diagnosis")
      .permit(
          "nurse-reads",
          r -> r.groups("nurse")
              .actions(Action.READ)
              .recordType("patient")
              .purposes(Purpose.TREATMENT)
              .when("treating")
              .show("name", "diagnosis")
              .mask(Mask.YEAR, "birth-date")
              .quota(2, Duration.ofHours(1)))
      .permit(
          "clerk-reads",
          r -> r.groups("clerk")
              .actions(Action.READ, Action.UPDATE)
              .recordType("patient")
              .purposes(Purpose.PAYMENT)
              .show("name")
              .mask(Mask.LAST_FOUR, "ssn")
              .quota(2, Duration.ofHours(1)))
      .permit(
          "physician-does-all",
          r -> r.groups("physician")
              .actions(Action.READ, Action.CREATE, Action.UPDATE)
              .recordType("patient")
              .purposes(Purpose.TREATMENT)
              .show("name", "birth-date", "ssn", "diagnosis"))
      .build();

  final SecureRandom random = new SecureRandom();
  final MapWrappedKeyStore keys = new MapWrappedKeyStore();
  final Records records = new Records();
  final Audit audit = new Audit();
  final Quotas quotas = new Quotas();
  final List<Alarm> alarms = Collections.synchronizedList(new ArrayList<>());
  final Set<PatientId> strangers = ConcurrentHashMap.newKeySet();
  final Time time = new Time();
  final Relations relations = (relation, actor, patient) -> !strangers.contains(patient);
  Keyring keyring = Keyring.create(TENANT, FixedKeyWrapper.any(), keys, random);

  PhiAccess door() {
    return door(records, quotas);
  }

  PhiAccess door(SealedRecordStore store, QuotaStore counter) {
    return PhiAccess.builder()
        .policy(policy)
        .relations(relations)
        .quotas(counter)
        .keyring(keyring)
        .records(store)
        .audit(audit)
        .alarms(alarms::add)
        .clock(time)
        .random(random)
        .build();
  }

  /** The application starts anew: nothing is cached. */
  void restart() {
    keyring.close();
    keyring = Keyring.open(TENANT, FixedKeyWrapper.any(), keys, random);
  }

  static RecordRef record(String patient) {
    return RecordRef.of(TENANT, PATIENT, PatientId.of("canary-" + patient), "canary-record");
  }

  static FieldValues values(String patient) {
    return FieldValues.of(Map.of(
        NAME,
        "canary-name-" + patient,
        BIRTH,
        "1930-05-17",
        SSN,
        "999-canary-4711",
        DIAGNOSIS,
        "canary-diagnosis-" + patient));
  }

  /** Stores a record and forgets how it came about. */
  RecordRef stored(String patient) {
    RecordRef record = record(patient);
    door().update(PHYSICIAN, record, Purpose.TREATMENT, values(patient));
    audit.events.clear();
    return record;
  }

  static ReadRequest treatment(RecordRef record) {
    return ReadRequest.allPermitted(record, Purpose.TREATMENT);
  }

  static ReadRequest payment(RecordRef record) {
    return ReadRequest.allPermitted(record, Purpose.PAYMENT);
  }

  static Actor actor(String id, String... groups) {
    return Actor.authenticated(
        ActorId.of(id),
        Arrays.stream(groups).map(Group::of).collect(Collectors.toSet()),
        Assurance.AAL1,
        Instant.EPOCH);
  }

  /** Records in memory. */
  static final class Records implements SealedRecordStore {
    final Map<String, byte[]> files = new ConcurrentHashMap<>();
    volatile Runnable beforeReplace = () -> {};
    volatile RuntimeException findFails;
    volatile RuntimeException replaceFails;

    @Override
    public Optional<byte[]> find(String name) {
      if (findFails != null) {
        throw findFails;
      }
      return Optional.ofNullable(files.get(name)).map(byte[]::clone);
    }

    @Override
    public boolean replace(String name, byte[] expected, byte[] sealed) {
      beforeReplace.run();
      if (replaceFails != null) {
        throw replaceFails;
      }
      synchronized (this) {
        if (!Arrays.equals(files.get(name), expected)) {
          return false;
        }
        files.put(name, sealed.clone());
        return true;
      }
    }

    String onlyName() {
      return files.keySet().iterator().next();
    }
  }

  /** An audit log in memory that can be told to fail. */
  static final class Audit implements AuditSink {
    final List<AuditEvent> events = Collections.synchronizedList(new ArrayList<>());
    volatile boolean fails;

    @Override
    public Receipt record(AuditEvent event) {
      if (fails) {
        throw new AuditNotRecordedException("the audit disk is full");
      }
      synchronized (events) {
        events.add(event);
        return new Receipt("test", events.size() - 1, "0".repeat(64));
      }
    }

    AuditEvent last() {
      return events.get(events.size() - 1);
    }
  }

  /** Counts for ever, whatever the window. */
  static final class Quotas implements QuotaStore {
    final Map<String, Set<String>> counted = new HashMap<>();
    final Map<String, Long> bytes = new HashMap<>();
    volatile boolean fails;
    volatile boolean settleFails;
    volatile boolean undoFails;

    @Override
    public synchronized QuotaReservation reserve(List<QuotaCharge> charges, Instant now) {
      if (fails) {
        throw new QuotaNotCheckedException("the database is down", new IllegalStateException());
      }
      for (QuotaCharge charge : charges) {
        Set<String> patients = counted.getOrDefault(charge.key(), Set.of());
        if (charge.limit().measure() != QuotaMeasure.BYTES
            && !patients.contains(charge.token())
            && patients.size() >= charge.limit().hard()) {
          return new QuotaReservation.Exceeded(charge, patients.size());
        }
      }
      List<QuotaCharge> fresh = charges.stream()
          .filter(charge -> charge.limit().measure() != QuotaMeasure.BYTES)
          .filter(charge ->
              counted.computeIfAbsent(charge.key(), k -> new HashSet<>()).add(charge.token()))
          .toList();
      return new Reserved(charges, fresh);
    }

    private final class Reserved implements QuotaReservation.Granted {
      private final List<QuotaCharge> charges;
      private final List<QuotaCharge> fresh;

      Reserved(List<QuotaCharge> charges, List<QuotaCharge> fresh) {
        this.charges = charges;
        this.fresh = fresh;
      }

      @Override
      public List<QuotaCharge> warnings() {
        return charges.stream()
            .filter(charge -> charge.limit().soft().isPresent())
            .filter(charge -> counted.getOrDefault(charge.key(), Set.of()).size()
                == charge.limit().soft().getAsLong())
            .toList();
      }

      @Override
      public Optional<QuotaReservation.Exceeded> settle(long amount) {
        if (settleFails) {
          throw new QuotaNotCheckedException("the database is down", new IllegalStateException());
        }
        for (QuotaCharge charge : charges) {
          if (charge.limit().measure() == QuotaMeasure.BYTES) {
            long sum = bytes.merge(charge.key(), amount, Long::sum);
            if (sum > charge.limit().hard()) {
              bytes.merge(charge.key(), -amount, Long::sum);
              release();
              return Optional.of(new QuotaReservation.Exceeded(charge, sum - amount));
            }
          }
        }
        return Optional.empty();
      }

      @Override
      public void release() {
        if (undoFails) {
          throw new QuotaNotCheckedException("the database is down", new IllegalStateException());
        }
        fresh.forEach(charge -> counted.get(charge.key()).remove(charge.token()));
      }
    }

    synchronized int total() {
      return counted.values().stream().mapToInt(Set::size).sum();
    }
  }

  /** A clock that stands until it is set. */
  static final class Time extends Clock {
    volatile Instant now = Instant.parse("2026-11-24T08:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
