package org.openhipaa.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The fenced blocks of a page of docs/formats, so that what the page shows is what is tested. */
public final class Fences {
  private final Map<String, String> blocks;

  private Fences(Map<String, String> blocks) {
    this.blocks = blocks;
  }

  /** Blocks are named on their fence: {@code ```hex name}. */
  public static Fences of(String page) throws IOException {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isDirectory(folder.resolve("docs/formats"))) {
      folder = folder.getParent();
    }
    assertThat(folder).as("a folder above this one with docs/formats").isNotNull();
    Map<String, String> blocks = new HashMap<>();
    List<String> block = null;
    String name = "";
    for (String line : Files.readAllLines(folder.resolve("docs/formats").resolve(page))) {
      if (!line.startsWith("```")) {
        if (block != null) {
          block.add(line);
        }
      } else if (block == null) {
        name = line.substring(line.indexOf(' ') + 1);
        block = new ArrayList<>();
      } else {
        blocks.put(name, String.join("\n", block) + "\n");
        block = null;
      }
    }
    return new Fences(blocks);
  }

  public String text(String name) {
    assertThat(blocks).as("block '%s' of the page", name).containsKey(name);
    return blocks.get(name);
  }

  /** A block of hexadecimal digits; what stands behind {@code #} is a remark. */
  public byte[] bytes(String name) {
    return Bits.hex(text(name).replaceAll("#.*", ""));
  }
}
