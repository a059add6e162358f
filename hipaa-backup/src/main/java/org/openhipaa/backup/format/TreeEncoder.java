package org.openhipaa.backup.format;

import java.time.Instant;
import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.source.EntryAttributes;
import org.openhipaa.core.internal.CanonicalWriter;

/** Writes one entry of the list of a source's entries. */
public final class TreeEncoder {
  static final int FOLDER = 1;
  static final int FILE = 2;

  private TreeEncoder() {}

  /**
   * Encodes an entry.
   *
   * @param entry the entry
   * @return its encoding behind the encoding's length in 32 bits
   * @throws IllegalArgumentException if it is larger than the format allows
   */
  public static byte[] encode(TreeEntry entry) {
    EntryAttributes attributes = entry.attributes();
    Instant modified = attributes.modified();
    CanonicalWriter out = new CanonicalWriter()
        .u8(entry.isFile() ? FILE : FOLDER)
        .text(entry.path().reveal())
        .u64(modified.getEpochSecond())
        .u32(modified.getNano())
        .u8(attributes.mode().isPresent() ? 1 : 0)
        .u16(attributes.mode().orElse(0));
    if (entry.isFile()) {
      out.u64(entry.size()).raw(entry.digest()).u32(entry.chunks().size());
      for (ChunkId id : entry.chunks()) {
        out.raw(id.toBytes());
      }
    }
    if (out.size() > TreeDecoder.MAX_ENTRY) {
      throw new IllegalArgumentException("a file has more chunks than the format can list");
    }
    return new CanonicalWriter().bytes(out.toBytes()).toBytes();
  }
}
