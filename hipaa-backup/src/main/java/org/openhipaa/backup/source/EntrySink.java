package org.openhipaa.backup.source;

/**
 * Takes what a source gives: folders and files in the order of their paths, the source itself
 * ({@link EntryPath#ROOT}) first, every folder before what is in it. Not thread-safe.
 *
 * <p>For implementors: a call out of order is a defect of the source and answered with
 * {@link IllegalArgumentException}.
 */
public interface EntrySink {
  /**
   * Takes a folder, empty or not.
   *
   * @param path where it is
   * @param attributes its attributes
   */
  void directory(EntryPath path, EntryAttributes attributes);

  /**
   * Begins a file.
   *
   * @param path where it is
   * @return takes its content; to be completed before anything else is given
   */
  ContentSink file(EntryPath path);
}
