package org.openhipaa.testkit.quota;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The file into which a {@link QuotaHammer} writes. Its last line may be cut off. */
final class HammerAnswers {
  private final Path file;
  private long position;
  private long count;
  private boolean atStart = true;

  HammerAnswers(Path file) {
    this.file = file;
  }

  /** How many reservations were granted or denied until now; reads what is new. */
  long count() throws IOException {
    if (Files.exists(file)) {
      try (InputStream in = Files.newInputStream(file)) {
        in.skipNBytes(position);
        byte[] more = in.readAllBytes();
        for (byte each : more) {
          if (atStart && (each == 'G' || each == 'D')) {
            count++;
          }
          atStart = each == '\n';
        }
        position += more.length;
      }
    }
    return count;
  }

  /** Goes through all whole lines. */
  void lines(Consumer<String> each) throws IOException {
    if (Files.exists(file)) {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(each);
    }
  }
}
