package org.openhipaa.cli;

import java.io.PrintWriter;

/** One line on a terminal that says how far a long job is; silent where nobody watches. */
final class ProgressLine implements AutoCloseable {
  private static final long MEBIBYTE = 1024L * 1024L;

  private final PrintWriter err;
  private final String what;
  private final boolean watched;
  private long shownPercent = -1;
  private boolean printed;

  ProgressLine(PrintWriter err, String what, boolean watched) {
    this.err = err;
    this.what = what;
    this.watched = watched;
  }

  void update(long done, long total) {
    if (!watched || total <= 0) {
      return;
    }
    long percent = Math.min(100, done * 100 / total);
    if (percent != shownPercent) {
      shownPercent = percent;
      printed = true;
      err.print("\r" + what + " " + percent + " % of " + (total / MEBIBYTE) + " MiB");
      err.flush();
    }
  }

  @Override
  public void close() {
    if (printed) {
      err.println();
    }
  }
}
