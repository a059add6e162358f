package org.openhipaa.backup.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryPathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/etc/passwd",
        "..",
        "../x",
        "a/..",
        "a/../b",
        ".",
        "./a",
        "a/.",
        "a//b",
        "a/",
        "a\0b",
        "a/\0",
        "\uD800",
        "x/\uDC00y"
      })
  void pathThatLeadsOutOrIsNone_isRefusedWithoutRepeatingIt(String path) {
    assertThatThrownBy(() -> EntryPath.of(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("passwd");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a/b",
        "...",
        "..a/b..",
        "a b",
        "Пациент/患者",
        "\uD83C\uDFE5",
        "a\\b",
        "a\nb",
        "-"
      })
  void oddButHarmlessPath_isKept(String path) {
    assertThat(EntryPath.of(path).reveal()).isEqualTo(path);
  }

  @Test
  void tooLongPath_isRefused() {
    EntryPath.of("ä".repeat(EntryPath.MAX_SIZE / 2));

    assertThatThrownBy(() -> EntryPath.of("ä".repeat(EntryPath.MAX_SIZE / 2) + "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void print_hidesThePath() {
    assertThat(EntryPath.of("smith-john.txt")).hasToString("EntryPath(hidden)");
  }

  @Test
  void order_isThatOfAWalk() {
    long seed = 20261124;
    SplittableRandom random = new SplittableRandom(seed);
    String[] names = {"a", "b", "a.b", "a-", "a!", "ab", "A", "ä", "Z", "\u0001"};
    Folder root = new Folder();
    for (int i = 0; i < 300; i++) {
      Folder folder = root;
      for (int depth = random.nextInt(4); depth >= 0; depth--) {
        folder = folder.content.computeIfAbsent(
            names[random.nextInt(names.length)], name -> new Folder());
      }
    }
    List<EntryPath> walked = new ArrayList<>();
    root.walk(EntryPath.ROOT, walked);

    List<EntryPath> shuffled = new ArrayList<>(walked);
    Collections.shuffle(shuffled, new Random(seed));
    Collections.sort(shuffled);

    assertThat(shuffled).as("seed " + seed).isEqualTo(walked);
    assertThat(walked.get(0)).isEqualTo(EntryPath.ROOT);
    assertThat(walked)
        .allSatisfy(path -> assertThat(path.parent().isEmpty()).isEqualTo(path.isRoot()));
  }

  private static final class Folder {
    // The names above have one order in UTF-16 and in UTF-8.
    private final TreeMap<String, Folder> content = new TreeMap<>();

    void walk(EntryPath path, List<EntryPath> walked) {
      walked.add(path);
      content.forEach((name, folder) -> folder.walk(path.child(name), walked));
    }
  }
}
