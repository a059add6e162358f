package org.openhipaa.audit.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.audit.Fixtures;
import org.openhipaa.audit.UnknownFormatVersionException;
import org.openhipaa.audit.checkpoint.Checkpoint;
import org.openhipaa.audit.checkpoint.LogOrigin;
import org.openhipaa.audit.checkpoint.SignedCheckpoint;
import org.openhipaa.audit.checkpoint.SignedNote;
import org.openhipaa.audit.tree.TreeHash;
import org.openhipaa.core.alarm.Alarm;
import org.openhipaa.core.crypto.SigningKey;

/** 45 CFR 164.312(c)(2): whatever is changed in a closed log is found, at the right place, and never by a crash. */
class TamperTest {
  private final Fixtures.Keys keys = new Fixtures.Keys(21);
  private final Fixtures.Alarms alarms = new Fixtures.Alarms();
  private Path log;
  private List<Path> segments;

  @TempDir
  private Path temp;

  /** Two segments of two frames each; the last frame has a sealed subject. */
  @BeforeEach
  void writeSmallLog() throws IOException {
    log = temp.resolve("log");
    keys.keyring.patientSealer(Fixtures.PATIENT);
    try (FileAuditLog open = Logs.builder(log, keys, alarms).segmentSize(600).create()) {
      for (int i = 0; i < 4; i++) {
        open.record(i == 3 ? Fixtures.fullEvent() : Fixtures.event(i));
      }
    }
    segments = Logs.segments(log);
    assertThat(segments).hasSize(2);
    assertThat(Logs.intact(log).signedSize()).isEqualTo(4);
  }

  /** Where frames begin in a segment. */
  private static TreeMap<Long, Integer> frames(byte[] segment, String name) {
    SegmentHeader header = SegmentHeader.parse(segment, name);
    TreeMap<Long, Integer> frames = new TreeMap<>();
    int at = header.encode().length;
    while (at < segment.length) {
      FrameHeader frame =
          FrameHeader.parse(Arrays.copyOfRange(segment, at, at + FrameHeader.SIZE), name);
      frames.put((long) at, frame.frameSize());
      at += frame.frameSize();
    }
    return frames;
  }

  @Test
  void everyByteOfEveryFileChanged_isFoundAtItsPlace() throws IOException {
    int changes = 0;
    for (Path file : Logs.files(log)) {
      byte[] good = Files.readAllBytes(file);
      for (int i = 0; i < good.length; i++) {
        for (int flip : new int[] {0x01, 0x80, 0xff}) {
          Logs.poke(file, i, good[i] ^ flip);

          LogVerification.Damaged damaged = Logs.damaged(log);

          String what = file.getFileName() + " byte " + i + " xor " + flip + ": " + damaged;
          assertThat(damaged.file()).as(what).isEqualTo(file.getFileName().toString());
          assertThat(damaged.reason()).as(what).isNotBlank();
          assertPlausible(damaged, file, good, i, what);
          changes++;
        }
        Logs.poke(file, i, good[i]);
      }
    }
    assertThat(changes).isGreaterThan(4000);
    assertThat(Logs.intact(log).size()).isEqualTo(4);
  }

  private static void assertPlausible(
      LogVerification.Damaged damaged, Path file, byte[] good, int changed, String what) {
    String name = file.getFileName().toString();
    if (!name.endsWith(".seg")) {
      assertThat(damaged.entryIndex()).as(what).isEmpty();
      return;
    }
    Map.Entry<Long, Integer> frame = frames(good, name).floorEntry((long) changed);
    long from = frame == null ? 0 : frame.getKey();
    assertThat(damaged.offset()).as(what).isBetween(from, (long) changed);
    long firstIndex = Long.parseLong(name.substring(0, 20));
    long index = frame == null
        ? firstIndex
        : firstIndex + frames(good, name).headMap(from).size();
    assertThat(damaged.entryIndex()).as(what).hasValue(index);
  }

  @Test
  void everyFileRemoved_isFound() throws IOException {
    for (Path file : Logs.files(log)) {
      if (file.endsWith("lock")) {
        continue;
      }
      byte[] good = Files.readAllBytes(file);
      Files.delete(file);

      LogVerification.Damaged damaged = Logs.damaged(log);

      assertThat(damaged.reason()).as("%s: %s", file.getFileName(), damaged).contains("missing");
      Files.write(file, good);
    }
  }

  @Test
  void segmentRemovedFromTheMiddle_isFoundWhereItIsMissing() throws IOException {
    try (FileAuditLog open = Logs.builder(log, keys, alarms).segmentSize(600).open()) {
      open.record(Fixtures.event(4));
    }
    Files.delete(segments.get(1));

    LogVerification.Damaged damaged = Logs.damaged(log);

    assertThat(damaged.file()).isEqualTo("00000000000000000000.seg");
    assertThat(damaged.offset()).isEqualTo(Files.size(segments.get(0)));
    assertThat(damaged.entryIndex()).hasValue(2);
    assertThat(damaged.reason()).contains("entries 2 to 3 are missing");
  }

  @Test
  void everyFileCutAtEveryLength_isFound() throws IOException {
    for (Path file : Logs.files(log)) {
      byte[] good = Files.readAllBytes(file);
      for (int length = good.length - 1; length >= 0; length--) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(length);
        }

        LogVerification.Damaged damaged = Logs.damaged(log);

        assertThat(damaged.offset())
            .as("%s cut at %d: %s", file.getFileName(), length, damaged)
            .isLessThanOrEqualTo(length);
      }
      Files.write(file, good);
    }
  }

  @Test
  void everyTwoFilesSwapped_areFound() throws IOException {
    List<Path> files =
        Logs.files(log).stream().filter(file -> !file.endsWith("lock")).toList();
    for (Path one : files) {
      for (Path two : files) {
        if (one.compareTo(two) < 0) {
          byte[] first = Files.readAllBytes(one);
          byte[] second = Files.readAllBytes(two);
          Files.write(one, second);
          Files.write(two, first);
          Logs.damaged(log);
          Files.write(one, first);
          Files.write(two, second);
        }
      }
    }
    assertThat(Logs.intact(log).size()).isEqualTo(4);
  }

  @Test
  void bytesAppended_areFound_unlessTheyCouldBeATornFrame() throws IOException {
    SplittableRandom random = new SplittableRandom(9);
    for (Path file : Logs.files(log)) {
      byte[] good = Files.readAllBytes(file);
      for (int length : new int[] {1, 2, 15, 16, 64, 500, 5000}) {
        byte[] garbage = new byte[length];
        random.nextBytes(garbage);
        garbage[0] |= 1;
        garbage[0] &= (byte) ~0x4e;
        Files.write(file, concat(good, garbage));
        LogVerification.Damaged damaged = Logs.damaged(log);
        assertThat(damaged.file()).isEqualTo(file.getFileName().toString());
      }
      Files.write(file, good);
    }
    // A few zeros are no lost sector; many may be.
    Path last = segments.get(1);
    byte[] good = Files.readAllBytes(last);
    Files.write(last, Arrays.copyOf(good, good.length + 15));
    Logs.damaged(log);
    Files.write(last, Arrays.copyOf(good, good.length + 512));
    assertThat(Logs.intact(log).tornBytes()).isEqualTo(512);
    Files.write(last, Arrays.copyOf(good, good.length + FrameHeader.MAX_FRAME + 16));
    Logs.damaged(log);
    // Behind any other segment they are damage always.
    Files.write(last, good);
    Path first = segments.get(0);
    byte[] firstGood = Files.readAllBytes(first);
    Files.write(first, Arrays.copyOf(firstGood, firstGood.length + 512));
    assertThat(Logs.damaged(log).file()).isEqualTo("00000000000000000000.seg");
  }

  @Test
  void framesRepeatedOrSwapped_areFound() throws IOException {
    Path first = segments.get(0);
    byte[] good = Files.readAllBytes(first);
    TreeMap<Long, Integer> frames = frames(good, "first");
    int one = frames.firstKey().intValue();
    int two = frames.lastKey().intValue();
    byte[] header = Arrays.copyOf(good, one);
    byte[] frameOne = Arrays.copyOfRange(good, one, two);
    byte[] frameTwo = Arrays.copyOfRange(good, two, good.length);

    Files.write(first, concat(header, concat(frameTwo, frameOne)));
    assertThat(Logs.damaged(log).entryIndex()).hasValue(0);
    Files.write(first, concat(good, frameTwo));
    assertThat(Logs.damaged(log).entryIndex()).hasValue(2);
    Files.write(first, concat(header, frameTwo));
    assertThat(Logs.damaged(log).entryIndex()).hasValue(0);
  }

  @Test
  void endCutBackToAFrameAndEveryHeaderMadeToFit_isFoundByTheCheckpoint() throws IOException {
    Path last = segments.get(1);
    byte[] good = Files.readAllBytes(last);
    Files.write(last, Arrays.copyOf(good, frames(good, "last").lastKey().intValue()));

    LogVerification.Damaged damaged = Logs.damaged(log);

    assertThat(damaged.reason()).contains("entries 3 to 3 are missing from the end");
    assertThat(damaged.entryIndex()).hasValue(3);
    Files.delete(last);
    assertThat(Logs.damaged(log).reason()).contains("entries 2 to 3 are missing from the end");
  }

  /** Whoever has no key may make hashes and links fit, but no signature. */
  @Test
  void entryRewrittenWithFittingHashesAndLinks_isFoundByTheSignature() throws IOException {
    Path last = segments.get(1);
    byte[] bytes = Files.readAllBytes(last);
    TreeMap<Long, Integer> frames = frames(bytes, "last");
    int one = frames.firstKey().intValue();
    int two = frames.lastKey().intValue();
    // Alter the first frame's signature and let the second frame's header link to it.
    int signature = two - Layout.SIGNATURE;
    bytes[signature] ^= 1;
    byte[] link = Layout.frameLink(
        Arrays.copyOfRange(bytes, one, one + FrameHeader.SIZE),
        Arrays.copyOfRange(bytes, signature - Layout.HASH, signature),
        Arrays.copyOfRange(bytes, signature, two));
    FrameHeader old =
        FrameHeader.parse(Arrays.copyOfRange(bytes, two, two + FrameHeader.SIZE), "last");
    byte[] forged = new FrameHeader(old.firstIndex(), old.count(), old.bodyLength(), link).encode();
    System.arraycopy(forged, 0, bytes, two, forged.length);
    Files.write(last, bytes);

    LogVerification.Damaged damaged = Logs.damaged(log);

    assertThat(damaged.reason()).contains("signature");
    assertThat(damaged.file()).isEqualTo(last.getFileName().toString());
    assertThat(damaged.entryIndex()).hasValue(3);
  }

  @Test
  void frontierAlteredWithAFittingHash_isFoundInItsHeader() throws IOException {
    Path second = segments.get(1);
    byte[] bytes = Files.readAllBytes(second);
    SegmentHeader old = SegmentHeader.parse(bytes, "second");
    assertThat(old.frontier()).hasSize(1);
    byte[] forged = new SegmentHeader(
            old.origin(), old.firstIndex(), old.previousLink(), List.of(TreeHash.empty()))
        .encode();
    System.arraycopy(forged, 0, bytes, 0, forged.length);
    Files.write(second, bytes);

    LogVerification.Damaged damaged = Logs.damaged(log);

    assertThat(damaged.file()).isEqualTo(second.getFileName().toString());
    assertThat(damaged.offset()).isZero();
    assertThat(damaged.reason()).contains("do not agree");
  }

  @Test
  void headerOfAnEmptyLogForgedWithAFittingHash_isFound() throws IOException {
    Path empty = temp.resolve("empty");
    Logs.builder(empty, keys, alarms).create().close();
    Path segment = Logs.segments(empty).get(0);
    SegmentHeader good = SegmentHeader.parse(Files.readAllBytes(segment), "first");
    byte[] link = new byte[Layout.HASH];
    link[0] = 1;
    LogOrigin otherOrigin = new LogOrigin("openhipaa/clinic/other");
    List<SegmentHeader> forged = List.of(
        new SegmentHeader(good.origin(), 0, link, List.of()),
        new SegmentHeader(otherOrigin, 0, good.previousLink(), List.of()),
        new SegmentHeader(good.origin(), 1, good.previousLink(), List.of(TreeHash.empty())));
    for (SegmentHeader header : forged) {
      Files.write(segment, header.encode());
      assertThat(Logs.damaged(empty).file()).isEqualTo(segment.getFileName().toString());
    }
    Files.write(segment, good.encode());
    assertThat(Logs.intact(empty).size()).isZero();
  }

  @Test
  void segmentRenamed_isFound() throws IOException {
    Path second = segments.get(1);
    Files.move(second, log.resolve("00000000000000000003.seg"));
    assertThat(Logs.damaged(log).file()).isEqualTo("00000000000000000003.seg");
    assertThat(Logs.damaged(log).reason()).contains("name and its header");
    Files.move(log.resolve("00000000000000000003.seg"), second);
    Files.move(segments.get(0), log.resolve("00000000000000000001.seg"));
    assertThat(Logs.damaged(log).file()).isEqualTo("00000000000000000000.seg");
  }

  @Test
  void indexOfAFrameForgedWithAFittingHash_isFoundInItsHeader() throws IOException {
    Path last = segments.get(1);
    byte[] bytes = Files.readAllBytes(last);
    int two = frames(bytes, "last").lastKey().intValue();
    FrameHeader old =
        FrameHeader.parse(Arrays.copyOfRange(bytes, two, two + FrameHeader.SIZE), "last");
    byte[] forged = new FrameHeader(9, old.count(), old.bodyLength(), old.previousLink()).encode();
    System.arraycopy(forged, 0, bytes, two, forged.length);
    Files.write(last, bytes);

    assertThat(Logs.damaged(log).offset()).isEqualTo(two);
    assertThat(Logs.damaged(log).reason()).contains("not the next one");
  }

  /** Unknown signatures are ignored elsewhere; here they would be bytes that nobody checks. */
  @Test
  void secondSignatureUnderTheCheckpoint_isFound() throws IOException {
    Path checkpoint = log.resolve("checkpoint");
    String good = Files.readString(checkpoint);
    SigningKey other = new Fixtures.Keys(22).keyring.signingKey("other");
    String text = good.substring(0, good.indexOf("\n\n") + 1);
    String note = SignedNote.sign(text, "witness.example", other).toString();
    Files.writeString(checkpoint, good + note.substring(text.length() + 1));

    assertThat(Logs.damaged(log).file()).isEqualTo("checkpoint");
    assertThat(Logs.damaged(log).reason()).contains("more than one signature");
  }

  /** Only the owner of the key could make such a checkpoint, and never does. */
  @Test
  void checkpointInTheMiddleOfAFrame_isFound() throws Exception {
    Path other = temp.resolve("other");
    try (FileAuditLog open = Logs.builder(other, keys, alarms).create()) {
      List<Thread> callers = List.of(
          new Thread(() -> open.record(Fixtures.event(1))),
          new Thread(() -> open.record(Fixtures.event(2))));
      open.withWritesPaused(() -> {
        callers.forEach(Thread::start);
        while (callers.stream().anyMatch(c -> c.getState() != Thread.State.WAITING)) {
          Thread.onSpinWait();
        }
        return 0;
      });
      for (Thread caller : callers) {
        caller.join();
      }
    }
    LoggedEntry first = Logs.entries(other, 0).get(0);
    Checkpoint middle = new Checkpoint(
        AuditLogReader.of(other).checkpoint().checkpoint().origin(), 1, first.leafHash());
    SigningKey key = keys.keyring.signingKey("audit-log-v1/audit");
    Files.write(other.resolve("checkpoint"), SignedCheckpoint.sign(middle, key).toBytes());

    assertThat(Logs.damaged(other).reason()).contains("between two frames");
  }

  @Test
  void oldCheckpoint_verifiesAsSuch_andACheckpointOfAnotherLogDoesNot() throws IOException {
    byte[] old = Files.readAllBytes(log.resolve("checkpoint"));
    try (FileAuditLog open = Logs.builder(log, keys, alarms).open()) {
      open.record(Fixtures.event(7));
    }
    Files.write(log.resolve("checkpoint"), old);
    assertThat(Logs.intact(log)).satisfies(intact -> {
      assertThat(intact.size()).isEqualTo(5);
      assertThat(intact.signedSize()).isEqualTo(4);
    });

    Path other = temp.resolve("other");
    try (FileAuditLog open = Logs.builder(other, keys, alarms).create()) {
      for (int i = 0; i < 5; i++) {
        open.record(Fixtures.event(i + 100));
      }
    }
    Files.copy(
        other.resolve("checkpoint"),
        log.resolve("checkpoint"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(Logs.damaged(log).reason()).contains("different roots");
  }

  @Test
  void foreignFilesAndFolders_areFound_withoutTheirNamesDoingHarm() throws IOException {
    for (String name :
        List.of("notes.txt", "99999999999999999999.seg", "0.seg", "x\u001b[31m", ".1.tmpx")) {
      Path foreign = Files.write(log.resolve(name), new byte[] {1});
      LogVerification.Damaged damaged = Logs.damaged(log);
      assertThat(damaged.reason()).contains("does not belong");
      assertThat(damaged.file()).doesNotContain("\u001b");
      Files.delete(foreign);
    }
    Path folder = Files.createDirectory(log.resolve("00000000000000000099.seg"));
    assertThat(Logs.damaged(log).file()).isEqualTo("00000000000000000099.seg");
    Files.delete(folder);
    Files.write(log.resolve("lock"), new byte[] {1});
    assertThat(Logs.damaged(log).file()).isEqualTo("lock");
    Files.delete(log.resolve("lock"));
    assertThat(Logs.intact(log).size()).isEqualTo(4);
  }

  @Test
  void whollyReplacedLog_isFoundOnlyByThePinnedKey() throws IOException {
    Path forged = temp.resolve("forged");
    Fixtures.Keys forger = new Fixtures.Keys(22);
    try (FileAuditLog open = Logs.builder(forged, forger, alarms).create()) {
      open.record(Fixtures.event(1));
    }

    assertThat(Logs.intact(forged).size()).isEqualTo(1);
    LogVerification pinned =
        AuditLogVerifier.verify(forged, Optional.of(AuditLogReader.of(log).key().key()));
    assertThat(pinned).isInstanceOf(LogVerification.Damaged.class);
    assertThatThrownBy(
            () -> AuditLogReader.of(forged, AuditLogReader.of(log).key().key()).checkpoint())
        .isInstanceOf(AuditLogDamagedException.class);
    LogVerification right =
        AuditLogVerifier.verify(log, Optional.of(AuditLogReader.of(log).key().key()));
    assertThat(right).isInstanceOf(LogVerification.Intact.class);
  }

  @Test
  void newerVersionOfSegmentOrFrame_isNamed_byVerifierReaderAndOpening() throws IOException {
    Path first = segments.get(0);
    byte[] good = Files.readAllBytes(first);
    int frame = frames(good, "first").firstKey().intValue();
    for (int at : new int[] {4, frame + 4}) {
      byte[] newer = good.clone();
      newer[at] = 2;
      newer[at + 1] = (byte) ~2;
      Files.write(first, newer);

      assertThatThrownBy(() -> Logs.verify(log))
          .isInstanceOf(UnknownFormatVersionException.class)
          .hasMessageContaining("format version 2");
      assertThatThrownBy(() -> Logs.entries(log, 0))
          .isInstanceOf(UnknownFormatVersionException.class);
      assertThatThrownBy(() -> Logs.builder(log, keys, alarms).open())
          .isInstanceOf(UnknownFormatVersionException.class);
    }
    assertThat(alarms.raised).isEmpty();
    Files.write(first, good);
    Logs.builder(log, keys, alarms).open().close();
  }

  @Test
  void damagedLog_doesNotOpen_raisesOneAlarm_andIsLeftAsItIs() throws IOException {
    int opened = 0;
    for (Path file : segments) {
      byte[] good = Files.readAllBytes(file);
      for (int i = 0; i < good.length; i += 61) {
        byte[] bad = good.clone();
        bad[i] ^= 0x10;
        Files.write(file, bad);
        alarms.raised.clear();

        assertThatThrownBy(() -> Logs.builder(log, keys, alarms).open())
            .isInstanceOfSatisfying(AuditLogDamagedException.class, e -> {
              assertThat(e.file()).isEqualTo(file.getFileName().toString());
              assertThat(e.offset()).isNotNegative();
              assertThat(e.entryIndex()).isPresent();
              assertThat(e.getMessage()).contains(e.reason());
            });

        assertThat(alarms.raised).hasSize(1);
        assertThat(alarms.raised.get(0).kind()).isEqualTo(Alarm.Kind.INTEGRITY);
        assertThat(alarms.raised.get(0).location()).contains(file.getFileName().toString());
        assertThat(Files.readAllBytes(file)).isEqualTo(bad);
        opened++;
      }
      Files.write(file, good);
    }
    assertThat(opened).isGreaterThan(25);
  }

  @Test
  void readerOfADamagedLog_givesWhatIsBeforeAndThenThrows() throws IOException {
    Path second = segments.get(1);
    byte[] bytes = Files.readAllBytes(second);
    bytes[frames(bytes, "second").lastKey().intValue() + 100] ^= 1;
    Files.write(second, bytes);
    int[] seen = {0};

    assertThatThrownBy(() -> {
          try (var entries = AuditLogReader.of(log).entries(0)) {
            entries.forEach(entry -> seen[0]++);
          }
        })
        .isInstanceOf(AuditLogDamagedException.class);

    assertThat(seen[0]).isEqualTo(3);
  }

  @Test
  void progress_reachesItsEnd() {
    long[] last = new long[2];

    AuditLogVerifier.verify(log, Optional.empty(), (done, total) -> {
      last[0] = done;
      last[1] = total;
    });

    assertThat(last[1]).isPositive();
    assertThat(last[0]).isEqualTo(last[1]);
  }

  private static byte[] concat(byte[] one, byte[] two) {
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    return both;
  }

  @Test
  void messages_nameNoContent() throws IOException {
    Path second = segments.get(1);
    byte[] bytes = Files.readAllBytes(second);
    bytes[400] ^= 1;
    Files.write(second, bytes);

    assertThat(Logs.damaged(log).toString().getBytes(StandardCharsets.UTF_8).length)
        .isLessThan(400);
    assertThat(Logs.damaged(log).toString()).doesNotContain("nurse.joy");
  }
}
