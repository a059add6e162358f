package org.openhipaa.auth.password;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.openhipaa.auth.password.jdbc.JdbcCredentialStore;
import org.openhipaa.core.audit.AuditEvent;

@DisplayName("NIST SP 800-63B-4 3.2.2: limit consecutive failed attempts")
class ThrottlingTest {
  private static final String THROTTLED = "LOGIN REFUSED nina.nurse THROTTLED";
  private static final String WRONG = "LOGIN REFUSED nina.nurse WRONG_PASSWORD";

  private final Clinic clinic = new Clinic().withNurse();

  @AfterEach
  void close() {
    clinic.close();
  }

  @Test
  void sixthAttempt_isNotVerifiedThoughRight() {
    fail(5);

    assertThat(clinic.logsIn("nina.nurse", Clinic.PASSWORD)).isFalse();

    assertThat(clinic.audit.summaries())
        .containsExactly(WRONG, WRONG, WRONG, WRONG, WRONG, THROTTLED);
  }

  @Test
  void waitOver_theRightPasswordIsAcceptedAndAllIsForgotten() {
    fail(5);

    clinic.clock.move(Duration.ofMillis(29_999));
    assertThat(clinic.logsIn("nina.nurse", Clinic.PASSWORD)).isFalse();
    clinic.clock.move(Duration.ofMillis(1));
    assertThat(clinic.logsIn("nina.nurse", Clinic.PASSWORD)).isTrue();

    assertThat(clinic.throttle()).isEqualTo(Throttle.NONE);
    fail(4);
    assertThat(clinic.logsIn("nina.nurse", Clinic.PASSWORD)).isTrue();
  }

  @Test
  void attemptsWhileWaiting_doNotProlongTheWait() {
    fail(5);

    for (int i = 0; i < 50; i++) {
      clinic.logsIn("nina.nurse", Clinic.WRONG);
    }
    clinic.clock.move(Duration.ofSeconds(30));

    assertThat(clinic.logsIn("nina.nurse", Clinic.PASSWORD)).isTrue();
  }

  @Test
  void waits_doubleFromThirtySecondsToFifteenMinutes() {
    Instant now = clinic.clock.instant();
    Throttle throttle = Throttle.NONE;
    List<Long> waits = new ArrayList<>();

    for (int attempt = 1; attempt <= 12; attempt++) {
      throttle = ThrottlePolicy.reserve(throttle, now);
      waits.add(Math.max(0, Duration.between(now, throttle.notBefore()).toSeconds()));
      now = now.plusSeconds(waits.get(attempt - 1));
      assertThat(ThrottlePolicy.mustWait(throttle, now.minusNanos(1)))
          .isEqualTo(waits.get(attempt - 1) > 0);
      assertThat(ThrottlePolicy.mustWait(throttle, now)).isFalse();
    }

    assertThat(waits).containsExactly(0L, 0L, 0L, 0L, 30L, 60L, 120L, 240L, 480L, 900L, 900L, 900L);
  }

  @Test
  void hundredFailures_lockUntilThePasswordIsSetAnew() {
    for (int i = 0; i < 100; i++) {
      clinic.logsIn("nina.nurse", Clinic.WRONG);
      clinic.clock.move(Duration.ofMinutes(15));
    }
    assertThat(clinic.audit.summaries()).hasSize(100).containsOnly(WRONG);
    clinic.audit.forget();

    clinic.clock.move(Duration.ofDays(1_000));
    assertThat(clinic.logsIn("nina.nurse", Clinic.PASSWORD)).isFalse();
    assertThat(clinic.audit.summaries()).containsExactly("LOGIN REFUSED nina.nurse LOCKED");

    String fresh = "tuba lemon crater fork";
    clinic.accounts().changePassword(clinic.admin, Clinic.NURSE, fresh.toCharArray());
    assertThat(clinic.logsIn("nina.nurse", fresh)).isTrue();
  }

  @Test
  void clockJumpingBackwards_opensNothing() {
    fail(5);

    clinic.clock.move(Duration.ofDays(-400));
    assertThat(clinic.logsIn("nina.nurse", Clinic.PASSWORD)).isFalse();
    clinic.clock.set(Instant.EPOCH.minusSeconds(1));
    assertThat(clinic.logsIn("nina.nurse", Clinic.PASSWORD)).isFalse();

    assertThat(clinic.audit.summaries()).endsWith(THROTTLED, THROTTLED);
  }

  @Test
  void clockJumpingBackwardsBetweenAttempts_countsThemAll() {
    for (int i = 0; i < 5; i++) {
      clinic.logsIn("nina.nurse", Clinic.WRONG);
      clinic.clock.move(Duration.ofHours(-1));
    }

    assertThat(clinic.logsIn("nina.nurse", Clinic.PASSWORD)).isFalse();
  }

  @Test
  void otherAccounts_areNotConcerned() {
    clinic
        .accounts()
        .create(
            clinic.admin,
            org.openhipaa.core.actor.ActorId.of("bob.billing"),
            java.util.Set.of(),
            "tuba lemon crater fork".toCharArray());
    fail(20);

    assertThat(clinic.logsIn("bob.billing", "tuba lemon crater fork")).isTrue();
  }

  @Test
  void thousandGuessesAtOnceFromTwoProcesses_areVerifiedFiveTimes() throws Exception {
    int threads = 64;
    int guessesEach = 16;
    // Two stores and two authenticators over one database: what two processes would be.
    List<PasswordAuthenticator> processes = List.of(
        clinic.authenticator(), clinic.authenticator(new JdbcCredentialStore(clinic.dataSource())));
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<?>> guessers = new ArrayList<>();

    for (int thread = 0; thread < threads; thread++) {
      PasswordAuthenticator process = processes.get(thread % 2);
      String guess = "guess number " + thread + " of nine lamps";
      guessers.add(pool.submit(() -> {
        start.await();
        for (int i = 0; i < guessesEach; i++) {
          process.authenticate("nina.nurse", (guess + i).toCharArray());
        }
        return null;
      }));
    }
    start.countDown();
    for (Future<?> guesser : guessers) {
      guesser.get();
    }
    pool.shutdown();

    assertThat(clinic.audit.events())
        .hasSize(threads * guessesEach)
        .extracting(AuditEvent::reason)
        .containsOnly("WRONG_PASSWORD", "THROTTLED")
        .filteredOn("WRONG_PASSWORD"::equals)
        .hasSize(5);
    assertThat(clinic.throttle().failures()).isEqualTo(5);
    assertThat(clinic.logsIn("nina.nurse", Clinic.PASSWORD)).isFalse();
  }

  @Test
  void ownerLoggingInManyTimesAtOnce_alwaysGetsIn() throws Exception {
    PasswordAuthenticator authenticator = clinic.authenticator();
    ExecutorService pool = Executors.newFixedThreadPool(3);
    List<Future<Boolean>> results = new ArrayList<>();

    for (int i = 0; i < 150; i++) {
      results.add(pool.submit(() -> authenticator
          .authenticate("nina.nurse", Clinic.PASSWORD.toCharArray())
          .fold(in -> true, refused -> false)));
    }
    pool.shutdown();

    for (Future<Boolean> result : results) {
      assertThat(result.get()).isTrue();
    }
    assertThat(clinic.throttle()).isEqualTo(Throttle.NONE);
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      assertThat(clinic.logsIn("nina.nurse", Clinic.WRONG)).isFalse();
    }
  }
}
