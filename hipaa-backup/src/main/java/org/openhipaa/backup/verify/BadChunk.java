package org.openhipaa.backup.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.verify.ScannedChunk.Rejection;

/** A chunk that some snapshot needs and that is not good, with what it affects. */
final class BadChunk {
  private static final int PATHS_KEPT = 20;

  private final ChunkId id;
  private final Rejection rejection;
  private final SortedSet<Long> snapshots = new TreeSet<>();
  private final List<String> paths = new ArrayList<>();
  private long files;

  BadChunk(ChunkId id, Rejection rejection) {
    this.id = id;
    this.rejection = rejection;
  }

  Rejection rejection() {
    return rejection;
  }

  void affects(long snapshot) {
    snapshots.add(snapshot);
  }

  void affectsFile(String path) {
    files++;
    if (paths.size() < PATHS_KEPT) {
      paths.add(path);
    }
  }

  void affectsFiles(long count) {
    files += count;
  }

  Finding finding() {
    return new Finding(
        id.object(),
        Findings.kind(rejection.problem()),
        rejection.message(),
        snapshots,
        files,
        paths);
  }
}
