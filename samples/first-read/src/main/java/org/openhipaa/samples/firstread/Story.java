package org.openhipaa.samples.firstread;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Tells the story on the terminal, and remembers where it did not hold. */
final class Story {
  private final PrintStream out;
  private final List<String> broken = new ArrayList<>();
  private int chapter;
  private int held;

  Story(PrintStream out) {
    this.out = out;
  }

  void chapter(String title) {
    chapter++;
    out.println();
    out.println(chapter + ". " + title);
  }

  void says(String line) {
    out.println("   " + line);
  }

  /** A step of the story that must be so; the story goes on, but ends badly if it is not. */
  void holds(boolean so, String step) {
    if (so) {
      held++;
      out.println("   ✓ " + step);
    } else {
      broken.add(chapter + ". " + step);
      out.println("   ✗ DOES NOT HOLD: " + step);
    }
  }

  /** Ends the story. */
  int end() {
    out.println();
    if (broken.isEmpty()) {
      out.println("The story holds: " + held + " of " + held + " steps.");
      return 0;
    }
    out.println("The story does not hold:");
    broken.forEach(step -> out.println("  " + step));
    return 1;
  }
}
