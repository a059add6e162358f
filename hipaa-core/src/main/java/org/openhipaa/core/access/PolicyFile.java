package org.openhipaa.core.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.alarm.AlarmSink;

/**
 * A policy that is read again from its file while the application runs. A new policy takes the place
 * of the old one at once and whole; a file that is refused or missing changes nothing: the old policy
 * stays in force, and an alarm says why.
 *
 * <p>Half of a YAML file may be good YAML, without the denials of the other half. So write a new
 * version beside the old one and rename it; {@link #watch} takes a file only when it has not changed
 * between two looks.
 *
 * <p>Thread-safe. A decision under way keeps the policy that it began with; its hash says which.
 */
public final class PolicyFile implements AccessDecider {
  private final Path file;
  private final AlarmSink alarms;
  private final Clock clock;
  private volatile AccessPolicy current;
  /** What was last found in the file in vain, so that one mistake raises one alarm. */
  private String refused = "";

  private int lastLook;

  private PolicyFile(Path file, AlarmSink alarms, Clock clock) {
    this.file = file;
    this.alarms = alarms;
    this.clock = clock;
    this.current = AccessPolicy.load(file);
  }

  /**
   * Reads a policy for the first time.
   *
   * @param file the file, YAML or JSON
   * @param alarms told when a later version of the file is refused
   * @param clock for the time of alarms
   * @return the policy file
   * @throws PolicyNotLoadedException if the file is refused: an application does not start without a
   *     policy
   */
  public static PolicyFile open(Path file, AlarmSink alarms, Clock clock) {
    return new PolicyFile(file, alarms, clock);
  }

  /**
   * The policy in force.
   *
   * @return the last one that was good
   */
  public AccessPolicy current() {
    return current;
  }

  @Override
  public Decision decide(AccessRequest request) {
    return current.decide(request);
  }

  /**
   * Reads the file again.
   *
   * @return what came of it
   */
  public synchronized Reload reload() {
    AccessPolicy old = current;
    AccessPolicy now;
    try {
      now = AccessPolicy.load(file);
    } catch (PolicyNotLoadedException e) {
      String reason = String.valueOf(e.getMessage());
      if (!reason.equals(refused)) {
        alarms.raise(new Alarm(
            Alarm.Kind.PIPELINE,
            "policy",
            String.valueOf(file.getFileName()),
            "a new version of the policy is refused, the old one stays in force: " + reason,
            clock.instant(),
            null));
        refused = reason;
      }
      return new Reload.Refused(old.hash(), e);
    }
    refused = "";
    if (now.hash().equals(old.hash())) {
      return new Reload.Unchanged(old.hash());
    }
    current = now;
    return new Reload.Replaced(old.hash(), now.hash());
  }

  /**
   * Reads the file again and again, until the result is closed.
   *
   * @param interval how often; at least a millisecond
   * @param changed told of each replacement, for instance to record it in the audit log; what it
   *     throws is lost, so it must look after its failures
   * @return ends the reading
   */
  public Watch watch(Duration interval, Consumer<Reload.Replaced> changed) {
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
      Thread thread = new Thread(task, "openhipaa-policy");
      thread.setDaemon(true);
      return thread;
    });
    Future<?> unused = timer.scheduleWithFixedDelay(
        () -> {
          try {
            if (settled() && reload() instanceof Reload.Replaced replaced) {
              changed.accept(replaced);
            }
          } catch (Throwable e) {
            // Not even an error in a listener may end the reading.
          }
        },
        interval.toMillis(),
        interval.toMillis(),
        TimeUnit.MILLISECONDS);
    return timer::shutdownNow;
  }

  /** Tells whether the file is what it was at the last look, and so not just being written. */
  private synchronized boolean settled() {
    int now;
    try {
      now = Arrays.hashCode(Files.readAllBytes(file));
    } catch (IOException e) {
      // For the reader to complain of.
      return true;
    }
    boolean same = now == lastLook;
    lastLook = now;
    return same;
  }

  /** Ends the reading of a file. */
  @FunctionalInterface
  public interface Watch extends AutoCloseable {
    /** Ends it; the policy stays in force. */
    @Override
    void close();
  }

  /** What came of reading the file again. */
  public sealed interface Reload {
    /**
     * Handles all cases.
     *
     * @param unchanged what to do if the file says what it said before
     * @param replaced what to do if a new policy is in force
     * @param refused what to do if the file was refused
     * @param <R> the type of the result
     * @return what the chosen function returned
     */
    <R> R fold(
        Function<? super Unchanged, ? extends R> unchanged,
        Function<? super Replaced, ? extends R> replaced,
        Function<? super Refused, ? extends R> refused);

    /**
     * The file says what it said before.
     *
     * @param hash the hash of the policy in force
     */
    record Unchanged(String hash) implements Reload {
      @Override
      public <R> R fold(
          Function<? super Unchanged, ? extends R> unchanged,
          Function<? super Replaced, ? extends R> replaced,
          Function<? super Refused, ? extends R> refused) {
        return unchanged.apply(this);
      }
    }

    /**
     * A new policy is in force.
     *
     * @param before the hash of the policy that was in force
     * @param now the hash of the policy in force
     */
    record Replaced(String before, String now) implements Reload {
      @Override
      public <R> R fold(
          Function<? super Unchanged, ? extends R> unchanged,
          Function<? super Replaced, ? extends R> replaced,
          Function<? super Refused, ? extends R> refused) {
        return replaced.apply(this);
      }
    }

    /**
     * The file was refused; the old policy stays in force.
     *
     * @param hash the hash of the policy in force
     * @param why line, column and reason
     */
    record Refused(String hash, PolicyNotLoadedException why) implements Reload {
      @Override
      public <R> R fold(
          Function<? super Unchanged, ? extends R> unchanged,
          Function<? super Replaced, ? extends R> replaced,
          Function<? super Refused, ? extends R> refused) {
        return refused.apply(this);
      }
    }
  }
}
