package org.openhipaa.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.backup.Fixture;
import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.chunk.ChunkRef;
import org.openhipaa.backup.chunk.ChunkVault;
import org.openhipaa.backup.format.Head;
import org.openhipaa.backup.format.Manifest;
import org.openhipaa.backup.format.SnapshotRoot;
import org.openhipaa.backup.format.SourceTree;
import org.openhipaa.backup.format.StoredObjects;
import org.openhipaa.backup.format.TreeEncoder;
import org.openhipaa.backup.format.TreeEntry;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.repository.RepositoryNotOpenedException;
import org.openhipaa.backup.snapshot.SourceSummary;
import org.openhipaa.backup.snapshot.TreeDigester;
import org.openhipaa.backup.source.EntryAttributes;
import org.openhipaa.backup.source.EntryPath;
import org.openhipaa.backup.source.SourceName;
import org.openhipaa.backup.store.InMemoryBlobStore;
import org.openhipaa.backup.verify.Finding;
import org.openhipaa.backup.verify.VerifyResult.Damaged;
import org.openhipaa.core.crypto.KeyPurpose;
import org.openhipaa.core.crypto.SealContext;
import org.openhipaa.core.internal.CanonicalWriter;

/**
 * Snapshots made with the right keys and bad intent: refused whole, nothing written outside,
 * nothing at the target.
 */
class HostileManifestTest {
  private static final EntryAttributes ATTRIBUTES =
      new EntryAttributes(Instant.EPOCH, OptionalInt.empty());

  @TempDir
  Path disk;

  private Fixture fixture;
  private ChunkVault vault;
  private Path temp;

  @BeforeEach
  void begin() {
    temp = Fixture.scratch(disk);
    reset();
  }

  @AfterEach
  void clean() {
    Fixture.delete(temp);
  }

  private void reset() {
    fixture = new Fixture();
    fixture.create();
    vault = new ChunkVault(fixture.store, fixture.keyring, fixture.open().id());
  }

  /** A hand-made list of entries, with whatever chunks it needs. */
  private static final class Tree {
    private final CanonicalWriter out = new CanonicalWriter();
    private final TreeDigester digester = new TreeDigester();
    private long files;
    private long directories;
    private long bytes;

    Tree entry(TreeEntry entry) {
      entry.addTo(digester);
      if (entry.isFile()) {
        files++;
        bytes += entry.size();
      } else {
        directories++;
      }
      out.raw(TreeEncoder.encode(entry));
      return this;
    }

    Tree root() {
      return entry(TreeEntry.directory(EntryPath.ROOT, ATTRIBUTES));
    }

    Tree raw(byte[] record) {
      out.bytes(record);
      return this;
    }
  }

  /** An entry that no honest writer makes. */
  private static byte[] record(int type, String path, byte[] rest) {
    return new CanonicalWriter()
        .u8(type)
        .text(path)
        .u64(0)
        .u32(0)
        .u8(0)
        .u16(0)
        .raw(rest)
        .toBytes();
  }

  private byte[] fileOf(String content) {
    ChunkRef ref = store(content.getBytes(StandardCharsets.UTF_8));
    return new CanonicalWriter()
        .u64(content.length())
        .raw(Digests.sha256(content.getBytes(StandardCharsets.UTF_8)))
        .u32(1)
        .raw(ref.id().toBytes())
        .toBytes();
  }

  private final Map<ChunkId, ChunkRef> refs = new LinkedHashMap<>();

  private ChunkRef store(byte[] content) {
    ChunkId id = vault.idOf(content);
    byte[] sealed = vault.seal(id, content);
    fixture.store.create(id.object(), sealed);
    return refs.computeIfAbsent(id, x -> new ChunkRef(id, sealed.length, Digests.sha256(sealed)));
  }

  private void publish(Tree tree) {
    byte[] list = tree.out.toBytes();
    ChunkRef chunk = store(list);
    publish(new SourceTree(
        new SourceSummary(
            SourceName.of("records"),
            tree.files,
            tree.directories,
            tree.bytes,
            tree.digester.finish()),
        list.length,
        List.of(chunk.id())));
  }

  private void publish(SourceTree source) {
    byte[] root =
        new SnapshotRoot(List.of(source)).seal(fixture.keyring, fixture.open().id(), 1);
    publish(root);
  }

  private void publish(byte[] sealedRoot) {
    Head head = Head.empty(fixture.open().id());
    var key = StoredObjects.signingKey(fixture.keyring);
    byte[] manifest = Manifest.following(
            head, Instant.EPOCH, new ArrayList<>(refs.values()), sealedRoot)
        .encode(key);
    fixture.store.create("snapshots/0000000001", manifest);
    ((InMemoryBlobStore) fixture.store)
        .tamper("head", head.next(Digests.sha256(manifest)).encode(key));
  }

  private void assertRefused() {
    Path parent = temp.resolve("parent");
    try {
      Files.createDirectories(parent);
      Path target = parent.resolve("target");

      assertThat(fixture.verify())
          .isInstanceOfSatisfying(
              Damaged.class,
              damaged -> assertThat(damaged.findings())
                  .extracting(Finding::kind)
                  .containsOnly(Finding.Kind.INCONSISTENT));
      assertThat(fixture.alarms).hasSize(1);
      assertThatThrownBy(() -> fixture.restore(1, target))
          .isInstanceOfSatisfying(
              RestoreFailedException.class,
              e -> assertThat(e.reason()).isEqualTo(RestoreFailedException.Reason.DAMAGED));
      assertThat(fixture.alarms).hasSize(2);
      assertThat(parent).isEmptyDirectory();
      assertThat(temp).isDirectoryNotContaining(p -> !p.equals(parent));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void handMadeButHonestSnapshot_isAccepted() {
    publish(new Tree()
        .root()
        .entry(TreeEntry.file(
            EntryPath.of("a"), ATTRIBUTES, 0, Digests.sha256(new byte[0]), List.of())));

    fixture.restore(1, temp.resolve("target"));

    assertThat(temp.resolve("target/records/a")).isEmptyFile();
  }

  @TestFactory
  Stream<DynamicTest> everyEscape_isRefused() {
    return Stream.of(
            "../escaped",
            "/tmp/escaped",
            "..",
            ".",
            "a/../../escaped",
            "a//b",
            "./a",
            "a/",
            "a\0b",
            "")
        .map(path -> DynamicTest.dynamicTest("path [" + path.replace("\0", "NUL") + "]", () -> {
          refs.clear();
          reset();
          publish(new Tree().root().raw(record(2, path, fileOf("evil"))));
          assertRefused();
        }));
  }

  @TestFactory
  Stream<DynamicTest> everyMalformedList_isRefused() {
    Map<String, Tree> trees = new LinkedHashMap<>();
    byte[] none = new byte[0];
    byte[] empty = new CanonicalWriter().u64(0).raw(Digests.sha256(none)).u32(0).toBytes();
    trees.put("nothing", new Tree());
    trees.put("no root", new Tree().raw(record(1, "a", none)));
    trees.put("root is a file", new Tree().raw(record(2, "", empty)));
    trees.put("file in no folder", new Tree().root().raw(record(2, "a/b", empty)));
    trees.put(
        "file in a file",
        new Tree().root().raw(record(2, "a", empty)).raw(record(2, "a/b", empty)));
    trees.put("twice", new Tree().root().raw(record(2, "a", empty)).raw(record(2, "a", empty)));
    trees.put("order", new Tree().root().raw(record(2, "b", empty)).raw(record(2, "a", empty)));
    trees.put("symbolic link", new Tree().root().raw(record(3, "a", none)));
    trees.put("type 0", new Tree().root().raw(record(0, "a", none)));
    trees.put("trailing bytes", new Tree().root().raw(record(1, "a", new byte[] {1})));
    trees.put("empty record", new Tree().root().raw(none));
    trees.put(
        "negative size",
        new Tree()
            .root()
            .raw(record(
                2,
                "a",
                new CanonicalWriter().u64(-1).raw(Digests.sha256(none)).u32(0).toBytes())));
    trees.put(
        "huge count",
        new Tree()
            .root()
            .raw(record(
                2,
                "a",
                new CanonicalWriter()
                    .u64(1L << 60)
                    .raw(Digests.sha256(none))
                    .u32(-1)
                    .toBytes())));
    trees.put(
        "chunk that is not listed",
        new Tree()
            .root()
            .raw(record(
                2,
                "a",
                new CanonicalWriter()
                    .u64(4)
                    .raw(Digests.sha256(none))
                    .u32(1)
                    .raw(new byte[32])
                    .toBytes())));
    trees.put(
        "wrong digest",
        new Tree()
            .root()
            .raw(record(
                2, "a", new CanonicalWriter().u64(0).raw(new byte[32]).u32(0).toBytes())));
    trees.put(
        "wrong size",
        new Tree()
            .root()
            .raw(record(
                2,
                "a",
                new CanonicalWriter().u64(1).raw(Digests.sha256(none)).u32(0).toBytes())));
    trees.put(
        "mode of ten bits",
        new Tree()
            .root()
            .raw(new CanonicalWriter()
                .u8(1)
                .text("a")
                .u64(0)
                .u32(0)
                .u8(1)
                .u16(01000)
                .toBytes()));
    trees.put(
        "mode without saying so",
        new Tree()
            .root()
            .raw(new CanonicalWriter()
                .u8(1)
                .text("a")
                .u64(0)
                .u32(0)
                .u8(0)
                .u16(0777)
                .toBytes()));
    trees.put(
        "nanoseconds",
        new Tree()
            .root()
            .raw(new CanonicalWriter()
                .u8(1)
                .text("a")
                .u64(0)
                .u32(1_000_000_000)
                .u8(0)
                .u16(0)
                .toBytes()));
    trees.put(
        "year beyond time",
        new Tree()
            .root()
            .raw(new CanonicalWriter()
                .u8(1)
                .text("a")
                .u64(Long.MAX_VALUE)
                .u32(0)
                .u8(0)
                .u16(0)
                .toBytes()));
    trees.put(
        "not UTF-8",
        new Tree()
            .root()
            .raw(new CanonicalWriter()
                .u8(1)
                .bytes(new byte[] {(byte) 0xC3, 0x28})
                .u64(0)
                .u32(0)
                .u8(0)
                .u16(0)
                .toBytes()));
    return trees.entrySet().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
          refs.clear();
          reset();
          publish(entry.getValue());
          assertRefused();
        }));
  }

  @Test
  void listThatIsShorterOrLongerThanSaid_isRefused() {
    for (int difference : new int[] {-1, 1, 1_000_000_000}) {
      refs.clear();
      reset();
      Tree tree = new Tree().root();
      byte[] list = tree.out.toBytes();
      ChunkRef chunk = store(list);
      publish(new SourceTree(
          new SourceSummary(SourceName.of("records"), 0, 1, 0, tree.digester.finish()),
          list.length + difference,
          List.of(chunk.id())));
      assertRefused();
    }
  }

  @Test
  void summaryThatLies_isRefused() {
    Tree tree = new Tree().root();
    tree.entry(
        TreeEntry.file(EntryPath.of("a"), ATTRIBUTES, 0, Digests.sha256(new byte[0]), List.of()));
    tree.digester.directory(EntryPath.of("b"));

    publish(tree);

    assertRefused();
  }

  @Test
  void fileWhoseDigestOrSizeLies_isRefused() {
    byte[] content = "content".getBytes(StandardCharsets.UTF_8);
    byte[] digest = Digests.sha256(content);
    for (int chunks = 1; chunks <= 2; chunks++) {
      for (boolean sizeLies : new boolean[] {true, false}) {
        refs.clear();
        reset();
        List<ChunkId> ids = Collections.nCopies(chunks, store(content).id());
        byte[] all = "content".repeat(chunks).getBytes(StandardCharsets.UTF_8);
        publish(new Tree()
            .root()
            .entry(TreeEntry.file(
                EntryPath.of("a"),
                ATTRIBUTES,
                sizeLies ? all.length + 1 : all.length,
                sizeLies ? Digests.sha256(all) : Digests.sha256(digest),
                ids)));
        assertRefused();
      }
    }
  }

  @Test
  void chunkThatHoldsOtherContentThanItsName_isRefused() {
    byte[] content = "content".getBytes(StandardCharsets.UTF_8);
    ChunkId id = vault.idOf(content);
    byte[] other = "CONTENT".getBytes(StandardCharsets.UTF_8);
    byte[] sealed = vault.seal(id, other);
    fixture.store.create(id.object(), sealed);
    refs.put(id, new ChunkRef(id, sealed.length, Digests.sha256(sealed)));
    publish(new Tree()
        .root()
        .entry(
            TreeEntry.file(EntryPath.of("a"), ATTRIBUTES, 7, Digests.sha256(other), List.of(id))));

    assertRefused();
  }

  @Test
  void listedChunkThatNothingNeeds_isFound() {
    store(new byte[] {1, 2, 3});
    publish(new Tree().root());

    assertThat(fixture.verify()).isInstanceOf(Damaged.class);
  }

  @Test
  void randomBytesInPlaceOfAnyPart_areRefusedAndNeverCrash() {
    long seed = 99;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 300; i++) {
      refs.clear();
      reset();
      byte[] noise = Fixture.bytes(random, random.nextInt(200) + 1);
      if (i % 2 == 0) {
        Tree tree = new Tree().root();
        tree.out.raw(noise);
        publish(tree);
      } else {
        publish(fixture
            .keyring
            .tenantSealer()
            .seal(
                noise,
                SealContext.of(
                    fixture.keyring.tenant(),
                    KeyPurpose.BACKUP,
                    "backup-snapshot",
                    "",
                    fixture.open().id(),
                    "1")));
      }
      assertThat(fixture.verify()).as("seed " + seed + " round " + i).isInstanceOf(Damaged.class);
      Path target = temp.resolve("target");
      assertThatThrownBy(() -> fixture.restore(1, target))
          .as("seed " + seed + " round " + i)
          .isInstanceOfAny(RestoreFailedException.class, RepositoryNotOpenedException.class);
      assertThat(temp).isEmptyDirectory();
    }
  }

  @Test
  void chunkOfUnknownEncoding_isATypedErrorAndNeverContent() {
    byte[] content = "plain".getBytes(StandardCharsets.UTF_8);
    ChunkId id = vault.idOf(content);
    byte[] framed = new CanonicalWriter().u8(7).raw(content).toBytes();
    byte[] sealed = fixture
        .keyring
        .tenantSealer()
        .seal(
            framed,
            SealContext.of(
                fixture.keyring.tenant(),
                KeyPurpose.BACKUP,
                "backup-chunk",
                "",
                fixture.open().id(),
                id.toString()));
    fixture.store.create(id.object(), sealed);
    refs.put(id, new ChunkRef(id, sealed.length, Digests.sha256(sealed)));
    publish(new Tree()
        .root()
        .entry(TreeEntry.file(
            EntryPath.of("a"), ATTRIBUTES, 5, Digests.sha256(content), List.of(id))));

    assertThat(fixture.verify()).isInstanceOfSatisfying(Damaged.class, damaged -> {
      assertThat(damaged.findings()).hasSize(1);
      assertThat(damaged.findings().get(0).kind()).isEqualTo(Finding.Kind.NEWER_VERSION);
      assertThat(damaged.findings().get(0).message()).contains("encoding 7");
    });
    assertThatThrownBy(() -> fixture.restore(1, temp.resolve("target")))
        .isInstanceOfSatisfying(
            RepositoryNotOpenedException.class,
            e ->
                assertThat(e.reason()).isEqualTo(RepositoryNotOpenedException.Reason.NEWER_VERSION))
        .hasMessageContaining("newer release");
    assertThat(temp).isEmptyDirectory();
  }
}
