package org.openhipaa.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.openhipaa.core.internal.Bits;
import org.openhipaa.core.internal.SharedData;

class HkdfTest {
  /** The vectors extract and expand; the extracting half is the JDK's HMAC, here in the test. */
  @Test
  void publishedVectors_expandToTheirPublishedKeys() throws Exception {
    JsonNode file = SharedData.wycheproof("hkdf_sha512_test.json");
    int count = 0;

    for (JsonNode group : file.get("testGroups")) {
      for (JsonNode vector : group.get("tests")) {
        byte[] extracted = extract(
            Bits.hex(vector.get("salt").asText()), Bits.hex(vector.get("ikm").asText()));
        byte[] info = Bits.hex(vector.get("info").asText());
        int size = vector.get("size").asInt();
        if (vector.get("result").asText().equals("valid")) {
          assertThat(Bits.hex(Hkdf.expand(extracted, size, info)))
              .as("vector %s", vector.get("tcId"))
              .isEqualTo(vector.get("okm").asText());
        } else {
          assertThatThrownBy(() -> Hkdf.expand(extracted, size, info))
              .as("vector %s", vector.get("tcId"))
              .isInstanceOf(IllegalArgumentException.class);
        }
        count++;
      }
    }

    System.out.println("HKDF-SHA-512: " + count + " vectors hold");
    assertThat(count).isEqualTo(file.get("numberOfTests").asInt()).isEqualTo(83);
  }

  @Test
  void partsOfInfo_areOneConcatenation() {
    byte[] key = new byte[32];

    byte[] whole = Hkdf.expand(key, 100, "abcdef".getBytes(StandardCharsets.US_ASCII));
    byte[] parts = Hkdf.expand(
        key,
        100,
        "ab".getBytes(StandardCharsets.US_ASCII),
        new byte[0],
        "cdef".getBytes(StandardCharsets.US_ASCII));

    assertThat(parts).isEqualTo(whole);
  }

  /** RFC 4231, test case 2. */
  @Test
  void hmacSha256_ofThePublishedCase_isThePublishedCode() {
    byte[] code = Hkdf.hmacSha256(
        "Jefe".getBytes(StandardCharsets.US_ASCII),
        "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII));

    assertThat(Bits.hex(code))
        .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  }

  private static byte[] extract(byte[] salt, byte[] key) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA512");
    mac.init(new SecretKeySpec(salt.length == 0 ? new byte[64] : salt, "HmacSHA512"));
    return mac.doFinal(key);
  }
}
