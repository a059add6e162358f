package org.openhipaa.backup.format;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;
import org.openhipaa.core.crypto.SigningKey;
import org.openhipaa.core.crypto.VerifyingKey;
import org.openhipaa.core.internal.CanonicalReader;
import org.openhipaa.core.internal.CanonicalReader.MalformedException;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.record.TenantId;

/**
 * The object {@code config}: whose repository this is and whose signature stands in it. Written
 * once. Immutable and thread-safe.
 */
public final class RepositoryConfig {
  /** Its name in the store. */
  public static final String OBJECT = "config";

  static final int ID_SIZE = 16;
  private static final int MAX_SIZE = 4096;

  private final String repositoryId;
  private final TenantId tenant;
  private final Instant created;
  private final VerifyingKey signer;

  /**
   * Describes a repository.
   *
   * @param repositoryId 32 hexadecimal digits
   * @param tenant whose data it holds
   * @param created when it was made
   * @param signer verifies what is signed in it
   */
  public RepositoryConfig(
      String repositoryId, TenantId tenant, Instant created, VerifyingKey signer) {
    this.repositoryId = repositoryId;
    this.tenant = tenant;
    this.created = created;
    this.signer = signer;
  }

  /**
   * Reads an object.
   *
   * @param bytes the object
   * @param expected the key that must have signed it
   * @return the config
   * @throws ObjectRejectedException if it was altered, signed with another key, or written by a
   *     newer release
   */
  public static RepositoryConfig decode(byte[] bytes, VerifyingKey expected) {
    try {
      RepositoryConfig config =
          parse(SignedObject.open(OBJECT, SignedObject.Kind.CONFIG, bytes, expected));
      if (!config.signer.equals(expected)) {
        throw SignedObject.altered(OBJECT, "it names another key than it is signed with");
      }
      return config;
    } catch (ObjectRejectedException e) {
      if (e.problem() == Problem.ALTERED && isSignedByItsOwnKey(bytes, expected)) {
        throw new ObjectRejectedException(
            OBJECT, Problem.OTHER_KEY, "the repository is signed with another key");
      }
      throw e;
    } catch (MalformedException | IllegalArgumentException e) {
      throw SignedObject.altered(OBJECT, "it is malformed");
    }
  }

  /** Whole, but of somebody else: then the key is wrong, or somebody exchanged the repository. */
  private static boolean isSignedByItsOwnKey(byte[] bytes, VerifyingKey expected) {
    return unproven(bytes)
        .map(config -> config.signer)
        .filter(own -> !own.equals(expected))
        .filter(own -> isSignedBy(bytes, own))
        .isPresent();
  }

  private static boolean isSignedBy(byte[] bytes, VerifyingKey key) {
    try {
      SignedObject.open(OBJECT, SignedObject.Kind.CONFIG, bytes, key);
      return true;
    } catch (ObjectRejectedException e) {
      return false;
    }
  }

  private static Optional<RepositoryConfig> unproven(byte[] bytes) {
    if (bytes.length < SignedObject.OVERHEAD) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(SignedObject.unprovenBody(bytes)));
    } catch (MalformedException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static RepositoryConfig parse(ByteBuffer body) {
    CanonicalReader in = new CanonicalReader(body);
    String id = HexFormat.of().formatHex(in.raw(ID_SIZE));
    TenantId tenant = TenantId.of(in.text());
    Instant created = Instant.ofEpochMilli(in.u64());
    VerifyingKey signer = VerifyingKey.of(in.raw(VerifyingKey.SIZE));
    in.end();
    return new RepositoryConfig(id, tenant, created, signer);
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
        .text(tenant.value())
        .u64(created.toEpochMilli())
        .raw(signer.encoded())
        .toBytes();
    return SignedObject.sign(SignedObject.Kind.CONFIG, body, key);
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
   * Whose data it holds.
   *
   * @return the tenant
   */
  public TenantId tenant() {
    return tenant;
  }

  /**
   * When it was made.
   *
   * @return the time by the maker's clock
   */
  public Instant created() {
    return created;
  }

  /**
   * Verifies what is signed in it.
   *
   * @return the public key
   */
  public VerifyingKey signer() {
    return signer;
  }
}
