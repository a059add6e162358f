package org.openhipaa.audit.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.openhipaa.audit.Fixtures;
import org.openhipaa.core.crypto.Keyring;

/** Builds logs for tests and takes them apart. */
final class Logs {
  static final Duration NEVER = Duration.ofDays(1);

  private Logs() {}

  static FileAuditLog.Builder builder(Path directory, Fixtures.Keys keys, Fixtures.Alarms alarms) {
    return builder(directory, keys, keys.keyring, alarms);
  }

  static FileAuditLog.Builder builder(
      Path directory, Fixtures.Keys keys, Keyring keyring, Fixtures.Alarms alarms) {
    return FileAuditLog.builder(directory, keyring, alarms, Fixtures.CLOCK, keys.random);
  }

  static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : files(from)) {
      Files.copy(file, to.resolve(file.getFileName()));
    }
  }

  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  static List<Path> segments(Path directory) throws IOException {
    return files(directory).stream()
        .filter(file -> file.toString().endsWith(".seg"))
        .toList();
  }

  /** Changes one byte where it is; replacing the whole file would be much slower. */
  static void poke(Path file, long position, int value) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {(byte) value}), position);
    }
  }

  static void delete(Path directory) throws IOException {
    for (Path file : files(directory)) {
      Files.delete(file);
    }
    Files.delete(directory);
  }

  static LogVerification verify(Path directory) {
    return AuditLogVerifier.verify(directory, Optional.empty());
  }

  static LogVerification.Intact intact(Path directory) {
    return verify(directory).fold(intact -> intact, damaged -> {
      throw new AssertionError("expected an intact log, got " + damaged);
    });
  }

  static LogVerification.Damaged damaged(Path directory) {
    return verify(directory)
        .fold(
            intact -> {
              throw new AssertionError("expected a damaged log, got " + intact);
            },
            damaged -> damaged);
  }

  static List<LoggedEntry> entries(Path directory, long from) {
    try (Stream<LoggedEntry> entries = AuditLogReader.of(directory).entries(from)) {
      return new ArrayList<>(entries.toList());
    }
  }
}
