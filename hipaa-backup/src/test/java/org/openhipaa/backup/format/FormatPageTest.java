package org.openhipaa.backup.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.openhipaa.backup.Fixture;
import org.openhipaa.backup.Progress;
import org.openhipaa.backup.repository.BackupRepository;
import org.openhipaa.backup.repository.BackupWriter;
import org.openhipaa.backup.source.ContentSink;
import org.openhipaa.backup.source.EntryAttributes;
import org.openhipaa.backup.source.EntryPath;
import org.openhipaa.backup.source.EntrySink;
import org.openhipaa.backup.source.SnapshotSource;
import org.openhipaa.backup.source.SourceName;
import org.openhipaa.backup.store.InMemoryBlobStore;
import org.openhipaa.core.crypto.KeyWrapper;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.WrappedKeyStore;
import org.openhipaa.core.record.TenantId;

/**
 * The test vector of docs/formats/backup-repository-v1.md: what is written today is what was
 * written when the page was, and a reader that knows only the page and the JDK gets the files back.
 */
class FormatPageTest {
  private static final String PAGE = "docs/formats/backup-repository-v1.md";
  private static final Instant CREATED = Instant.parse("2026-11-24T10:15:30Z");
  private static final String CONTENT = "sealed record 1\n";

  @Test
  void whatIsWritten_isTheVector() throws IOException {
    assertThat(write().content()).usingRecursiveComparison().isEqualTo(vector());
  }

  @Test
  void readerMadeFromThePage_getsTheFilesBack() throws Exception {
    PageReader reader = new PageReader(vector(), blocks().get("tenant-secret"));

    Map<String, String> files = reader.read();

    assertThat(files)
        .containsExactlyInAnyOrderEntriesOf(Map.of(
            "records/p1", "<folder 0700>", "records/p1/r1", CONTENT, "records", "<folder 0755>"));
  }

  /** The blocks of the page; what stands behind # is a remark. */
  private static Map<String, byte[]> blocks() throws IOException {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve(PAGE))) {
      folder = folder.getParent();
      assertThat(folder).as("a folder above this one with " + PAGE).isNotNull();
    }
    Map<String, byte[]> blocks = new TreeMap<>();
    var matcher = Pattern.compile("```hex (\\S+)\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(folder.resolve(PAGE)));
    while (matcher.find()) {
      String digits = matcher.group(2).replaceAll("#.*|\\s", "");
      blocks.put(matcher.group(1), HexFormat.of().parseHex(digits));
    }
    return blocks;
  }

  private static Map<String, byte[]> vector() throws IOException {
    Map<String, byte[]> objects = blocks();
    objects.remove("tenant-secret");
    assertThat(objects).hasSize(5);
    return objects;
  }

  /** Counts 00, 01, 02 … where others are random: the key id is 00..0f, the tenant key 10..2f. */
  private static SecureRandom counting() {
    return new SecureRandom() {
      private int next;

      @Override
      public void nextBytes(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) next++;
        }
      }
    };
  }

  private static InMemoryBlobStore write() {
    InMemoryBlobStore store = new InMemoryBlobStore();
    Clock clock = Clock.fixed(CREATED, ZoneOffset.UTC);
    Map<String, byte[]> keys = new HashMap<>();
    Keyring keyring = Keyring.create(
        TenantId.of("clinic-a"),
        new KeyWrapper() {
          @Override
          public String keyId() {
            return "none";
          }

          @Override
          public byte[] wrap(byte[] key, byte[] context) {
            return key.clone();
          }

          @Override
          public byte[] unwrap(String keyId, byte[] wrapped, byte[] context) {
            return wrapped.clone();
          }
        },
        new WrappedKeyStore() {
          @Override
          public Optional<byte[]> find(String name) {
            return Optional.ofNullable(keys.get(name));
          }

          @Override
          public boolean create(String name, byte[] wrapped) {
            return keys.putIfAbsent(name, wrapped) == null;
          }
        },
        counting());
    Fixture log = new Fixture(store, keyring);
    BackupRepository.create(store, keyring, log.alarms::add, clock, counting());
    new BackupWriter(store, keyring, log::record, log.alarms::add, clock)
        .backup(Fixture.OPERATOR, List.of(new OneFile()), Progress.NONE);
    return store;
  }

  private static final class OneFile implements SnapshotSource {
    @Override
    public SourceName name() {
      return SourceName.of("records");
    }

    @Override
    public void read(EntrySink sink) {
      Instant modified = Instant.parse("2026-11-23T08:00:00.5Z");
      sink.directory(EntryPath.ROOT, new EntryAttributes(modified, OptionalInt.of(0755)));
      sink.directory(EntryPath.of("p1"), new EntryAttributes(modified, OptionalInt.of(0700)));
      ContentSink file = sink.file(EntryPath.of("p1/r1"));
      byte[] bytes = CONTENT.getBytes(StandardCharsets.UTF_8);
      file.write(bytes, 0, bytes.length);
      file.complete(new EntryAttributes(modified, OptionalInt.of(0600)));
    }
  }

  /** Nothing of ours below: only the page, and the JDK. */
  private static final class PageReader {
    private final Map<String, byte[]> objects;
    private final byte[] tenantKey;
    private final Map<String, String> files = new TreeMap<>();
    private byte[] repositoryId;
    private String tenant;

    PageReader(Map<String, byte[]> objects, byte[] tenantKey) {
      this.objects = objects;
      this.tenantKey = tenantKey;
    }

    Map<String, String> read() throws Exception {
      // config: repository id, tenant, created, public key
      byte[] config = objects.get("config");
      byte[] publicKey = Arrays.copyOfRange(config, config.length - 96, config.length - 64);
      ByteBuffer in = body(config, 1, publicKey);
      repositoryId = raw(in, 16);
      tenant = text(in);
      assertThat(Instant.ofEpochMilli(in.getLong())).isEqualTo(CREATED);
      assertThat(raw(in, 32)).isEqualTo(publicKey);
      assertThat(in.hasRemaining()).isFalse();

      // head: repository id, sequence, digest, state
      in = body(objects.get("head"), 2, publicKey);
      assertThat(raw(in, 16)).isEqualTo(repositoryId);
      long sequence = in.getLong();
      byte[] manifest = objects.get(String.format("snapshots/%010d", sequence));
      assertThat(raw(in, 32)).isEqualTo(sha256(manifest));
      assertThat(in.get()).isZero();
      assertThat(in.hasRemaining()).isFalse();

      // snapshot: repository id, sequence, previous, created, chunks, sealed root
      in = body(manifest, 3, publicKey);
      assertThat(raw(in, 16)).isEqualTo(repositoryId);
      assertThat(in.getLong()).isEqualTo(sequence);
      assertThat(raw(in, 32)).isEqualTo(new byte[32]);
      assertThat(Instant.ofEpochMilli(in.getLong())).isEqualTo(CREATED);
      for (int count = in.getInt(); count > 0; count--) {
        byte[] sealed = objects.get(chunkName(raw(in, 32)));
        assertThat(in.getInt()).isEqualTo(sealed.length);
        assertThat(raw(in, 32)).isEqualTo(sha256(sealed));
      }
      byte[] root =
          open(raw(in, in.getInt()), "backup-snapshot", hex(repositoryId), Long.toString(sequence));
      assertThat(in.hasRemaining()).isFalse();
      root(ByteBuffer.wrap(root));
      return files;
    }

    private void root(ByteBuffer in) throws Exception {
      assertThat(in.get()).isEqualTo((byte) 1);
      for (int sources = in.getShort(); sources > 0; sources--) {
        String name = text(in);
        long fileCount = in.getLong();
        long folderCount = in.getLong();
        long bytes = in.getLong();
        byte[] digest = raw(in, 32);
        long treeSize = in.getLong();
        ByteArrayOutputStream tree = new ByteArrayOutputStream();
        for (int chunks = in.getInt(); chunks > 0; chunks--) {
          tree.writeBytes(chunk(raw(in, 32)));
        }
        assertThat((long) tree.size()).isEqualTo(treeSize);
        assertThat(List.of(fileCount, folderCount, bytes)).isEqualTo(List.of(1L, 2L, 16L));
        tree(name, ByteBuffer.wrap(tree.toByteArray()), digest);
      }
      assertThat(in.hasRemaining()).isFalse();
    }

    private void tree(String source, ByteBuffer in, byte[] expected) throws Exception {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(lengthPrefixed("openhipaa/v1/tree-digest".getBytes(StandardCharsets.UTF_8)));
      while (in.hasRemaining()) {
        int end = in.getInt() + in.position();
        byte type = in.get();
        String path = text(in);
        assertThat(Instant.ofEpochSecond(in.getLong(), in.getInt()))
            .isEqualTo(Instant.parse("2026-11-23T08:00:00.5Z"));
        assertThat(in.get()).isEqualTo((byte) 1);
        int mode = in.getShort();
        digest.update(type);
        digest.update(lengthPrefixed(path.getBytes(StandardCharsets.UTF_8)));
        String place = path.isEmpty() ? source : source + "/" + path;
        if (type == 1) {
          files.put(place, String.format("<folder %04o>", mode));
        } else {
          long size = in.getLong();
          byte[] fileDigest = raw(in, 32);
          ByteArrayOutputStream content = new ByteArrayOutputStream();
          for (int chunks = in.getInt(); chunks > 0; chunks--) {
            content.writeBytes(chunk(raw(in, 32)));
          }
          assertThat((long) content.size()).isEqualTo(size);
          assertThat(sha256(content.toByteArray())).isEqualTo(fileDigest);
          digest.update(ByteBuffer.allocate(8).putLong(size).array());
          digest.update(fileDigest);
          files.put(place, content.toString(StandardCharsets.UTF_8));
        }
        assertThat(in.position()).isEqualTo(end);
      }
      assertThat(digest.digest()).isEqualTo(expected);
    }

    private byte[] chunk(byte[] id) throws Exception {
      byte[] framed = open(objects.get(chunkName(id)), "backup-chunk", hex(repositoryId), hex(id));
      assertThat(framed[0]).isZero();
      byte[] content = Arrays.copyOfRange(framed, 1, framed.length);
      assertThat(hmac("HmacSHA256", derive("token/backup-chunk"), content)).isEqualTo(id);
      return content;
    }

    private static String chunkName(byte[] id) {
      return "chunks/" + hex(id).substring(0, 2) + "/" + hex(id);
    }

    private static ByteBuffer body(byte[] object, int kind, byte[] publicKey) throws Exception {
      int end = object.length - 64;
      byte[] x509 = HexFormat.of().parseHex("302a300506032b6570032100" + hex(publicKey));
      PublicKey key =
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));
      Signature signature = Signature.getInstance("Ed25519");
      signature.initVerify(key);
      signature.update(object, 0, end);
      assertThat(signature.verify(object, end, 64)).isTrue();
      assertThat(new String(object, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("OHBACKUP");
      assertThat(object[8]).isEqualTo((byte) kind);
      assertThat(object[9]).isEqualTo((byte) 1);
      return ByteBuffer.wrap(object, 10, end - 10);
    }

    /** docs/formats/envelope-v1.md, for messages of one chunk. */
    private byte[] open(byte[] envelope, String type, String id, String part) throws Exception {
      byte[] header = Arrays.copyOf(envelope, 22);
      byte[] salt = Arrays.copyOfRange(envelope, 22, 46);
      ByteArrayOutputStream place = new ByteArrayOutputStream();
      for (String text : List.of(tenant, "backup", type, "", id, part)) {
        place.writeBytes(lengthPrefixed(text.getBytes(StandardCharsets.UTF_8)));
      }
      ByteArrayOutputStream info = new ByteArrayOutputStream();
      info.writeBytes(
          "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0".getBytes(StandardCharsets.US_ASCII));
      info.writeBytes(salt);
      info.writeBytes(lengthPrefixed(header));
      info.writeBytes(lengthPrefixed(place.toByteArray()));
      byte[] keys = expand(derive("seal/backup"), info.toByteArray(), 76);
      assertThat(Arrays.copyOfRange(envelope, 46, 78)).isEqualTo(Arrays.copyOfRange(keys, 44, 76));
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(keys, 0, 32, "AES"),
          new GCMParameterSpec(128, keys, 32, 12));
      return cipher.doFinal(envelope, 78, envelope.length - 78);
    }

    private byte[] derive(String label) throws Exception {
      return expand(tenantKey, ("openhipaa/v1/" + label).getBytes(StandardCharsets.UTF_8), 32);
    }

    private static byte[] expand(byte[] key, byte[] info, int length) throws Exception {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] block = new byte[0];
      for (int i = 1; out.size() < length; i++) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(block);
        message.writeBytes(info);
        message.write(i);
        block = hmac("HmacSHA512", key, message.toByteArray());
        out.writeBytes(block);
      }
      return Arrays.copyOf(out.toByteArray(), length);
    }

    private static byte[] hmac(String algorithm, byte[] key, byte[] message) throws Exception {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(message);
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static byte[] lengthPrefixed(byte[] bytes) {
      return ByteBuffer.allocate(4 + bytes.length)
          .putInt(bytes.length)
          .put(bytes)
          .array();
    }

    private static byte[] raw(ByteBuffer in, int length) {
      byte[] bytes = new byte[length];
      in.get(bytes);
      return bytes;
    }

    private static String text(ByteBuffer in) {
      return new String(raw(in, in.getInt()), StandardCharsets.UTF_8);
    }

    private static String hex(byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
  }
}
