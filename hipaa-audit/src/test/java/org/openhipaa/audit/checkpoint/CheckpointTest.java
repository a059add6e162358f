package org.openhipaa.audit.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openhipaa.audit.Fixtures;
import org.openhipaa.audit.UnknownFormatVersionException;
import org.openhipaa.audit.tree.InclusionProof;
import org.openhipaa.audit.tree.RollingTree;
import org.openhipaa.audit.tree.TreeHash;
import org.openhipaa.core.crypto.SigningKey;

/** C2SP signed-note, tlog-checkpoint and tlog-proof. */
class CheckpointTest {
  private static final SigningKey KEY = new Fixtures.Keys(1).keyring.signingKey("test");
  private static final LogOrigin ORIGIN = LogOrigin.of(Fixtures.TENANT, "audit");
  private static final NoteKey NOTE_KEY = new NoteKey(ORIGIN.value(), KEY.verifyingKey());

  private static Checkpoint checkpoint(long size) {
    return new Checkpoint(ORIGIN, size, TreeHash.leaf(new byte[] {1, 2, 3}));
  }

  @Test
  void publishedVerifierKey_verifiesPublishedNote() {
    // The test vector of c2sp.org/signed-note.
    String vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    String note = "This is an example message.\n\n\u2014 example.com/foo "
        + "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72"
        + "IneyaQM=\n";

    NoteKey key = NoteKey.parse(vkey);
    SignedNote parsed = SignedNote.parse(note.getBytes(UTF_8));

    assertThat(key.encode()).isEqualTo(vkey);
    assertThat(key.id()).isEqualTo(0x530d903a);
    assertThat(parsed.isSignedBy(key)).isTrue();
    assertThat(parsed.toString()).isEqualTo(note);
    assertThat(parsed.isSignedBy(NOTE_KEY)).isFalse();
  }

  @Test
  void signedCheckpoint_hasTheFormOfTheSpecification_andComesBack() {
    SignedCheckpoint signed = SignedCheckpoint.sign(checkpoint(20_852_163), KEY);

    String[] lines = signed.toString().split("\n", -1);
    assertThat(lines).hasSize(6);
    assertThat(lines[0]).isEqualTo("openhipaa/clinic/audit");
    assertThat(lines[1]).isEqualTo("20852163");
    assertThat(lines[2]).hasSize(44).endsWith("=");
    assertThat(lines[3]).isEmpty();
    assertThat(lines[4]).startsWith("\u2014 openhipaa/clinic/audit ");
    SignedCheckpoint again = SignedCheckpoint.parse(signed.toBytes());
    assertThat(again).isEqualTo(signed);
    assertThat(again.toBytes()).isEqualTo(signed.toBytes());
    assertThat(again.checkpoint()).isEqualTo(checkpoint(20_852_163));
    assertThat(again.isSignedBy(NOTE_KEY)).isTrue();
    assertThat(again.isSignedBy(new NoteKey("openhipaa/clinic/other", KEY.verifyingKey())))
        .isFalse();
  }

  @Test
  void anyByteOfASignedCheckpointChanged_isRefusedOrDoesNotVerify() {
    byte[] good = SignedCheckpoint.sign(checkpoint(17), KEY).toBytes();

    for (int i = 0; i < good.length; i++) {
      for (int flip : new int[] {0x01, 0x20, 0x80, 0xff}) {
        byte[] bad = good.clone();
        bad[i] ^= (byte) flip;
        assertThat(verifies(bad)).as("byte %d xor %d", i, flip).isFalse();
      }
    }
    for (int length = 0; length < good.length; length++) {
      assertThat(verifies(java.util.Arrays.copyOf(good, length)))
          .as("cut at %d", length)
          .isFalse();
    }
  }

  private static boolean verifies(byte[] bytes) {
    try {
      SignedCheckpoint parsed = SignedCheckpoint.parse(bytes);
      assertThat(parsed.toBytes()).isEqualTo(bytes);
      return parsed.isSignedBy(NOTE_KEY);
    } catch (NoteNotParsedException e) {
      return false;
    }
  }

  @Test
  void otherFormsOfACheckpoint_areRefused() {
    String root = Base64Text.encode(new byte[32]);
    List<String> texts = List.of(
        "",
        "\n",
        "o\n1\n" + root,
        "o\n1\n" + root + "\nextension\n",
        "o\n01\n" + root + "\n",
        "o\n+1\n" + root + "\n",
        "o\n-1\n" + root + "\n",
        "o\n\u0661\n" + root + "\n",
        "o\n9223372036854775808\n" + root + "\n",
        "o\n1\n" + root.replace("=", "") + "\n",
        "o\n1\n" + root.substring(0, 42) + "B=\n",
        "o\n1\n" + Base64Text.encode(new byte[31]) + "\n",
        "o o\n1\n" + root + "\n",
        "O\n1\n" + root + "\n",
        "\n1\n" + root + "\n");
    for (String text : texts) {
      assertThatThrownBy(() -> Checkpoint.parse(text))
          .as(text)
          .isInstanceOf(NoteNotParsedException.class);
    }
    assertThat(Checkpoint.parse("o\n9223372036854775807\n" + root + "\n").size())
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void signaturesOfUnknownKeys_areIgnored_butAForgedOneOfAKnownKeyIsNot() {
    SignedNote mine = SignedNote.sign("text\n", NOTE_KEY.name(), KEY);
    SigningKey otherKey = new Fixtures.Keys(2).keyring.signingKey("test");
    SignedNote other = SignedNote.sign("text\n", "witness.example", otherKey);
    String otherLine = other.toString().substring("text\n\n".length());

    SignedNote both = SignedNote.parse((mine + otherLine).getBytes(UTF_8));

    assertThat(both.signatureCount()).isEqualTo(2);
    assertThat(both.isSignedBy(NOTE_KEY)).isTrue();
    SignedNote forged = SignedNote.sign("other\n", NOTE_KEY.name(), KEY);
    String forgedLine = forged.toString().substring("other\n\n".length());
    assertThat(SignedNote.parse((mine + forgedLine).getBytes(UTF_8)).isSignedBy(NOTE_KEY))
        .isFalse();
  }

  @Test
  void noteWhoseTextHasEmptyLines_comesBack() {
    SignedNote note = SignedNote.sign("a\n\n\nb\n\n", "name", KEY);

    SignedNote again = SignedNote.parse(note.toBytes());

    assertThat(again.text()).isEqualTo("a\n\n\nb\n\n");
    assertThat(again.toBytes()).isEqualTo(note.toBytes());
  }

  @Test
  void otherFormsOfANote_areRefused() {
    String good = SignedNote.sign("text\n", "name", KEY).toString();
    List<String> notes = new ArrayList<>();
    notes.add(good.substring(0, good.length() - 1));
    notes.add(good + "\n");
    notes.add(good.replace("\u2014", "-"));
    notes.add(good.replace("\n\n", "\n"));
    notes.add(good.replace("name", "na me"));
    notes.add(good.replace("name", "na+me"));
    notes.add(good.replace("name", "na\u00a0me"));
    notes.add(good.replace("text", "te\txt"));
    notes.add(good.replace("text", "te\rxt"));
    notes.add("text\n\n");
    notes.add(good + good.substring("text\n\n".length()).repeat(64));
    for (String note : notes) {
      assertThatThrownBy(() -> SignedNote.parse(note.getBytes(UTF_8)))
          .as(note)
          .isInstanceOf(NoteNotParsedException.class);
    }
    byte[] notUtf8 = good.getBytes(UTF_8);
    notUtf8[0] = (byte) 0xc0;
    assertThatThrownBy(() -> SignedNote.parse(notUtf8)).isInstanceOf(NoteNotParsedException.class);
    assertThatThrownBy(() -> SignedNote.sign("no newline", "name", KEY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SignedNote.sign("text\n", "na me", KEY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void verifierKeyOfAnotherAlgorithm_isNamedAsNewer_andOtherFormsAreRefused() {
    String good = NOTE_KEY.encode();
    assertThat(NoteKey.parse(good)).isEqualTo(NOTE_KEY);
    // Type 6 is an ML-DSA-44 cosignature; the hash fits the key.
    assertThatThrownBy(() -> NoteKey.parse("name+7aa79ae5+BgECAw=="))
        .isInstanceOf(UnknownFormatVersionException.class);
    for (int i = 0; i < good.length(); i++) {
      for (int flip : new int[] {1, 0x20, 0x80}) {
        char[] bad = good.toCharArray();
        bad[i] ^= (char) flip;
        assertThatThrownBy(() -> NoteKey.parse(new String(bad)))
            .as("character %d", i)
            .isInstanceOf(NoteNotParsedException.class);
      }
    }
    for (String text : List.of("", "a", "a+b", "+8b5c4bf4+AA==", good + "+", good + "\n")) {
      assertThatThrownBy(() -> NoteKey.parse(text))
          .as(text)
          .isInstanceOf(NoteNotParsedException.class);
    }
  }

  @Test
  void originWithOtherCharacters_isRefused() {
    for (String origin :
        List.of("", "/", "a/", "/a", "a//b", "a b", "a+b", "A", "\u00e4", "a\n", "a".repeat(201))) {
      assertThatThrownBy(() -> new LogOrigin(origin))
          .as(origin)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(LogOrigin.of(Fixtures.TENANT, "audit").value()).isEqualTo("openhipaa/clinic/audit");
  }

  @Test
  void entryProof_comesBack_andAnyChangedCharacterIsRefusedOrDoesNotVerify() {
    List<TreeHash> leaves = new ArrayList<>();
    RollingTree tree = new RollingTree();
    for (int i = 0; i < 5; i++) {
      leaves.add(tree.append(new byte[] {(byte) i}, 0, 1));
    }
    SignedCheckpoint signed = SignedCheckpoint.sign(new Checkpoint(ORIGIN, 5, tree.root()), KEY);

    EntryProof proof = EntryProof.of(InclusionProof.build(2, 5, leaves.iterator()), signed);

    String text = proof.toString();
    assertThat(text).startsWith("c2sp.org/tlog-proof@v1\nindex 2\n").endsWith(signed.toString());
    assertThat(EntryProof.parse(text)).isEqualTo(proof);
    assertThat(EntryProof.parse(text).verify(leaves.get(2), NOTE_KEY)).isTrue();
    assertThat(proof.verify(leaves.get(3), NOTE_KEY)).isFalse();
    for (int i = 0; i < text.length(); i++) {
      char[] bad = text.toCharArray();
      bad[i] ^= 1;
      assertThat(proves(new String(bad), leaves.get(2))).as("character %d", i).isFalse();
    }
    for (int i = 0; i < text.length(); i++) {
      assertThat(proves(text.substring(0, i), leaves.get(2))).as("cut at %d", i).isFalse();
    }
  }

  private static boolean proves(String text, TreeHash leaf) {
    try {
      return EntryProof.parse(text).verify(leaf, NOTE_KEY);
    } catch (NoteNotParsedException e) {
      return false;
    }
  }

  @Test
  void proofForOneLeaf_hasNoPath() {
    RollingTree tree = new RollingTree();
    TreeHash leaf = tree.append(new byte[] {1}, 0, 1);
    EntryProof proof = EntryProof.of(
        InclusionProof.build(0, 1, List.of(leaf).iterator()),
        SignedCheckpoint.sign(new Checkpoint(ORIGIN, 1, tree.root()), KEY));

    assertThat(EntryProof.parse(proof.toString())).isEqualTo(proof);
    assertThat(proof.verify(leaf, NOTE_KEY)).isTrue();
  }
}
