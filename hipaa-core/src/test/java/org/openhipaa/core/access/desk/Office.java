package org.openhipaa.core.access.desk;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Assurance;
import org.openhipaa.core.actor.Group;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.AuditNotRecordedException;
import org.openhipaa.core.audit.AuditSink;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.audit.Receipt;
import org.openhipaa.core.crypto.FixedKeyWrapper;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.MapWrappedKeyStore;
import org.openhipaa.core.record.TenantId;

/** A log, a database, keys and a clock that do what a test tells them. Thread-safe. */
public final class Office implements AuditSink {
  public static final TenantId TENANT = TenantId.of("clinic");
  public static final Instant START = Instant.parse("2026-03-02T08:00:00Z");

  public final SecureRandom random = new SecureRandom();
  public final List<AuditEvent> events = Collections.synchronizedList(new ArrayList<>());
  public final List<Alarm> alarms = Collections.synchronizedList(new ArrayList<>());
  public final Keyring keyring =
      Keyring.create(TENANT, FixedKeyWrapper.any(), new MapWrappedKeyStore(), random);
  public final DataSource database = database();
  public final Time clock = new Time();
  private volatile int failingFrom = Integer.MAX_VALUE;

  /** Lets every record fail after some more. */
  public void failAfter(int more) {
    failingFrom = events.size() + more;
  }

  public void recover() {
    failingFrom = Integer.MAX_VALUE;
  }

  @Override
  public synchronized Receipt record(AuditEvent event) {
    if (events.size() >= failingFrom) {
      throw new AuditNotRecordedException("told to fail");
    }
    events.add(event);
    return new Receipt("test", events.size() - 1L, "00".repeat(32));
  }

  public AuditEvent last() {
    return events.get(events.size() - 1);
  }

  public List<AuditEvent> events(AuditAction action, Outcome outcome) {
    return List.copyOf(events).stream()
        .filter(event -> event.action() == action && event.outcome() == outcome)
        .toList();
  }

  /** All that stands in the log in clear. */
  public String clearText() {
    return List.copyOf(events).stream()
        .map(event -> event + event.detail() + event.reason() + event.rules())
        .collect(Collectors.joining("\n"));
  }

  public static Actor actor(String id, String... groups) {
    return Actor.authenticated(
        ActorId.of(id),
        Arrays.stream(groups).map(Group::of).collect(Collectors.toSet()),
        Assurance.AAL2,
        START);
  }

  public static <T> T done(DeskResult<T> result) {
    return result.fold(DeskResult.Done::value, refused -> {
      throw new AssertionError("refused: " + refused);
    });
  }

  public static String refusal(DeskResult<?> result) {
    return result.fold(done -> "none: it was done", refused -> refused.reason());
  }

  public static boolean isDone(DeskResult<?> result) {
    return result.fold(done -> true, refused -> false);
  }

  /** Runs all tries at once; the answers in the order of the tries. */
  public static <T> List<T> race(int tries, IntFunction<T> each) {
    ExecutorService threads = Executors.newFixedThreadPool(tries);
    try {
      List<Callable<T>> calls = IntStream.range(0, tries)
          .<Callable<T>>mapToObj(i -> () -> each.apply(i))
          .toList();
      List<T> answers = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(calls)) {
        answers.add(future.get());
      }
      return answers;
    } catch (Exception e) {
      throw new AssertionError("a try failed", e);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Fails with whatever the test wants. */
  public static <T> T failing(Supplier<? extends RuntimeException> with) {
    throw with.get();
  }

  public static Set<Group> groups(String... names) {
    return Arrays.stream(names).map(Group::of).collect(Collectors.toSet());
  }

  private static DataSource database() {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    return database;
  }

  /** Stands still until it is moved. */
  public static final class Time extends Clock {
    private volatile Instant now = START;

    public synchronized void advance(Duration by) {
      now = now.plus(by);
    }

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
