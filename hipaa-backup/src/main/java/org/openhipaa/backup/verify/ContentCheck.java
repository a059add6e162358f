package org.openhipaa.backup.verify;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.chunk.ChunkRef;
import org.openhipaa.backup.chunk.ChunkVault;
import org.openhipaa.backup.format.Manifest;
import org.openhipaa.backup.format.SnapshotRoot;
import org.openhipaa.backup.format.SourceTree;
import org.openhipaa.backup.format.TreeDecoder;
import org.openhipaa.backup.format.TreeEntry;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;
import org.openhipaa.backup.snapshot.SourceSummary;
import org.openhipaa.backup.snapshot.TreeDigester;
import org.openhipaa.core.crypto.Keyring;

/**
 * Proves that one snapshot says the truth: its lists of entries, its files' digests, and that it
 * lists what it needs.
 */
final class ContentCheck {
  private final Manifest manifest;
  private final String object;
  private final ChunkVault vault;
  private final Map<ChunkId, ScannedChunk> scanned;
  private final Map<ChunkId, BadChunk> bad;
  private final Map<String, FileContent> largeFiles;
  private final Findings findings;
  private final BitSet mentioned = new BitSet();
  private long files;

  ContentCheck(
      Manifest manifest,
      ChunkVault vault,
      Map<ChunkId, ScannedChunk> scanned,
      Map<ChunkId, BadChunk> bad,
      Map<String, FileContent> largeFiles,
      Findings findings) {
    this.manifest = manifest;
    this.object = Manifest.object(manifest.sequence());
    this.vault = vault;
    this.scanned = scanned;
    this.bad = bad;
    this.largeFiles = largeFiles;
    this.findings = findings;
  }

  /** Returns how many files were looked at. */
  long check(Keyring keyring) {
    try {
      boolean complete = true;
      for (SourceTree tree : SnapshotRoot.open(manifest, keyring).sources()) {
        complete &= checkSource(tree);
      }
      if (complete && mentioned.cardinality() != manifest.chunks().size()) {
        throw inconsistent("it lists chunks that nothing in it refers to");
      }
    } catch (ObjectRejectedException e) {
      findings.add(e, manifest.sequence());
    }
    return files;
  }

  /** Returns false if the list of entries could not be read to its end. */
  private boolean checkSource(SourceTree tree) {
    SourceSummary summary = tree.summary();
    SourceCheck source = new SourceCheck(summary.name().value());
    try {
      new TreeDecoder(object, tree, this::content).forEach(source::entry);
      source.demandEquals(summary);
      return true;
    } catch (ObjectRejectedException e) {
      BadChunk chunk = ChunkId.find(e.object()).map(bad::get).orElse(null);
      if (chunk == null) {
        findings.add(e, manifest.sequence());
      } else {
        // The chunk held a part of the list: the files that it lists from there on are lost.
        chunk.affectsFiles(Math.max(0, summary.files() - source.files));
      }
      return false;
    }
  }

  private ChunkRef mention(ChunkId id) {
    int position = manifest
        .position(id)
        .orElseThrow(() -> inconsistent("it refers to a chunk that it does not list"));
    mentioned.set(position);
    return manifest.chunks().get(position);
  }

  private boolean isGood(ChunkRef ref) {
    return found(ref.id()).rejectedBy(ref) == null;
  }

  private ScannedChunk found(ChunkId id) {
    return Objects.requireNonNull(scanned.get(id));
  }

  private byte[] content(ChunkId id) {
    ChunkRef ref = mention(id);
    if (!isGood(ref)) {
      throw new ObjectRejectedException(id.object(), Problem.ALTERED, "a list of entries is lost");
    }
    return vault.read(ref);
  }

  private ObjectRejectedException inconsistent(String message) {
    return new ObjectRejectedException(object, Problem.INCONSISTENT, message);
  }

  /** One source as its list of entries tells it. */
  private final class SourceCheck {
    private final String name;
    private final TreeDigester digester = new TreeDigester();
    private long files;
    private long directories;
    private long bytes;

    SourceCheck(String name) {
      this.name = name;
    }

    void entry(TreeEntry entry) {
      entry.addTo(digester);
      if (!entry.isFile()) {
        directories++;
        return;
      }
      boolean lost = false;
      for (ChunkId id : entry.chunks()) {
        lost |= !isGood(mention(id));
      }
      files++;
      bytes += entry.size();
      ContentCheck.this.files++;
      if (lost) {
        reportLost(entry);
      } else if (!isProven(entry)) {
        findings.add(new Finding(
            object,
            Finding.Kind.INCONSISTENT,
            "a file's content is not what its digest says",
            new TreeSet<>(List.of(manifest.sequence())),
            1,
            List.of(shown(entry))));
      }
    }

    void demandEquals(SourceSummary summary) {
      boolean equal = files == summary.files()
          && directories == summary.directories()
          && bytes == summary.bytes()
          && digester.finish().equals(summary.digest());
      if (!equal) {
        throw inconsistent("a list of entries is not what its summary says");
      }
    }

    private void reportLost(TreeEntry entry) {
      for (ChunkId id : new LinkedHashSet<>(entry.chunks())) {
        BadChunk chunk = bad.get(id);
        if (chunk != null && !isGood(mention(id))) {
          chunk.affectsFile(shown(entry));
        }
      }
    }

    private String shown(TreeEntry entry) {
      return manifest.sequence() + ":" + name + "/" + entry.path().reveal();
    }

    /**
     * Most files have one chunk, and its content was digested when it was scanned; only larger ones
     * are read again.
     */
    private boolean isProven(TreeEntry entry) {
      List<ChunkId> ids = entry.chunks();
      if (ids.size() == 1) {
        return found(ids.get(0)).holds(entry.size(), entry.digest());
      }
      String key = key(ids);
      FileContent content = largeFiles.get(key);
      if (content == null) {
        content = read(ids);
        largeFiles.put(key, content);
      }
      return content.is(entry.size(), entry.digest());
    }

    private String key(List<ChunkId> ids) {
      MessageDigest key = Digests.sha256();
      ids.forEach(id -> key.update(id.toBytes()));
      return HexFormat.of().formatHex(key.digest());
    }

    private FileContent read(List<ChunkId> ids) {
      MessageDigest digest = Digests.sha256();
      long size = 0;
      for (ChunkId id : ids) {
        byte[] content = vault.read(mention(id));
        digest.update(content);
        size += content.length;
      }
      return new FileContent(size, digest.digest());
    }
  }

  /** What a list of chunks holds; snapshots share such lists, and each is read once. */
  static final class FileContent {
    private final long size;
    private final byte[] digest;

    FileContent(long size, byte[] digest) {
      this.size = size;
      this.digest = digest;
    }

    boolean is(long expectedSize, byte[] expectedDigest) {
      return size == expectedSize && Arrays.equals(digest, expectedDigest);
    }
  }
}
