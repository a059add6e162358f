package org.openhipaa.backup.repository;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.openhipaa.backup.chunk.ChunkId;
import org.openhipaa.backup.chunk.FixedChunker;
import org.openhipaa.backup.format.SourceTree;
import org.openhipaa.backup.format.TreeEncoder;
import org.openhipaa.backup.format.TreeEntry;
import org.openhipaa.backup.format.TreeOrder;
import org.openhipaa.backup.internal.Digests;
import org.openhipaa.backup.snapshot.SourceSummary;
import org.openhipaa.backup.snapshot.TreeDigester;
import org.openhipaa.backup.source.ContentSink;
import org.openhipaa.backup.source.EntryAttributes;
import org.openhipaa.backup.source.EntryPath;
import org.openhipaa.backup.source.EntrySink;
import org.openhipaa.backup.source.SourceName;

/**
 * Turns what a source gives into chunks and a list of entries, which itself is chunks. Holds two
 * chunks at a time.
 */
final class SourceRecorder implements EntrySink {
  private final ChunkWriter chunks;
  private final LongConsumer bytesRead;
  private final TreeOrder order = new TreeOrder();
  private final TreeDigester digester = new TreeDigester();
  private final List<ChunkId> treeChunks = new ArrayList<>();
  private final List<ChunkId> fileChunks = new ArrayList<>();
  private final FixedChunker tree;
  private final FixedChunker file;
  private boolean inFile;
  private long treeSize;
  private long files;
  private long directories;
  private long bytes;

  SourceRecorder(ChunkWriter chunks, LongConsumer bytesRead) {
    this.chunks = chunks;
    this.bytesRead = bytesRead;
    this.tree = new FixedChunker(chunk -> treeChunks.add(chunks.put(chunk)));
    this.file = new FixedChunker(chunk -> fileChunks.add(chunks.put(chunk)));
  }

  @Override
  public void directory(EntryPath path, EntryAttributes attributes) {
    begin(path, true);
    directories++;
    append(TreeEntry.directory(path, attributes));
  }

  @Override
  public ContentSink file(EntryPath path) {
    begin(path, false);
    inFile = true;
    return new FileRecorder(path);
  }

  SourceTree finish(SourceName name) {
    if (inFile || order.isEmpty()) {
      throw new IllegalArgumentException("a source ended in the midst of a file or gave nothing");
    }
    tree.finish();
    chunks.need(treeChunks);
    return new SourceTree(
        new SourceSummary(name, files, directories, bytes, digester.finish()),
        treeSize,
        treeChunks);
  }

  private void begin(EntryPath path, boolean isFolder) {
    if (inFile) {
      throw new IllegalArgumentException("a source gave something in the midst of a file");
    }
    order.next(path, isFolder);
  }

  private void append(TreeEntry entry) {
    entry.addTo(digester);
    byte[] encoding = TreeEncoder.encode(entry);
    treeSize += encoding.length;
    tree.write(encoding, 0, encoding.length);
  }

  private final class FileRecorder implements ContentSink {
    private final EntryPath path;
    private final MessageDigest digest = Digests.sha256();
    private long size;

    FileRecorder(EntryPath path) {
      this.path = path;
      restart();
    }

    @Override
    public void write(byte[] content, int offset, int length) {
      demandOpen();
      digest.update(content, offset, length);
      size += length;
      file.write(content, offset, length);
      bytesRead.accept(length);
    }

    @Override
    public void restart() {
      demandOpen();
      digest.reset();
      size = 0;
      fileChunks.clear();
      file.reset();
    }

    @Override
    public void complete(EntryAttributes attributes) {
      demandOpen();
      file.finish();
      chunks.need(fileChunks);
      append(TreeEntry.file(path, attributes, size, digest.digest(), fileChunks));
      files++;
      bytes += size;
      inFile = false;
    }

    private void demandOpen() {
      if (!inFile) {
        throw new IllegalArgumentException("a source wrote to a file that it had completed");
      }
    }
  }
}
