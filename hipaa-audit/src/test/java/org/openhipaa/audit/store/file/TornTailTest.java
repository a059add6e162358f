package org.openhipaa.audit.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openhipaa.audit.Fixtures;
import org.openhipaa.core.audit.AuditAction;
import org.openhipaa.core.audit.AuditEvent;
import org.openhipaa.core.audit.Outcome;

/** A power failure in the middle of a write loses nothing that was acknowledged, and is no false alarm. */
class TornTailTest {
  private final Fixtures.Keys keys = new Fixtures.Keys(31);
  private final Fixtures.Alarms alarms = new Fixtures.Alarms();

  @TempDir
  private Path temp;

  /** A log whose checkpoint covers all entries but the last, as if the power failed after the last write. */
  private Path crashedLog(AuditEvent last, int before, long segmentSize) throws IOException {
    Path log = temp.resolve("log");
    if (Files.exists(log)) {
      Logs.delete(log);
    }
    FileAuditLog.Builder settings =
        Logs.builder(log, keys, alarms).checkpointInterval(Logs.NEVER).segmentSize(segmentSize);
    Path copy = temp.resolve("crashed");
    try (FileAuditLog open = settings.create()) {
      for (int i = 0; i < before; i++) {
        open.record(Fixtures.event(i));
      }
      open.checkpointNow();
      open.record(last);
      // Without closing it, so without the checkpoint that closing writes.
      if (Files.exists(copy)) {
        Logs.delete(copy);
      }
      Logs.copy(log, copy);
    }
    assertThat(Logs.intact(copy).signedSize()).isEqualTo(before);
    assertThat(Logs.intact(copy).size()).isEqualTo(before + 1);
    return copy;
  }

  private static AuditEvent longEvent() {
    return AuditEvent.builder(Fixtures.NOW, AuditAction.READ, Outcome.SUCCESS, AuditEvent.SYSTEM)
        .detail("long ".repeat(500))
        .build();
  }

  private static Path last(Path log) throws IOException {
    List<Path> segments = Logs.segments(log);
    return segments.get(segments.size() - 1);
  }

  /** Where the last frame of the last segment begins. */
  private static int lastFrame(byte[] segment) {
    int at = SegmentHeader.parse(segment, "last").encode().length;
    while (true) {
      FrameHeader frame =
          FrameHeader.parse(Arrays.copyOfRange(segment, at, at + FrameHeader.SIZE), "last");
      if (at + frame.frameSize() == segment.length) {
        return at;
      }
      at += frame.frameSize();
    }
  }

  @Test
  void lastFrameCutAtEveryPosition_isCut_andEverythingBeforeIsKept() throws IOException {
    Path log = crashedLog(Fixtures.event(3), 3, 1_000_000);
    Path segment = last(log);
    byte[] whole = Files.readAllBytes(segment);
    byte[] checkpoint = Files.readAllBytes(log.resolve("checkpoint"));
    int frame = lastFrame(whole);

    for (int length = frame; length < whole.length; length++) {
      Files.write(segment, Arrays.copyOf(whole, length));
      Files.write(log.resolve("checkpoint"), checkpoint);

      LogVerification.Intact intact = Logs.intact(log);
      assertThat(intact.size()).as("cut at %d", length).isEqualTo(3);
      assertThat(intact.tornBytes()).isEqualTo(length - frame);
      // Opening flushes several times, so not at every position.
      if ((length - frame) % 7 == 1 || whole.length - length < 3) {
        try (FileAuditLog open = Logs.builder(log, keys, alarms).open()) {
          assertThat(open.record(Fixtures.event(9)).index()).isEqualTo(3);
        }
        assertThat(Logs.intact(log).size()).isEqualTo(4);
        assertThat(Logs.intact(log).tornBytes()).isZero();
      }
    }
    assertThat(alarms.raised).isEmpty();
  }

  @Test
  void firstFrameOfANewSegmentCut_isCut() throws IOException {
    Path log = crashedLog(Fixtures.event(3), 3, 1);
    Path segment = last(log);
    byte[] whole = Files.readAllBytes(segment);
    int header = SegmentHeader.parse(whole, "last").encode().length;

    for (int length = header; length < whole.length; length += 5) {
      Files.write(segment, Arrays.copyOf(whole, length));
      assertThat(Logs.intact(log).size()).isEqualTo(3);
    }
    Files.write(segment, Arrays.copyOf(whole, header));
    try (FileAuditLog open = Logs.builder(log, keys, alarms).open()) {
      assertThat(open.record(Fixtures.event(9)).index()).isEqualTo(3);
    }
    assertThat(Logs.intact(log).size()).isEqualTo(4);
    assertThat(alarms.raised).isEmpty();
  }

  @Test
  void sectorsThatNeverReachedTheDisk_areATornFrame() throws IOException {
    Path log = crashedLog(longEvent(), 3, 1_000_000);
    Path segment = last(log);
    byte[] whole = Files.readAllBytes(segment);
    byte[] checkpoint = Files.readAllBytes(log.resolve("checkpoint"));
    int frame = lastFrame(whole);
    int firstSector = frame / Layout.SECTOR;
    int sectors = (whole.length + Layout.SECTOR - 1) / Layout.SECTOR - firstSector;
    assertThat(sectors).isBetween(4, 10);

    for (int lost = 1; lost < 1 << sectors; lost++) {
      byte[] crashed = lose(whole, frame, firstSector, BitSet.valueOf(new long[] {lost}));
      Files.write(segment, crashed);
      Files.write(log.resolve("checkpoint"), checkpoint);

      LogVerification.Intact intact = Logs.intact(log);

      assertThat(intact.size())
          .as("lost sectors %s", Integer.toBinaryString(lost))
          .isEqualTo(3);
      assertThat(intact.tornBytes()).isEqualTo(whole.length - frame);
    }
    try (FileAuditLog open = Logs.builder(log, keys, alarms).open()) {
      assertThat(open.record(Fixtures.event(9)).index()).isEqualTo(3);
    }
    assertThat(Logs.intact(log).size()).isEqualTo(4);
    assertThat(alarms.raised).isEmpty();
  }

  private static byte[] lose(byte[] whole, int frame, int firstSector, BitSet lost) {
    byte[] crashed = whole.clone();
    lost.stream().forEach(sector -> {
      int from = Math.max(frame, (firstSector + sector) * Layout.SECTOR);
      int to = Math.min(whole.length, (firstSector + sector + 1) * Layout.SECTOR);
      Arrays.fill(crashed, from, to, (byte) 0);
    });
    return crashed;
  }

  @Test
  void lostSectorsAndAnAlteredByte_areDamageIfTheByteCouldBeForetold() throws IOException {
    Path log = crashedLog(longEvent(), 3, 1_000_000);
    Path segment = last(log);
    byte[] whole = Files.readAllBytes(segment);
    int frame = lastFrame(whole);
    byte[] crashed = whole.clone();
    Arrays.fill(crashed, whole.length - 80, whole.length, (byte) 0);
    crashed[frame + 25] ^= 1;
    Files.write(segment, crashed);

    assertThat(Logs.damaged(log).entryIndex()).hasValue(3);
  }

  @Test
  void completeUncheckpointedFrame_withAnyByteChanged_isDamageNotATornFrame() throws IOException {
    for (AuditEvent event : List.of(Fixtures.event(3), longEvent())) {
      Path log = crashedLog(event, 3, 1_000_000);
      Path segment = last(log);
      byte[] whole = Files.readAllBytes(segment);
      // All of a short frame, and of a long one head and tail and some between.
      int step = whole.length > 2500 ? 13 : 1;
      for (int i = lastFrame(whole); i < whole.length; i += whole.length - i < 110 ? 1 : step) {
        for (int flip : new int[] {0x01, 0xff, whole[i] & 0xff}) {
          if (flip != 0) {
            Logs.poke(segment, i, whole[i] ^ flip);
            assertThat(Logs.damaged(log).entryIndex())
                .as("byte %d xor %d", i, flip)
                .hasValue(3);
          }
        }
        Logs.poke(segment, i, whole[i]);
      }
    }
  }

  @Test
  void tornFrameThatTheCheckpointCovers_isDamage() throws IOException {
    Path log = temp.resolve("log");
    try (FileAuditLog open = Logs.builder(log, keys, alarms).create()) {
      open.record(Fixtures.event(0));
      open.record(Fixtures.event(1));
    }
    Path segment = last(log);
    byte[] whole = Files.readAllBytes(segment);
    Files.write(segment, Arrays.copyOf(whole, whole.length - 1));

    assertThat(Logs.damaged(log).reason()).contains("missing from the end");
    assertThatThrownBy(() -> Logs.builder(log, keys, alarms).open())
        .isInstanceOf(AuditLogDamagedException.class);
    assertThat(alarms.raised).hasSize(1);
    assertThat(Files.size(segment)).isEqualTo(whole.length - 1);
  }

  @Test
  void tornFrameInAnEarlierSegment_isDamage() throws IOException {
    Path log = crashedLog(Fixtures.event(3), 3, 400);
    Path first = Logs.segments(log).get(0);
    byte[] whole = Files.readAllBytes(first);
    Files.write(first, Arrays.copyOf(whole, whole.length - 16));

    assertThat(Logs.damaged(log).file()).isEqualTo(first.getFileName().toString());
  }

  @Test
  void rewritingTheLastFrameOnOpening_changesNothing() throws IOException {
    Path log = crashedLog(longEvent(), 3, 1_000_000);
    byte[] before = Files.readAllBytes(last(log));

    Logs.builder(log, keys, alarms).open().close();

    assertThat(Files.readAllBytes(last(log))).isEqualTo(before);
    assertThat(Logs.intact(log).signedSize()).isEqualTo(4);
  }

  @Test
  void noRealFrame_holdsWhatALostSectorLooksLike() {
    SplittableRandom random = new SplittableRandom(77);
    for (int round = 0; round < 200; round++) {
      byte[] entry = org.openhipaa.audit.entry.AuditEntry.of(
              AuditEvent.builder(
                      java.time.Instant.EPOCH, AuditAction.READ, Outcome.SUCCESS, AuditEvent.SYSTEM)
                  .detail("\u0001".repeat(random.nextInt(2000)))
                  .build(),
              keys.keyring,
              keys.random)
          .encoded();
      int longest = 0;
      int run = 0;
      for (byte b : entry) {
        run = b == 0 ? run + 1 : 0;
        longest = Math.max(longest, run);
      }
      // What is encoded besides texts is far shorter than a sector.
      assertThat(longest).isLessThan(64);
    }
  }
}
