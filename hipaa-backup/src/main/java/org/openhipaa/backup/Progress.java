package org.openhipaa.backup;

/**
 * Is told how far a backup, a verification or a restore is, for a person to watch.
 *
 * <p>For implementors: called from the thread that does the work, often (up to once per chunk and
 * file), so be quick. An exception thrown here ends the operation as a failure.
 */
@FunctionalInterface
public interface Progress {
  /** The total of work whose size nobody knows beforehand. */
  long UNKNOWN = -1;

  /** Tells nobody. */
  Progress NONE = (bytesDone, bytesTotal) -> {};

  /**
   * Something more is done.
   *
   * @param bytesDone bytes read and processed since the operation began; never decreases
   * @param bytesTotal bytes expected in all, an estimate made at the beginning that
   *     {@code bytesDone} may come to exceed; {@link #UNKNOWN} if there is none
   */
  void update(long bytesDone, long bytesTotal);
}
