package org.openhipaa.auth.password;

import java.time.Duration;
import java.time.Instant;

/**
 * How fast passwords of one account may be guessed. An attempt is counted as failed before it is
 * verified, and only a success takes the count back: so a thousand attempts at once are no better
 * than a thousand in a row.
 *
 * <p>Five attempts are free. From then on each must wait 30 seconds after the one before, then a
 * minute, doubling to 15 minutes; attempts in between are refused and change nothing, so nobody
 * prolongs a wait. After 100 consecutive failures no password is accepted until an administrator
 * sets a new one (NIST SP 800-63B-4 section 3.2.2). Times are absolute: a clock that jumps
 * backwards makes the wait longer, never shorter.
 */
final class ThrottlePolicy {
  private static final int FREE_ATTEMPTS = 5;
  private static final int MAX_FAILURES = 100;
  private static final Duration FIRST_WAIT = Duration.ofSeconds(30);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);
  private static final int MAX_DOUBLINGS = 5;

  private ThrottlePolicy() {}

  static boolean locked(Throttle throttle) {
    return throttle.failures() >= MAX_FAILURES;
  }

  static boolean mustWait(Throttle throttle, Instant now) {
    return now.isBefore(throttle.notBefore());
  }

  /** The state from the start of one more attempt, until it turns out to succeed. */
  static Throttle reserve(Throttle throttle, Instant now) {
    int failures = throttle.failures() + 1;
    return new Throttle(
        failures, failures < FREE_ATTEMPTS ? throttle.notBefore() : now.plus(waitAfter(failures)));
  }

  private static Duration waitAfter(int failures) {
    int doublings = Math.min(failures - FREE_ATTEMPTS, MAX_DOUBLINGS);
    Duration wait = FIRST_WAIT.multipliedBy(1L << doublings);
    return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
  }
}
