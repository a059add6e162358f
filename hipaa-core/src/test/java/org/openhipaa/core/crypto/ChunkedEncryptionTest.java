package org.openhipaa.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhipaa.core.crypto.EnvelopeNotOpenedException.Reason;
import org.openhipaa.core.internal.Bits;
import org.openhipaa.core.internal.SharedData;

class ChunkedEncryptionTest {
  /** "YELLOW SUBMARINE YELLOW SUBMARIN", the key of most published vectors. */
  private static final byte[] KEY =
      Bits.hex("59454c4c4f57205355424d4152494e452059454c4c4f57205355424d4152494e");

  /** Vector 9 of C2SP Wycheproof: seven bytes sealed with a context of twelve. */
  private static final String SHORT_MESSAGE =
      "dbedaefc1c35dc6c0f22b743b03e488747166a51f33479e7ceb8b7e11cc0d2710f624a127501bc4a"
          + "ea7d0af6f83cfe359b9e69415aa537f36adf86eb35b070475baa039bb7791432adbca49578bbd3";

  private static final String SHORT_MESSAGE_CONTEXT = "7465737420636f6e74657874";
  private static final String SHORT_MESSAGE_SHA512 =
      "e85f32a85f1d4f7c9b2d36d20eca8435d81253e7075e9dea069eb1b6da48daf92ef1797367b520d8"
          + "a46c4f72cecb85b1daff8887fcb41721d39943d1952fc180";

  /** Vector 1 of C2SP Wycheproof: nothing, sealed without a context. */
  private static final String EMPTY_MESSAGE =
      "43a2e39431cbae0389d3fc86adf46f7c3a24de88d9311617e53f3164cc1d5dc738a66b97f0bf7865"
          + "65c31799c2f463d50a7e10046011dc6fc3c939e3a5db7affb6191551669554fb";

  @Test
  void publishedVectors_haveTheirPublishedResults() throws IOException {
    JsonNode file = SharedData.wycheproof("c2sp_chunked_encryption_aes_256_gcm_test.json");
    int valid = 0;
    int invalid = 0;

    for (JsonNode vector : file.at("/testGroups/0/tests")) {
      String title = vector.get("tcId") + " " + vector.get("comment").asText();
      byte[] key = Bits.hex(vector.get("key").asText());
      byte[] context = Bits.hex(vector.get("ctx").asText());
      byte[] sealed = inflate(Bits.hex(vector.get("ct").asText()));
      if (vector.get("result").asText().equals("valid")) {
        byte[] opened = ChunkedEncryption.open(key, context, sealed, 0);
        assertThat(opened).as(title).hasSize(vector.get("msgLength").asInt());
        assertThat(sha512(opened)).as(title).isEqualTo(vector.get("msgSha512").asText());
        assertThat(sealAgain(key, context, sealed, opened)).as(title).isEqualTo(sealed);
        valid++;
      } else if (vector.get("flags").toString().contains("InvalidKeySize")) {
        assertThatThrownBy(() -> ChunkedEncryption.open(key, context, sealed, 0))
            .as(title)
            .isInstanceOf(IllegalArgumentException.class);
        invalid++;
      } else {
        assertThatThrownBy(() -> ChunkedEncryption.open(key, context, sealed, 0))
            .as(title)
            .isInstanceOf(EnvelopeNotOpenedException.class);
        invalid++;
      }
    }

    System.out.println(
        "C2SP chunked-encryption: " + valid + " valid and " + invalid + " invalid vectors hold");
    assertThat(valid + invalid).isEqualTo(file.get("numberOfTests").asInt()).isEqualTo(35);
  }

  @Test
  void publishedShortMessage_opensAndIsMadeAgain() {
    byte[] sealed = Bits.hex(SHORT_MESSAGE);
    byte[] context = Bits.hex(SHORT_MESSAGE_CONTEXT);

    byte[] opened = ChunkedEncryption.open(KEY, context, sealed, 0);

    assertThat(opened).hasSize(7);
    assertThat(sha512(opened)).isEqualTo(SHORT_MESSAGE_SHA512);
    assertThat(sealAgain(KEY, context, sealed, opened)).isEqualTo(sealed);
    assertThatThrownBy(() -> ChunkedEncryption.open(KEY, new byte[0], sealed, 0))
        .isInstanceOf(EnvelopeNotOpenedException.class)
        .extracting("reason")
        .isEqualTo(Reason.WRONG_CONTEXT_OR_DAMAGED);
  }

  @Test
  void publishedEmptyMessage_opensAndIsMadeAgain() {
    byte[] sealed = Bits.hex(EMPTY_MESSAGE);

    byte[] opened = ChunkedEncryption.open(KEY, new byte[0], sealed, 0);

    assertThat(opened).isEmpty();
    assertThat(sealAgain(KEY, new byte[0], sealed, opened)).isEqualTo(sealed);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 31, 33, 64})
  void keyOfAnotherSize_isRefusedForBothDirections(int size) {
    byte[] key = new byte[size];
    byte[] out = new byte[ChunkedEncryption.sealedSize(1)];

    assertThatThrownBy(() -> ChunkedEncryption.seal(
            key, new byte[ChunkedEncryption.SALT_SIZE], new byte[0], new byte[1], out, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ChunkedEncryption.open(key, new byte[0], out, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(out).as("nothing was written").containsOnly(0);
  }

  @Test
  void sealedSize_pastAnArray_isRefusedInsteadOfOverflowing() {
    assertThatThrownBy(() -> ChunkedEncryption.sealedSize(Integer.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ChunkedEncryption.sealedSize(Integer.MAX_VALUE - 2_000_000))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(ChunkedEncryption.sealedSize(2_000_000_000)).isPositive();
  }

  /** Sealing is deterministic once the salt is given, so a valid vector can be made again. */
  private static byte[] sealAgain(byte[] key, byte[] context, byte[] sealed, byte[] opened) {
    byte[] out = new byte[ChunkedEncryption.sealedSize(opened.length)];
    ChunkedEncryption.seal(
        key, Bits.cut(sealed, ChunkedEncryption.SALT_SIZE), context, opened, out, 0);
    return out;
  }

  private static byte[] inflate(byte[] compressed) throws IOException {
    return new InflaterInputStream(new ByteArrayInputStream(compressed)).readAllBytes();
  }

  private static String sha512(byte[] bytes) {
    try {
      return Bits.hex(MessageDigest.getInstance("SHA-512").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
