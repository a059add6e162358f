package org.openhipaa.audit.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** RFC 6962 and RFC 9162 section 2.1, against the reference vectors and a literal transcription of the definitions. */
class MerkleTreeTest {
  /** The leaves of the reference implementation of RFC 6962. */
  private static final List<byte[]> REFERENCE_LEAVES = List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f")
      .stream()
      .map(HexFormat.of()::parseHex)
      .toList();

  private static final List<String> REFERENCE_ROOTS = List.of(
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  @Test
  void noLeaves_rootIsHashOfNothing() {
    assertThat(new RollingTree().root().toHex())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(TreeHash.empty()).isEqualTo(new RollingTree().root());
  }

  @Test
  void referenceLeaves_referenceRoots() {
    RollingTree tree = new RollingTree();
    List<String> roots = new ArrayList<>();

    for (byte[] leaf : REFERENCE_LEAVES) {
      assertThat(tree.append(leaf, 0, leaf.length)).isEqualTo(TreeHash.leaf(leaf));
      roots.add(tree.root().toHex());
    }

    assertThat(roots).isEqualTo(REFERENCE_ROOTS);
  }

  @Test
  void referenceInclusionProofs_areMade() {
    List<TreeHash> leaves = REFERENCE_LEAVES.stream().map(TreeHash::leaf).toList();

    assertThat(hex(InclusionProof.build(0, 8, leaves.iterator()).path()))
        .containsExactly(
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
    assertThat(hex(InclusionProof.build(5, 8, leaves.iterator()).path()))
        .containsExactly(
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
  }

  @Test
  void referenceConsistencyProofs_areMade() {
    List<TreeHash> leaves = REFERENCE_LEAVES.stream().map(TreeHash::leaf).toList();

    assertThat(hex(ConsistencyProof.build(6, 8, leaves.iterator()).path()))
        .containsExactly(
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
    assertThat(hex(ConsistencyProof.build(2, 5, leaves.subList(0, 5).iterator()).path()))
        .containsExactly(
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
  }

  @Test
  void everySizeUpTo300_rootEqualsDefinition_andFrontierResumes() {
    List<TreeHash> leaves = leaves(300, 1);
    RollingTree tree = new RollingTree();

    for (int size = 1; size <= leaves.size(); size++) {
      tree.append(leaves.get(size - 1));
      assertThat(tree.root()).as("size %d", size).isEqualTo(mth(leaves.subList(0, size)));
      tree = RollingTree.resume(tree.size(), tree.frontier());
      assertThat(tree.frontier()).hasSize(Integer.bitCount(size));
    }
  }

  @Test
  void everyLeafOfManySizes_inclusionProofIsTheDefined_andVerifies() {
    List<TreeHash> all = leaves(300, 2);
    SplittableRandom random = new SplittableRandom(20);
    for (int round = 0; round < 40; round++) {
      int size = round < 20 ? round + 1 : random.nextInt(1, 301);
      List<TreeHash> leaves = all.subList(0, size);
      TreeHash root = mth(leaves);
      int step = size < 40 ? 1 : 1 + random.nextInt(13);
      for (int index = 0; index < size; index += step) {
        InclusionProof proof = InclusionProof.build(index, size, leaves.iterator());

        assertThat(proof.path())
            .as("seed 20, leaf %d of %d", index, size)
            .isEqualTo(path(index, leaves));
        assertThat(proof.verify(leaves.get(index), root)).isTrue();
        assertNothingElseVerifies(proof, leaves.get(index), root, random);
      }
    }
  }

  private static void assertNothingElseVerifies(
      InclusionProof proof, TreeHash leaf, TreeHash root, SplittableRandom random) {
    assertThat(proof.verify(TreeHash.leaf(new byte[] {9}), root)).isFalse();
    assertThat(proof.verify(leaf, TreeHash.leaf(new byte[] {9}))).isFalse();
    List<TreeHash> longer = new ArrayList<>(proof.path());
    longer.add(TreeHash.empty());
    assertThat(new InclusionProof(proof.index(), proof.size(), longer).verify(leaf, root))
        .isFalse();
    if (!proof.path().isEmpty()) {
      int at = random.nextInt(proof.path().size());
      List<TreeHash> altered = new ArrayList<>(proof.path());
      altered.set(at, flip(altered.get(at), random));
      assertThat(new InclusionProof(proof.index(), proof.size(), altered).verify(leaf, root))
          .isFalse();
      List<TreeHash> shorter = proof.path().subList(0, proof.path().size() - 1);
      assertThat(new InclusionProof(proof.index(), proof.size(), shorter).verify(leaf, root))
          .isFalse();
      long other = (proof.index() + 1) % proof.size();
      assertThat(new InclusionProof(other, proof.size(), proof.path()).verify(leaf, root))
          .isFalse();
    }
  }

  @Test
  void everyPairOfSmallSizesAndSomeLarge_consistencyProofIsTheDefined_andVerifies() {
    List<TreeHash> all = leaves(300, 3);
    SplittableRandom random = new SplittableRandom(30);
    for (int oldSize = 0; oldSize <= 40; oldSize++) {
      for (int newSize = oldSize; newSize <= 40; newSize++) {
        assertConsistency(all, oldSize, newSize, random);
      }
    }
    for (int round = 0; round < 200; round++) {
      int newSize = random.nextInt(1, 301);
      assertConsistency(all, random.nextInt(newSize + 1), newSize, random);
    }
  }

  private static void assertConsistency(
      List<TreeHash> all, int oldSize, int newSize, SplittableRandom random) {
    TreeHash oldRoot = mth(all.subList(0, oldSize));
    TreeHash newRoot = mth(all.subList(0, newSize));

    ConsistencyProof proof =
        ConsistencyProof.build(oldSize, newSize, all.subList(0, newSize).iterator());

    assertThat(proof.path())
        .as("seed 30, %d to %d", oldSize, newSize)
        .isEqualTo(oldSize == 0 ? List.of() : subproof(oldSize, all.subList(0, newSize), true));
    assertThat(proof.verify(oldRoot, newRoot)).isTrue();
    TreeHash other = TreeHash.leaf(new byte[] {7});
    assertThat(proof.verify(other, newRoot)).isFalse();
    if (oldSize > 0) {
      assertThat(proof.verify(oldRoot, other)).isFalse();
    }
    if (!proof.path().isEmpty()) {
      int at = random.nextInt(proof.path().size());
      List<TreeHash> altered = new ArrayList<>(proof.path());
      altered.set(at, flip(altered.get(at), random));
      assertThat(new ConsistencyProof(oldSize, newSize, altered).verify(oldRoot, newRoot))
          .isFalse();
      List<TreeHash> shorter = proof.path().subList(1, proof.path().size());
      assertThat(new ConsistencyProof(oldSize, newSize, shorter).verify(oldRoot, newRoot))
          .isFalse();
    }
  }

  @Test
  void impossibleArguments_areRefused() {
    assertThatThrownBy(() -> new InclusionProof(3, 3, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new InclusionProof(-1, 3, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ConsistencyProof(4, 3, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RollingTree.resume(3, List.of(TreeHash.empty())))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TreeHash.of(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> InclusionProof.build(0, 9, leaves(8, 4).iterator()))
        .isInstanceOf(NoSuchElementException.class);
  }

  private static List<TreeHash> leaves(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<TreeHash> leaves = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] entry = new byte[random.nextInt(20)];
      random.nextBytes(entry);
      leaves.add(TreeHash.leaf(entry));
    }
    return leaves;
  }

  private static TreeHash flip(TreeHash hash, SplittableRandom random) {
    byte[] bytes = hash.bytes();
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    return TreeHash.of(bytes);
  }

  private static List<String> hex(List<TreeHash> hashes) {
    return hashes.stream().map(TreeHash::toHex).toList();
  }

  // The definitions of RFC 6962 section 2.1, word for word, with their own hashing.

  private static TreeHash mth(List<TreeHash> d) {
    if (d.isEmpty()) {
      return TreeHash.of(sha256());
    }
    if (d.size() == 1) {
      return d.get(0);
    }
    int k = Integer.highestOneBit(d.size() - 1);
    return TreeHash.of(sha256(
        new byte[] {1},
        mth(d.subList(0, k)).bytes(),
        mth(d.subList(k, d.size())).bytes()));
  }

  private static List<TreeHash> path(int m, List<TreeHash> d) {
    List<TreeHash> path = new ArrayList<>();
    if (d.size() > 1) {
      int k = Integer.highestOneBit(d.size() - 1);
      if (m < k) {
        path.addAll(path(m, d.subList(0, k)));
        path.add(mth(d.subList(k, d.size())));
      } else {
        path.addAll(path(m - k, d.subList(k, d.size())));
        path.add(mth(d.subList(0, k)));
      }
    }
    return path;
  }

  private static List<TreeHash> subproof(int m, List<TreeHash> d, boolean b) {
    List<TreeHash> proof = new ArrayList<>();
    if (m == d.size()) {
      if (!b) {
        proof.add(mth(d));
      }
      return proof;
    }
    int k = Integer.highestOneBit(d.size() - 1);
    if (m <= k) {
      proof.addAll(subproof(m, d.subList(0, k), b));
      proof.add(mth(d.subList(k, d.size())));
    } else {
      proof.addAll(subproof(m - k, d.subList(k, d.size()), false));
      proof.add(mth(d.subList(0, k)));
    }
    return proof;
  }

  private static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
