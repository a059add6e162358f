package org.openhipaa.auth.password;

/**
 * How much work one Argon2id hash is (RFC 9106 section 3.1).
 *
 * @param memoryKib memory in KiB: 8 for each lane, to 131,072
 * @param iterations passes over the memory, 1 to 16
 * @param lanes degree of parallelism, 1 to 16; computed one after the other here, it changes the
 *     result but not the time
 */
public record Argon2Cost(int memoryKib, int iterations, int lanes) {
  /**
   * 19 MiB, two passes, one lane: what the OWASP Password Storage Cheat Sheet asks for at least.
   */
  public static final Argon2Cost DEFAULT = new Argon2Cost(19_456, 2, 1);

  // The bounds hold for stored hashes too: whoever can write to the store must not be able to ask
  // for gigabytes or minutes.
  private static final int MAX_MEMORY_KIB = 131_072;
  private static final int MAX_ITERATIONS = 16;
  private static final int MAX_LANES = 16;
  private static final int MIN_MEMORY_KIB_PER_LANE = 8;

  /**
   * Checks the bounds.
   *
   * @param memoryKib see {@link #memoryKib()}
   * @param iterations see {@link #iterations()}
   * @param lanes see {@link #lanes()}
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Argon2Cost {
    if (lanes < 1 || lanes > MAX_LANES) {
      throw new IllegalArgumentException("Argon2 lanes must be 1 to " + MAX_LANES);
    }
    if (iterations < 1 || iterations > MAX_ITERATIONS) {
      throw new IllegalArgumentException("Argon2 iterations must be 1 to " + MAX_ITERATIONS);
    }
    if (memoryKib < MIN_MEMORY_KIB_PER_LANE * lanes || memoryKib > MAX_MEMORY_KIB) {
      throw new IllegalArgumentException("Argon2 memory must be "
          + MIN_MEMORY_KIB_PER_LANE
          + " KiB per lane, to "
          + MAX_MEMORY_KIB
          + " KiB");
    }
  }

  /** True if an attacker pays less for this than for the other in memory or in passes. */
  boolean weakerThan(Argon2Cost other) {
    return memoryKib < other.memoryKib || iterations < other.iterations;
  }
}
