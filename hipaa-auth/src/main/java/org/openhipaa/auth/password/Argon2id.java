package org.openhipaa.auth.password;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id version 0x13 (RFC 9106), computed by Bouncy Castle. */
final class Argon2id {
  private static final byte[] NONE = new byte[0];

  private Argon2id() {}

  /**
   * A pool that keeps the memory of one hash between hashes; without it every hash leaves all its
   * memory to the garbage collector. Blocks are zero when they lie in the pool.
   */
  static BlockPool pool(Argon2Cost cost) {
    return new FixedBlockPool(Argon2BytesGenerator.getBlockCount(cost.memoryKib(), cost.lanes()));
  }

  static byte[] hash(byte[] password, byte[] salt, Argon2Cost cost, int tagSize, BlockPool pool) {
    return hash(password, salt, NONE, NONE, cost, tagSize, pool);
  }

  /**
   * With the optional secret and associated data, so that the vector of the RFC takes this very
   * path.
   */
  static byte[] hash(
      byte[] password,
      byte[] salt,
      byte[] secret,
      byte[] associated,
      Argon2Cost cost,
      int tagSize,
      BlockPool pool) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
        .withMemoryAsKB(cost.memoryKib())
        .withIterations(cost.iterations())
        .withParallelism(cost.lanes())
        .withSalt(salt)
        .withSecret(secret)
        .withAdditional(associated)
        .withBlockPool(pool)
        .build());
    byte[] tag = new byte[tagSize];
    generator.generateBytes(password, tag);
    return tag;
  }
}
