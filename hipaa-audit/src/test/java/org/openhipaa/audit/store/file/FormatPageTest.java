package org.openhipaa.audit.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.audit.Fixtures;
import org.openhipaa.audit.entry.AuditEntry;
import org.openhipaa.core.actor.ActorId;
import org.openhipaa.core.actor.Purpose;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.Outcome;
import org.openhipaa.core.crypto.KeyWrapper;
import org.openhipaa.core.crypto.Keyring;
import org.openhipaa.core.crypto.WrappedKeyStore;
import org.openhipaa.core.internal.CanonicalReader;
import org.openhipaa.core.internal.CanonicalWriter;
import org.openhipaa.core.record.FieldPath;
import org.openhipaa.core.record.PatientId;
import org.openhipaa.core.record.RecordType;

/** The example of {@code docs/formats/audit-log-v1.md} is a log, and the log that this release writes. */
class FormatPageTest {
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", ".")).resolve("../docs/formats/audit-log-v1.md");
  private static final Pattern BLOCK =
      Pattern.compile("```(hex|text) ([a-z0-9.-]+)\n(.*?)```", Pattern.DOTALL);
  private static final PatientId PATIENT = PatientId.of("p-1");

  @TempDir
  private Path temp;

  private static Map<String, String> blocks() throws IOException {
    Map<String, String> blocks = new TreeMap<>();
    Matcher matcher = BLOCK.matcher(Files.readString(PAGE));
    while (matcher.find()) {
      blocks.put(matcher.group(2), matcher.group(3));
    }
    return blocks;
  }

  private static byte[] unhex(String annotated) {
    StringBuilder digits = new StringBuilder();
    annotated.lines().forEach(line -> digits.append(line.replaceAll("#.*", "").strip()));
    return HexFormat.of().parseHex(digits);
  }

  private static List<AuditEvent> events() {
    return List.of(
        AuditEvent.builder(
                Instant.parse("2026-11-24T08:00:00Z"),
                AuditAction.LOGIN,
                Outcome.SUCCESS,
                ActorId.of("joy"))
            .build(),
        AuditEvent.builder(
                Instant.parse("2026-11-24T08:00:01.5Z"),
                AuditAction.READ,
                Outcome.SUCCESS,
                ActorId.of("joy"))
            .correlation(UUID.fromString("0192f0c1-2b3c-7def-8123-456789abcdef"))
            .purpose(Purpose.TREATMENT)
            .recordType(RecordType.of("patient"))
            .patient(PATIENT)
            .recordId("r-1")
            .fields(Set.of(FieldPath.of("name")))
            .rules(List.of("nurse-reads"))
            .build());
  }

  @Test
  void exampleOnThePage_isAnIntactLog_andSaysWhatThePageSays() throws IOException {
    Map<String, String> blocks = blocks();
    Path log = Files.createDirectories(temp.resolve("page"));
    Files.writeString(log.resolve("log.pub"), blocks.get("log.pub"));
    Files.writeString(log.resolve("checkpoint"), blocks.get("checkpoint"));
    String segment = "00000000000000000000.seg";
    Files.write(log.resolve(segment), unhex(blocks.get(segment)));

    LogVerification.Intact intact = Logs.intact(log);

    assertThat(intact.size()).isEqualTo(2);
    assertThat(intact.signedSize()).isEqualTo(2);
    List<LoggedEntry> entries = Logs.entries(log, 0);
    assertThat(entries.get(0).entry().event())
        .usingRecursiveComparison()
        .isEqualTo(events().get(0));
    AuditEvent read = entries.get(1).entry().event();
    assertThat(read.correlation()).isEqualTo(events().get(1).correlation());
    assertThat(read.fields()).isEqualTo(events().get(1).fields());
    assertThat(read.patient()).isEmpty();
    String subject = entries
        .get(1)
        .entry()
        .openSubject(keyringOnThePage(blocks))
        .fold(
            known -> known.patient().orElseThrow().reveal()
                + " "
                + known.revealRecordId().orElseThrow(),
            () -> "none",
            () -> "shredded");
    assertThat(subject).isEqualTo("p-1 r-1");
  }

  /** Only from what the page prints: the tenant key in clear, and the patient's key as it is stored. */
  private static Keyring keyringOnThePage(Map<String, String> blocks) {
    byte[] tenant = unhex(blocks.get("tenant-key"));
    byte[] secret = Arrays.copyOfRange(tenant, 16, 48);
    byte[] stored = new CanonicalWriter()
        .u8(1)
        .raw(Arrays.copyOf(tenant, 16))
        .u32(1)
        .text("page")
        .bytes(new byte[0])
        .toBytes();
    KeyWrapper wrapper = new KeyWrapper() {
      @Override
      public String keyId() {
        return "page";
      }

      @Override
      public byte[] wrap(byte[] key, byte[] context) {
        throw new AssertionError("nothing is wrapped");
      }

      @Override
      public byte[] unwrap(String keyId, byte[] wrapped, byte[] context) {
        return secret;
      }
    };
    WrappedKeyStore store = new WrappedKeyStore() {
      @Override
      public Optional<byte[]> find(String name) {
        return Optional.of(name.equals("tenant") ? stored : unhex(blocks.get("patient-key")));
      }

      @Override
      public boolean create(String name, byte[] wrapped) {
        throw new AssertionError("nothing is created");
      }
    };
    return Keyring.open(Fixtures.TENANT, wrapper, store, new Fixtures.SeededRandom(0));
  }

  @Test
  void thisRelease_writesTheExampleByteForByte() throws IOException {
    Fixtures.Keys keys = new Fixtures.Keys(2026);
    keys.keyring.patientSealer(PATIENT);
    Path log = temp.resolve("log");
    try (FileAuditLog open = FileAuditLog.builder(
            log, keys.keyring, new Fixtures.Alarms(), Fixtures.CLOCK, keys.random)
        .create()) {
      events().forEach(open::record);
    }

    String written = print(log, keys);

    // To renew the example after a wanted change, copy this file into the page.
    Path target = Path.of(System.getProperty("basedir", ".")).resolve("target");
    if (Files.isDirectory(target)) {
      Files.writeString(target.resolve("audit-log-v1-example.md"), written);
    }
    assertThat(Files.readString(PAGE)).contains(written);
  }

  private static String print(Path log, Fixtures.Keys keys) throws IOException {
    String segment = "00000000000000000000.seg";
    return "```text log.pub\n"
        + Files.readString(log.resolve("log.pub"))
        + "```\n\n```text checkpoint\n"
        + Files.readString(log.resolve("checkpoint"))
        + "```\n\n```hex "
        + segment
        + "\n"
        + printSegment(Files.readAllBytes(log.resolve(segment)))
        + "```\n\n```hex tenant-key\n"
        + printTenantKey()
        + "```\n\n```hex patient-key\n"
        + lines(
            keys.store.find(keys.keyring.patientKeyName(PATIENT)).orElseThrow(),
            "as the key store holds it")
        + "```\n";
  }

  /** The fixture's tenant key: what its chance gives after the 32 bytes of the key-encryption key. */
  private static String printTenantKey() {
    Fixtures.SeededRandom random = new Fixtures.SeededRandom(2026);
    random.nextBytes(new byte[32]);
    byte[] id = new byte[16];
    random.nextBytes(id);
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    return lines(id, "key id") + lines(secret, "key");
  }

  private static String printSegment(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    Dump dump = new Dump(bytes, out);
    dump.line(4, "\"OHAL\": a segment");
    dump.line(2, "version 1 and its complement");
    int origin = dump.number(2, "length of the origin");
    dump.line(origin, "\"openhipaa/clinic/audit\"");
    dump.line(8, "index of the first entry");
    dump.line(32, "link: nothing before");
    dump.line(Layout.padding(16 + origin + 64), "padding");
    dump.line(32, "SHA-256 of all of the above, the link of the first frame");
    while (dump.at < bytes.length) {
      dump.out.append("# byte ").append(dump.at).append('\n');
      dump.line(4, "\"OHAF\": a frame");
      dump.line(2, "version 1 and its complement");
      int count = dump.number(2, "number of entries");
      dump.line(8, "index of the first entry");
      int body = dump.number(4, "length of the entries");
      dump.line(32, "link to what stands before");
      dump.line(12, "first 12 bytes of SHA-256 of the 52 bytes above");
      for (int i = 0; i < count; i++) {
        printEntry(dump);
      }
      dump.line(Layout.padding(body), "padding");
      dump.line(32, "root over all entries so far");
      dump.line(64, "signature");
    }
    return out.toString();
  }

  private static void printEntry(Dump dump) {
    int length = dump.number(2, "length of the entry");
    byte[] entry = Arrays.copyOfRange(dump.bytes, dump.at, dump.at + length);
    AuditEvent event = AuditEntry.decode(entry).event();
    dump.line(1, "entry version 1");
    dump.line(16, "entry id");
    dump.line(8, "seconds");
    dump.line(4, "nanoseconds");
    dump.line(16, "correlation");
    dump.line(1, "action " + event.action());
    dump.line(1, "outcome " + event.outcome());
    dump.text("actor", event.actor().value());
    dump.text("purpose of use", event.purpose().map(Purpose::code).orElse(""));
    dump.text("record type", event.recordType().map(RecordType::value).orElse(""));
    dump.line(2, "number of fields");
    event.fields().forEach(field -> dump.text("field", field.value()));
    dump.line(2, "number of rules");
    event.rules().forEach(rule -> dump.text("rule", rule));
    dump.text("reason", event.reason());
    dump.text("policy hash", event.policyHash());
    dump.text("detail", event.detail());
    dump.line(1, "subject sealed with the key of: " + AuditEntry.decode(entry).subjectKey());
    int sealed = dump.number(4, "length of the envelope");
    dump.line(sealed, "envelope");
  }

  private static String lines(byte[] bytes, String what) {
    StringBuilder out = new StringBuilder();
    new Dump(bytes, out).line(bytes.length, what);
    return out.toString();
  }

  /** Hexadecimal digits, at most 32 bytes a line, with what they mean behind the first. */
  private static final class Dump {
    private final byte[] bytes;
    private final StringBuilder out;
    private int at;

    Dump(byte[] bytes, StringBuilder out) {
      this.bytes = bytes;
      this.out = out;
    }

    void line(int length, String what) {
      String meaning = what;
      for (int i = 0; i < length; i += 32) {
        int part = Math.min(32, length - i);
        String digits = HexFormat.of().formatHex(bytes, at + i, at + i + part);
        out.append(meaning.isEmpty() ? digits : String.format("%-64s  # %s", digits, meaning));
        out.append('\n');
        meaning = "";
      }
      at += length;
    }

    int number(int length, String what) {
      CanonicalReader in = new CanonicalReader(Arrays.copyOfRange(bytes, at, at + length));
      int value = length == 2 ? in.u16() : in.u32();
      line(length, what + ": " + value);
      return value;
    }

    void text(String what, String value) {
      int length = 4 + value.getBytes(StandardCharsets.UTF_8).length;
      line(length, what + (value.isEmpty() ? ": none" : ": \"" + value + "\""));
    }
  }
}
