package org.openhipaa.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhipaa.core.internal.CanonicalReader.MalformedException;

class CanonicalTest {
  @Test
  void everyKindOfValue_isReadAsItWasWritten() {
    byte[] encoding = new CanonicalWriter()
        .u8(255)
        .u16(65_535)
        .u32(-2)
        .u64(Long.MIN_VALUE + 1)
        .bytes(new byte[] {1, 2})
        .text("é\0\ud83d\ude00")
        .raw(new byte[] {3})
        .toBytes();

    CanonicalReader in = new CanonicalReader(encoding);

    assertThat(in.u8()).isEqualTo(255);
    assertThat(in.u16()).isEqualTo(65_535);
    assertThat(in.u32()).isEqualTo(-2);
    assertThat(in.u64()).isEqualTo(Long.MIN_VALUE + 1);
    assertThat(in.bytes()).containsExactly(1, 2);
    assertThat(in.text()).isEqualTo("é\0\ud83d\ude00");
    assertThat(in.remaining()).isEqualTo(1);
    assertThat(in.raw(1)).containsExactly(3);
    in.end();
  }

  @Test
  void encoding_isBigEndianBehindAFourByteLength() {
    assertThat(Bits.hex(new CanonicalWriter().u32(0x01020304).text("AB").toBytes()))
        .isEqualTo("01020304" + "00000002" + "4142");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud800", "a\udc00b", "\udc00\ud800", "x\ud83d"})
  void malformedText_isRefused_becauseUtf8HasNoFormForIt(String text) {
    assertThatThrownBy(() -> new CanonicalWriter().text(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a text holds half a surrogate pair");
  }

  @Test
  void everyTruncation_isMalformed_andSoIsOneByteMore() {
    byte[] encoding = new CanonicalWriter().u8(1).text("abc").u64(7).toBytes();

    for (int length = 0; length < encoding.length; length++) {
      byte[] cut = Bits.cut(encoding, length);
      assertThatThrownBy(() -> read(cut))
          .as("length %d", length)
          .isInstanceOf(MalformedException.class);
    }
    assertThatThrownBy(() -> read(Bits.cut(encoding, encoding.length + 1)))
        .isInstanceOf(MalformedException.class)
        .hasMessage("1 bytes too many at offset 16");
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 1_000_000, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
  void lengthPastTheInput_isMalformed(int claimed) {
    byte[] encoding = new CanonicalWriter().u32(claimed).raw(new byte[4]).toBytes();

    assertThatThrownBy(() -> new CanonicalReader(encoding).bytes())
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> new CanonicalReader(encoding).text())
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> new CanonicalReader(encoding).raw(claimed < 0 ? claimed : 9))
        .isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"80", "c0af", "eda080", "f4908080", "e282", "ff", "41fe"})
  void textThatIsNotUtf8_isMalformed(String hex) {
    byte[] encoding = new CanonicalWriter().bytes(Bits.hex(hex)).toBytes();

    assertThatThrownBy(() -> new CanonicalReader(encoding).text())
        .isInstanceOf(MalformedException.class)
        .hasMessage("text at offset 0 is not UTF-8");
  }

  @Test
  void randomBytes_areReadOrMalformed_andGiveNoMoreThanTheyHold() {
    long seed = new SecureRandom().nextLong();
    SplittableRandom chance = new SplittableRandom(seed);

    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[chance.nextInt(40)];
      chance.nextBytes(bytes);
      if (bytes.length > 4 && chance.nextBoolean()) {
        bytes[0] = bytes[1] = bytes[2] = 0;
      }
      CanonicalReader in = new CanonicalReader(bytes);
      int got = 0;
      try {
        while (in.remaining() > 0) {
          got += step(in, chance.nextInt(7));
        }
        in.end();
      } catch (MalformedException e) {
        assertThat(e.getMessage()).as("seed %d", seed).isNotEmpty();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
      assertThat(got).as("seed %d", seed).isLessThanOrEqualTo(bytes.length);
    }
  }

  @Test
  void readerOfABuffer_staysInsideIt_andSaysWhereItIs() {
    ByteBuffer buffer = ByteBuffer.wrap(new byte[] {9, 0, 0, 0, 1, 'x', 9}, 1, 5);
    CanonicalReader in = new CanonicalReader(buffer);

    assertThat(in.text()).isEqualTo("x");

    assertThat(in.position()).isEqualTo(6);
    in.end();
    assertThatThrownBy(in::u8).isInstanceOf(MalformedException.class);
  }

  private static int step(CanonicalReader in, int kind) {
    return switch (kind) {
      case 0 -> in.u8() * 0 + 1;
      case 1 -> in.u16() * 0 + 2;
      case 2 -> in.u32() * 0 + 4;
      case 3 -> (int) (in.u64() * 0) + 8;
      case 4 -> in.bytes().length;
      case 5 -> in.text().getBytes(StandardCharsets.UTF_8).length;
      default -> in.raw(3).length;
    };
  }

  private static void read(byte[] bytes) {
    CanonicalReader in = new CanonicalReader(bytes);
    in.u8();
    in.text();
    in.u64();
    in.end();
  }
}
