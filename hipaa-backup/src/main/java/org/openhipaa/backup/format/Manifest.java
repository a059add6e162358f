package org.openhipaa.backup.format;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.chunk.ChunkRef;
import org.openhipaa.backup.chunk.ChunkVault;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.snapshot.Snapshot;
import org.openhipaa.core.crypto.SigningKey;
import org.openhipaa.core.crypto.VerifyingKey;
import org.openhipaa.core.internal.CanonicalReader;
import org.openhipaa.core.internal.CanonicalReader.MalformedException;
import org.openhipaa.core.internal.CanonicalWriter;

/**
 * An object {@code snapshots/n}: in clear, what anybody can check with the public key alone, and a
 * sealed part that says what it all means. Immutable and thread-safe.
 */
public final class Manifest {
  /** The largest manifest, in bytes; it has room for more than 980,000 chunks. */
  public static final int MAX_SIZE = 64 * 1024 * 1024;

  /** The largest sequence. */
  public static final long MAX_SEQUENCE = 9_999_999_999L;

  private static final String FOLDER = "snapshots/";
  private static final Pattern NAME = Pattern.compile("snapshots/([0-9]{10})");

  private final String repositoryId;
  private final long sequence;
  private final byte[] previous;
  private final Instant created;
  private final List<ChunkRef> chunks;
  private final byte[] sealedRoot;

  private Manifest(
      String repositoryId,
      long sequence,
      byte[] previous,
      Instant created,
      List<ChunkRef> chunks,
      byte[] sealedRoot) {
    this.repositoryId = repositoryId;
    this.sequence = sequence;
    this.previous = previous;
    this.created = created;
    this.chunks = chunks;
    this.sealedRoot = sealedRoot;
  }

  /**
   * Describes the snapshot after a head.
   *
   * @param head the head
   * @param created when the snapshot was begun
   * @param chunks every chunk that it needs, each once, in any order
   * @param sealedRoot the sealed part
   * @return the manifest
   */
  public static Manifest following(
      Head head, Instant created, List<ChunkRef> chunks, byte[] sealedRoot) {
    List<ChunkRef> sorted = new ArrayList<>(chunks);
    sorted.sort((a, b) -> a.id().compareTo(b.id()));
    return new Manifest(
        head.repositoryId(),
        head.sequence() + 1,
        head.digest(),
        created,
        Collections.unmodifiableList(sorted),
        sealedRoot.clone());
  }

  /**
   * The name of a snapshot's object.
   *
   * @param sequence the snapshot's number, from 1
   * @return for instance {@code snapshots/0000000001}
   */
  public static String object(long sequence) {
    String digits = Long.toString(sequence);
    return FOLDER + "0".repeat(10 - digits.length()) + digits;
  }

  /**
   * Recognises a snapshot by the name of its object.
   *
   * @param object any object's name
   * @return its number, or empty if no snapshot may have this name
   */
  public static OptionalLong find(String object) {
    var matcher = NAME.matcher(object);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    long sequence = Long.parseLong(matcher.group(1));
    return sequence == 0 ? OptionalLong.empty() : OptionalLong.of(sequence);
  }

  /**
   * Reads an object whose signature is still to be verified.
   *
   * @param sequence the number in its name
   * @param bytes the object
   * @param signer the key that must have signed it
   * @return the manifest
   * @throws ObjectRejectedException if it was altered, belongs elsewhere, or was written by a newer
   *     release
   */
  public static Manifest decode(long sequence, byte[] bytes, VerifyingKey signer) {
    return parse(
        sequence, SignedObject.open(object(sequence), SignedObject.Kind.SNAPSHOT, bytes, signer));
  }

  /**
   * Reads an object that was decoded before and is known by its digest to be the same.
   *
   * @param sequence the number in its name
   * @param bytes the object
   * @return the manifest
   */
  public static Manifest decodeAgain(long sequence, byte[] bytes) {
    return parse(sequence, SignedObject.unprovenBody(bytes));
  }

  private static Manifest parse(long sequence, ByteBuffer body) {
    try {
      CanonicalReader in = new CanonicalReader(body);
      String id = HexFormat.of().formatHex(in.raw(RepositoryConfig.ID_SIZE));
      long number = in.u64();
      byte[] previous = in.raw(Digests.SIZE);
      Instant created = Instant.ofEpochMilli(in.u64());
      List<ChunkRef> chunks = readChunks(sequence, in);
      byte[] sealedRoot = in.bytes();
      in.end();
      if (number != sequence) {
        throw SignedObject.altered(object(sequence), "it is another snapshot than its name says");
      }
      return new Manifest(
          id, number, previous, created, Collections.unmodifiableList(chunks), sealedRoot);
    } catch (MalformedException e) {
      throw SignedObject.altered(object(sequence), "it is malformed: " + e.getMessage());
    }
  }

  private static List<ChunkRef> readChunks(long sequence, CanonicalReader in) {
    List<ChunkRef> chunks = new ArrayList<>();
    int count = in.u32();
    ChunkId last = null;
    for (int i = 0; i != count; i++) {
      ChunkId id = ChunkId.of(in.raw(ChunkId.SIZE));
      int size = in.u32();
      byte[] digest = in.raw(Digests.SIZE);
      if (size < 1
          || size > ChunkVault.MAX_SEALED_SIZE
          || (last != null && last.compareTo(id) >= 0)) {
        throw SignedObject.altered(object(sequence), "its list of chunks is malformed");
      }
      chunks.add(new ChunkRef(id, size, digest));
      last = id;
    }
    return chunks;
  }

  /**
   * Writes the object.
   *
   * @param key the tenant's signing key
   * @return the object
   */
  public byte[] encode(SigningKey key) {
    CanonicalWriter body = new CanonicalWriter()
        .raw(HexFormat.of().parseHex(repositoryId))
        .u64(sequence)
        .raw(previous)
        .u64(created.toEpochMilli())
        .u32(chunks.size());
    for (ChunkRef chunk : chunks) {
      body.raw(chunk.id().toBytes()).u32(chunk.sealedSize()).raw(chunk.sealedDigest());
    }
    return SignedObject.sign(SignedObject.Kind.SNAPSHOT, body.bytes(sealedRoot).toBytes(), key);
  }

  /**
   * Puts together what a person wants to know.
   *
   * @param root the opened sealed part
   * @param digest SHA-256 of this manifest's object
   * @param committed whether the head knows it
   * @return the summary
   */
  public Snapshot summary(SnapshotRoot root, byte[] digest, boolean committed) {
    return new Snapshot(
        repositoryId,
        sequence,
        created,
        HexFormat.of().formatHex(digest),
        committed,
        root.sources().stream().map(SourceTree::summary).toList(),
        chunks.size(),
        chunks.stream().mapToLong(ChunkRef::sealedSize).sum());
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
   * Which snapshot.
   *
   * @return its number, from 1
   */
  public long sequence() {
    return sequence;
  }

  /**
   * The digest of the snapshot that this one was made upon.
   *
   * @return SHA-256 of its object, a copy; zeros if there was none
   */
  public byte[] previous() {
    return previous.clone();
  }

  /**
   * Tells whether this snapshot was made upon another.
   *
   * @param digest SHA-256 of the other's object; zeros for none
   * @return true if it was
   */
  public boolean follows(byte[] digest) {
    return Arrays.equals(previous, digest);
  }

  /**
   * When it was begun.
   *
   * @return the time by the writer's clock, in milliseconds
   */
  public Instant created() {
    return created;
  }

  /**
   * Every chunk that the snapshot needs.
   *
   * @return unmodifiable, ascending by id
   */
  public List<ChunkRef> chunks() {
    return chunks;
  }

  /**
   * The chunks, to be found by id.
   *
   * @return a new map
   */
  public Map<ChunkId, ChunkRef> chunksById() {
    Map<ChunkId, ChunkRef> byId = new HashMap<>();
    chunks.forEach(chunk -> byId.put(chunk.id(), chunk));
    return byId;
  }

  /**
   * Where a chunk stands in {@link #chunks}.
   *
   * @param id which chunk
   * @return its position, or empty if the snapshot does not list it
   */
  public Optional<Integer> position(ChunkId id) {
    int low = 0;
    int high = chunks.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = chunks.get(middle).id().compareTo(id);
      if (order == 0) {
        return Optional.of(middle);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
  }

  /**
   * The sealed part.
   *
   * @return a copy
   */
  public byte[] sealedRoot() {
    return sealedRoot.clone();
  }
}
