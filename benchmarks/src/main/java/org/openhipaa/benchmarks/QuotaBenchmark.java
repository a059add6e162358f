package org.openhipaa.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.openhipaa.core.access.quota.QuotaCharge;
import org.openhipaa.core.access.quota.QuotaReservation;
import org.openhipaa.core.access.quota.memory.MemoryQuotaStore;
import org.openhipaa.core.access.rules.QuotaLimit;
import org.openhipaa.core.access.rules.QuotaMeasure;
import org.openhipaa.core.access.rules.QuotaScope;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a record cost whose read is counted in memory? One user's budget, a window of one
 * second in which a thousand different patients are read, a clock that goes on by a millisecond with
 * each read: every read counts a patient anew and lets one out of the window.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class QuotaBenchmark {
  private static final int PATIENTS = 4096;

  /** The store, which all threads share. */
  @State(Scope.Benchmark)
  public static class Shared {
    final MemoryQuotaStore store = new MemoryQuotaStore(System::nanoTime);
  }

  /** What one thread asks for. */
  @State(Scope.Thread)
  public static class Reads {
    /** What is counted. */
    @Param({"PATIENTS", "RECORDS", "BYTES"})
    public QuotaMeasure measure;

    private final List<List<QuotaCharge>> charges = new ArrayList<>();
    private final Instant[] times = new Instant[PATIENTS];
    private Instant base = Instant.parse("2026-11-24T08:00:00Z");
    private int next;

    /** Prepares the requests, which are not what is measured. */
    @Setup
    public void prepare() {
      QuotaLimit limit = new QuotaLimit(
          measure,
          QuotaScope.USER,
          1_000_000,
          OptionalLong.of(900_000),
          Duration.ofSeconds(1),
          new TreeSet<>());
      for (int i = 0; i < PATIENTS; i++) {
        String token = String.format("%064x", i * 0x9E3779B97F4A7C15L);
        charges.add(List.of(new QuotaCharge("clinic/nurse-reads/0/nora", limit, token, 1)));
        times[i] = base.plusMillis(i);
      }
    }

    List<QuotaCharge> charge() {
      next = (next + 1) % PATIENTS;
      if (next == 0) {
        base = base.plusMillis(PATIENTS);
        for (int i = 0; i < PATIENTS; i++) {
          times[i] = base.plusMillis(i);
        }
      }
      return charges.get(next);
    }

    Instant now() {
      return times[next];
    }
  }

  /**
   * One thread.
   *
   * @param shared the store
   * @param reads the requests
   * @return the answer
   */
  @Benchmark
  @Threads(1)
  public QuotaReservation oneThread(Shared shared, Reads reads) {
    return shared.store.reserve(reads.charge(), reads.now());
  }

  /**
   * Two threads that charge the same budget.
   *
   * @param shared the store
   * @param reads the requests
   * @return the answer
   */
  @Benchmark
  @Threads(2)
  public QuotaReservation twoThreads(Shared shared, Reads reads) {
    return shared.store.reserve(reads.charge(), reads.now());
  }
}
