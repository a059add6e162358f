package org.openhipaa.backup.format;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.openhipaa.backup.source.EntryPath;

/**
 * Sees to it that entries come in order and stand in folders that came before: for whoever writes a
 * list of entries and, again, for whoever reads one. Not thread-safe.
 */
public final class TreeOrder {
  private final Deque<EntryPath> folders = new ArrayDeque<>();
  private @Nullable EntryPath last;

  /** Starts. */
  public TreeOrder() {}

  /**
   * Takes the next entry.
   *
   * @param path where it stands
   * @param isFolder whether it is a folder
   * @throws IllegalArgumentException if it is out of order, or in no folder that came before; the
   *     message holds no path
   */
  public void next(EntryPath path, boolean isFolder) {
    if (last == null ? !path.isRoot() || !isFolder : last.compareTo(path) >= 0) {
      throw new IllegalArgumentException("the entries are not in order");
    }
    if (!path.isRoot()) {
      EntryPath parent = path.parent().orElse(EntryPath.ROOT);
      while (!folders.isEmpty() && !folders.peek().equals(parent)) {
        folders.pop();
      }
      if (folders.isEmpty()) {
        throw new IllegalArgumentException("an entry stands in no folder");
      }
    }
    if (isFolder) {
      folders.push(path);
    }
    last = path;
  }

  /**
   * Tells whether there was anything yet.
   *
   * @return true before the first entry
   */
  public boolean isEmpty() {
    return last == null;
  }
}
