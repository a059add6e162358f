package org.openhipaa.backup.snapshot;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.source.ContentSink;
import org.openhipaa.backup.source.EntryAttributes;
import org.openhipaa.backup.source.EntryPath;
import org.openhipaa.backup.source.EntrySink;
import org.openhipaa.backup.source.FileTreeSource;
import org.openhipaa.backup.source.SnapshotSource;
import org.openhipaa.backup.source.SourceNotReadableException;

/**
 * One number for all names, sizes and contents of a tree: two trees with the same digest are the
 * same tree (45 CFR 164.312(c)(2)). Times and permissions are not part of it. {@link TreeDigester}
 * says how it is computed.
 *
 * <p>It is not keyed: whoever knows a whole tree can tell whether this is its digest.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record TreeDigest(String hex) {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  /**
   * Checks the form.
   *
   * @param hex see {@link #hex()}
   * @throws IllegalArgumentException if the value has another form
   */
  public TreeDigest {
    if (!FORM.matcher(hex).matches()) {
      throw new IllegalArgumentException("a tree digest has 64 lower-case hexadecimal digits");
    }
  }

  /**
   * Reads a directory as {@link FileTreeSource} does and computes its digest.
   *
   * @param directory the directory
   * @return the digest
   * @throws SourceNotReadableException if something cannot be read, or could not be backed up
   */
  public static TreeDigest of(Path directory) {
    return of(FileTreeSource.of("tree", directory));
  }

  /**
   * Reads a source and computes its digest.
   *
   * @param source the source
   * @return the digest
   * @throws SourceNotReadableException if something cannot be read, or could not be backed up
   */
  public static TreeDigest of(SnapshotSource source) {
    DigestingSink sink = new DigestingSink();
    source.read(sink);
    return sink.digester.finish();
  }

  private static final class DigestingSink implements EntrySink {
    private final TreeDigester digester = new TreeDigester();

    @Override
    public void directory(EntryPath path, EntryAttributes attributes) {
      digester.directory(path);
    }

    @Override
    public ContentSink file(EntryPath path) {
      return new DigestingContent(digester, path);
    }
  }

  private static final class DigestingContent implements ContentSink {
    private final TreeDigester digester;
    private final EntryPath path;
    private final MessageDigest content = Digests.sha256();
    private long size;

    DigestingContent(TreeDigester digester, EntryPath path) {
      this.digester = digester;
      this.path = path;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      content.update(bytes, offset, length);
      size += length;
    }

    @Override
    public void restart() {
      content.reset();
      size = 0;
    }

    @Override
    public void complete(EntryAttributes attributes) {
      digester.file(path, size, content.digest());
    }
  }

  /**
   * The bytes of the digest.
   *
   * @return 32 bytes
   */
  public byte[] toBytes() {
    return HexFormat.of().parseHex(hex);
  }
}
