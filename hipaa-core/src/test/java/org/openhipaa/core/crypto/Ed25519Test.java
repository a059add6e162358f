package org.openhipaa.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openhipaa.core.internal.Bits;
import org.openhipaa.core.internal.SharedData;

class Ed25519Test {
  /** RFC 8032 section 7.1: tests 1, 2, 3 and SHA(abc). */
  @ParameterizedTest
  @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
          9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60|d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a|''|e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b
          4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb|3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c|72|92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00
          c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7|fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025|af82|6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a
          833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42|ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf|ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f|dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704
          """)
  void publishedKeyAndMessage_giveThePublishedSignature(
      String seed, String publicKey, String message, String signature) {
    SigningKey signing = new SigningKey(Bits.hex(seed));
    VerifyingKey verifying = VerifyingKey.of(Bits.hex(publicKey));
    byte[] text = Bits.hex(message);
    byte[] signed = Bits.hex(signature);

    assertThat(signing.verifyingKey()).isEqualTo(verifying);
    assertThat(signing.sign(text)).isEqualTo(signed);
    assertThat(verifying.verify(text, signed)).isTrue();
    for (int bit = 0; bit < 8 * signed.length; bit++) {
      assertThat(verifying.verify(text, Bits.flip(signed, bit)))
          .as("bit %d", bit)
          .isFalse();
    }
    assertThat(verifying.verify(Bits.concat(text, new byte[1]), signed)).isFalse();
    assertThat(verifying.verify(text, Bits.cut(signed, 63))).isFalse();
    assertThat(verifying.verify(text, Bits.cut(signed, 65))).isFalse();
    assertThat(verifying.verify(text, new byte[0])).isFalse();
  }

  @Test
  void publishedVectors_haveTheirPublishedResults() throws IOException {
    JsonNode file = SharedData.wycheproof("ed25519_test.json");
    int count = 0;

    for (JsonNode group : file.get("testGroups")) {
      VerifyingKey key = VerifyingKey.of(Bits.hex(group.at("/publicKey/pk").asText()));
      for (JsonNode vector : group.get("tests")) {
        assertThat(key.verify(
                Bits.hex(vector.get("msg").asText()), Bits.hex(vector.get("sig").asText())))
            .as("vector %s", vector.get("tcId"))
            .isEqualTo(vector.get("result").asText().equals("valid"));
        count++;
      }
    }

    System.out.println("Ed25519: " + count + " vectors hold");
    assertThat(count).isEqualTo(file.get("numberOfTests").asInt()).isEqualTo(151);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 33, 64})
  void encodingOfAnotherSize_isNoKey(int size) {
    assertThatThrownBy(() -> VerifyingKey.of(new byte[size]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** y = 2 is on no point of the curve; y = p + 1 is one with a second, forbidden encoding. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0200000000000000000000000000000000000000000000000000000000000000",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
      })
  void encodingThatIsNoPoint_isNoKey(String encoded) {
    assertThatThrownBy(() -> VerifyingKey.of(Bits.hex(encoded)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** With such a key one signature would verify for every message. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
      })
  void keyOfSmallOrder_isNoKey(String encoded) {
    assertThatThrownBy(() -> VerifyingKey.of(Bits.hex(encoded)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void encodedKey_isACopyAndComparesByContent() {
    VerifyingKey key = new SigningKey(new byte[32]).verifyingKey();

    Arrays.fill(key.encoded(), (byte) 0);

    assertThat(key).isEqualTo(new SigningKey(new byte[32]).verifyingKey());
    assertThat(key).hasSameHashCodeAs(new SigningKey(new byte[32]).verifyingKey());
    assertThat(key).isNotEqualTo(new SigningKey(Bits.flip(new byte[32], 0)).verifyingKey());
    assertThat(key).hasToString("VerifyingKey(" + Bits.hex(key.encoded()) + ")");
  }

  @Test
  void signingKey_printsNoSecret() {
    byte[] seed = Bits.hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");

    String printed = new SigningKey(seed).toString();

    assertThat(printed).contains("d75a9801").doesNotContain("9d61b19d");
  }
}
