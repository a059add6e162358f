package org.openhipaa.benchmarks.policy;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
 * is one decision on one thread. Takes about five minutes, most of them for loading and checking the
 * slower engines.
 *
 * <p>Each engine runs with each number of rules in a JVM of its own, so that none finds code that was
 * compiled for another, and on memory that is there already: on a virtual machine the first touch of
 * a page may cost more than a hundred decisions.
 */
public final class PolicyComparison {
  static final long SEED = 20261124L;
  static final int SMALL = 1;
  static final int LARGE = 303;
  static final int REQUESTS = 4096;
  static final int CHECKED = 2000;

  private static final List<String> JVM = List.of(
      "-Xms2g",
      "-Xmx2g",
      "-XX:+AlwaysPreTouch",
      "-XX:+IgnoreUnrecognizedVMOptions",
      "-XX:+UseTransparentHugePages");
  private static final String RESULT = "RESULT\t";

  private static final long SECOND = 1_000_000_000L;
  private static final long WARM_UP = 2 * SECOND;
  private static final int ROUNDS = 10;
  private static final long ROUND = SECOND * 4 / 10;
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
   * @throws IOException if no other JVM can be started
   * @throws InterruptedException if waiting for it is interrupted
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length == 3 && args[0].equals("--one")) {
      new PolicyComparison()
          .one(PEERS.get(Integer.parseInt(args[1])), Integer.parseInt(args[2]), System.out);
    } else {
      all(List.of(args), System.out);
    }
  }

  /**
   * What was found out about one engine with one number of rules.
   *
   * @param nanos for each decision
   * @param latency what single decisions took, in words
   */
  private record Figures(String name, String answers, double nanos, String latency) {
    static Figures parse(String line) {
      String[] parts = line.substring(RESULT.length()).split("\t", -1);
      return new Figures(parts[0], parts[1], Double.parseDouble(parts[2]), parts[3]);
    }

    String line() {
      return RESULT + String.join("\t", name, answers, Double.toString(nanos), latency);
    }
  }

  private record Row(Figures small, Figures large) {}

  private static void all(List<String> wanted, PrintStream out)
      throws IOException, InterruptedException {
    HospitalRules rules = HospitalRules.of(SMALL);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < PEERS.size(); i++) {
      String name = PEERS.get(i).apply(rules).name().toLowerCase(Locale.ROOT);
      if (i == 0 || wanted.isEmpty() || wanted.stream().anyMatch(name::contains)) {
        rows.add(new Row(inJvm(i, SMALL), inJvm(i, LARGE)));
      }
    }
    print(out, rows, rules.rules().size(), HospitalRules.of(LARGE).rules().size());
  }

  private static Figures inJvm(int peer, int departments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM);
    command.addAll(List.of(
        "-cp",
        System.getProperty("java.class.path"),
        PolicyComparison.class.getName(),
        "--one",
        Integer.toString(peer),
        Integer.toString(departments)));
    Process process = new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    Optional<String> result;
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      result = lines.lines().filter(line -> line.startsWith(RESULT)).findFirst();
    }
    if (process.waitFor() != 0 || result.isEmpty()) {
      throw new IllegalStateException("an engine gave other answers or failed; see above");
    }
    return Figures.parse(result.get());
  }

  private static void print(PrintStream out, List<Row> rows, int small, int large) {
    String line = "%-27s %-12s %14s %14s %8s %14s %14s%n";
    String rules = "%,d rules";
    out.printf(
        line,
        "",
        "",
        rules.formatted(small),
        rules.formatted(large),
        "",
        rules.formatted(small),
        rules.formatted(large));
    out.printf(
        line,
        "engine",
        "answers",
        "ns/decision",
        "ns/decision",
        "growth",
        "times ours",
        "times ours");
    Row ours = rows.get(0);
    for (Row row : rows) {
      double atSmall = row.small().nanos();
      double atLarge = row.large().nanos();
      out.printf(
          line,
          row.small().name(),
          row.small().answers(),
          "%,.0f".formatted(atSmall),
          "%,.0f".formatted(atLarge),
          "%,.2f".formatted(atLarge / atSmall),
          "%,.1f".formatted(atSmall / ours.small().nanos()),
          "%,.1f".formatted(atLarge / ours.large().nanos()));
    }
    out.println();
    out.println(ours.small().latency());
    out.println(ours.large().latency());
  }

  private void one(Function<HospitalRules, Peer<?>> maker, int departments, PrintStream out) {
    HospitalRules rules = HospitalRules.of(departments);
    Figures figures =
        figures(maker.apply(rules), rules, rules.requests(SEED, REQUESTS), maker == PEERS.get(0));
    if (permitted == 0) {
      throw new IllegalStateException("nothing was permitted");
    }
    out.println(figures.line());
  }

  private <Q> Figures figures(
      Peer<Q> peer, HospitalRules rules, List<Request> requests, boolean ours) {
    check(peer, rules, requests.subList(0, CHECKED));
    List<Q> prepared = requests.stream().map(peer::prepare).toList();
    double nanos = measure(peer, prepared);
    return new Figures(
        peer.name(), peer.answers(), nanos, ours ? latency(peer, rules, prepared) : "");
  }

  /**
   * Compares an engine's answers with those of the rules.
   *
   * @throws IllegalStateException at the first other answer
   */
  static <Q> void check(Peer<Q> peer, HospitalRules rules, List<Request> requests) {
    for (Request request : requests) {
      boolean expected = rules.permits(request);
      Q prepared = peer.prepare(request);
      peer.checkAnswer(prepared);
      if (peer.permits(prepared) != expected) {
        throw new IllegalStateException(peer.name()
            + " with "
            + rules.rules().size()
            + " rules "
            + (expected ? "denies " : "permits ")
            + request
            + ", which the rules do not: nothing is measured");
      }
    }
  }

  /**
   * The best of some rounds, in nanoseconds for each decision: what else the machine does meanwhile
   * only adds.
   */
  private <Q> double measure(Peer<Q> peer, List<Q> requests) {
    double estimate = round(peer, requests, WARM_UP, 1);
    // The clock is read about every 50 microseconds, or after each decision that takes longer.
    int batch = (int) Math.max(1, Math.min(requests.size(), 50_000 / estimate));
    round(peer, requests, WARM_UP, batch);
    double best = Double.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      best = Math.min(best, round(peer, requests, ROUND, batch));
    }
    return best;
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

  /** Times decisions one by one; what reading the clock adds is said, not taken off. */
  private <Q> String latency(Peer<Q> peer, HospitalRules rules, List<Q> requests) {
    long[] times = new long[TIMED];
    // The first time round is for the compiler.
    for (int round = 0; round < 2; round++) {
      int next = 0;
      for (int i = 0; i < TIMED; i++) {
        long start = System.nanoTime();
        boolean granted = peer.permits(requests.get(next));
        times[i] = System.nanoTime() - start;
        permitted += granted ? 1 : 0;
        next = next + 1 == requests.size() ? 0 : next + 1;
      }
    }
    Arrays.sort(times);
    return String.format(
        Locale.ROOT,
        "%s, %,d rules, %,d decisions timed one by one: p50 %,d ns, p99 %,d ns, p99.9 %,d ns,"
            + " of which reading the clock takes %d ns",
        peer.name(),
        rules.rules().size(),
        TIMED,
        times[TIMED / 2],
        times[TIMED / 100 * 99],
        times[TIMED / 1000 * 999],
        clock());
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
