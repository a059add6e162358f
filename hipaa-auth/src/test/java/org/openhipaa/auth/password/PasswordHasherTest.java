package org.openhipaa.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PasswordHasherTest {
  private static final byte[] PASSWORD = "seven lamps".getBytes(StandardCharsets.UTF_8);

  private final SecureRandom random = new SecureRandom();

  @Test
  void defaults_areThoseOfThePage() {
    PasswordHasher hasher = PasswordHasher.withDefaults(random);

    try (PasswordHasher.Turn turn = hasher.awaitTurn()) {
      PasswordHash hash = turn.hash(PASSWORD);

      assertThat(hash.text())
          .matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
      assertThat(turn.matches(PASSWORD, hash)).isTrue();
      assertThat(hasher.outdated(hash)).isFalse();
    }
  }

  @Test
  void samePasswordTwice_hasDifferentHashes() {
    try (PasswordHasher.Turn turn = Clinic.hasher(Clinic.QUICK).awaitTurn()) {
      assertThat(turn.hash(PASSWORD).text()).isNotEqualTo(turn.hash(PASSWORD).text());
    }
  }

  @Test
  void allTurnsTaken_isATypedFailureAfterTheWait() {
    PasswordHasher hasher =
        PasswordHasher.ofAnyCost(random, Clinic.QUICK, 2, Duration.ofMillis(20));

    try (PasswordHasher.Turn first = hasher.awaitTurn();
        PasswordHasher.Turn second = hasher.awaitTurn()) {
      assertThat(first).isNotSameAs(second);
      assertThatThrownBy(hasher::awaitTurn)
          .isInstanceOf(PasswordNotHashedException.class)
          .hasMessageContaining("all 2 turns stayed taken for 20 ms");
    }

    assertThatCode(() -> hasher.awaitTurn().close()).doesNotThrowAnyException();
  }

  @Test
  void turnClosedTwice_givesOneTurnBack() {
    PasswordHasher hasher = PasswordHasher.ofAnyCost(random, Clinic.QUICK, 2, Duration.ofMillis(1));
    PasswordHasher.Turn turn = hasher.awaitTurn();

    turn.close();
    turn.close();
    hasher.awaitTurn();
    hasher.awaitTurn();

    assertThatThrownBy(hasher::awaitTurn).isInstanceOf(PasswordNotHashedException.class);
  }

  @Test
  void interruptedWait_isATypedFailureAndStaysInterrupted() {
    PasswordHasher hasher =
        PasswordHasher.ofAnyCost(random, Clinic.QUICK, 1, Duration.ofMinutes(1));

    try (PasswordHasher.Turn turn = hasher.awaitTurn()) {
      assertThat(turn).isNotNull();
      Thread.currentThread().interrupt();

      assertThatThrownBy(hasher::awaitTurn)
          .isInstanceOf(PasswordNotHashedException.class)
          .hasMessageContaining("interrupted");
    }

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void weakOrSenselessMeasure_isRefused() {
    Argon2Cost littleMemory = new Argon2Cost(19_455, 2, 1);
    Argon2Cost onePass = new Argon2Cost(65_536, 1, 1);

    assertThatThrownBy(() -> PasswordHasher.create(random, littleMemory, 1, Duration.ZERO))
        .hasMessageContaining("19456 KiB");
    assertThatThrownBy(() -> PasswordHasher.create(random, onePass, 1, Duration.ZERO))
        .hasMessageContaining("2 iterations");
    assertThatThrownBy(() -> PasswordHasher.create(random, Argon2Cost.DEFAULT, 0, Duration.ZERO))
        .hasMessageContaining("concurrency");
    assertThatThrownBy(
            () -> PasswordHasher.create(random, Argon2Cost.DEFAULT, 1, Duration.ofHours(2)))
        .hasMessageContaining("wait");
    assertThatThrownBy(() -> new Argon2Cost(31, 1, 4)).hasMessageContaining("8 KiB per lane");
  }

  @Test
  void manyThreads_hashAsOneDoes() throws Exception {
    PasswordHasher hasher =
        PasswordHasher.ofAnyCost(random, Clinic.QUICK, 4, Duration.ofMinutes(1));
    ExecutorService threads = Executors.newFixedThreadPool(16);
    List<Future<Boolean>> verified = new ArrayList<>();

    for (int i = 0; i < 400; i++) {
      byte[] password = ("password " + i).getBytes(StandardCharsets.UTF_8);
      verified.add(threads.submit(() -> {
        PasswordHash hash;
        try (PasswordHasher.Turn turn = hasher.awaitTurn()) {
          hash = turn.hash(password);
        }
        try (PasswordHasher.Turn turn = hasher.awaitTurn()) {
          return turn.matches(password, hash) && !turn.matches(PASSWORD, hash);
        }
      }));
    }
    threads.shutdown();

    for (Future<Boolean> each : verified) {
      assertThat(each.get()).isTrue();
    }
  }

  @Test
  void hashing_leavesLittleToTheGarbageCollector() {
    PasswordHasher hasher = PasswordHasher.withDefaults(random);
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long me = Thread.currentThread().getId();

    long allocated;
    try (PasswordHasher.Turn turn = hasher.awaitTurn()) {
      turn.hash(PASSWORD);
      long before = thread.getThreadAllocatedBytes(me);
      turn.hash(PASSWORD);
      allocated = thread.getThreadAllocatedBytes(me) - before;
    }

    // 20.7 MB without the block pool.
    assertThat(allocated).isLessThan(200_000);
  }
}
