package org.openhipaa.backup.verify;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One object of a repository that is not what it should be, and what that means. It may hold file
 * paths, so it is no Java record and prints none. Immutable and thread-safe.
 */
public final class Finding {
  private final String object;
  private final Kind kind;
  private final String message;
  private final SortedSet<Long> snapshots;
  private final long affectedFiles;
  private final List<String> paths;

  /** In which way an object is not what it should be. */
  public enum Kind {
    /** It is gone. */
    MISSING("put a good copy back from another copy of the repository"),
    /** The medium does not give it back. */
    UNREADABLE("check the medium and the permissions, then put a good copy back"),
    /** Its bytes are not those that were written. */
    ALTERED("find out who or what changed it, "
        + "then put a good copy back from another copy of the repository"),
    /**
     * It is authentic but does not fit the rest: moved, replayed, or put back to an older state.
     */
    INCONSISTENT("find out who or what put it there, "
        + "then put the right one back from another copy of the repository"),
    /** It does not belong into a repository. */
    UNEXPECTED("find out who put it there, then remove it"),
    /** It was written by a newer release. */
    NEWER_VERSION("verify with a newer release"),
    /** It was signed or sealed with another key. */
    OTHER_KEY("find out who put it there, "
        + "then put the right one back from another copy of the repository");

    private final String advice;

    Kind(String advice) {
      this.advice = advice;
    }
  }

  Finding(
      String object,
      Kind kind,
      String message,
      SortedSet<Long> snapshots,
      long affectedFiles,
      List<String> paths) {
    this.object = printable(object);
    this.kind = kind;
    this.message = message;
    this.snapshots = Collections.unmodifiableSortedSet(new TreeSet<>(snapshots));
    this.affectedFiles = affectedFiles;
    this.paths = List.copyOf(paths);
  }

  /**
   * Which object.
   *
   * @return its name in the store; of foreign objects, with odd characters replaced
   */
  public String object() {
    return object;
  }

  /**
   * In which way it is wrong.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * What is wrong.
   *
   * @return one sentence without paths
   */
  public String message() {
    return message;
  }

  /**
   * What to do.
   *
   * @return one sentence
   */
  public String advice() {
    return kind.advice;
  }

  /**
   * Which snapshots cannot be restored completely because of it.
   *
   * @return their sequences; none if no snapshot needs it
   */
  public SortedSet<Long> snapshots() {
    return snapshots;
  }

  /**
   * How many files cannot be restored because of it, counted in each snapshot.
   *
   * @return the number, as far as it can be told: without keys, or where a manifest itself is lost,
   *     0
   */
  public long affectedFiles() {
    return affectedFiles;
  }

  /**
   * Reveals some of the affected files. Paths may say something about people: show them to whoever
   * may see them, never log them.
   *
   * @return at most twenty, as {@code snapshot:source/path}; none without keys
   */
  public List<String> revealPaths() {
    return paths;
  }

  /** Prints everything but paths. */
  @Override
  public String toString() {
    return object
        + ": "
        + kind
        + ": "
        + message
        + "; affects "
        + (snapshots.isEmpty() ? "no snapshot" : "snapshots " + snapshots)
        + (affectedFiles > 0 ? ", " + affectedFiles + " files" : "")
        + "; "
        + advice();
  }

  /** A foreign name is an attacker's text: nothing of it may steer a terminal or fill a log. */
  private static String printable(String name) {
    String cut = name.length() > 200 ? name.substring(0, 200) : name;
    return cut.replaceAll("[^ -~]", "?");
  }
}
