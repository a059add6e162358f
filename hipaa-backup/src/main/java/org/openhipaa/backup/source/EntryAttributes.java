package org.openhipaa.backup.source;

import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What is kept of a file or folder besides its name and content.
 *
 * @param modified when it was changed last, as its file system says
 * @param mode the nine POSIX permission bits, 0 to 0777 octal, or empty where the file system has
 *     none
 */
public record EntryAttributes(Instant modified, OptionalInt mode) {
  /** All nine POSIX permission bits. */
  public static final int MAX_MODE = 0777;

  /** From the highest bit (0400) to the lowest (01). */
  private static final List<PosixFilePermission> BITS = List.of(
      PosixFilePermission.OWNER_READ,
      PosixFilePermission.OWNER_WRITE,
      PosixFilePermission.OWNER_EXECUTE,
      PosixFilePermission.GROUP_READ,
      PosixFilePermission.GROUP_WRITE,
      PosixFilePermission.GROUP_EXECUTE,
      PosixFilePermission.OTHERS_READ,
      PosixFilePermission.OTHERS_WRITE,
      PosixFilePermission.OTHERS_EXECUTE);

  /**
   * Checks the mode.
   *
   * @param modified see {@link #modified()}
   * @param mode see {@link #mode()}
   * @throws IllegalArgumentException if the mode has other bits than the nine
   */
  public EntryAttributes {
    if (mode.isPresent() && (mode.getAsInt() & ~MAX_MODE) != 0) {
      throw new IllegalArgumentException("a mode has nine bits");
    }
  }

  /**
   * Attributes with permissions.
   *
   * @param modified when it was changed last
   * @param permissions what the file system says
   * @return the attributes
   */
  public static EntryAttributes of(Instant modified, Set<PosixFilePermission> permissions) {
    int mode = 0;
    for (int i = 0; i < BITS.size(); i++) {
      mode = mode << 1 | (permissions.contains(BITS.get(i)) ? 1 : 0);
    }
    return new EntryAttributes(modified, OptionalInt.of(mode));
  }

  /**
   * The mode as the Java library says it.
   *
   * @return a new set, or empty if no mode is known
   */
  public Optional<Set<PosixFilePermission>> permissions() {
    if (mode.isEmpty()) {
      return Optional.empty();
    }
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < BITS.size(); i++) {
      if ((mode.getAsInt() >> (BITS.size() - 1 - i) & 1) != 0) {
        permissions.add(BITS.get(i));
      }
    }
    return Optional.of(permissions);
  }
}
