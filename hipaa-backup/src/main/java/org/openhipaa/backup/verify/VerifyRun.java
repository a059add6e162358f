package org.openhipaa.backup.verify;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openhipaa.backup.Progress;
import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.chunk.ChunkRef;
import org.openhipaa.backup.chunk.ChunkVault;
import org.openhipaa.backup.format.Head;
import org.openhipaa.backup.format.Manifest;
import org.openhipaa.backup.format.RepositoryConfig;
import org.openhipaa.backup.format.StoredObjects;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;
import org.openhipaa.backup.repository.RepositoryNotOpenedException;
import org.openhipaa.backup.repository.RepositoryNotOpenedException.Reason;
import org.openhipaa.backup.store.BlobStore;
import org.openhipaa.backup.verify.ContentCheck.FileContent;
import org.openhipaa.backup.verify.ScannedChunk.Rejection;
import org.openhipaa.backup.verify.Verifier.Expectation;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.VerifyingKey;

/**
 * One verification from beginning to end: what is there; who signed it; how it hangs together; then
 * every chunk by itself; then what the snapshots say of the chunks; then what is left over.
 */
final class VerifyRun {
  private static final String UNKNOWN = "unknown";
  private static final String OTHER_REPOSITORY = "it belongs to another repository";

  private final BlobStore store;
  private final VerifyingKey signer;
  private final @Nullable Keyring keyring;
  private final @Nullable Expectation expectation;
  private final Progress progress;
  private final Findings findings = new Findings();
  private final SortedMap<Long, Link> links = new TreeMap<>();
  private final Map<ChunkId, ScannedChunk> scanned = new HashMap<>();
  private final Map<ChunkId, BadChunk> bad = new HashMap<>();
  private final Map<String, FileContent> largeFiles = new HashMap<>();
  private long bytesRead;
  private long files;

  VerifyRun(
      BlobStore store,
      VerifyingKey signer,
      @Nullable Keyring keyring,
      @Nullable Expectation expectation,
      Progress progress) {
    this.store = store;
    this.signer = signer;
    this.keyring = keyring;
    this.expectation = expectation;
    this.progress = progress;
  }

  VerifyResult run() {
    Listing listing = Listing.of(store);
    if (!listing.isRepository()) {
      throw new RepositoryNotOpenedException(
          Reason.MISSING, "there is no repository here; name the right place, or create one");
    }
    for (String name : listing.unexpected()) {
      findings.add(name, Finding.Kind.UNEXPECTED, "it is no part of a repository");
    }
    Head head = readHead(listing);
    listing.manifests().keySet().forEach(this::readManifest);
    RepositoryConfig config = readConfig(head);
    String id = elect(config, head);
    checkIdentity(config, head, id);
    checkPresence(listing, head);
    checkChain(head);
    checkExpectation();
    ChunkVault vault = keyring == null || id == null ? null : new ChunkVault(store, keyring, id);
    scanChunks(listing, vault);
    links.forEach((sequence, link) -> {
      if (link.provenFor(id)) {
        checkContent(sequence, link, vault);
      }
    });
    long unreferenced = reportChunks();
    return result(id == null ? UNKNOWN : id, head, unreferenced);
  }

  /**
   * A manifest as it was read: the digest of its object and, if it is authentic, whose it is and
   * what it follows.
   */
  private static final class Link {
    private final byte[] digest;
    private final @Nullable String repositoryId;
    private final byte[] previous;

    Link(byte[] digest, @Nullable String repositoryId, byte[] previous) {
      this.digest = digest;
      this.repositoryId = repositoryId;
      this.previous = previous;
    }

    boolean isProven() {
      return repositoryId != null;
    }

    boolean provenFor(@Nullable String id) {
      return repositoryId != null && repositoryId.equals(id);
    }
  }

  private @Nullable Head readHead(Listing listing) {
    byte[] bytes = listing.head();
    try {
      if (bytes == null) {
        // Says why it could not be read when everything was listed.
        StoredObjects.head(store);
        throw new ObjectRejectedException(Head.OBJECT, Problem.UNREADABLE, "it comes and goes");
      }
      bytesRead += bytes.length;
      return Head.decode(bytes, signer);
    } catch (ObjectRejectedException e) {
      reject(e);
      return null;
    }
  }

  private void readManifest(long sequence) {
    byte[] bytes;
    try {
      bytes = StoredObjects.manifest(store, sequence);
    } catch (ObjectRejectedException e) {
      reject(e, sequence);
      return;
    }
    bytesRead += bytes.length;
    byte[] digest = Digests.sha256(bytes);
    try {
      Manifest manifest = Manifest.decode(sequence, bytes, signer);
      links.put(sequence, new Link(digest, manifest.repositoryId(), manifest.previous()));
    } catch (ObjectRejectedException e) {
      reject(e, sequence);
      links.put(sequence, new Link(digest, null, digest));
    }
  }

  private @Nullable RepositoryConfig readConfig(@Nullable Head head) {
    try {
      byte[] bytes = StoredObjects.config(store);
      bytesRead += bytes.length;
      return RepositoryConfig.decode(bytes, signer);
    } catch (ObjectRejectedException e) {
      boolean nothingIsOurs = head == null && links.values().stream().noneMatch(Link::isProven);
      if (e.problem() == Problem.OTHER_KEY && nothingIsOurs) {
        throw new RepositoryNotOpenedException(
            Reason.WRONG_KEY,
            e.object() + ": " + e.getMessage() + "; use the key of the tenant that it belongs to",
            e);
      }
      reject(e);
      return null;
    }
  }

  /** What a newer release wrote cannot be judged here, so it is neither intact nor damaged. */
  private void reject(ObjectRejectedException e, long... snapshots) {
    if (e.problem() == Problem.NEWER_VERSION) {
      throw new RepositoryNotOpenedException(
          Reason.NEWER_VERSION, e.object() + ": " + e.getMessage(), e);
    }
    findings.add(e, snapshots);
  }

  /** Which repository this is, by the majority of what is authentic. */
  private @Nullable String elect(@Nullable RepositoryConfig config, @Nullable Head head) {
    Map<String, Long> votes = new TreeMap<>();
    Stream.concat(
            Stream.of(
                config == null ? null : config.repositoryId(),
                head == null ? null : head.repositoryId()),
            links.values().stream().map(link -> link.repositoryId))
        .filter(Objects::nonNull)
        .forEach(id -> votes.merge(id, 1L, Long::sum));
    return votes.entrySet().stream()
        .max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  private void checkIdentity(
      @Nullable RepositoryConfig config, @Nullable Head head, @Nullable String id) {
    if (config != null && !config.repositoryId().equals(id)) {
      findings.add(RepositoryConfig.OBJECT, Finding.Kind.INCONSISTENT, OTHER_REPOSITORY);
    }
    if (head != null && !head.repositoryId().equals(id)) {
      findings.add(Head.OBJECT, Finding.Kind.INCONSISTENT, OTHER_REPOSITORY);
    }
    links.forEach((sequence, link) -> {
      if (link.isProven() && !link.provenFor(id)) {
        findings.add(
            Manifest.object(sequence), Finding.Kind.INCONSISTENT, OTHER_REPOSITORY, sequence);
      }
    });
  }

  /**
   * Snapshots are numbered without gaps up to the head's; one more may be there beside a pending
   * head.
   */
  private void checkPresence(Listing listing, @Nullable Head head) {
    long last = 0;
    for (long sequence : listing.manifests().keySet()) {
      missing(last + 1, sequence - 1);
      last = sequence;
      if (head != null && sequence > head.sequence() + (head.isPending() ? 1 : 0)) {
        findings.add(
            Manifest.object(sequence),
            Finding.Kind.INCONSISTENT,
            "the head does not know it: "
                + "the head was put back to an older state, or the snapshot was planted",
            sequence);
      }
    }
    if (head != null) {
      missing(last + 1, head.sequence());
    }
  }

  private void missing(long from, long to) {
    for (long sequence = from; sequence <= to; sequence++) {
      if (findings.isFull()) {
        findings.addUnnamed(to - sequence + 1);
        return;
      }
      findings.add(
          Manifest.object(sequence), Finding.Kind.MISSING, "a snapshot is missing", sequence);
    }
  }

  private void checkChain(@Nullable Head head) {
    links.forEach((sequence, link) -> {
      Link before = links.get(sequence - 1);
      byte[] expected =
          sequence == 1 ? new byte[Digests.SIZE] : before == null ? null : before.digest;
      boolean comparable = link.isProven() && (before == null || before.isProven());
      if (comparable && expected != null && !Arrays.equals(expected, link.previous)) {
        findings.add(
            Manifest.object(sequence),
            Finding.Kind.INCONSISTENT,
            "it was not made upon the snapshot that stands before it",
            sequence);
      }
    });
    Link newest = head == null ? null : links.get(head.sequence());
    if (head != null && newest != null && newest.isProven() && !head.isOf(newest.digest)) {
      findings.add(Head.OBJECT, Finding.Kind.INCONSISTENT, "it does not match the newest snapshot");
    }
  }

  private void checkExpectation() {
    if (expectation == null) {
      return;
    }
    Link link = links.get(expectation.sequence());
    boolean met = link != null
        && link.isProven()
        && HexFormat.of().formatHex(link.digest).equals(expectation.digest());
    if (!met) {
      findings.add(
          Head.OBJECT,
          Finding.Kind.INCONSISTENT,
          "snapshot "
              + expectation.sequence()
              + " is not the expected one: the repository was exchanged for another or older copy");
    }
  }

  private void scanChunks(Listing listing, @Nullable ChunkVault vault) {
    long total = listing.bytes();
    long done = 0;
    progress.update(0, total);
    for (ChunkId id : listing.chunks().keySet()) {
      ScannedChunk chunk = ScannedChunk.scan(store, vault, id);
      scanned.put(id, chunk);
      done += chunk.sealedSize();
      progress.update(done, total);
    }
    bytesRead += done;
  }

  private void checkContent(long sequence, Link link, @Nullable ChunkVault vault) {
    Manifest manifest;
    try {
      byte[] bytes = StoredObjects.manifest(store, sequence);
      if (!Arrays.equals(Digests.sha256(bytes), link.digest)) {
        throw new ObjectRejectedException(
            Manifest.object(sequence), Problem.ALTERED, "it changed while it was verified");
      }
      manifest = Manifest.decodeAgain(sequence, bytes);
    } catch (ObjectRejectedException e) {
      findings.add(e, sequence);
      return;
    }
    for (ChunkRef ref : manifest.chunks()) {
      // A chunk that was not listed is looked for by name: a backup may have stored it meanwhile.
      ScannedChunk chunk =
          scanned.computeIfAbsent(ref.id(), id -> ScannedChunk.scan(store, vault, id));
      chunk.refer();
      Rejection rejection = chunk.rejectedBy(ref);
      if (rejection != null) {
        bad.computeIfAbsent(ref.id(), id -> new BadChunk(id, rejection)).affects(sequence);
      }
    }
    if (keyring != null && vault != null) {
      files += new ContentCheck(manifest, vault, scanned, bad, largeFiles, findings).check(keyring);
    }
  }

  private long reportChunks() {
    bad.values().forEach(chunk -> findings.add(chunk.finding()));
    long unreferenced = 0;
    for (Map.Entry<ChunkId, ScannedChunk> entry : scanned.entrySet()) {
      if (entry.getValue().isReferenced()) {
        continue;
      }
      Rejection rejection = entry.getValue().rejectedAlone();
      if (rejection == null) {
        unreferenced++;
      } else {
        findings.add(
            entry.getKey().object(), Findings.kind(rejection.problem()), rejection.message());
      }
    }
    return unreferenced;
  }

  private VerifyResult result(String id, @Nullable Head head, long unreferenced) {
    long referenced =
        scanned.values().stream().filter(ScannedChunk::isReferenced).count();
    VerifyCounts counts =
        new VerifyCounts(links.size(), referenced, bytesRead, files, unreferenced);
    if (head == null || !findings.isEmpty()) {
      return new VerifyResult.Damaged(id, counts, findings.inOrder(), findings.count());
    }
    return new VerifyResult.Intact(
        id,
        head.sequence(),
        HexFormat.of().formatHex(head.digest()),
        counts,
        keyring != null,
        head.isPending());
  }
}
