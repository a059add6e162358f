package org.openhipaa.backup.format;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.snapshot.TreeDigester;
import org.openhipaa.backup.source.EntryAttributes;
import org.openhipaa.backup.source.EntryPath;

/**
 * A folder or a file in the list of a source's entries. Immutable and thread-safe; prints no path.
 */
public final class TreeEntry {
  private final EntryPath path;
  private final EntryAttributes attributes;
  private final long size;
  private final byte @Nullable [] digest;
  private final List<ChunkId> chunks;

  private TreeEntry(
      EntryPath path,
      EntryAttributes attributes,
      long size,
      byte @Nullable [] digest,
      List<ChunkId> chunks) {
    this.path = path;
    this.attributes = attributes;
    this.size = size;
    this.digest = digest;
    this.chunks = chunks;
  }

  /**
   * A folder.
   *
   * @param path where
   * @param attributes its attributes
   * @return the entry
   */
  public static TreeEntry directory(EntryPath path, EntryAttributes attributes) {
    return new TreeEntry(path, attributes, 0, null, List.of());
  }

  /**
   * A file.
   *
   * @param path where
   * @param attributes its attributes
   * @param size its size in bytes
   * @param digest SHA-256 of its content
   * @param chunks the chunks of its content, in order
   * @return the entry
   */
  public static TreeEntry file(
      EntryPath path, EntryAttributes attributes, long size, byte[] digest, List<ChunkId> chunks) {
    return new TreeEntry(path, attributes, size, digest.clone(), List.copyOf(chunks));
  }

  /**
   * Where it stands.
   *
   * @return its path
   */
  public EntryPath path() {
    return path;
  }

  /**
   * Its attributes.
   *
   * @return the attributes
   */
  public EntryAttributes attributes() {
    return attributes;
  }

  /**
   * Tells a file from a folder.
   *
   * @return true for a file
   */
  public boolean isFile() {
    return digest != null;
  }

  /**
   * The size of a file.
   *
   * @return bytes; 0 for a folder
   */
  public long size() {
    return size;
  }

  /**
   * The digest of a file's content.
   *
   * @return SHA-256, a copy; empty for a folder
   */
  public byte[] digest() {
    return digest == null ? new byte[0] : digest.clone();
  }

  /**
   * The chunks of a file's content.
   *
   * @return unmodifiable, in order; empty for a folder
   */
  public List<ChunkId> chunks() {
    return chunks;
  }

  /**
   * Adds this entry to the digest of its tree.
   *
   * @param digester the digest so far
   */
  public void addTo(TreeDigester digester) {
    if (digest == null) {
      digester.directory(path);
    } else {
      digester.file(path, size, digest);
    }
  }

  /** Says what it is, never where. */
  @Override
  public String toString() {
    return "TreeEntry(" + (isFile() ? "file" : "folder") + ", hidden)";
  }
}
