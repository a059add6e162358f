package org.openhipaa.backup.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one backup without reading it. Sequence and digest name it for ever: keep them
 * elsewhere, as the audit log does, and even an exchange of the whole repository for an older copy
 * is evident.
 *
 * @param repositoryId which repository, 32 hexadecimal digits
 * @param sequence its number, from 1, without gaps
 * @param created when it was begun
 * @param digest SHA-256 of its manifest, 64 hexadecimal digits
 * @param committed false if the backup was interrupted after everything was stored and before that
 *     was recorded: such a snapshot is whole, and the next backup records it
 * @param sources what is in it, in the order it was read
 * @param chunks how many chunks it refers to
 * @param sealedBytes the size of these chunks in the store, also of those that it shares with other
 *     snapshots
 */
public record Snapshot(
    String repositoryId,
    long sequence,
    Instant created,
    String digest,
    boolean committed,
    List<SourceSummary> sources,
    long chunks,
    long sealedBytes) {

  /**
   * Takes a copy of the list.
   *
   * @param repositoryId see {@link #repositoryId()}
   * @param sequence see {@link #sequence()}
   * @param created see {@link #created()}
   * @param digest see {@link #digest()}
   * @param committed see {@link #committed()}
   * @param sources see {@link #sources()}
   * @param chunks see {@link #chunks()}
   * @param sealedBytes see {@link #sealedBytes()}
   */
  public Snapshot {
    sources = List.copyOf(sources);
  }

  /**
   * Finds a source by name.
   *
   * @param name for instance {@code records}
   * @return the source, or empty if the snapshot has none of this name
   */
  public Optional<SourceSummary> source(String name) {
    return sources.stream().filter(s -> s.name().value().equals(name)).findFirst();
  }

  /**
   * The size of all files in it.
   *
   * @return bytes
   */
  public long bytes() {
    return sources.stream().mapToLong(SourceSummary::bytes).sum();
  }
}
