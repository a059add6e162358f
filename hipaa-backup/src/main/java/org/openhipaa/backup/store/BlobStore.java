package org.openhipaa.backup.store;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Keeps the objects of a backup repository under their names. It sees only sealed and signed bytes
 * and needs no key. All objects are written once, except one small one that moves by
 * {@link #replace}.
 *
 * <p>A name is one to four parts of {@code a-z}, {@code 0-9} and {@code -} (at most 128 each, not
 * beginning with a hyphen), divided by {@code /}. Other names are refused with
 * {@link IllegalArgumentException} before anything happens.
 *
 * <p>For implementors:
 *
 * <ul>
 *   <li><b>Twice?</b> Every method may be called again with the same arguments. A second
 *       {@code create} of one name answers false and changes nothing.
 *   <li><b>Threads and processes?</b> All at once, from several machines where the medium is
 *       shared. Of several {@code create} of one name exactly one wins, of several {@code replace}
 *       with one expectation too.
 *   <li><b>Half a success?</b> A call that throws may have taken effect or not, but wholly or not
 *       at all: no reader ever sees a part of an object. When {@code create} returns, true or
 *       false, the object of this name survives a power failure; when {@code replace} returns true,
 *       its new content does.
 *   <li><b>Must never happen:</b> an object that changes or vanishes by itself; a {@code create} or
 *       {@code replace} that overwrites what it was not told to; bytes returned that were not
 *       stored under that name, knowingly. The caller checks every byte anyway.
 * </ul>
 */
public interface BlobStore {
  /**
   * Stores an object whose name is free.
   *
   * @param name its name
   * @param content its bytes; not kept, not altered
   * @return false if the name is taken; then nothing changes
   * @throws StoreFailedException if the object is not surely stored
   */
  boolean create(String name, byte[] content);

  /**
   * Replaces an object, if it is what the caller believes it to be: compare and set.
   *
   * @param name its name
   * @param expected the bytes that it must have now
   * @param content the bytes that it is to have
   * @return false if it has other bytes or is missing; then nothing changes
   * @throws StoreFailedException if the new content is not surely stored; the old or the new is
   *     then in place
   */
  boolean replace(String name, byte[] expected, byte[] content);

  /**
   * Reads an object, or as much of it as the caller is prepared to hold.
   *
   * @param name its name
   * @param limit the most bytes to return, at least 1
   * @return its first bytes: all of them if they are at most {@code limit}, otherwise exactly
   *     {@code limit}; empty if there is no such object
   * @throws StoreFailedException if the object is there but cannot be read
   */
  Optional<byte[]> read(String name, int limit);

  /**
   * The size of an object.
   *
   * @param name its name
   * @return bytes, or empty if there is no such object
   * @throws StoreFailedException if that cannot be told
   */
  OptionalLong size(String name);

  /**
   * Names everything in the store, also what does not belong there, in any order. What was stored
   * before the call is named; what is stored meanwhile may be. Left out are only the store's own
   * working files.
   *
   * @param visitor is given each object once
   * @throws StoreFailedException if the store cannot be listed completely
   */
  void list(Consumer<StoredBlob> visitor);

  /**
   * Removes what interrupted writes of this implementation left behind and nobody can be writing
   * any more, never an object. Called at the beginning of each backup.
   *
   * @throws StoreFailedException if that cannot be done
   */
  void removeLeftovers();
}
