package org.openhipaa.cli;

import java.io.Console;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/** The person at the terminal, if there is one. */
final class Terminal {
  private Terminal() {}

  /** Picocli knows a terminal on every JDK; the JDK itself only since 22. */
  static boolean present() {
    return Ansi.AUTO.enabled();
  }

  /** Asks without showing what is typed; empty if nobody is there to answer. */
  @SuppressWarnings("SystemConsoleNull") // It is null on JDKs before 22.
  static Optional<char[]> askPassword(String prompt) {
    Console console = present() ? System.console() : null;
    return console == null
        ? Optional.empty()
        : Optional.ofNullable(console.readPassword("%s", prompt));
  }
}
