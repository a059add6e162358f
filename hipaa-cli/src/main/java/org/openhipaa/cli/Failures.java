package org.openhipaa.cli;

import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import org.openhipaa.core.HipaaException;
import picocli.CommandLine;

/** Says in one line what went wrong: what, why, what to do. Stack traces are for bugs only. */
final class Failures {
  private Failures() {}

  static int report(Exception e, CommandLine line) {
    if (e instanceof HipaaException || e instanceof UncheckedIOException) {
      line.getErr().println("hipaa: " + oneLine(e));
      return Hipaa.NOT_DONE;
    }
    line.getErr()
        .println("hipaa: this is a defect of the tool, please report it: "
            + e.getClass().getName());
    for (StackTraceElement frame : e.getStackTrace()) {
      line.getErr().println("  at " + frame);
    }
    return Hipaa.NOT_DONE;
  }

  static String oneLine(Throwable e) {
    StringBuilder text = new StringBuilder(String.valueOf(e.getMessage()));
    Throwable cause = e.getCause();
    if (e instanceof HipaaException && cause != null) {
      text.append(" (").append(reason(cause)).append(')');
    }
    return text.toString().replaceAll("\\s*\\R\\s*", " ");
  }

  /** Of an I/O failure its reason, such as "No space left on device"; of others only their kind. */
  private static String reason(Throwable cause) {
    if (cause instanceof FileSystemException io && io.getReason() != null) {
      return io.getReason();
    }
    if (cause instanceof java.io.IOException && cause.getMessage() != null) {
      return cause.getMessage();
    }
    return cause
        .getClass()
        .getSimpleName()
        .replaceAll("([a-z])([A-Z])", "$1 $2")
        .toLowerCase(Locale.ROOT);
  }
}
