package org.openhipaa.backup.restore;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.openhipaa.backup.snapshot.Snapshot;
import org.openhipaa.backup.snapshot.SourceSummary;

/**
 * What was restored. The digests were computed from the files as they were written, read back, and
 * found equal to what was backed up.
 *
 * @param snapshot which snapshot
 * @param target where it is now
 * @param sources what of it was restored
 */
public record RestoreReport(Snapshot snapshot, Path target, List<SourceSummary> sources) {
  /**
   * Takes a copy of the list.
   *
   * @param snapshot see {@link #snapshot()}
   * @param target see {@link #target()}
   * @param sources see {@link #sources()}
   */
  public RestoreReport {
    sources = List.copyOf(sources);
  }

  /**
   * Finds a restored source by name.
   *
   * @param name for instance {@code records}
   * @return the source, or empty if none of this name was restored
   */
  public Optional<SourceSummary> source(String name) {
    return sources.stream().filter(s -> s.name().value().equals(name)).findFirst();
  }
}
