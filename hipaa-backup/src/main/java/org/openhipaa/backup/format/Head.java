package org.openhipaa.backup.format;

import java.util.Arrays;
import java.util.HexFormat;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.core.crypto.SigningKey;
import org.openhipaa.core.crypto.VerifyingKey;
import org.openhipaa.core.internal.CanonicalReader;
import org.openhipaa.core.internal.CanonicalReader.MalformedException;
import org.openhipaa.core.internal.CanonicalWriter;

/**
 * The object {@code head}: which snapshot is the newest committed one. The only object that
 * changes.
 *
 * <p>Heads move in two steps, settled(n−1) → pending(n−1) → settled(n), each by compare-and-set,
 * and {@code snapshots/n} is made in between. So whoever finds a settled head knows exactly which
 * snapshots there must be, and a snapshot beyond it is no crash but a head that was put back. Only
 * beside a pending head may the next snapshot be there or not. No head is ever written twice, so a
 * late writer's compare-and-set cannot succeed by accident.
 *
 * <p>Immutable and thread-safe.
 */
public final class Head {
  /** Its name in the store. */
  public static final String OBJECT = "head";

  private static final int MAX_SIZE = 4096;
  private static final int SETTLED = 0;
  private static final int PENDING = 1;

  private final String repositoryId;
  private final long sequence;
  private final byte[] digest;
  private final boolean pending;

  private Head(String repositoryId, long sequence, byte[] digest, boolean pending) {
    this.repositoryId = repositoryId;
    this.sequence = sequence;
    this.digest = digest.clone();
    this.pending = pending;
  }

  /**
   * The head of a repository without snapshots.
   *
   * @param repositoryId which repository
   * @return settled, sequence 0, a digest of zeros
   */
  public static Head empty(String repositoryId) {
    return new Head(repositoryId, 0, new byte[Digests.SIZE], false);
  }

  /**
   * This head, announcing that the next snapshot is about to be made.
   *
   * @return pending, otherwise equal
   */
  public Head announcing() {
    return new Head(repositoryId, sequence, digest, true);
  }

  /**
   * The head after this one.
   *
   * @param manifestDigest SHA-256 of the next snapshot's object
   * @return settled, one snapshot further
   */
  public Head next(byte[] manifestDigest) {
    return new Head(repositoryId, sequence + 1, manifestDigest, false);
  }

  /**
   * Reads an object.
   *
   * @param bytes the object
   * @param signer the key that must have signed it
   * @return the head
   * @throws ObjectRejectedException if it was altered or written by a newer release
   */
  public static Head decode(byte[] bytes, VerifyingKey signer) {
    try {
      CanonicalReader in =
          new CanonicalReader(SignedObject.open(OBJECT, SignedObject.Kind.HEAD, bytes, signer));
      String id = HexFormat.of().formatHex(in.raw(RepositoryConfig.ID_SIZE));
      long sequence = in.u64();
      byte[] digest = in.raw(Digests.SIZE);
      int state = in.u8();
      in.end();
      if (sequence < 0 || sequence > Manifest.MAX_SEQUENCE || state > PENDING) {
        throw SignedObject.altered(OBJECT, "it is malformed");
      }
      return new Head(id, sequence, digest, state == PENDING);
    } catch (MalformedException e) {
      throw SignedObject.altered(OBJECT, "it is malformed");
    }
  }

  /**
   * Writes the object.
   *
   * @param key the tenant's signing key
   * @return the object
   */
  public byte[] encode(SigningKey key) {
    byte[] body = new CanonicalWriter()
        .raw(HexFormat.of().parseHex(repositoryId))
        .u64(sequence)
        .raw(digest)
        .u8(pending ? PENDING : SETTLED)
        .toBytes();
    return SignedObject.sign(SignedObject.Kind.HEAD, body, key);
  }

  static int maxSize() {
    return MAX_SIZE;
  }

  /**
   * Which repository.
   *
   * @return 32 hexadecimal digits
   */
  public String repositoryId() {
    return repositoryId;
  }

  /**
   * The newest committed snapshot.
   *
   * @return its sequence, 0 if there is none yet
   */
  public long sequence() {
    return sequence;
  }

  /**
   * The digest of the newest committed snapshot.
   *
   * @return SHA-256 of its object; zeros if there is none yet
   */
  public byte[] digest() {
    return digest.clone();
  }

  /**
   * Tells whether a manifest is that of the newest committed snapshot.
   *
   * @param manifestDigest SHA-256 of the manifest's object
   * @return true if it is
   */
  public boolean isOf(byte[] manifestDigest) {
    return Arrays.equals(digest, manifestDigest);
  }

  /**
   * Tells whether the next snapshot was announced and so may be there.
   *
   * @return true if pending, false if settled
   */
  public boolean isPending() {
    return pending;
  }
}
