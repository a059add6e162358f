package org.openhipaa.benchmarks.policy;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.openhipaa.benchmarks.policy.HospitalRules.Request;

/**
 * Prints what one decision costs in ours and in other policy engines that hold the same rules, in
 * nanoseconds and as ratios:
 *
 * <pre>java -cp benchmarks/target/benchmarks.jar org.openhipaa.benchmarks.policy.PolicyComparison
 * </pre>
 *
 * <p>Before an engine is measured it has to answer {@value #CHECKED} requests as the rules say; one
 * other answer ends the run. Rules and requests are made ready beforehand, so that what is measured
 * is one decision on one thread. Takes about five minutes, most of
 * them for checking and loading the slower engines.
 */
public final class PolicyComparison {
  static final long SEED = 20261124L;
  static final int SMALL = 1;
  static final int LARGE = 303;
  static final int REQUESTS = 4096;
  static final int CHECKED = 2000;

  private static final long SECOND = 1_000_000_000L;
  private static final long WARM_UP = 2 * SECOND;
  private static final int ROUNDS = 5;
  private static final long ROUND = SECOND * 6 / 10;
  private static final int TIMED = 2_000_000;

  /** Every engine, ours first. */
  static final List<Function<HospitalRules, Peer<?>>> PEERS = List.of(
      OpenhipaaPeer::new,
      SpringSecurityPeer::new,
      ShiroPeer::new,
      rules -> new AuthzForcePeer(rules, false),
      rules -> new AuthzForcePeer(rules, true),
      CedarPeer::new,
      JCasbinPeer::new);

  private long permitted;

  private PolicyComparison() {}

  /**
   * Checks, measures and prints.
   *
   * @param args parts of names, to measure only these engines beside ours; none for all
   */
  public static void main(String[] args) {
    new PolicyComparison().run(List.of(args), System.out, System.err);
  }

  private record Row(String name, String answers, double small, double large) {}

  private void run(List<String> wanted, PrintStream out, PrintStream progress) {
    HospitalRules small = HospitalRules.of(SMALL);
    HospitalRules large = HospitalRules.of(LARGE);
    List<Request> ofSmall = small.requests(SEED, REQUESTS);
    List<Request> ofLarge = large.requests(SEED, REQUESTS);
    List<Row> rows = new ArrayList<>();
    List<String> latencies = new ArrayList<>();
    for (Function<HospitalRules, Peer<?>> maker : PEERS) {
      boolean ours = rows.isEmpty();
      Peer<?> first = maker.apply(small);
      String name = first.name().toLowerCase(Locale.ROOT);
      if (!ours && !wanted.isEmpty() && wanted.stream().noneMatch(name::contains)) {
        continue;
      }
      progress.println("measuring " + first.name());
      double atSmall = checkedAndMeasured(first, small, ofSmall);
      if (ours) {
        latencies.add(latency(first, small, ofSmall));
      }
      Peer<?> second = maker.apply(large);
      double atLarge = checkedAndMeasured(second, large, ofLarge);
      if (ours) {
        latencies.add(latency(second, large, ofLarge));
      }
      rows.add(new Row(first.name(), first.answers(), atSmall, atLarge));
    }
    print(out, rows, small.rules().size(), large.rules().size());
    out.println();
    latencies.forEach(out::println);
    out.println("Reading the clock, which is in these, takes " + clock() + " ns.");
    if (permitted == 0) {
      throw new IllegalStateException("nothing was permitted");
    }
  }

  private static void print(PrintStream out, List<Row> rows, int small, int large) {
    String line = "%-27s %-12s %14s %14s %7s %12s %12s%n";
    out.printf(
        Locale.ROOT,
        line,
        "",
        "",
        small + " rules",
        large + " rules",
        "growth",
        "to ours at",
        "to ours at");
    out.printf(
        Locale.ROOT, line, "engine", "answers", "ns/decision", "ns/decision", "", small, large);
    Row ours = rows.get(0);
    for (Row row : rows) {
      out.printf(
          Locale.ROOT,
          line,
          row.name(),
          row.answers(),
          "%,.0f".formatted(row.small()),
          "%,.0f".formatted(row.large()),
          "%.2f".formatted(row.large() / row.small()),
          "%,.1f".formatted(row.small() / ours.small()),
          "%,.1f".formatted(row.large() / ours.large()));
    }
  }

  private <Q> double checkedAndMeasured(
      Peer<Q> peer, HospitalRules rules, List<Request> requests) {
    check(peer, rules, requests.subList(0, CHECKED));
    return measure(peer, prepare(peer, requests));
  }

  /**
   * Compares an engine's answers with those of the rules.
   *
   * @throws IllegalStateException at the first other answer
   */
  static <Q> void check(Peer<Q> peer, HospitalRules rules, List<Request> requests) {
    for (Request request : requests) {
      boolean expected = rules.permits(request);
      if (peer.permits(peer.prepare(request)) != expected) {
        throw new IllegalStateException(peer.name()
            + " with "
            + rules.rules().size()
            + " rules "
            + (expected ? "denies" : "permits")
            + " "
            + request
            + ", which the rules do not: nothing is measured");
      }
    }
  }

  private static <Q> List<Q> prepare(Peer<Q> peer, List<Request> requests) {
    return requests.stream().map(peer::prepare).toList();
  }

  /** The median of some rounds, in nanoseconds for each decision. */
  private <Q> double measure(Peer<Q> peer, List<Q> requests) {
    double estimate = round(peer, requests, WARM_UP, 1);
    // The clock is read about every 50 microseconds, or after each decision that takes longer.
    int batch = (int) Math.max(1, Math.min(requests.size(), 50_000 / estimate));
    double[] rounds = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      rounds[i] = round(peer, requests, ROUND, batch);
    }
    Arrays.sort(rounds);
    return rounds[ROUNDS / 2];
  }

  private <Q> double round(Peer<Q> peer, List<Q> requests, long nanos, int batch) {
    int next = 0;
    long calls = 0;
    long granted = 0;
    long start = System.nanoTime();
    long spent = 0;
    while (spent < nanos) {
      for (int i = 0; i < batch; i++) {
        if (peer.permits(requests.get(next))) {
          granted++;
        }
        next = next + 1 == requests.size() ? 0 : next + 1;
      }
      calls += batch;
      spent = System.nanoTime() - start;
    }
    permitted += granted;
    return (double) spent / calls;
  }

  /** Times decisions one by one. */
  private <Q> String latency(Peer<Q> peer, HospitalRules rules, List<Request> requests) {
    List<Q> prepared = prepare(peer, requests);
    long[] times = new long[TIMED];
    int next = 0;
    for (int i = 0; i < TIMED; i++) {
      long start = System.nanoTime();
      boolean granted = peer.permits(prepared.get(next));
      times[i] = System.nanoTime() - start;
      permitted += granted ? 1 : 0;
      next = next + 1 == prepared.size() ? 0 : next + 1;
    }
    Arrays.sort(times);
    return String.format(
        Locale.ROOT,
        "%s, %,d rules, %,d decisions timed one by one: p50 %d ns, p99 %d ns, p99.9 %d ns",
        peer.name(),
        rules.rules().size(),
        TIMED,
        times[TIMED / 2],
        times[TIMED / 100 * 99],
        times[TIMED / 1000 * 999]);
  }

  private static long clock() {
    long[] times = new long[TIMED / 10];
    for (int i = 0; i < times.length; i++) {
      long start = System.nanoTime();
      times[i] = System.nanoTime() - start;
    }
    Arrays.sort(times);
    return times[times.length / 2];
  }
}
