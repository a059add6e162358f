package org.openhipaa.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openhipaa.backup.snapshot.Snapshot;

/** Snapshots in print. */
final class Snapshots {
  private Snapshots() {}

  static String text(Snapshot snapshot) {
    return "snapshot "
        + snapshot.sequence()
        + " of "
        + snapshot.created()
        + ", "
        + snapshot.sources().stream()
            .map(s -> s.name().value() + " (" + s.files() + " files)")
            .toList()
        + ", "
        + snapshot.bytes()
        + " bytes, digest "
        + snapshot.digest()
        + (snapshot.committed()
            ? ""
            : " (interrupted before it was recorded; the next backup records it)");
  }

  static Map<String, Object> machine(Snapshot snapshot) {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("ok", true);
    machine.put("repository", snapshot.repositoryId());
    machine.put("snapshot", snapshot.sequence());
    machine.put("created", snapshot.created().toString());
    machine.put("digest", snapshot.digest());
    machine.put("committed", snapshot.committed());
    machine.put("bytes", snapshot.bytes());
    List<Map<String, Object>> sources = snapshot.sources().stream()
        .map(s -> {
          Map<String, Object> source = new LinkedHashMap<>();
          source.put("name", s.name().value());
          source.put("files", s.files());
          source.put("bytes", s.bytes());
          source.put("digest", s.digest().hex());
          return source;
        })
        .toList();
    machine.put("sources", sources);
    return machine;
  }
}
