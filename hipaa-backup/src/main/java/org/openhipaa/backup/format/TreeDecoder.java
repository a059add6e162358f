package org.openhipaa.backup.format;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.internal.ObjectRejectedException;
import org.openhipaa.backup.internal.Problem;
import org.openhipaa.backup.source.EntryAttributes;
import org.openhipaa.backup.source.EntryPath;
import org.openhipaa.core.internal.CanonicalReader;
import org.openhipaa.core.internal.CanonicalReader.MalformedException;

/**
 * Reads the list of a source's entries, chunk by chunk, and believes nothing of it: every path
 * stays inside, every entry stands in a folder that came before, the order is strict, and nothing
 * is left over. Holds one chunk and one entry at a time. Not thread-safe.
 */
public final class TreeDecoder {
  /** The largest encoding of an entry, in bytes: a file of more than 2,000,000 chunks. */
  static final int MAX_ENTRY = Manifest.MAX_SIZE;

  private static final int MAX_NANO = 999_999_999;

  private final String object;
  private final Iterator<ChunkId> ids;
  private final Function<ChunkId, byte[]> contents;
  private final TreeOrder order = new TreeOrder();
  private long left;
  private byte[] chunk = new byte[0];
  private int position;

  /**
   * Begins to read.
   *
   * @param object the snapshot's object, for messages
   * @param tree which list
   * @param contents gives the content of a chunk, or throws
   */
  public TreeDecoder(String object, SourceTree tree, Function<ChunkId, byte[]> contents) {
    this.object = object;
    this.ids = tree.treeChunks().iterator();
    this.contents = contents;
    this.left = tree.treeSize();
  }

  /** The next entry, or empty after the last one. */
  private Optional<TreeEntry> next() {
    try {
      if (left == 0) {
        end();
        return Optional.empty();
      }
      int size = new CanonicalReader(take(4)).u32();
      if (size < 0 || size > MAX_ENTRY) {
        throw new MalformedException("an entry has an impossible size");
      }
      TreeEntry entry = parse(new CanonicalReader(take(size)));
      order.next(entry.path(), !entry.isFile());
      return Optional.of(entry);
    } catch (MalformedException | IllegalArgumentException | DateTimeException e) {
      // Messages of ours hold no path; those of EntryPath neither.
      throw new ObjectRejectedException(
          object, Problem.INCONSISTENT, "its list of entries is malformed: " + e.getMessage());
    }
  }

  /**
   * Reads everything that is left.
   *
   * @param visitor is given each entry
   * @throws ObjectRejectedException if the list is malformed; or whatever visitor and giver of
   *     contents throw
   */
  public void forEach(Consumer<TreeEntry> visitor) {
    for (Optional<TreeEntry> entry = next(); entry.isPresent(); entry = next()) {
      visitor.accept(entry.get());
    }
  }

  private static TreeEntry parse(CanonicalReader in) {
    int type = in.u8();
    EntryPath path = EntryPath.of(in.text());
    EntryAttributes attributes = attributes(in);
    if (type == TreeEncoder.FOLDER) {
      in.end();
      return TreeEntry.directory(path, attributes);
    }
    if (type != TreeEncoder.FILE) {
      throw new MalformedException("entry type " + type + " is not known here (known: 1, 2)");
    }
    long size = in.u64();
    byte[] digest = in.raw(Digests.SIZE);
    int count = in.u32();
    List<ChunkId> chunks = new ArrayList<>();
    for (int i = 0; i != count; i++) {
      chunks.add(ChunkId.of(in.raw(ChunkId.SIZE)));
    }
    in.end();
    if (size < 0) {
      throw new MalformedException("a file has an impossible size");
    }
    return TreeEntry.file(path, attributes, size, digest, chunks);
  }

  private static EntryAttributes attributes(CanonicalReader in) {
    long second = in.u64();
    int nano = in.u32();
    int hasMode = in.u8();
    int mode = in.u16();
    if (nano < 0 || nano > MAX_NANO || hasMode > 1 || (hasMode == 0 && mode != 0)) {
      throw new MalformedException("impossible attributes");
    }
    return new EntryAttributes(
        Instant.ofEpochSecond(second, nano),
        hasMode == 1 ? OptionalInt.of(mode) : OptionalInt.empty());
  }

  private byte[] take(int size) {
    if (size > left) {
      throw new MalformedException("an entry is longer than the list");
    }
    byte[] bytes = new byte[size];
    int filled = 0;
    while (filled < size) {
      if (position == chunk.length) {
        nextChunk();
      }
      int part = Math.min(size - filled, chunk.length - position);
      System.arraycopy(chunk, position, bytes, filled, part);
      position += part;
      filled += part;
    }
    left -= size;
    return bytes;
  }

  private void nextChunk() {
    if (!ids.hasNext()) {
      throw new MalformedException("the list is shorter than it should be");
    }
    chunk = contents.apply(ids.next());
    position = 0;
  }

  private void end() {
    if (order.isEmpty()) {
      throw new MalformedException("the list is empty");
    }
    if (position != chunk.length || ids.hasNext()) {
      throw new MalformedException("the list is longer than it should be");
    }
  }
}
