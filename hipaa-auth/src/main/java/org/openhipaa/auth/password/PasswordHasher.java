package org.openhipaa.auth.password;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;

/**
 * Hashes passwords with Argon2id (RFC 9106), only so many at a time: each takes tens of megabytes
 * and of milliseconds, so a storm of log-ins waits in a queue and then is told to come back, rather
 * than take the memory of everything else.
 *
 * <p>Thread-safe. Make one for each process and hand it to everything that hashes. Between hashes
 * it keeps {@code concurrency} times the memory of one hash, as zeroed blocks, and leaves little to
 * the garbage collector.
 */
public final class PasswordHasher {
  /** How long a password waits for its turn unless told otherwise. */
  public static final Duration DEFAULT_MAX_WAIT = Duration.ofSeconds(5);

  private static final Duration LONGEST_MAX_WAIT = Duration.ofHours(1);
  private static final int SALT_SIZE = 16;
  private static final int TAG_SIZE = 32;
  private static final int HEAP_SHARE = 4;

  private final SecureRandom random;
  private final Argon2Cost cost;
  private final Duration maxWait;
  private final int concurrency;
  private final PasswordHash decoy;

  // A permit and the memory it permits in one: who takes a pool has it alone until giving it back.
  private final BlockingQueue<BlockPool> pools;

  private PasswordHasher(SecureRandom random, Argon2Cost cost, int concurrency, Duration maxWait) {
    if (concurrency < 1) {
      throw new IllegalArgumentException("concurrency must be at least 1");
    }
    if (maxWait.isNegative() || maxWait.compareTo(LONGEST_MAX_WAIT) > 0) {
      throw new IllegalArgumentException("the longest wait must be 0 to " + LONGEST_MAX_WAIT);
    }
    this.random = random;
    this.cost = cost;
    this.maxWait = maxWait;
    this.concurrency = concurrency;
    this.pools = new ArrayBlockingQueue<>(concurrency, true);
    for (int i = 0; i < concurrency; i++) {
      pools.add(Argon2id.pool(cost));
    }
    this.decoy = new PasswordHash(cost, randomBytes(SALT_SIZE), randomBytes(TAG_SIZE));
  }

  /**
   * A hasher with {@link Argon2Cost#DEFAULT}, as many hashes at a time as there are processors, or
   * fewer if their memory would be more than a quarter of the heap, and {@link #DEFAULT_MAX_WAIT}.
   *
   * @param random source of salts
   * @return the hasher
   */
  public static PasswordHasher withDefaults(SecureRandom random) {
    long heapKib = Runtime.getRuntime().maxMemory() / 1024;
    long fitting = heapKib / HEAP_SHARE / Argon2Cost.DEFAULT.memoryKib();
    int processors = Runtime.getRuntime().availableProcessors();
    return create(
        random,
        Argon2Cost.DEFAULT,
        (int) Math.max(1, Math.min(processors, fitting)),
        DEFAULT_MAX_WAIT);
  }

  /**
   * A hasher of one's own measure.
   *
   * @param random source of salts
   * @param cost the work for one hash, no less than {@link Argon2Cost#DEFAULT} in memory and in
   *     iterations; stored hashes of less are replaced at the next log-in
   * @param concurrency how many hashes at a time, at least 1; each takes {@link
   *     Argon2Cost#memoryKib()}, for ever
   * @param maxWait how long a password waits for its turn before {@link
   *     PasswordNotHashedException}, 0 to one hour
   * @return the hasher
   * @throws IllegalArgumentException if a value is out of its range
   */
  public static PasswordHasher create(
      SecureRandom random, Argon2Cost cost, int concurrency, Duration maxWait) {
    if (cost.weakerThan(Argon2Cost.DEFAULT)) {
      throw new IllegalArgumentException("the Argon2 cost must be no less than "
          + Argon2Cost.DEFAULT.memoryKib()
          + " KiB and "
          + Argon2Cost.DEFAULT.iterations()
          + " iterations");
    }
    return new PasswordHasher(random, cost, concurrency, maxWait);
  }

  /** For tests, which have no time for a cost that protects anything. */
  static PasswordHasher ofAnyCost(
      SecureRandom random, Argon2Cost cost, int concurrency, Duration maxWait) {
    return new PasswordHasher(random, cost, concurrency, maxWait);
  }

  /**
   * Waits for a turn.
   *
   * @throws PasswordNotHashedException if it does not come in time or the thread is interrupted
   */
  Turn awaitTurn() {
    try {
      BlockPool pool = pools.poll(maxWait.toNanos(), TimeUnit.NANOSECONDS);
      if (pool == null) {
        throw new PasswordNotHashedException("no password was hashed: all "
            + concurrency
            + " turns stayed taken for "
            + maxWait.toMillis()
            + " ms; try again later, or give the hasher more turns and memory");
      }
      return new Turn(pool);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PasswordNotHashedException(
          "no password was hashed: the thread was interrupted while waiting; try again");
    }
  }

  /**
   * A hash of no password at this hasher's cost, to spend the same time where there is nothing to
   * verify.
   */
  PasswordHash decoy() {
    return decoy;
  }

  /** True if this hasher would make a better hash of the same password. */
  boolean outdated(PasswordHash hash) {
    return hash.cost().weakerThan(cost) || hash.saltSize() < SALT_SIZE || hash.tagSize() < TAG_SIZE;
  }

  private byte[] randomBytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The right to hash, one password at a time, until closed. Not thread-safe. */
  final class Turn implements AutoCloseable {
    private final BlockPool pool;
    private boolean over;

    private Turn(BlockPool pool) {
      this.pool = pool;
    }

    PasswordHash hash(byte[] password) {
      byte[] salt = randomBytes(SALT_SIZE);
      return new PasswordHash(cost, salt, Argon2id.hash(password, salt, cost, TAG_SIZE, pool));
    }

    boolean matches(byte[] password, PasswordHash hash) {
      byte[] tag = Argon2id.hash(password, hash.salt(), hash.cost(), hash.tagSize(), pool);
      try {
        return hash.hasTag(tag);
      } finally {
        Arrays.fill(tag, (byte) 0);
      }
    }

    @Override
    public void close() {
      if (!over) {
        over = true;
        pools.add(pool);
      }
    }
  }
}
