package org.openhipaa.backup.source;

import java.util.OptionalLong;

/**
 * Something that can be backed up: it gives itself as a tree of folders and files.
 *
 * <p>For implementors:
 *
 * <ul>
 *   <li><b>Twice?</b> {@link #read} is called once per backup, and again for the next one.
 *   <li><b>Threads?</b> One thread at a time.
 *   <li><b>Half a success?</b> Throw: a backup that misses something must fail, by the name of what
 *       is missing. Whatever was given before is then not used.
 *   <li><b>Must never happen:</b> something left out without being told to; a file given that never
 *       existed in this form, such as the first half of one version and the second half of the
 *       next.
 * </ul>
 */
public interface SnapshotSource {
  /**
   * What this source is called in snapshots.
   *
   * @return the same name every time
   */
  SourceName name();

  /**
   * About how much there is to read, for showing progress.
   *
   * @return bytes, or empty if that is not known without reading everything
   */
  default OptionalLong estimatedBytes() {
    return OptionalLong.empty();
  }

  /**
   * Gives everything.
   *
   * @param sink takes it
   * @throws SourceNotReadableException if something cannot be read, changes all the time, or cannot
   *     be carried
   */
  void read(EntrySink sink);
}
