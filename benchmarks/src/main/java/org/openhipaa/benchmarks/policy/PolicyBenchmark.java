package org.openhipaa.benchmarks.policy;

import java.util.concurrent.TimeUnit;
import org.openhipaa.core.access.AccessRequest;
import org.openhipaa.core.access.Decision;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does one decision of ours cost, with obligations and explanation, among 38 and among 10,004
 * rules? {@link PolicyComparison} sets it beside other engines.
 */
@State(Scope.Thread)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "-Xms2g",
      "-Xmx2g",
      "-XX:+AlwaysPreTouch",
      "-XX:+IgnoreUnrecognizedVMOptions",
      "-XX:+UseTransparentHugePages"
    })
public class PolicyBenchmark {
  /** How many departments the hospital has: 38 rules, 10,004 rules. */
  @Param({"1", "303"})
  public int departments;

  private OpenhipaaPeer peer;
  private AccessRequest[] requests;
  private int next;

  /** Makes the rules, and requests of which half are permitted. */
  @Setup
  public void setUp() {
    HospitalRules rules = HospitalRules.of(departments);
    peer = new OpenhipaaPeer(rules);
    requests = rules.requests(PolicyComparison.SEED, PolicyComparison.REQUESTS).stream()
        .map(peer::prepare)
        .toArray(AccessRequest[]::new);
    PolicyComparison.check(
        peer, rules, rules.requests(PolicyComparison.SEED, PolicyComparison.CHECKED));
  }

  /** Decides the next request of the array. */
  @Benchmark
  public Decision decide() {
    next = next + 1 == requests.length ? 0 : next + 1;
    return peer.decide(requests[next]);
  }
}
