package org.openhipaa.audit.store.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.openhipaa.audit.checkpoint.EntryProof;
import org.openhipaa.audit.checkpoint.NoteKey;
import org.openhipaa.audit.checkpoint.SignedCheckpoint;
import org.openhipaa.audit.entry.AuditEntry;
import org.openhipaa.audit.tree.InclusionProof;
import org.openhipaa.audit.tree.TreeHash;
import org.openhipaa.core.audit.Receipt;
import org.openhipaa.core.crypto.VerifyingKey;

/**
 * Reads a log, whether it is open for writing or not, and needs no secret to do so. Everything is checked on the way: a
 * stream that was read to its end was found intact from the segment that it began in; {@link AuditLogVerifier} tells the
 * same of a whole log.
 *
 * <p>Thread-safe; keeps nothing open but the streams that it gave away.
 */
public final class AuditLogReader {
  private final Path directory;
  private final Optional<VerifyingKey> pinned;

  private AuditLogReader(Path directory, Optional<VerifyingKey> pinned) {
    this.directory = directory;
    this.pinned = pinned;
  }

  /**
   * Reads a log that names its key itself; that key is believed.
   *
   * @param directory the log's folder
   * @return the reader
   */
  public static AuditLogReader of(Path directory) {
    return new AuditLogReader(directory, Optional.empty());
  }

  /**
   * Reads a log that must be signed with a known key.
   *
   * @param directory the log's folder
   * @param key the log's key, from a place that is trusted
   * @return the reader
   */
  public static AuditLogReader of(Path directory, VerifyingKey key) {
    return new AuditLogReader(directory, Optional.of(key));
  }

  /**
   * The newest checkpoint on disk, verified.
   *
   * @return the checkpoint
   * @throws AuditLogDamagedException if it, the key or the list of files was altered
   * @throws AuditLogNotReadException if there is no log, or it cannot be read
   */
  public SignedCheckpoint checkpoint() {
    return read(log -> log.checkpoint());
  }

  /**
   * The key and the name that the log signs with.
   *
   * @return the key
   * @throws AuditLogDamagedException if the key, the checkpoint or the list of files was altered
   * @throws AuditLogNotReadException if there is no log, or it cannot be read
   */
  public NoteKey key() {
    return read(log -> log.key());
  }

  /**
   * The entries of the log as it is now, oldest first. The stream must be closed. While it is read it throws {@link
   * AuditLogDamagedException} at the first entry that does not verify, {@link AuditLogNotReadException} if the disk fails,
   * and {@link org.openhipaa.audit.entry.AuditEntryNotDecodedException} or {@link
   * org.openhipaa.audit.UnknownFormatVersionException} at an entry that a newer release wrote.
   *
   * @param from the index of the first entry wanted, from 0
   * @return the entries from there; none if the log is shorter
   * @throws AuditLogDamagedException if the key, the checkpoint or the list of files was altered
   * @throws AuditLogNotReadException if there is no log, or it cannot be read
   */
  public Stream<LoggedEntry> entries(long from) {
    if (from < 0) {
      throw new IllegalArgumentException("no entry has a negative index");
    }
    return read(log -> {
      LogCursor cursor = new LogCursor(log, log.segmentOf(from), bytes -> {});
      EntryIterator entries = new EntryIterator(cursor);
      return StreamSupport.stream(
              Spliterators.spliteratorUnknownSize(
                  entries, Spliterator.ORDERED | Spliterator.NONNULL),
              false)
          .filter(entry -> entry.index() >= from)
          .map(Raw::decode)
          .onClose(() -> close(cursor));
    });
  }

  /**
   * Proves that a receipt's entry is in the log, against the newest checkpoint on disk. Reads the log from its beginning.
   *
   * @param receipt what {@link FileAuditLog#record} returned
   * @return the proof, verified
   * @throws ProofNotMadeException if the receipt is of another log, the checkpoint does not cover it yet, or the log has
   *     another entry at its index
   * @throws AuditLogDamagedException if the log was altered
   * @throws AuditLogNotReadException if there is no log, or it cannot be read
   */
  public EntryProof proofOf(Receipt receipt) {
    return read(log -> {
      SignedCheckpoint checkpoint = log.checkpoint();
      long size = checkpoint.checkpoint().size();
      if (!receipt.log().equals(log.origin().value())) {
        throw new ProofNotMadeException(
            "the receipt is of another log than " + log.origin() + "; name that log's folder");
      }
      if (receipt.index() < 0 || receipt.index() >= size) {
        throw new ProofNotMadeException("the newest checkpoint covers "
            + size
            + " entries, not entry "
            + receipt.index()
            + "; a log in use writes its next checkpoint within a second");
      }
      try (LogCursor cursor = new LogCursor(log, 0, bytes -> {})) {
        return prove(receipt, checkpoint, new EntryIterator(cursor));
      }
    });
  }

  private static EntryProof prove(
      Receipt receipt, SignedCheckpoint checkpoint, EntryIterator entries) {
    LeafIterator leaves = new LeafIterator(entries, receipt.index());
    InclusionProof inclusion =
        InclusionProof.build(receipt.index(), checkpoint.checkpoint().size(), leaves);
    TreeHash leaf = leaves.wanted();
    if (!leaf.toHex().equals(receipt.leafHash())
        || !inclusion.verify(leaf, checkpoint.checkpoint().root())) {
      throw new ProofNotMadeException(
          "the log holds another entry at index " + receipt.index() + " than the receipt's");
    }
    return EntryProof.of(inclusion, checkpoint);
  }

  private <T> T read(Reading<T> reading) {
    try {
      return reading.of(LogDirectory.read(directory, pinned));
    } catch (DamageFound e) {
      throw new AuditLogDamagedException(e);
    } catch (IOException e) {
      throw notRead(e);
    }
  }

  private AuditLogNotReadException notRead(IOException e) {
    return new AuditLogNotReadException(
        "cannot read the audit log in " + directory + "; is its disk in order?", e);
  }

  private void close(LogCursor cursor) {
    try {
      cursor.close();
    } catch (IOException e) {
      throw notRead(e);
    }
  }

  private interface Reading<T> {
    T of(LogDirectory log) throws IOException;
  }

  /** An entry that is not decoded yet. */
  private record Raw(long index, TreeHash leaf, Bytes bytes) {
    LoggedEntry decode() {
      return new LoggedEntry(index, leaf, AuditEntry.decode(bytes.array));
    }
  }

  private static final class Bytes {
    private final byte[] array;

    Bytes(byte[] array) {
      this.array = array;
    }
  }

  /** The leaf hashes of a log; remembers one of them. */
  private static final class LeafIterator implements Iterator<TreeHash> {
    private final EntryIterator entries;
    private final long index;
    private @Nullable TreeHash wanted;

    LeafIterator(EntryIterator entries, long index) {
      this.entries = entries;
      this.index = index;
    }

    @Override
    public boolean hasNext() {
      return entries.hasNext();
    }

    @Override
    public TreeHash next() {
      Raw entry = entries.next();
      if (entry.index() == index) {
        wanted = entry.leaf();
      }
      return entry.leaf();
    }

    /** Goes on if need be: the way from the last leaf is made of the leaves before it. */
    TreeHash wanted() {
      while (wanted == null) {
        next();
      }
      return wanted;
    }
  }

  /** Entry after entry, frame after frame. */
  private final class EntryIterator implements Iterator<Raw> {
    private final LogCursor cursor;
    private int next;
    private boolean loaded;

    EntryIterator(LogCursor cursor) {
      this.cursor = cursor;
    }

    @Override
    public boolean hasNext() {
      try {
        while (!loaded || next == cursor.entries().size()) {
          next = 0;
          loaded = cursor.next();
          if (!loaded) {
            return false;
          }
        }
        return true;
      } catch (DamageFound e) {
        throw new AuditLogDamagedException(e);
      } catch (IOException e) {
        throw notRead(e);
      }
    }

    @Override
    public Raw next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the log ends here");
      }
      LogCursor.LoadedEntry entry = cursor.entries().get(next);
      byte[] bytes =
          Arrays.copyOfRange(cursor.array(), entry.offset(), entry.offset() + entry.length());
      return new Raw(cursor.frameFirst() + next++, entry.leaf(), new Bytes(bytes));
    }
  }
}
