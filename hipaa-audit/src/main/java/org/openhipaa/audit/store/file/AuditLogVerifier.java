package org.openhipaa.audit.store.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.openhipaa.core.crypto.VerifyingKey;

/**
 * Verifies every byte of every file of a log (45 CFR 164.312(c)(2)), without a secret and without changing anything. The log
 * may be in use meanwhile. Takes about the time of hashing the log, in memory that does not grow with it.
 */
public final class AuditLogVerifier {
  private static final long STEP = 1024 * 1024;

  private AuditLogVerifier() {}

  /**
   * Verifies a log.
   *
   * @param directory the log's folder
   * @param pinned the log's key from a place that is trusted; without it, a log that was replaced as a whole together with
   *     its key verifies
   * @return intact, or the first damage
   * @throws AuditLogNotReadException if there is no log, or a file cannot be read
   * @throws org.openhipaa.audit.UnknownFormatVersionException if a newer release wrote it
   */
  public static LogVerification verify(Path directory, Optional<VerifyingKey> pinned) {
    return verify(directory, pinned, (done, total) -> {});
  }

  /**
   * Verifies a log and tells how far it is.
   *
   * @param directory the log's folder
   * @param pinned the log's key from a place that is trusted; without it, a log that was replaced as a whole together with
   *     its key verifies
   * @param progress hears how far it is
   * @return intact, or the first damage
   * @throws AuditLogNotReadException if there is no log, or a file cannot be read
   * @throws org.openhipaa.audit.UnknownFormatVersionException if a newer release wrote it
   */
  public static LogVerification verify(
      Path directory, Optional<VerifyingKey> pinned, VerificationProgress progress) {
    try {
      return verify(LogDirectory.read(directory, pinned), progress);
    } catch (DamageFound found) {
      return new LogVerification.Damaged(
          found.file(),
          found.offset(),
          found.entryIndex() < 0 ? OptionalLong.empty() : OptionalLong.of(found.entryIndex()),
          found.reason());
    } catch (IOException e) {
      throw new AuditLogNotReadException(
          "cannot read the audit log in " + directory + "; is its disk in order?", e);
    }
  }

  private static LogVerification verify(LogDirectory log, VerificationProgress progress)
      throws IOException {
    long total = log.totalSize();
    try (LogCursor cursor = new LogCursor(log, 0, inSteps(progress, total))) {
      while (cursor.next()) {
        // Every step checks a frame.
      }
      progress.verified(total, total);
      return new LogVerification.Intact(
          log.origin(),
          cursor.tree().size(),
          cursor.tree().root(),
          log.checkpoint().checkpoint().size(),
          cursor.tornBytes());
    }
  }

  private static LongConsumer inSteps(VerificationProgress progress, long total) {
    long[] next = {STEP};
    return done -> {
      if (done >= next[0]) {
        next[0] = done + STEP;
        progress.verified(Math.min(done, total), total);
      }
    };
  }
}
