package org.openhipaa.backup.snapshot;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.source.EntryPath;
import org.openhipaa.core.internal.CanonicalWriter;

/**
 * Computes a {@link TreeDigest} entry by entry, in the order of the paths, the source itself first.
 * Not thread-safe.
 *
 * <p>The digest is SHA-256 over the text {@code openhipaa/v1/tree-digest} and then, per entry: type
 * (one byte: 1 folder, 2 file) and path (text); of a file also its size (64 bits) and the SHA-256
 * of its content. Texts are UTF-8 behind their length in 32 bits; integers are big-endian.
 */
public final class TreeDigester {
  private static final String LABEL = "openhipaa/v1/tree-digest";
  private static final int FOLDER = 1;
  private static final int FILE = 2;

  private final MessageDigest digest = Digests.sha256();

  /** Starts. */
  public TreeDigester() {
    digest.update(new CanonicalWriter().text(LABEL).toBytes());
  }

  /**
   * Takes a folder.
   *
   * @param path where it is
   */
  public void directory(EntryPath path) {
    digest.update(new CanonicalWriter().u8(FOLDER).text(path.reveal()).toBytes());
  }

  /**
   * Takes a file.
   *
   * @param path where it is
   * @param size its size in bytes
   * @param content SHA-256 of its content, 32 bytes
   */
  public void file(EntryPath path, long size, byte[] content) {
    digest.update(new CanonicalWriter()
        .u8(FILE)
        .text(path.reveal())
        .u64(size)
        .raw(content)
        .toBytes());
  }

  /**
   * Ends.
   *
   * @return the digest; afterwards this must not be used any more
   */
  public TreeDigest finish() {
    return new TreeDigest(HexFormat.of().formatHex(digest.digest()));
  }
}
