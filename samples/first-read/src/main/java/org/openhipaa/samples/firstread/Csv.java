package org.openhipaa.samples.firstread;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the sample's CSV files, which have no quoted cells; a file that has some is refused rather than misread. */
final class Csv {
  private Csv() {}

  static List<Map<String, String>> read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      String[] names = lines.get(0).split(",", -1);
      List<Map<String, String>> rows = new ArrayList<>();
      for (int i = 1; i < lines.size(); i++) {
        String[] cells = lines.get(i).split(",", -1);
        if (cells.length != names.length || lines.get(i).indexOf('"') >= 0) {
          throw new IllegalStateException(
              file.getFileName() + ":" + (i + 1) + ": not a plain CSV line");
        }
        Map<String, String> row = new LinkedHashMap<>();
        for (int c = 0; c < names.length; c++) {
          row.put(names[c], cells[c]);
        }
        rows.add(row);
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
