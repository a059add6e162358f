package org.openhipaa.backup.format;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;
import org.openhipaa.backup.snapshot.SourceSummary;
import org.openhipaa.backup.snapshot.TreeDigest;
import org.openhipaa.backup.source.SourceName;
import org.openhipaa.core.crypto.EnvelopeNotOpenedException;
import org.openhipaa.core.crypto.KeyPurpose;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.SealContext;
import org.openhipaa.core.internal.CanonicalReader;
import org.openhipaa.core.internal.CanonicalReader.MalformedException;
import org.openhipaa.core.internal.CanonicalWriter;

/**
 * The sealed part of a manifest: which sources the snapshot has, and where their lists of entries
 * are. It opens only in the snapshot that it was sealed for.
 *
 * @param sources in the order they were read, at least one, names distinct
 */
public record SnapshotRoot(List<SourceTree> sources) {
  private static final int VERSION = 1;
  private static final String CONTEXT = "backup-snapshot";

  /** The most sources that a snapshot has. */
  public static final int MAX_SOURCES = 1000;

  /**
   * Takes a copy of the list.
   *
   * @param sources see {@link #sources()}
   */
  public SnapshotRoot {
    sources = List.copyOf(sources);
  }

  /**
   * Seals.
   *
   * @param keyring the tenant's keys
   * @param repositoryId which repository
   * @param sequence which snapshot
   * @return the sealed part
   */
  public byte[] seal(Keyring keyring, String repositoryId, long sequence) {
    CanonicalWriter out = new CanonicalWriter().u8(VERSION).u16(sources.size());
    for (SourceTree source : sources) {
      SourceSummary summary = source.summary();
      out.text(summary.name().value())
          .u64(summary.files())
          .u64(summary.directories())
          .u64(summary.bytes())
          .raw(summary.digest().toBytes())
          .u64(source.treeSize())
          .u32(source.treeChunks().size());
      source.treeChunks().forEach(id -> out.raw(id.toBytes()));
    }
    return keyring.tenantSealer().seal(out.toBytes(), context(keyring, repositoryId, sequence));
  }

  /**
   * Opens the sealed part of a manifest.
   *
   * @param manifest the manifest
   * @param keyring the tenant's keys
   * @return what was sealed
   * @throws ObjectRejectedException if it does not open, is malformed, or was written by a newer
   *     release
   */
  public static SnapshotRoot open(Manifest manifest, Keyring keyring) {
    String object = Manifest.object(manifest.sequence());
    byte[] plain;
    try {
      plain = keyring
          .tenantSealer()
          .open(
              manifest.sealedRoot(),
              context(keyring, manifest.repositoryId(), manifest.sequence()));
    } catch (EnvelopeNotOpenedException e) {
      Problem problem = switch (e.reason()) {
        case UNKNOWN_VERSION, UNKNOWN_SUITE -> Problem.NEWER_VERSION;
        case WRONG_KEY -> Problem.OTHER_KEY;
        case MALFORMED, WRONG_CONTEXT_OR_DAMAGED, DAMAGED -> Problem.INCONSISTENT;
      };
      throw new ObjectRejectedException(
          object, problem, "its sealed part does not open: " + e.getMessage(), e);
    }
    return parse(object, plain);
  }

  private static SnapshotRoot parse(String object, byte[] plain) {
    try {
      CanonicalReader in = new CanonicalReader(plain);
      int version = in.u8();
      if (version != VERSION) {
        throw new ObjectRejectedException(
            object,
            Problem.NEWER_VERSION,
            "version " + version
                + " of its sealed part is not known here (known: 1); use a newer release");
      }
      int count = in.u16();
      List<SourceTree> sources = new ArrayList<>();
      Set<SourceName> names = new HashSet<>();
      for (int i = 0; i < count; i++) {
        SourceTree source = readSource(in);
        if (!names.add(source.summary().name())) {
          throw new MalformedException("two sources have one name");
        }
        sources.add(source);
      }
      in.end();
      if (count < 1 || count > MAX_SOURCES) {
        throw new MalformedException("impossible number of sources");
      }
      return new SnapshotRoot(sources);
    } catch (MalformedException | IllegalArgumentException e) {
      throw new ObjectRejectedException(
          object, Problem.INCONSISTENT, "its sealed part is malformed: " + e.getMessage());
    }
  }

  private static SourceTree readSource(CanonicalReader in) {
    SourceName name = SourceName.of(in.text());
    long files = count(in);
    long directories = count(in);
    long bytes = count(in);
    TreeDigest digest = new TreeDigest(HexFormat.of().formatHex(in.raw(Digests.SIZE)));
    long treeSize = count(in);
    int chunks = in.u32();
    List<ChunkId> ids = new ArrayList<>();
    for (int i = 0; i != chunks; i++) {
      ids.add(ChunkId.of(in.raw(ChunkId.SIZE)));
    }
    return new SourceTree(
        new SourceSummary(name, files, directories, bytes, digest), treeSize, ids);
  }

  private static long count(CanonicalReader in) {
    long value = in.u64();
    if (value < 0) {
      throw new MalformedException("impossible count at offset " + in.position());
    }
    return value;
  }

  private static SealContext context(Keyring keyring, String repositoryId, long sequence) {
    return SealContext.of(
        keyring.tenant(), KeyPurpose.BACKUP, CONTEXT, "", repositoryId, Long.toString(sequence));
  }
}
