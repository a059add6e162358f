package org.openhipaa.backup.source;

/**
 * Takes the content of one file. Exactly one {@link #complete} ends it. Not thread-safe.
 *
 * <p>For implementors: a source calls nothing else of the {@link EntrySink} between beginning and
 * completing a file.
 */
public interface ContentSink {
  /**
   * Takes the next bytes.
   *
   * @param bytes holds them; not kept after the call
   * @param offset where they begin
   * @param length how many
   */
  void write(byte[] bytes, int offset, int length);

  /**
   * Forgets everything written, because the file changed while it was read; what follows is its
   * content from the start.
   */
  void restart();

  /**
   * Ends the file.
   *
   * @param attributes its attributes, as they were while it was read
   */
  void complete(EntryAttributes attributes);
}
