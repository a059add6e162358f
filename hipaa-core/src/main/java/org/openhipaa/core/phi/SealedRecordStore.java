package org.openhipaa.core.phi;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sealed records under opaque names. It never sees a patient, a field value or a key.
 *
 * <p>For implementors: called from many threads. {@link #replace} is all or nothing and durable
 * before it returns true. Return exactly the bytes that were stored; whether they are the right
 * ones is checked above.
 */
public interface SealedRecordStore {
  /** The largest sealed record, in bytes: 16 MiB. Nothing larger is stored or believed. */
  int MAX_SIZE = 16 * 1024 * 1024;

  /**
   * Finds a record.
   *
   * @param name 64 lower-case hexadecimal digits
   * @return the sealed record, or empty if there is none; of one larger than {@link #MAX_SIZE} the
   *     first {@code MAX_SIZE + 1} bytes will do
   * @throws RecordNotOpenedException if it cannot be read
   */
  Optional<byte[]> find(String name);

  /**
   * Stores a record, if it still is what the caller has seen.
   *
   * @param name 64 lower-case hexadecimal digits
   * @param expected the sealed record that the caller has seen, or null if there was none
   * @param sealed the new sealed record, at most {@link #MAX_SIZE} bytes
   * @return false if somebody else changed it meanwhile; then nothing changes
   * @throws RecordNotStoredException if it is not surely stored
   */
  boolean replace(String name, byte @Nullable [] expected, byte[] sealed);
}
