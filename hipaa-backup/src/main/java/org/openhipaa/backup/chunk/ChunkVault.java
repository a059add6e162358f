package org.openhipaa.backup.chunk;

import java.util.Arrays;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;
import org.openhipaa.backup.store.BlobStore;
import org.openhipaa.backup.store.StoreFailedException;
import org.openhipaa.core.crypto.EnvelopeNotOpenedException;
import org.openhipaa.core.crypto.KeyPurpose;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.SealContext;
import org.openhipaa.core.crypto.Sealer;

/**
 * Seals chunks for one repository and opens them again. A chunk opens only under its own id in its
 * own repository. Plaintext of an envelope: one byte that says how the content is encoded (0: as it
 * is), then the content. Thread-safe.
 */
public final class ChunkVault {
  /** The size of the largest chunk object, in bytes. */
  public static final int MAX_SEALED_SIZE = Sealer.OVERHEAD
      + 1
      + FixedChunker.MAX_SIZE
      + 16 * ((1 + FixedChunker.MAX_SIZE) / (16 * 1024));

  private static final int STORED = 0;
  private static final String ID_USE = "backup-chunk";
  private static final String CONTEXT = "backup-chunk";

  private final BlobStore store;
  private final Keyring keyring;
  private final Sealer sealer;
  private final String repositoryId;

  /**
   * Opens the vault of one repository.
   *
   * @param store where the chunks are
   * @param keyring the tenant's keys
   * @param repositoryId which repository
   */
  public ChunkVault(BlobStore store, Keyring keyring, String repositoryId) {
    this.store = store;
    this.keyring = keyring;
    this.sealer = keyring.tenantSealer();
    this.repositoryId = repositoryId;
  }

  /**
   * Names content.
   *
   * @param content the content of a chunk
   * @return its id
   */
  public ChunkId idOf(byte[] content) {
    return ChunkId.of(keyring.tokenBytes(ID_USE, content));
  }

  /**
   * Seals content, differently each time.
   *
   * @param id its id
   * @param content at most {@link FixedChunker#MAX_SIZE} bytes
   * @return the object to store
   */
  public byte[] seal(ChunkId id, byte[] content) {
    byte[] framed = new byte[content.length + 1];
    framed[0] = STORED;
    System.arraycopy(content, 0, framed, 1, content.length);
    return sealer.seal(framed, context(id));
  }

  /**
   * Opens an object and proves that it holds what its name says.
   *
   * @param id its id
   * @param sealed the object
   * @return the content
   * @throws ObjectRejectedException if it does not open, or holds something else, or is encoded in
   *     a way unknown here
   */
  public byte[] open(ChunkId id, byte[] sealed) {
    byte[] framed = unseal(id, sealed);
    if (framed.length < 2 || framed.length - 1 > FixedChunker.MAX_SIZE) {
      throw new ObjectRejectedException(
          id.object(), Problem.INCONSISTENT, "the chunk's content has an impossible size");
    }
    int encoding = Byte.toUnsignedInt(framed[0]);
    if (encoding != STORED) {
      throw new ObjectRejectedException(
          id.object(),
          Problem.NEWER_VERSION,
          "the chunk's encoding " + encoding
              + " is not known here (known: 0); use a newer release");
    }
    byte[] content = Arrays.copyOfRange(framed, 1, framed.length);
    if (!idOf(content).equals(id)) {
      throw new ObjectRejectedException(
          id.object(), Problem.INCONSISTENT, "the chunk holds other content than its name says");
    }
    return content;
  }

  /**
   * Reads the object of a chunk, whatever it holds.
   *
   * @param id which chunk
   * @return the object, at most {@link #MAX_SEALED_SIZE} bytes
   * @throws ObjectRejectedException if it is missing, unreadable or larger than any chunk
   */
  public byte[] readSealed(ChunkId id) {
    return readSealed(store, id);
  }

  /**
   * Reads the object of a chunk without keys, whatever it holds.
   *
   * @param store where the chunks are
   * @param id which chunk
   * @return the object, at most {@link #MAX_SEALED_SIZE} bytes
   * @throws ObjectRejectedException if it is missing, unreadable or larger than any chunk
   */
  public static byte[] readSealed(BlobStore store, ChunkId id) {
    byte[] sealed;
    try {
      sealed = store
          .read(id.object(), MAX_SEALED_SIZE + 1)
          .orElseThrow(() ->
              new ObjectRejectedException(id.object(), Problem.MISSING, "the chunk is missing"));
    } catch (StoreFailedException e) {
      throw new ObjectRejectedException(
          id.object(), Problem.UNREADABLE, "the store cannot read the chunk", e);
    }
    if (sealed.length > MAX_SEALED_SIZE) {
      throw new ObjectRejectedException(
          id.object(), Problem.ALTERED, "the chunk is larger than any chunk can be");
    }
    return sealed;
  }

  /**
   * Reads the content of a chunk that a manifest lists, proven in every way there is.
   *
   * @param ref the chunk as listed
   * @return the content
   * @throws ObjectRejectedException if it is missing, unreadable, altered, or encoded in a way
   *     unknown here
   */
  public byte[] read(ChunkRef ref) {
    byte[] sealed = readSealed(ref.id());
    if (!ref.isOf(sealed.length, Digests.sha256(sealed))) {
      throw new ObjectRejectedException(
          ref.id().object(),
          Problem.ALTERED,
          "the chunk's bytes are not those that were backed up");
    }
    return open(ref.id(), sealed);
  }

  private byte[] unseal(ChunkId id, byte[] sealed) {
    try {
      return sealer.open(sealed, context(id));
    } catch (EnvelopeNotOpenedException e) {
      Problem problem = switch (e.reason()) {
        case UNKNOWN_VERSION, UNKNOWN_SUITE -> Problem.NEWER_VERSION;
        case WRONG_KEY -> Problem.OTHER_KEY;
        case MALFORMED, WRONG_CONTEXT_OR_DAMAGED, DAMAGED -> Problem.ALTERED;
      };
      throw new ObjectRejectedException(
          id.object(), problem, "the chunk does not open: " + e.getMessage(), e);
    }
  }

  private SealContext context(ChunkId id) {
    return SealContext.of(
        keyring.tenant(), KeyPurpose.BACKUP, CONTEXT, "", repositoryId, id.toString());
  }
}
