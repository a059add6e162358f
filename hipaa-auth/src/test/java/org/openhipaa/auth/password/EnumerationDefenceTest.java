package org.openhipaa.auth.password;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.actor.ActorId;

/**
 * That every kind of attempt does the work of a hash, by the processor time of the thread; no more
 * than that. How well the kinds can be told apart by a stopwatch is a question for a measurement,
 * not for a build.
 */
class EnumerationDefenceTest {
  private static final int ROUNDS = 6;

  @Test
  void everyKindOfAttempt_costsAboutOneHash() {
    try (Clinic clinic = new Clinic()) {
      PasswordHasher hasher = Clinic.hasher(Argon2Cost.DEFAULT);
      Accounts accounts = new Accounts(
          clinic.store,
          hasher,
          new PasswordPolicy(Set.of(), p -> false),
          clinic.audit,
          clinic.clock);
      for (String id : new String[] {"known", "disabled", "throttled"}) {
        accounts.create(
            clinic.admin, ActorId.of(id), Set.of(), "tuba lemon crater fork".toCharArray());
      }
      accounts.disable(clinic.admin, ActorId.of("disabled"));
      Credential throttled = clinic.store.find(ActorId.of("throttled")).orElseThrow();
      clinic.store.replace(
          throttled,
          throttled.withThrottle(new Throttle(7, clinic.clock.instant().plusSeconds(60))));
      PasswordAuthenticator authenticator =
          new PasswordAuthenticator(clinic.store, hasher, clinic.audit, clinic.clock);
      for (int i = 0; i < 10; i++) {
        cost(authenticator, "nobody", Clinic.WRONG);
      }

      Map<String, Long> cost = new LinkedHashMap<>();
      for (int i = 0; i < ROUNDS; i++) {
        // The clock moves on, so that the known account is verified every time.
        clinic.clock.move(java.time.Duration.ofMillis(1));
        reset(clinic, "known");
        cost.merge("wrong password", cost(authenticator, "known", Clinic.WRONG), Math::min);
        reset(clinic, "known");
        cost.merge("too long", cost(authenticator, "known", "x".repeat(9_000)), Math::min);
        cost.merge("unknown", cost(authenticator, "nobody", Clinic.WRONG), Math::min);
        cost.merge("malformed", cost(authenticator, "no body", Clinic.WRONG), Math::min);
        cost.merge("disabled", cost(authenticator, "disabled", Clinic.WRONG), Math::min);
        cost.merge("throttled", cost(authenticator, "throttled", Clinic.WRONG), Math::min);
      }

      long wrong = cost.get("wrong password");
      assertThat(cost)
          .allSatisfy(
              (kind, nanos) -> assertThat((double) nanos / wrong).as(kind).isBetween(0.6, 1.7));
    }
  }

  private static void reset(Clinic clinic, String id) {
    Credential was = clinic.store.find(ActorId.of(id)).orElseThrow();
    clinic.store.replace(was, was.withThrottle(Throttle.NONE));
  }

  private static long cost(PasswordAuthenticator authenticator, String user, String password) {
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadCpuTime();
    boolean in =
        authenticator.authenticate(user, password.toCharArray()).fold(a -> true, r -> false);
    assertThat(in).isFalse();
    return thread.getCurrentThreadCpuTime() - before;
  }
}
